"""Whether a database error will pass by itself: the database is away, starting, locked or full, and what was asked of
it is not to blame. What fails like this is tried again for as long as it takes; anything else counts as a failure."""

import sqlite3

import psycopg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

_SQLITE = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PROTOCOL,
    }
)
# connection lost, out of resources, server stopped by an operator, conflict with another transaction, lock, read-only
_POSTGRESQL = ("08", "53", "57P", "40", "55P03", "25006")


def is_away(error: BaseException) -> bool:
    """Return whether *error* says that the database cannot be used just now."""
    if isinstance(error, PoolTimeout):
        return True
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, sqlite3.Error):
        return getattr(cause, "sqlite_errorcode", 0) & 0xFF in _SQLITE
    if isinstance(cause, psycopg.Error):
        if cause.sqlstate is None:  # no answer of the server's: there was none
            return isinstance(cause, psycopg.OperationalError | psycopg.InterfaceError)
        return cause.sqlstate.startswith(_POSTGRESQL)
    return False


def not_made(error: BaseException) -> bool:
    """Return whether *error* says that a table is not there: the database was never brought to its schema."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, psycopg.Error):
        return isinstance(cause, psycopg.errors.UndefinedTable)
    return isinstance(cause, sqlite3.OperationalError) and "no such table" in str(cause)
