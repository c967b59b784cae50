"""Fixtures of every room: a database on SQLite and on PostgreSQL, and a Redis, all private to the test session."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg
import pytest
import redis
import sources  # noqa: F401 - before anything of ours
from services import Service, postgresql, redis_server

from store.cipher import FieldCipher
from store.engine import Database
from store.models import metadata

_EMPTY = """
DO $$
DECLARE found record; filled boolean;
BEGIN
    SET LOCAL session_replication_role = replica;
    FOR found IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
        EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I)', found.tablename) INTO filled;
        IF filled AND pg_relation_size(format('%I', found.tablename)::regclass) > 200000 THEN
            EXECUTE format('TRUNCATE %I CASCADE', found.tablename);
        ELSIF filled THEN
            EXECUTE format('DELETE FROM %I', found.tablename);
        END IF;
    END LOOP;
    FOR found IN SELECT sequencename FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL LOOP
        EXECUTE format('ALTER SEQUENCE %I RESTART', found.sequencename);
    END LOOP;
END $$
"""
_STORE = ("store", "outbox", "faults")
"""Folders whose tests show what a store does: there both stores are in the fast turn."""
DATA_KEY = b"sample key of 32 bytes for tests"
_number = count(1)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A conversation held once more on PostgreSQL is one of the long ones."""
    for item in items:
        held_again = "postgresql]" in item.name or "[postgresql" in item.name
        if held_again and item.path.parent.name not in _STORE and item.get_closest_marker("slow") is None:
            item.add_marker(pytest.mark.long)


@pytest.fixture(scope="session", autouse=True)
def _cipher() -> None:
    FieldCipher.install(DATA_KEY)


@pytest.fixture(scope="session")
def postgresql_service() -> Iterator[Service]:
    """The session's PostgreSQL; for a server to stop or hang, start another with `services.postgresql`."""
    with postgresql() as service:
        yield service


@pytest.fixture(scope="session")
def redis_service() -> Iterator[Service]:
    """The session's Redis; for a server to stop or hang, start another with `services.redis_server`."""
    with redis_server() as service:
        yield service


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """The URL of an SQLite file that is not there yet."""
    return f"sqlite:///{tmp_path / 'geying.db'}"


@pytest.fixture
def postgresql_url(postgresql_service: Service) -> Iterator[str]:
    """The URL of an empty database of the private PostgreSQL."""
    with _database(postgresql_service, "template1") as url:
        yield url


@pytest.fixture
def redis_url(redis_service: Service) -> str:
    """The URL of an empty database of the private Redis."""
    client = redis.Redis.from_url(redis_service.url)
    client.flushall()
    client.close()
    return redis_service.url


@pytest.fixture(scope="session")
def _sqlite_with_tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("tables") / "geying.db"
    _create_tables(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def _postgresql_with_tables(postgresql_service: Service) -> str:
    """The URL of one database for all tests of this session: making one for each costs more than most of them do."""
    with psycopg.connect(postgresql_service.url, autocommit=True) as connection:
        connection.execute("CREATE DATABASE with_tables")
    url = _beside(postgresql_service.url, "with_tables")
    _create_tables(url)
    return url


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database with all tables and no rows, once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("_sqlite_with_tables"), tmp_path / "geying.db")
        made = Database(f"sqlite:///{tmp_path / 'geying.db'}")
        yield made
        made.close()
    else:
        made = Database(request.getfixturevalue("_postgresql_with_tables"))
        yield made
        made.close()
        _empty(request.getfixturevalue("_postgresql_with_tables"))


def _create_tables(url: str) -> None:
    database = Database(url)
    with database.begin() as connection:
        metadata.create_all(connection)
    database.close()


def _empty(url: str) -> None:
    """Take every row away and let the numbers begin at 1 again; whoever is still connected is cut off first.

    Deleting where there are rows: TRUNCATE of all tables writes two files for each of them.
    """
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        connection.execute(_EMPTY)


def _beside(url: str, name: str) -> str:
    return f"{url.rpartition('/')[0]}/{name}"


@contextmanager
def _database(service: Service, template: str) -> Iterator[str]:
    """Make a database of its own from *template*, and drop it in the end even if somebody is still connected."""
    name = f"test_{next(_number)}"
    with psycopg.connect(service.url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    yield _beside(service.url, name)
    with psycopg.connect(service.url, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
