"""Banded chromosomes drawn from the ideogram, with exact ground truth: samples, tests, training images.

ideogram     the table of bands; the 400, 550 and 850 band levels; a random marker chromosome
homologue    one copy of a chromosome: stain, heteromorphisms, stretched arms -> density and width along it
look         what a laboratory's images look like: optics, stain, spreading, cutting out
outline      the bent centre line; each pixel's place along and across it
render       a homologue and its outline -> pixels
cells        `simulate_cell`, `write_cell`
command      `karyo simulate`
"""
