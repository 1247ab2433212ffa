"""The report of a case: from what the library holds to a PDF or an HTML file, through a template she can edit.

`template.py` fills in the template and trusts it with nothing; `typeset.py` sets the pages, for file and preview alike;
`page.py` is what every page says whatever the template leaves out; `html.py` makes one file of everything.
`gather.py` reads the library; `dialog.py` and `reporting.py` are the window's side.
"""
