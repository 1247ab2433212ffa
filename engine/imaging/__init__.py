"""Files -> arrays: NumPy, OpenCV, SciPy; no torch.

cells       paths -> which files make a cell
decode      one image file of any format -> grey values; convention, ground: stain, ground level, mask
separate    a sheet on which chromosomes lie apart -> single chromosomes
read        all of these: a cell's files -> CellImages
geometry    long axis, centre line, straightening, rotation, centromere
adapt       image adaptive module: one scale and one contrast for the cell, straight and upright
"""
