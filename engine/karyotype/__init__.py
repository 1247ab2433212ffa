"""Labels of a whole cell, and what follows from them. NumPy and SciPy; no torch, no cv2.

counts      how many of each chromosome; gains and losses
iscn        the karyotype's text from counts, and back
check       whether a text is ISCN and says what the karyogram or the cells show
reading     a text in its parts; terms: one of them, and which chromosomes it stands for
tidy        slips of the pen; rules, bands: the border to the library that knows ISCN 2024; the bands there are
assign      labels, confidence and alternatives of a cell from log-probabilities
prices      what departures from a normal set cost: the options of assign
places      the exact placement beneath assign
clones      the karyotype of a case from those of its cells
mosaicism   the mosaicism that n normal cells exclude
"""
