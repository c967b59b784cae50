"""What only one process may do at a time: two that tick must not both find the same thing undone."""

import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from store.engine import Database


@contextmanager
def turn(database: Database, name: str) -> Iterator[bool]:
    """Yield whether it is this process's turn to do *name*; whoever asks before the block ends is told no.

    The turn ends with the block, or with the process. On SQLite everybody is told yes: writers go one by one there,
    and decide on what they read in the same transaction.
    """
    if database.sqlite:
        yield True
        return
    with database.engine.begin() as connection:
        asked = connection.exec_driver_sql("SELECT pg_try_advisory_xact_lock(%s)", (zlib.crc32(name.encode()),))
        yield bool(asked.scalar())
