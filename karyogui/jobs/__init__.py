"""The one border between threads: job (progress, cancel, outcome), desk (who runs when), tasks (the engine's work)."""
