"""What the rows prove about households that were asked: how far the question came, and what they said meanwhile."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import Connection, and_, func, select, text

from handlers.domain.four_ones import ContactState
from handlers.domain.letter import Purpose, State
from handlers.domain.silence import Evidence
from store.models import contact_due, contact_step, delivery, enrolment
from store.pieces import pieces

_C, _S, _D, _N = contact_due.c, contact_step.c, delivery.c, enrolment.c
_STEPS = ("asked", "call", "visit", "busy")
_OF_HOUSEHOLDS = text("delivery.person_id IS NULL AND delivery.chat_id IS NULL")  # spelt as the index has it


class SilenceRepo:
    """Keeps `handlers.burden_ports.Silences` within the caller's transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, household_ids: Iterable[int], day: date) -> Mapping[int, Evidence]:
        """Return what is known of households on a day: of their latest contact, and of their plans; a household that is
        on no plan and was not asked is left out."""
        found: dict[int, Evidence] = {}
        for piece in pieces(household_ids, 900):
            found.update(self._of(piece, day))
        return found

    def _of(self, homes: list[int], day: date) -> dict[int, Evidence]:
        latest: dict[int, Any] = {}
        theirs = select(_C.id, _C.household_id, _C.state, _C.asked_at).where(_C.household_id.in_(homes), _C.day == day)
        for row in self._connection.execute(theirs.order_by(_C.slot)):
            latest[row.household_id] = row
        plans = self._plans(homes, day)
        steps = self._steps([row.id for row in latest.values()])
        came = self._came([row.id for row in latest.values()])
        found = {}
        for home in {*latest, *plans}:
            quiet, well = plans.get(home, (False, False))
            if home not in latest:
                found[home] = Evidence(home, quiet=quiet, well=well)
                continue
            row = latest[home]
            taken = steps.get(row.id, {})
            unreachable = "unreachable" in (taken.get("call"), taken.get("visit"))
            found[home] = Evidence(
                home,
                ContactState(row.state),
                "asked" in taken,
                came.get(row.id),
                unreachable,
                taken.get("busy", ""),
                quiet,
                well,
            )
        return found

    def _plans(self, homes: list[int], day: date) -> dict[int, tuple[bool, bool]]:
        """Return by household whether it need only say 有事 (in every plan), and whether all was well that day."""
        held = select(_N.household_id, _N.exception_only, _N.normal_on, _N.normal_days).where(
            _N.household_id.in_(homes), _N.first_day <= day, (_N.last_day.is_(None)) | (_N.last_day >= day)
        )
        found: dict[int, tuple[bool, bool]] = {}
        for home, quiet, normal_on, normal_days in self._connection.execute(held):
            before = found.get(home, (True, False))
            found[home] = before[0] and bool(quiet), before[1] or (normal_on == day and normal_days > 0)
        return found

    def _steps(self, ids: list[int]) -> dict[int, dict[str, str]]:
        """Return by contact what was tried first with each kind of step, and why; of 忙 the last word."""
        taken = select(_S.contact_id, _S.step, _S.why).where(_S.contact_id.in_(ids), _S.step.in_(_STEPS))
        found: dict[int, dict[str, str]] = {}
        for contact_id, step, why in self._connection.execute(taken.order_by(_S.id)):
            kept = found.setdefault(contact_id, {})
            if step == "busy" or step not in kept:
                kept[step] = why
        return found

    def _came(self, ids: list[int]) -> dict[int, State]:
        """Return how far each contact's question came: it was written in the transaction that asked."""
        asked = contact_due.join(
            delivery,
            and_(
                _D.node_id == _C.household_id,
                _D.created_at == _C.asked_at,
                _D.purpose == Purpose.NOTICE.value,
                _OF_HOUSEHOLDS,
            ),
        )
        newest = select(_C.id, func.max(_D.id).label("delivery_id")).select_from(asked).where(_C.id.in_(ids))
        last = newest.group_by(_C.id).subquery()
        rows = select(last.c.id, _D.state).join(delivery, _D.id == last.c.delivery_id)
        return {row.id: State(row.state) for row in self._connection.execute(rows)}
