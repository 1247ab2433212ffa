"""The newest revision of the tables, known without Alembic, which is imported only to build or upgrade a library."""

HEAD = "0001"
"""Name of the last file in `versions`; a test holds it against Alembic's own answer."""
