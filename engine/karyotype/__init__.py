"""Labels of a whole cell: assign (places per class), counts (gains and losses), iscn (the karyotype's text)."""
