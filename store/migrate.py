"""Migrations: the schema moves by Alembic, the same steps on SQLite and PostgreSQL."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from store.engine import Database

FOLDER = Path(__file__).parent / "migrations"


def config(database: Database) -> Config:
    """Return Alembic's configuration for *database*; no ini file, no URL on a command line."""
    made = Config()
    made.set_main_option("script_location", str(FOLDER))
    made.attributes["engine"] = database.engine
    return made


def migrate(database: Database) -> str:
    """Bring the schema to the newest revision and return its name; repeating it changes nothing."""
    command.upgrade(config(database), "head")
    return current(database) or ""


def current(database: Database) -> str | None:
    """Return the revision the database is at, None for an empty one."""
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def newest() -> str | None:
    """Return the newest revision there is."""
    made = Config()
    made.set_main_option("script_location", str(FOLDER))
    return ScriptDirectory.from_config(made).get_current_head()
