"""The tab of the open case: count sheet, clones and karyotype, specimen; and the karyotype line under a karyogram.

work            the open case as values, and how it is changed; the widgets are drawn from it
tab             the tab, with its sections
sheet_page      the count sheet: sheet_model, sheet_view, and the case's karyotype from its clones (clones_view)
specimen_page   what is known of the specimen
checked_line    a karyotype that is checked as it is typed
karyotype_line  that of the shown cell
"""
