"""The training tab: course (what is going on), tab (its four pages), and on them data, train, watch and decide.

Beside the pages: suspects (labels the model doubts), plots (curves, bars, confusion, map), shelf (installed models).
"""
