"""The composite: all copies of a chromosome over the cells of a case, side by side.

- `members`: the cells of the case, read in the background, each with a document; those that are open are the session's.
- `likeness`: which copies are unlike their peers, from what the classifier sees in them. `straightening`: their looks
  along their axes.
- `edits`: the karyogram's commands on copies of several cells, and the way back through them. `copy_edits`: what keys
  and menus call.
- `view`: the paper, painted where it is seen, from `sheet` (values for the layout), `pictures` and `paper`. `canvas`:
  keys and tooltips. `mouse`, `hand`: selecting, and carrying to another label. `words`: what is said of a copy.
- `strip`: the labels to look at, and to drop on. `tab`: all of it together. `composite`: its place in the window.

What stands where is `karyogui.model.composite`, what is marked `karyogui.model.outliers`.
"""
