"""The library in the window: cases and cells are opened from it, and every gesture is saved into it as it happens.

`link.py` is what the rest of the window talks to; `writes.py` keeps changes in order until they are stored. Neither
knows a widget.
"""
