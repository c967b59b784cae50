"""Households in the database: who lives there, and what is known of the household. Names and addresses are sealed."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import Select, bindparam, insert, select, update

from handlers.domain.care_team import CareRules, CareTeam
from handlers.domain.errors import Refused
from handlers.domain.hierarchy import HOUSEHOLD
from handlers.domain.household import (
    Change,
    Household,
    Step,
)
from store.care import CareRepo
from store.household_people import HouseholdPeople
from store.models import household, household_change, node
from store.pieces import pieces

_STEPS_FOLLOWED = 10
_H, _N = household.c, node.c
_COLUMNS = (_N.id, _N.code, _N.name, _N.parent_id, _N.valid_to, _H.address, _H.head_count, _H.about, _H.in_group)


class HouseholdRepo(HouseholdPeople):
    """Reads and writes households within the caller's transaction. A household with no row of its own is known by its
    node, with everything else unknown."""

    # -- the household -----------------------------------------------------------------------------------------------

    def get(self, household_id: int) -> Household | None:
        """Return the household, closed ones too; None when there is none."""
        return self.many((household_id,)).get(household_id)

    def many(self, ids: Iterable[int]) -> Mapping[int, Household]:
        """Return the households of these ids; absent ones are left out."""
        found: dict[int, Household] = {}
        for piece in pieces(ids):
            for row in self._connection.execute(_households().where(_N.id.in_(piece))):
                found[row.id] = _household(row)
        return found

    def by_code(self, code: str) -> Household | None:
        """Return the household of that code, or of that former code, or the one that took it in; None when none is."""
        row = self._connection.execute(_OF_CODE, {"wanted": code}).one_or_none()
        found = None if row is None else _household(row)
        if found is None:
            former = select(household_change.c.household_id).where(household_change.c.code == code)
            known = self._connection.execute(
                former.order_by(household_change.c.id.desc()).limit(1)
            ).scalar_one_or_none()
            found = None if known is None else self.get(known)
        return None if found is None else self._successor(found)

    def _successor(self, found: Household) -> Household:
        for _ in range(_STEPS_FOLLOWED):
            if not found.closed:
                break
            c = household_change.c
            into = select(c.other_id).where(c.household_id == found.id, c.step == Step.MERGED.value)
            other = self._connection.execute(into.order_by(c.id.desc()).limit(1)).scalar_one_or_none()
            following = None if other is None else self.get(other)
            if following is None:
                break
            found = following
        return found

    def put(
        self, household_id: int, now: datetime, *, address: str | None = None, head_count: int | None = None,
        language: str | None = None, preferred: tuple[tuple[time, time], ...] | None = None,
        in_group: bool | None = None,
    ) -> None:  # fmt: skip
        """Write what is given; None leaves what is known. Refused when there is no such household."""
        known = self.get(household_id)
        if known is None:
            raise Refused("没有这一户,请核对户编码")
        about = about_household(language or known.language, known.preferred if preferred is None else preferred)
        values: dict[str, Any] = {"about": about, "updated_at": now}
        given = {"address": address, "head_count": head_count, "in_group": in_group}
        values |= {key: value for key, value in given.items() if value is not None}
        mine = update(household).where(_H.household_id == household_id)
        if self._connection.execute(mine.values(values)).rowcount == 0:
            self._connection.execute(insert(household).values(household_id=household_id, **values))

    # -- care and history --------------------------------------------------------------------------------------------

    def care_team(self, household_id: int, day: date, rules: CareRules) -> CareTeam:
        """Return who looks after the household that day, in the order they are called."""
        return CareRepo(self._connection).team(household_id, day, rules)

    def care_teams(self, household_ids: Iterable[int], day: date, rules: CareRules) -> Mapping[int, CareTeam]:
        """Return the same of many households."""
        return CareRepo(self._connection).teams(household_ids, day, rules)

    def history(self, household_id: int) -> tuple[Change, ...]:
        """Return what became of the household, oldest first."""
        c = household_change.c
        rows = self._connection.execute(select(household_change).where(c.household_id == household_id).order_by(c.id))
        return tuple(
            Change(r.household_id, Step(r.step), r.day, r.at, r.grid_id, r.code, r.other_id, r.by_id) for r in rows
        )


def about_household(language: str | None, preferred: tuple[tuple[time, time], ...]) -> dict[str, Any] | None:
    """Return what the sealed cell of a household holds; None when there is nothing to hold."""
    spans = [[f"{since:%H:%M}", f"{until:%H:%M}"] for since, until in preferred]
    said = {"language": language, "preferred": spans}
    return {key: value for key, value in said.items() if value} or None


def _households() -> Select[Any]:
    joined = node.outerjoin(household, _H.household_id == _N.id)
    return select(*_COLUMNS).select_from(joined).where(_N.level == HOUSEHOLD)


_OF_CODE = _households().where(_N.code == bindparam("wanted")).order_by(_N.valid_to.is_not(None), _N.id.desc()).limit(1)
"""Made once: building a statement anew costs half as much as asking the database."""


def _household(row: Any) -> Household:
    about = row.about or {}
    spans = tuple((time.fromisoformat(a), time.fromisoformat(b)) for a, b in about.get("preferred", ()))
    return Household(
        row.id, row.code, row.name, row.parent_id, row.address, row.head_count, about.get("language"), spans,
        row.in_group, row.valid_to is not None,
    )  # fmt: skip
