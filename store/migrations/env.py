"""Alembic's entry: runs on the engine it was handed, in batch mode so that SQLite can alter tables."""

from typing import Literal

from alembic import context

from store.columns import SEALED, UtcDateTime
from store.models import metadata

_PLAIN = {UtcDateTime: "sa.DateTime(timezone=True)", **dict.fromkeys(SEALED, "sa.LargeBinary()")}


def _plain_type(kind: str, item: object, _context: object) -> str | Literal[False]:
    """Migrations name plain types only: they must still run when our own column types have moved on."""
    if kind == "type":
        return next((words for ours, words in _PLAIN.items() if isinstance(item, ours)), False)
    return False


def run() -> None:
    """Run the migrations that were asked for."""
    engine = context.config.attributes["engine"]
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=metadata,
            render_as_batch=True,
            render_item=_plain_type,
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()


run()
