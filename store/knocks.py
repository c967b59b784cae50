"""Door-knock rounds in the database: opened by one statement a piece, a household once in a round whoever opens it.

`round, household` is unique and a piece ends where the round remembers it ended, so that a kill loses nothing and a
second opener doubles nothing. A row moves by compare-and-swap, and every word about it is kept beside it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from handlers.domain.knocking import Knock, Knocked, KnockRound, KnockStep, Outcome, RoundKind, RoundState, Why
from store import driver
from store.models import knock, knock_round, knock_step, node
from store.pieces import pieces

AT_ONCE = 20_000
_R, _K, _S = knock_round.c, knock.c, knock_step.c


class KnockRepo:
    """Keeps `handlers.knock_ports.Knocks` within the caller's transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    # -- rounds --------------------------------------------------------------------------------------------------------

    def add(self, draft: KnockRound) -> KnockRound:
        """Keep a round as it is shown, and return it with its id."""
        values: dict[str, Any] = {
            "kind": draft.kind.value,
            "nodes": list(draft.nodes),
            "words": {"title": draft.title, "purpose": draft.purpose, "basis": draft.basis},
            "template": draft.template,
            "directive_id": draft.directive_id,
            "author_id": draft.author_id,
            "state": draft.state.value,
            "deadline_at": draft.deadline_at,
            "made_at": draft.made_at,
        }
        made = self._connection.execute(insert(knock_round).values(**values).returning(knock_round)).one()
        return _round(made)

    def get(self, round_id: int) -> KnockRound | None:
        """Return the round of that id, None when there is none."""
        row = self._connection.execute(select(knock_round).where(_R.id == round_id)).one_or_none()
        return _round(row) if row else None

    def live(self, kind: RoundKind) -> tuple[KnockRound, ...]:
        """Return the rounds that are worked, the one due first before the others."""
        states = [RoundState.OPENING.value, RoundState.OPEN.value]
        query = select(knock_round).where(_R.kind == kind.value, _R.state.in_(states))
        found = [_round(row) for row in self._connection.execute(query.order_by(_R.id)).all()]
        return tuple(sorted(found, key=lambda one: (one.deadline_at is None, one.deadline_at or one.made_at, one.id)))

    def move(
        self, one: KnockRound, to: RoundState, *, due_at: datetime | None = None, ended_at: datetime | None = None
    ) -> bool:
        """Set where a round stands; False when somebody moved it meanwhile."""
        same = (_R.id == one.id) & (_R.state == one.state.value) & _R.due_at.is_not_distinct_from(one.due_at)
        values = {"state": to.value, "due_at": due_at, "ended_at": ended_at}
        return self._connection.execute(update(knock_round).where(same).values(**values)).rowcount == 1

    def due(self, now: datetime, limit: int = 50) -> tuple[KnockRound, ...]:
        """Return the rounds that time moves now."""
        query = select(knock_round).where(_R.due_at <= now).order_by(_R.due_at).limit(limit)
        return tuple(_round(row) for row in self._connection.execute(query).all())

    def opening(self) -> int | None:
        """Return a round whose households are not all put down yet, None when there is none."""
        query = select(_R.id).where(_R.state == RoundState.OPENING.value).order_by(_R.id).limit(1)
        return self._connection.execute(query).scalar_one_or_none()

    def put(self, round_id: int, places: Sequence[int], day: date, *, whole: bool = False) -> int:
        """Put the next households at *places* down, *whole* all of them; returns how many the cursor passed, and opens
        the round at the end. Whoever does so at the same time waits here, and goes on where the first one ended."""
        this = _R.id == round_id
        row = self._connection.execute(select(_R.state, _R.done_to).where(this).with_for_update()).one()
        if row.state != RoundState.OPENING.value:
            return 0
        upto = select(node.c.id).where(node.c.id > row.done_to, node.c.level == "household").order_by(node.c.id)
        piece = upto.limit(None if whole else AT_ONCE).subquery()
        last, count = self._connection.execute(select(func.max(piece.c.id), func.count())).one()
        if count:
            at: Any = day.isoformat() if driver.is_sqlite(self._connection) else day
            statement = driver.sql(
                "INSERT INTO knock (round_id, household_id, place_id, state, rung) "
                "SELECT ?, n.id, n.parent_id, ?, 0 FROM node n WHERE n.id > ? AND n.id <= ? AND n.level = 'household' "
                "AND n.parent_id IN ([?]) AND (n.valid_from IS NULL OR n.valid_from <= ?) "
                "AND (n.valid_to IS NULL OR n.valid_to > ?) ON CONFLICT (round_id, household_id) DO NOTHING"
            )
            driver.rows(
                self._connection, statement, round_id, Knocked.TODO.value, row.done_to, last, list(places), at, at
            )
        state = RoundState.OPEN if whole or count < AT_ONCE else RoundState.OPENING
        values = {"done_to": last or row.done_to, "state": state.value}
        self._connection.execute(update(knock_round).where(this).values(**values))
        return int(count)

    # -- households ----------------------------------------------------------------------------------------------------

    def at(self, round_id: int, places: Iterable[int]) -> tuple[Knock, ...]:
        """Return every row of a round at these places."""
        found: list[Knock] = []
        for piece in pieces(places, 900):
            query = select(knock).where(_K.round_id == round_id, _K.place_id.in_(piece)).order_by(_K.household_id)
            found += [_knock(row) for row in self._connection.execute(query).all()]
        return tuple(found)

    def of(self, round_id: int, household_id: int) -> Knock | None:
        """Return a household's row, None when the round has none of it."""
        this = (_K.round_id == round_id) & (_K.household_id == household_id)
        row = self._connection.execute(select(knock).where(this)).one_or_none()
        return _knock(row) if row else None

    def counts(self, round_id: int) -> Mapping[int, Counter[Knocked]]:
        """Return how the rows stand, by place."""
        query = select(_K.place_id, _K.state, func.count()).where(_K.round_id == round_id)
        found: dict[int, Counter[Knocked]] = {}
        for place, state, count in self._connection.execute(query.group_by(_K.place_id, _K.state)):
            found.setdefault(place, Counter())[Knocked(state)] += count
        return found

    def people(self, round_id: int) -> Mapping[int, tuple[int, int]]:
        """Return how many people were told of, and at how many doors, by place."""
        query = select(_K.place_id, func.sum(_K.persons), func.count(_K.persons)).where(_K.round_id == round_id)
        found = self._connection.execute(query.where(_K.persons.is_not(None)).group_by(_K.place_id))
        return {place: (int(persons), int(doors)) for place, persons, doors in found}

    def settle(
        self, moved: Sequence[tuple[Knock, Outcome]], by: int, inbox_id: int | None, now: datetime
    ) -> tuple[Knock, ...]:
        """Set each row to its outcome and keep the word beside it; returns those that were still as given."""
        done = [one for one, out in moved if self._set(one, out)]
        gone = {one.id for one in done}
        steps = [
            {
                "round_id": one.round_id,
                "household_id": one.household_id,
                **_values(out),
                "why": out.why.value,
                "by_id": by,
                "inbox_id": inbox_id,
                "at": now,
            }
            for one, out in moved
            if one.id in gone
        ]
        if steps:
            self._connection.execute(insert(knock_step), steps)
        return tuple(done)

    def _set(self, one: Knock, out: Outcome) -> bool:
        same = (_K.id == one.id) & (_K.state == one.state.value) & (_K.rung == one.rung)
        return self._connection.execute(update(knock).where(same).values(**_values(out))).rowcount == 1

    def last_word(self, by: int, since: datetime) -> tuple[datetime, int, tuple[int, ...]] | None:
        """Return when somebody last said something of households that stands: the moment, the round, the households;
        None when nothing."""
        mine = (_S.by_id == by) & (_S.at >= since) & _S.undone.is_(False)
        query = select(_S.at, _S.round_id, _S.inbox_id, _S.id).where(mine).order_by(_S.id.desc()).limit(1)
        last = self._connection.execute(query).one_or_none()
        if last is None:
            return None
        same = mine & (_S.round_id == last.round_id)
        same &= (_S.inbox_id == last.inbox_id) if last.inbox_id is not None else (_S.id == last.id)
        homes = self._connection.scalars(select(_S.household_id).where(same)).all()
        return last.at, last.round_id, tuple(homes)

    def undo(self, round_id: int, household_ids: Iterable[int], by: int, now: datetime) -> int:
        """Take back the last word somebody said of each household: what stood before stands again, but for reminders
        whose time has gone. Returns how many."""
        done = 0
        for home in household_ids:
            this = (_S.round_id == round_id) & (_S.household_id == home) & _S.undone.is_(False)
            rows = self._connection.execute(select(knock_step).where(this).order_by(_S.id.desc()).limit(2)).all()
            if not rows or rows[0].by_id != by:
                continue
            self._connection.execute(update(knock_step).where(_S.id == rows[0].id).values(undone=True))
            before: dict[str, Any] = {"state": Knocked.TODO.value, "persons": None, "rung": 0, "due_at": None}
            if len(rows) > 1:
                before = {key: getattr(rows[1], key) for key in before}
                if rows[1].due_at is not None and rows[1].due_at <= now:
                    before["due_at"] = None
            row = (_K.round_id == round_id) & (_K.household_id == home)
            self._connection.execute(update(knock).where(row).values(**before))
            done += 1
        return done

    def last_at(self, round_id: int, household_id: int) -> datetime | None:
        """Return when something was last said of a household that stands, None when nothing was."""
        this = (_S.round_id == round_id) & (_S.household_id == household_id) & _S.undone.is_(False)
        return self._connection.execute(select(func.max(_S.at)).where(this)).scalar_one_or_none()

    def steps_of(self, round_id: int, household_id: int) -> tuple[KnockStep, ...]:
        """Return what was said of a household, oldest first, what was taken back as well."""
        this = (_S.round_id == round_id) & (_S.household_id == household_id)
        rows = self._connection.execute(select(knock_step).where(this).order_by(_S.id)).all()
        return tuple(
            KnockStep(Knocked(row.state), Why(row.why), row.by_id, row.at, row.persons, row.undone) for row in rows
        )

    def again(self, now: datetime, limit: int = 2_000) -> tuple[Knock, ...]:
        """Return the households whose time to be tried again has come."""
        query = select(knock).where(_K.due_at <= now, _K.state == Knocked.ABSENT.value)
        rows = self._connection.execute(query.order_by(_K.due_at, _K.id).limit(limit)).all()
        return tuple(_knock(row) for row in rows)

    def told(self, ids: Iterable[int]) -> int:
        """Note that whoever walks there was reminded; returns how many rows."""
        done = 0
        for piece in pieces(ids, 900):
            change = update(knock).where(_K.id.in_(piece), _K.due_at.is_not(None))
            done += self._connection.execute(change.values(due_at=None)).rowcount
        return done


def _values(out: Outcome) -> dict[str, Any]:
    return {"state": out.state.value, "persons": out.persons, "rung": out.rung, "due_at": out.due_at}


def _round(row: Row[Any]) -> KnockRound:
    words = row.words or {"title": "", "purpose": "", "basis": ""}
    return KnockRound(
        row.id, RoundKind(row.kind), tuple(row.nodes), words["title"], words["purpose"], words["basis"], row.author_id,
        RoundState(row.state), row.made_at, row.deadline_at, row.template, row.directive_id, row.done_to, row.due_at,
    )  # fmt: skip


def _knock(row: Row[Any]) -> Knock:
    return Knock(
        row.id, row.round_id, row.household_id, row.place_id, Knocked(row.state), row.persons, row.rung, row.due_at
    )
