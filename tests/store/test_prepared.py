"""Statements made once say the same to both databases as SQLAlchemy would."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from sqlalchemy import Connection, bindparam, insert, select, update

from store.engine import Database
from store.models import contact_due, inbox
from store.prepared import Prepared, among

NOON = datetime(2026, 2, 8, 12, tzinfo=UTC)
_C = contact_due.c
NAMED = ("household_id", "day", "slot", "kinds", "state", "late", "due_at", "rung", "made_at")
PUT = Prepared(insert(contact_due).returning(_C.id), NAMED)
SLIP = Prepared(insert(contact_due), NAMED)
LATE = Prepared(update(contact_due).where(_C.household_id == bindparam("home")).values(late=True), ("due_at",))
OF = Prepared(
    select(_C.household_id, _C.day, _C.late, _C.due_at, _C.owner_id)
    .where(among(_C.household_id, "homes"), _C.due_at <= bindparam("now"))
    .order_by(_C.household_id)
)


def due(home: int, **other: object) -> dict[str, object]:
    usual = {
        "day": date(2026, 2, 8),
        "slot": 540,
        "kinds": 2,
        "state": "open",
        "late": False,
        "due_at": NOON,
        "rung": 0,
    }
    return {"household_id": home, "made_at": NOON, **usual, **other}


def test_values_go_in_and_come_out_as_their_columns_say(database: Database) -> None:
    in_the_county = NOON.astimezone(timezone(timedelta(hours=8)))
    with database.begin() as connection:
        first = PUT.scalar(connection, **due(7, due_at=in_the_county))
        SLIP.many(connection, [due(8), due(9, late=True)])
        SLIP.many(connection, [due(10, due_at=None)])
        SLIP.many(connection, [])
        assert isinstance(first, int)
        rows = OF.all(connection, homes=(9, 7, 10, 11), now=NOON)
        assert [tuple(row) for row in rows] == [
            (7, date(2026, 2, 8), False, NOON, None), (9, date(2026, 2, 8), True, NOON, None),
        ]  # fmt: skip
        assert rows[0].due_at.tzinfo is UTC
        assert OF.all(connection, homes=[], now=NOON) == []
        assert OF.first(connection, homes=[8], now=NOON - timedelta(seconds=1)) is None
        assert LATE.run(connection, home=8, due_at=None) == 1
        assert LATE.run(connection, home=99, due_at=None) == 0
        seen = connection.execute(select(_C.household_id, _C.late, _C.due_at).order_by(_C.household_id)).all()
        assert [tuple(row) for row in seen] == [(7, False, NOON), (8, True, None), (9, True, NOON), (10, False, None)]


def test_what_is_missing_or_too_much_is_refused(database: Database) -> None:
    with database.begin() as connection:
        for given in ({"homes": [1]}, {"homes": [1], "now": NOON, "later": NOON}):
            with pytest.raises(ValueError, match="values of"):
                OF.all(connection, **given)
        with pytest.raises(ValueError, match="without a zone"):
            OF.all(connection, homes=[1], now=NOON.replace(tzinfo=None))
        with pytest.raises(ValueError, match="that nobody gives"):  # a default of the model would be lost in silence
            Prepared(insert(inbox), ("key", "channel", "kind", "received_at", "due_at")).run(connection)


def _two_then_fail(connection: Connection) -> None:
    SLIP.many(connection, [due(2)])
    SLIP.many(connection, [{}])


def test_a_part_that_fails_is_undone_alone(database: Database) -> None:
    with database.begin() as connection:
        with database.part(connection):
            SLIP.many(connection, [due(1)])
        with pytest.raises(ValueError, match="values of"), database.part(connection):
            _two_then_fail(connection)
        with database.part(connection):
            SLIP.many(connection, [due(3)])
    with database.read() as connection:
        assert list(connection.scalars(select(_C.household_id).order_by(_C.household_id))) == [1, 3]
