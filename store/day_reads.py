"""What waits today, read for many people and places at once: as many statements for a thousand workers as for one."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Select, case, func, or_, select

from handlers.domain.directive import LIVE
from handlers.domain.directive import State as Stands
from handlers.domain.four_ones import Contact, ContactState, Enrolment
from handlers.domain.isolation import DecisionState
from handlers.domain.knocking import Knocked
from handlers.domain.letter import State
from handlers.domain.matter import MatterState
from handlers.domain.need import NeedState, Standing
from handlers.domain.threshold import TaskState
from store.contacts import COLUMNS, contact_of, enrolment_of, holds_on
from store.models import (
    care_task,
    contact_due,
    decision,
    delivery,
    directive,
    enrolment,
    episode,
    handover,
    knock,
    matter,
    need,
    node,
    receipt,
)
from store.pieces import pieces

_C, _N, _H, _W, _K = contact_due.c, enrolment.c, node.c, need.c, knock.c
_GOING = [ContactState.CALLING.value, ContactState.VISITING.value]
_TO_PASTE = [State.SENT.value, State.UNKNOWN.value, State.RELAYING.value]


class DayReads:
    """Keeps `handlers.duty_ports.DayReads` within the caller's transaction; *above*: nodes right above households."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def contacts(self, above: Iterable[int], day: date) -> tuple[Contact, ...]:
        """Return the contacts of *day* under these nodes, in order."""
        rows = self._under(select(*COLUMNS).join(node, _H.id == _C.household_id).where(_C.day == day), above)
        return tuple(sorted(map(contact_of, rows), key=lambda one: (one.slot, one.household_id)))

    def planned(self, above: Iterable[int], day: date) -> tuple[Enrolment, ...]:
        """Return the plans that hold on *day* under these nodes."""
        rows = self._under(select(enrolment).join(node, _H.id == _N.household_id).where(holds_on(day)), above)
        return tuple(sorted(map(enrolment_of, rows), key=lambda one: (one.household_id, one.plan)))

    def calls(self, people: Iterable[int], since: date) -> Mapping[int, tuple[Contact, ...]]:
        """Return by person what waits for them to call or look in, since a day."""
        found: dict[int, list[Contact]] = defaultdict(list)
        for piece in pieces(people, 900):
            waits = select(*COLUMNS).where(_C.owner_id.in_(piece), _C.state.in_(_GOING), _C.day >= since)
            for row in self._connection.execute(waits.order_by(_C.id)):
                found[row.owner_id].append(contact_of(row))
        return {who: tuple(rows) for who, rows in found.items()}

    def untold(self, above: Iterable[int], states: Iterable[DecisionState]) -> tuple[int, ...]:
        """Return the households at these nodes whose newest decision is in one of *states*, the oldest first."""
        e, d, any_of = episode.c, decision.c, decision.alias().c
        newest = select(func.max(any_of.id)).where(any_of.episode_id == e.id).correlate(episode).scalar_subquery()
        named = [state.value for state in states]
        found: list[Any] = []
        for piece in pieces(above, 900):
            here = select(e.id, e.started_on, e.household_id).select_from(episode.join(decision, d.id == newest))
            found += self._connection.execute(here.where(e.state == "open", e.node_id.in_(piece), d.state.in_(named)))
        return tuple(row.household_id for row in sorted(found, key=lambda row: (row.started_on, row.id)))

    def looks(self, nodes: Iterable[int]) -> Mapping[int, int]:
        """Return how many tasks about somebody are not closed, by node."""
        t = care_task.c
        found: dict[int, int] = {}
        for piece in pieces(nodes, 900):
            going = select(t.node_id, func.count()).where(t.node_id.in_(piece), t.state != TaskState.CLOSED.value)
            found.update({row[0]: row[1] for row in self._connection.execute(going.group_by(t.node_id))})
        return found

    def lists(self, above: Iterable[int]) -> tuple[Standing, ...]:
        """Return where the lists of what is needed stand under these nodes, none closed; nothing is opened."""
        columns = select(_W.id, _W.household_id, _W.state, _W.claimed_by).join(node, _H.id == _W.household_id)
        rows = self._under(columns.where(_W.state != NeedState.CLOSED.value, _W.body.is_not(None)), above)
        return tuple(
            Standing(row.household_id, NeedState(row.state), row.claimed_by) for row in sorted(rows, key=lambda r: r.id)
        )

    def handed(self, people: Iterable[int], day: date) -> Mapping[int, int]:
        """Return how many handovers of *day* each of these has not taken."""
        h = handover.c
        now = (h.first_day <= day) & (h.last_day >= day) & h.ended_at.is_(None) & h.confirmed_at.is_(None)
        return self._counted(select(h.substitute_id, func.count()).where(now), h.substitute_id, people)

    def codes(self, people: Iterable[int]) -> Mapping[int, tuple[str, ...]]:
        """Return by person the codes of the live directives that wait for their receipt, the oldest first."""
        d, r = directive.c, receipt.c
        found: dict[int, list[str]] = defaultdict(list)
        for piece in pieces(people, 900):
            waits = select(r.person_id, d.number).select_from(receipt.join(directive, r.directive_id == d.id))
            waits = waits.where(r.person_id.in_(piece), r.state == "waiting", d.state.in_(_values(LIVE)))
            for who, number in self._connection.execute(waits.order_by(d.id)):
                found[who].append(f"D-{number}")
        return {who: tuple(codes) for who, codes in found.items()}

    def relays(self, people: Iterable[int]) -> Mapping[int, int]:
        """Return how many texts each of these was asked to paste and has not, of directives in force."""
        d = delivery.c
        live = select(d.person_id, func.count()).select_from(delivery.join(directive, directive.c.id == d.directive_id))
        waits = d.relay_code.is_not(None) & d.state.in_(_TO_PASTE) & directive.c.state.in_(_values(LIVE))
        return self._counted(live.where(waits), d.person_id, people)

    def doors_left(self, round_id: int, places: Iterable[int], now: datetime) -> Mapping[int, tuple[int, int]]:
        """Return by place how many doors nobody knocked at, and at how many it may be tried again."""
        ripe = (_K.state == Knocked.ABSENT.value) & or_(_K.due_at.is_(None), _K.due_at <= now)
        todo, again = _K.state == Knocked.TODO.value, ripe
        found: dict[int, tuple[int, int]] = {}
        for piece in pieces(places, 900):
            sums = [func.sum(case((which, 1), else_=0)) for which in (todo, again)]
            here = select(_K.place_id, *sums).where(_K.round_id == round_id, _K.place_id.in_(piece))
            found.update({row[0]: (row[1], row[2]) for row in self._connection.execute(here.group_by(_K.place_id))})
        return found

    def matters(self, people: Iterable[int]) -> Mapping[int, tuple[int, ...]]:
        """Return by person the numbers of the open matters they work on."""
        m = matter.c
        found: dict[int, list[int]] = defaultdict(list)
        for piece in pieces(people, 900):
            theirs = select(m.assignee_id, m.id).where(m.assignee_id.in_(piece), m.state == MatterState.OPEN.value)
            for who, number in self._connection.execute(theirs.order_by(m.id)):
                found[who].append(number)
        return {who: tuple(numbers) for who, numbers in found.items()}

    def _under(self, query: Select[Any], above: Iterable[int]) -> list[Any]:
        found: list[Any] = []
        for piece in pieces(above, 900):
            found += self._connection.execute(query.where(_H.parent_id.in_(piece)))
        return found

    def _counted(self, query: Select[Any], column: Any, ids: Iterable[int]) -> Mapping[int, int]:
        found: dict[int, int] = {}
        for piece in pieces(ids, 900):
            counted = query.where(column.in_(piece)).group_by(column)
            found.update({row[0]: row[1] for row in self._connection.execute(counted)})
        return found


def _values(states: Iterable[Stands]) -> list[str]:
    return [state.value for state in states]
