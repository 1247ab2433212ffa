"""Everything the user sees: app, main_window, document, jobs, editor, dialogs, export, settings; model is Qt-free."""
