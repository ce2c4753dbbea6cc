"""Mathematics that checks itself: gradcheck's identities and newton-demo's experiments, as data.

This package computes; it draws nothing, prints nothing and knows no command line. Results are
frozen dataclasses that hpsoft.report turns into tables, JSON and plots.

contours.py         The paths of Newton and gradient descent over the contours of J, in two
                    dimensions.
decimal_checks.py   The sigmoid identities where float64 cannot follow: |z| up to 700, in 350-digit
                    decimals.
descent.py          One Newton step against many gradient-descent steps, on the same quadratic.
formulas.py         The formulas under test, gathered in one value so that a test can break one at
                    a time.
gradcheck.py        `run_checks`: every identity of the mathematics, checked, as a list of results.
least_squares.py    Linear regression as the quadratic it is: cost, gradient, Hessian, and the
                    Newton step.
newton_demo.py      `run_newton_demo`: all that `hpsoft newton-demo` shows, as data.
newton_softmax.py   Newton with a line search where the cost is no quadratic: softmax regression.
numeric_checks.py   The identities at random points, each as the largest deviation of one trial.
symbolic_checks.py  The same identities proved by SymPy, for one sample of two features and three
                    classes.
tables.py           Numbers for newton-demo: the tables that scikit-learn ships, a CSV file, or a
                    random problem.
"""
