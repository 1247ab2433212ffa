"""The one border between threads: job (progress, cancel, outcome) and tasks (what the engine is asked to do)."""
