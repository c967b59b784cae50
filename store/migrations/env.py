"""Alembic's entry: runs on the engine it was handed, in batch mode so that SQLite can alter tables."""

from alembic import context

from store.models import metadata


def run() -> None:
    """Run the migrations that were asked for."""
    engine = context.config.attributes["engine"]
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=metadata,
            render_as_batch=True,
            compare_type=True,
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()


run()
