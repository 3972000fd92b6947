"""Run by Alembic: always on a connection that is given, inside its transaction."""

from alembic import context

from bot.record.migrate import VERSION_TABLE
from bot.record.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table=VERSION_TABLE,
    render_as_batch=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
