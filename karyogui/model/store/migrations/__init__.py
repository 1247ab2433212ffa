"""How the tables came to be what they are, for Alembic. A new revision is a new file in `versions`; see `HEAD`."""

HEAD = "0001"
"""The newest revision. Known without Alembic, which is imported only when a library is built or brought up to date."""
