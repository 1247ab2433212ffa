"""The training tab: `course.py` (what is going on), `tab.py` and its four pages: data, train, watch, decide.

Behind the course stand `material.py` (cells to learn from), `models.py` (the installed models) and `errands.py` (their
background work); beside the pages `suspects_view.py`, `plots.py`, `pictures.py`, `kept_line.py` and `shelf_view.py`.
None of the first four knows a widget.
"""
