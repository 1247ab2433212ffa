"""The paper put to the test: methods, folds, resumable runs, tables, figures. Research, not product."""
