"""Dialogs: they ask and answer; they start nothing."""
