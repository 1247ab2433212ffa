"""The library: all cases of a laboratory in one database, saved gesture by gesture. Without Qt.

`library.py` opens it; `cases.py` and `cells.py` are what the program calls; `trail.py` is the record of who did what;
`casefile.py` takes a case out and in. `schema.py` and `migrations` describe the tables, `values.py` what comes out.
"""
