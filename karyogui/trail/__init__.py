"""The trail of a case in the window: who did what when, in words; whether it is whole; as a table in a file.

`words.py` reads the lines, `table.py` holds them, `page.py` shows them; `noting.py` adds what leaves the program.
"""
