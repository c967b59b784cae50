"""The migrations make the schema that the models state, on both databases, and go back down."""

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from store.engine import Database
from store.migrate import config, current, migrate, newest
from store.models import metadata


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def empty(request):
    database = Database(request.getfixturevalue(f"{request.param}_url"))
    yield database
    database.close()


def test_migrating_gives_the_schema_of_the_models(empty: Database) -> None:
    assert migrate(empty) == newest() == migrate(empty)
    with empty.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_down_and_up_again(empty: Database) -> None:
    migrate(empty)
    command.downgrade(config(empty), "base")
    assert current(empty) is None
    assert migrate(empty) == newest()
