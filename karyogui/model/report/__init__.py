"""What stands in the report of a case, and what keeps it locked: plain values, without Qt and without templates.

`lock.py` says what must be done first; `choice.py` which cells stand for a clone; `facts.py` is all a template sees.
"""
