"""Tables whose columns have types of their own.

arrowtable.py  A table in Arrow's memory -> a Source: what Parquet, Feather and the like have in
               common.
"""
