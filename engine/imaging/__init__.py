"""Files -> arrays: read (any image file -> grey, stain), separate (a sheet -> chromosomes), geometry (axis, upright,
straighten), adapt (image adaptive module, cell normalisation). NumPy, OpenCV, SciPy; no torch."""
