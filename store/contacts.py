"""Contacts of the four ones: taking what is due, moving one by compare-and-swap, counting; and who is on which plan."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Date, Row, bindparam, func, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from handlers.domain.four_ones import UNSETTLED, Contact, ContactState, Enrolment, One
from store import driver
from store.models import contact_due, contact_step, enrolment
from store.prepared import Prepared, among

_INSERT: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
_C, _N = contact_due.c, enrolment.c
COLUMNS: tuple[Any, ...] = (
    _C.id, _C.household_id, _C.day, _C.slot, _C.kinds, _C.state, _C.late, _C.due_at, _C.owner_id, _C.asked_at, _C.rung,
)  # fmt: skip
_OPEN_STILL = [state.value for state in UNSETTLED]
_OF_HOUSEHOLDS = Prepared(select(*COLUMNS).where(among(_C.household_id, "homes"), _C.day >= bindparam("since")))
_OVERTAKE = Prepared(
    update(contact_due)
    .where(
        _C.household_id == bindparam("home"),
        _C.day >= bindparam("since"),
        (_C.day < bindparam("day", type_=Date))
        | ((_C.day == bindparam("day", type_=Date)) & (_C.slot < bindparam("at"))),
        or_(*(_C.state == state.value for state in (ContactState.CALLING, ContactState.VISITING))),
    )
    .values(state=ContactState.LATE.value, due_at=None)
    .returning(_C.id)
)
_STEP = Prepared(insert(contact_step), ("contact_id", "step", "why", "person_id", "at"))
_QUIET = Prepared(
    update(enrolment).where(_N.household_id == bindparam("home"), _N.plan == bindparam("of_plan")),
    ("normal_days", "normal_on", "exception_only"),
)


class ContactRepo:
    """Keeps `handlers.four_ones_ports.Contacts` within the caller's transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def any_due(self, now: datetime) -> bool:
        """Return whether anything is due."""
        return self._connection.scalar(select(_C.id).where(_C.due_at <= now).limit(1)) is not None

    def claim(self, now: datetime, limit: int = 500) -> tuple[Contact, ...]:
        """Return contacts that are due and ours until this transaction ends, those due longest first.

        On PostgreSQL nobody else gets them meanwhile; on SQLite nobody else writes. What is to be done about one is a
        `move` in the same transaction: a crash leaves it due.
        """
        first = select(*COLUMNS).where(_C.due_at <= now).order_by(_C.due_at, _C.id).limit(limit)
        if not driver.is_sqlite(self._connection):
            first = first.with_for_update(skip_locked=True)
        return tuple(contact_of(row) for row in self._connection.execute(first))

    def get(self, contact_id: int) -> Contact | None:
        """Return the contact of that number."""
        row = self._connection.execute(select(*COLUMNS).where(_C.id == contact_id)).one_or_none()
        return contact_of(row) if row else None

    def move(
        self, ids: Iterable[int], was: Iterable[ContactState], to: ContactState, due_at: datetime | None, **more: Any
    ) -> int:
        """Move contacts that are still in one of *was*; returns how many were."""
        wanted = list(ids)
        if not wanted:
            return 0
        named = "".join(f", {column} = ?" for column in more)
        statement = driver.sql(
            f"UPDATE contact_due SET state = ?, due_at = ?{named} "  # noqa: S608
            "WHERE id IN ([?]) AND state IN ([?]) RETURNING id"
        )
        states = [state.value for state in was]
        return len(driver.rows(self._connection, statement, to.value, due_at, *more.values(), wanted, states))

    def overtake(self, one: Contact, now: datetime) -> int:
        """End the calls and visits of a household's earlier rounds, since it was reached in this one: nobody goes there
        for them any more, and what was not known then stays unknown. Returns how many there were."""
        ended = _OVERTAKE.all(
            self._connection, home=one.household_id, since=one.day - timedelta(days=2), day=one.day, at=one.slot
        )
        self.steps([(row.id, "late", "reached", None) for row in ended], now)
        return len(ended)

    def of_households(self, ids: Iterable[int], since: date) -> tuple[Contact, ...]:
        """Return the contacts of households from *since* on, oldest first."""
        homes = list(dict.fromkeys(ids))
        rows = _OF_HOUSEHOLDS.all(self._connection, homes=homes, since=since) if homes else ()
        return tuple(sorted(map(contact_of, rows), key=lambda one: (one.day, one.slot, one.household_id)))

    def of_owner(self, person_id: int, day: date) -> tuple[Contact, ...]:
        """Return what waits for somebody to call or look in, of the day and the one before, in order."""
        theirs = select(*COLUMNS).where(
            _C.owner_id == person_id,
            _C.state.in_([ContactState.CALLING.value, ContactState.VISITING.value]),
            _C.day >= day - timedelta(days=1),
        )
        return tuple(contact_of(row) for row in self._connection.execute(theirs.order_by(_C.id)))

    def answered_early(self, household_id: int, day: date, slot: int, kinds: One, now: datetime) -> Contact:
        """Return the contact of a round that is not open yet, as answered: whoever spoke first is not asked again."""
        made = _INSERT[self._connection.dialect.name](contact_due).values(
            household_id=household_id, day=day, slot=slot, kinds=int(kinds), state=ContactState.ANSWERED.value,
            late=False, rung=0, made_at=now,
        )  # fmt: skip
        self._connection.execute(made.on_conflict_do_nothing(index_elements=["household_id", "day", "slot"]))
        this = (_C.household_id == household_id) & (_C.day == day) & (_C.slot == slot)
        return contact_of(self._connection.execute(select(*COLUMNS).where(this)).one())

    def steps(self, rows: Iterable[tuple[int, str, str, int | None]], now: datetime) -> None:
        """Note what was tried: contact, step, why, and who was asked to act."""
        kept = [
            {"contact_id": contact, "step": step, "why": why, "person_id": person, "at": now}
            for contact, step, why, person in rows
        ]
        _STEP.many(self._connection, kept)

    def steps_of(self, contact_id: int) -> tuple[tuple[str, str], ...]:
        """Return what was tried for a contact and why, oldest first."""
        rows = select(contact_step.c.step, contact_step.c.why).where(contact_step.c.contact_id == contact_id)
        found = self._connection.execute(rows.order_by(contact_step.c.id))
        return tuple((str(row.step), str(row.why)) for row in found)

    # -- plans ---------------------------------------------------------------------------------------------------------

    def enrol(self, household_id: int, plan: str, first_day: date, now: datetime) -> None:
        """Put a household on a plan from *first_day* on; who is on it already counts from the new day."""
        values = {
            "first_day": first_day, "last_day": None, "normal_days": 0, "normal_on": None, "exception_only": False,
            "since_at": now,
        }  # fmt: skip
        made = _INSERT[self._connection.dialect.name](enrolment).values(household_id=household_id, plan=plan, **values)
        keys = ["household_id", "plan"]
        self._connection.execute(made.on_conflict_do_update(index_elements=keys, set_=values))

    def release(self, household_id: int, plan: str, last_day: date) -> bool:
        """End a household's plan; what nobody waits for any more is dropped. False when it was on none such."""
        mine = (_N.household_id == household_id) & (_N.plan == plan) & _N.last_day.is_(None)
        ended = self._connection.execute(update(enrolment).where(mine).values(last_day=last_day)).rowcount == 1
        left = select(func.count()).where(_N.household_id == household_id, _N.last_day.is_(None))
        if ended and not self._connection.scalar(left):
            theirs = (_C.household_id == household_id) & _C.state.in_(_OPEN_STILL)
            over = {"state": ContactState.DROPPED.value, "due_at": None}
            self._connection.execute(update(contact_due).where(theirs).values(**over))
        return ended

    def enrolments(self, ids: Iterable[int], day: date) -> Mapping[int, tuple[Enrolment, ...]]:
        """Return the plans of households that hold on *day*; those without any are left out."""
        found: dict[int, tuple[Enrolment, ...]] = {}
        homes = list(dict.fromkeys(ids))
        for row in _ENROLMENTS.all(self._connection, homes=homes, day=day) if homes else ():
            one = enrolment_of(row)
            found[one.household_id] = (*found.get(one.household_id, ()), one)
        return found

    def put_quiet(self, household_id: int, plan: str, *, normal_days: int, day: date, exception_only: bool) -> None:
        """Note how many days in a row there was nothing, and whether only 有事 is said from now on."""
        _QUIET.run(
            self._connection, home=household_id, of_plan=plan, normal_days=normal_days, normal_on=day,
            exception_only=exception_only,
        )  # fmt: skip


def contact_of(row: Row[Any]) -> Contact:
    """Return the contact of a row of `COLUMNS`."""
    return Contact(
        row.id, row.household_id, row.day, row.slot, One(row.kinds), ContactState(row.state), row.late, row.due_at,
        row.owner_id, row.asked_at, row.rung,
    )  # fmt: skip


def enrolment_of(row: Row[Any]) -> Enrolment:
    """Return the plan of a household's row."""
    return Enrolment(
        row.household_id, row.plan, row.first_day, row.last_day, row.normal_days, row.normal_on, row.exception_only
    )


def holds_on(day: date) -> ColumnElement[bool]:
    """Return the condition that a plan holds on *day*."""
    return (_N.first_day <= day) & (_N.last_day.is_(None) | (_N.last_day >= day))


_ENROLMENTS = Prepared(
    select(*(column for column in _N if column.name != "since_at"))
    .where(among(_N.household_id, "homes"), holds_on(bindparam("day", type_=Date)))  # type: ignore[arg-type]
    .order_by(_N.household_id, _N.plan)
)
