"""The karyogram as a file, painted from the same layout numbers as the screen.

options (what the user chooses), content (what of the document goes in), sheet (header, karyogram and footer on paper),
picture (PNG, TIFF), svg, pdf (and print), table (CSV, JSON), files (written whole), fonts (shipped,
embedded); `save.export_file` takes any of the formats.
"""
