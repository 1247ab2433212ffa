"""How the tables came to be what they are, for Alembic: a revision is a file in `versions`; see `revision.HEAD`."""
