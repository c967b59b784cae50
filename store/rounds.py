"""Rounds of the four ones: opening them is one statement for many households, and happens once whoever ticks.

`household, day, slot` is unique, so what was put down is not put down again; a round is opened piece by piece, each a
transaction of its own that knows where the last one ended, so that no lock is held long and a kill loses nothing.
"""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from handlers.domain.four_ones import SPOT_STEP, SPOTS, ContactState, Due, One, Plan, Round, RoundState, bits
from store import driver
from store.models import contact_due, contact_round, enrolment

AT_ONCE = 20_000
_INSERT: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
_R, _C, _N = contact_round.c, contact_due.c, enrolment.c
_DUE_AT = {
    "sqlite": f"datetime(?, '+' || (e.household_id * {SPOT_STEP} % {SPOTS} * ? / {SPOTS}) || ' seconds') || '.000000'",
    "postgresql": "CAST(? AS timestamptz) + make_interval(secs => "
    f"mod(e.household_id::bigint * {SPOT_STEP}, {SPOTS}) * ? / {SPOTS})",
}


class RoundRepo:
    """Within the caller's transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def since(self, day: date) -> tuple[Round, ...]:
        """Return the rounds of *day* and later; where there are none, the last one before."""
        rows = self._connection.execute(select(_R.day, _R.slot, _R.state).where(_R.day >= day)).all()
        if not rows:
            before = select(_R.day, _R.slot, _R.state).where(_R.day < day).order_by(_R.day.desc(), _R.slot.desc())
            rows = self._connection.execute(before.limit(1)).all()
        return tuple(Round(row.day, row.slot, RoundState(row.state)) for row in rows)

    def begin(self, due: Due, now: datetime) -> int | None:
        """Take the round: returns the household it has come to, None when it is open, or missed and to stay so.

        Whoever asks at the same time waits here until our transaction ends, and then goes on where it ended.
        """
        made = _INSERT[self._connection.dialect.name](contact_round).values(
            day=due.day, slot=due.slot, state=RoundState.OPENING.value, done_to=0, opened_at=now
        )
        self._connection.execute(made.on_conflict_do_nothing(index_elements=["day", "slot"]))
        this = (_R.day == due.day) & (_R.slot == due.slot)
        row = self._connection.execute(select(_R.state, _R.done_to).where(this).with_for_update()).one()
        if row.state == RoundState.OPENING.value:
            return int(row.done_to)
        if row.state == RoundState.OPEN.value or not due.ask:
            return None
        self._connection.execute(update(contact_round).where(this).values(state=RoundState.OPENING.value, done_to=0))
        return 0

    def shut(self, day: date, slot: int) -> None:
        """Let a round that was put down as missed stand as it is: nobody of it is asked any more."""
        this = (_R.day == day) & (_R.slot == slot)
        self._connection.execute(update(contact_round).where(this).values(state=RoundState.OPEN.value))

    def put(
        self, due: Due, after: int, peace: Collection[Plan], war: Collection[Plan], at_war: Collection[int] | None,
        spread: timedelta, now: datetime,
    ) -> int:  # fmt: skip
        """Put the next households of the round down; returns how many households were looked at, fewer than `AT_ONCE`
        when these were the last. *at_war*: the grids at war, which go by the plans of war and hear every question of
        theirs; None: all of them."""
        upto = select(_N.household_id).where(_N.household_id > after).distinct().order_by(_N.household_id)
        piece = upto.limit(AT_ONCE).subquery()
        last, count = self._connection.execute(select(func.max(piece.c.household_id), func.count())).one()
        if count:
            self._revive(due, after, last, spread, now)
            self._insert(due, after, last, peace, war, at_war, spread, now)
        whole = count < AT_ONCE
        ended = RoundState.OPEN if due.ask else RoundState.MISSED
        values = {"done_to": last or after, "state": (ended if whole else RoundState.OPENING).value}
        this = (_R.day == due.day) & (_R.slot == due.slot)
        self._connection.execute(update(contact_round).where(this).values(**values))
        return int(count)

    def _insert(
        self, due: Due, after: int, last: int, peace: Collection[Plan], war: Collection[Plan],
        at_war: Collection[int] | None, spread: timedelta, now: datetime,
    ) -> None:  # fmt: skip
        dialect = self._connection.dialect.name
        of_war, of_peace = [plan.key for plan in war], [plan.key for plan in peace]
        mixed = bool(at_war)
        values: list[Any] = []
        sums = []
        for kind, of in bits(war if at_war is None or mixed else peace).items():
            quiet = ""
            if kind in (One.MESSAGE, One.NEEDS) and at_war is not None:  # at war everybody is asked again
                quiet = " AND (NOT e.exception_only OR e.at_war)" if mixed else " AND NOT e.exception_only"
            sums.append(f"MAX(CASE WHEN e.plan IN ([?]){quiet} THEN {kind.value} ELSE 0 END)")
            values.append(list(of))
        kinds = " + ".join(sums)
        state = ContactState.OPEN if due.ask else ContactState.LATE
        due_at = _DUE_AT[dialect] if due.ask else "NULL" if dialect == "sqlite" else "CAST(NULL AS timestamptz)"
        moments = [due.starts_at if not due.late else max(due.starts_at, now), int(spread.total_seconds())]
        rows, where = "enrolment", "e.plan IN ([?])"
        chosen = [of_war if at_war is None else of_peace]
        if mixed:
            rows = "(SELECT r.*, h.parent_id IN ([?]) AS at_war FROM enrolment r JOIN node h ON h.id = r.household_id)"
            where, chosen = "(e.plan IN ([?]) OR (e.plan IN ([?]) AND e.at_war))", [of_peace, of_war]
        statement = driver.sql(
            "INSERT INTO contact_due (household_id, day, slot, kinds, state, late, due_at, rung, made_at) "  # noqa: S608
            f"SELECT e.household_id, ?, ?, {kinds}, ?, ?, {due_at}, 0, ? FROM {rows} e "
            "JOIN node n ON n.id = e.household_id "
            "WHERE e.household_id > ? AND e.household_id <= ? AND e.first_day <= ? "
            "AND (e.last_day IS NULL OR e.last_day >= ?) AND (n.valid_to IS NULL OR n.valid_to > ?) "
            f"AND {where} GROUP BY e.household_id HAVING {kinds} > 0 "
            "ON CONFLICT (household_id, day, slot) DO NOTHING"
        )
        day: Any = due.day.isoformat() if dialect == "sqlite" else due.day
        late: Any = due.late or not due.ask
        driver.rows(
            self._connection, statement, day, due.slot, *values, state.value, late, *(moments if due.ask else ()), now,
            *([list(at_war or ())] if mixed else []), after, last, day, day, day, *chosen, *values,
        )  # fmt: skip

    def _revive(self, due: Due, after: int, last: int, spread: timedelta, now: datetime) -> None:
        """Whoever was called late by a clock that ran ahead, and was never asked, is asked after all."""
        if not due.ask:
            return
        due_at = now + timedelta(seconds=1)
        stale = (_C.day == due.day) & (_C.slot == due.slot) & _C.household_id.between(after + 1, last)
        never = stale & (_C.state == ContactState.LATE.value) & _C.asked_at.is_(None)
        values = {"state": ContactState.OPEN.value, "late": due.late, "due_at": due_at}
        self._connection.execute(update(contact_due).where(never).values(**values))
