"""Mathematics that checks itself: gradcheck's identities and newton-demo's experiments, as data.

This package computes; it draws nothing, prints nothing and knows no command line. Results are
frozen dataclasses that hpsoft.report turns into tables, JSON and plots.
"""
