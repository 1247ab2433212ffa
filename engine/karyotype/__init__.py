"""Labels of a whole cell, and what follows from them. NumPy and SciPy; no torch, no cv2.

counts      how many of each chromosome; gains and losses
iscn        the karyotype's text from counts, and back
assign      labels, confidence and alternatives of a cell from log-probabilities
prices      what departures from a normal set cost: the options of assign
places      the exact placement beneath assign
clones      the karyotype of a case from those of its cells
mosaicism   the mosaicism that n normal cells exclude
"""
