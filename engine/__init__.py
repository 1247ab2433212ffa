"""Images -> numbers: reading, image adaptation, networks, cell-level assignment, training. Knows no Qt.

types, errors, progress   values that cross the border; failures; progress and cancel
imaging                   files -> grey arrays; separation, image adaptive module, geometry
nets                      nn.Modules only
karyotype                 assignment over the cell, counts, ISCN text: NumPy and SciPy
bundle, runtime, pipeline model files; inference sessions; a cell's images -> CellResult
training                  data sets, augmentation, loop, metrics
simulate                  banded chromosomes drawn from the ideogram
cli                       the `karyo` command
"""
