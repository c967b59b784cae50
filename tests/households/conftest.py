"""The small county in a database, on SQLite and on PostgreSQL."""

from collections.abc import Callable, Iterator
from datetime import date

import pytest
from household_samples import COUNTY, DAY, LEVELS, NOW, POSTS, ROWS

from handlers.domain.roster import PlannedHolding, PlannedPerson, RosterPlan
from handlers.ports import Context
from store.engine import Database
from store.people import PeopleRepo
from store.tree import TreeRepo
from store.work import SqlWork, Store


@pytest.fixture
def store(database: Database) -> Store:
    """The county with its people."""
    roster = RosterPlan(
        people=tuple(PlannedPerson(who, name, ("10400000001",), 2) for who, name, _, _ in POSTS),
        holdings=tuple(PlannedHolding(who, where, what) for who, _, where, what in POSTS),
    )
    with database.begin() as connection:
        TreeRepo(connection).import_nodes(ROWS, date(2026, 1, 1), now=NOW, sha256="a")
        PeopleRepo(connection).save(roster, date(2026, 1, 1))
    return Store(database)


@pytest.fixture
def work(store: Store) -> Iterator[SqlWork]:
    """One transaction."""
    with store.begin() as work:
        yield work


@pytest.fixture
def ctx(work: SqlWork) -> Context:
    """The morning of the eighth, with the tree as it stands."""
    return Context(NOW, COUNTY, work.tree.load(LEVELS, DAY))


@pytest.fixture
def fresh(work: SqlWork) -> Callable[[], Context]:
    """The context again after the tree changed."""
    return lambda: Context(NOW, COUNTY, work.tree.load(LEVELS, DAY))
