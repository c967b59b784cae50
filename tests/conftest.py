"""Fixtures of every room: a database on SQLite and on PostgreSQL, and a Redis, all private to the test session."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg
import pytest
import redis
from services import Service, postgresql, redis_server

from store.cipher import FieldCipher
from store.engine import Database
from store.models import metadata

DATA_KEY = b"sample key of 32 bytes for tests"
_number = count(1)


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
    with psycopg.connect(postgresql_service.url, autocommit=True) as connection:
        connection.execute("CREATE DATABASE with_tables")
    _create_tables(_beside(postgresql_service.url, "with_tables"))
    return "with_tables"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database with all tables and no rows, once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("_sqlite_with_tables"), tmp_path / "geying.db")
        made = Database(f"sqlite:///{tmp_path / 'geying.db'}")
        yield made
        made.close()
    else:
        template = request.getfixturevalue("_postgresql_with_tables")
        with _database(request.getfixturevalue("postgresql_service"), template) as url:
            made = Database(url)
            yield made
            made.close()


def _create_tables(url: str) -> None:
    database = Database(url)
    with database.begin() as connection:
        metadata.create_all(connection)
    database.close()


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
