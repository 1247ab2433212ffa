"""How the tables came to be what they are, for Alembic: a new revision is a new file in `versions`; see `revision.HEAD`."""
