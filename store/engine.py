"""The database: SQLite (WAL, synchronous=FULL) for one box, PostgreSQL at scale; the same statements on both."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url

from store.line import Line

BUSY_MS = 30_000


class Database:
    """An engine and, for SQLite, the lock that lets writers of this process queue fairly instead of polling."""

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        self.sqlite = self.url.get_backend_name() == "sqlite"
        if self.sqlite and self.url.database:
            Path(self.url.database).parent.mkdir(parents=True, exist_ok=True)
        self.engine = _sqlite(url) if self.sqlite else _postgresql(url)
        self._turn = Line()

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """Yield a connection in a write transaction; it commits on leaving, rolls back on an error."""
        if self.sqlite:
            with self._turn, self.engine.connect() as connection:
                connection.exec_driver_sql("BEGIN IMMEDIATE")
                yield connection
                connection.commit()  # an error skips this, and closing rolls back
        else:
            with self.engine.begin() as connection:
                yield connection

    @property
    def wanted(self) -> bool:
        """Return whether somebody of this process waits for a turn to write."""
        return self._turn.crowded

    @contextmanager
    def part(self, connection: Connection) -> Iterator[None]:
        """Make the block a part of the write transaction of *connection* that fails by itself: an error undoes what the
        block did and nothing else, and comes out again.

        Where the database gave up the whole transaction (no room, no connection), undoing the part fails too, and so
        does the transaction.
        """
        _tell(connection, "SAVEPOINT part")
        try:
            yield
        except Exception:
            _tell(connection, "ROLLBACK TO SAVEPOINT part")
            _tell(connection, "RELEASE SAVEPOINT part")
            raise
        _tell(connection, "RELEASE SAVEPOINT part")

    @contextmanager
    def turn_to_write(self) -> Iterator[None]:
        """Hold this process's turn to write on SQLite, for one statement that commits by itself on `own_connection`."""
        with self._turn:
            yield

    def own_connection(self) -> Any:
        """Return a driver's connection of the pool's making that is the caller's from now on, to close as well."""
        made = self.engine.raw_connection()
        made.detach()
        return made.dbapi_connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Yield a connection that sees one consistent state and may not write."""
        with self.engine.connect() as connection:
            if self.sqlite:
                connection.exec_driver_sql("BEGIN")
            else:
                connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield connection
            if self.sqlite:
                connection.rollback()
            else:  # with a rollback psycopg forgets what it had prepared, and every look-up is planned anew
                connection.commit()
            # an error skips this, and closing rolls back

    def scrub(self) -> None:
        """Leave nothing of what was destroyed in the files beside the tables; on PostgreSQL VACUUM sees to it.

        SQLite's write-ahead log holds old pages until it is emptied; a reader in the way leaves that to the next time.
        """
        if self.sqlite:
            with self._turn, self.engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").close()

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()


def _tell(connection: Connection, word: str) -> None:
    cursor = connection.connection.cursor()
    try:
        cursor.execute(word)
    finally:
        cursor.close()


def _sqlite(url: str) -> Engine:
    # autocommit=None and our own BEGIN IMMEDIATE: the driver's late lock upgrade is what gives "database is locked"
    engine = create_engine(
        url, connect_args={"isolation_level": None, "check_same_thread": False, "timeout": 30}, hide_parameters=True
    )

    @event.listens_for(engine, "connect")
    def _(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            f"busy_timeout={BUSY_MS}",
            "temp_store=MEMORY",
            "secure_delete=ON",  # what is destroyed is overwritten, not only let go
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    return engine


def _postgresql(url: str) -> Engine:
    return create_engine(
        make_url(url).set(drivername="postgresql+psycopg"),
        hide_parameters=True,  # error texts must not show names or account ids
        pool_size=8,
        max_overflow=8,
        pool_pre_ping=True,
        pool_timeout=4,
        connect_args={"connect_timeout": 3, "options": "-c statement_timeout=30000 -c lock_timeout=20000"},
    )
