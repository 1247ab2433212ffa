"""Run by Alembic, on the connection that `upgrade` hands over: its transaction holds all revisions or none."""

from alembic import context

from karyogui.model.store.schema import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,  # SQLite alters a table by copying it
)
with context.begin_transaction():
    context.run_migrations()
