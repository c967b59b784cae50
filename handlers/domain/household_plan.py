"""A household file as people keep it, turned into households, people, proxies and care; every fault by row and column.

A row is a person; what stands in the cells of the household is merged, repeated or left out in the rows below. Pure:
the tree comes in, a plan comes out. Reading files is `bot.household_file`, writing is `store.household_save`.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import Any

from handlers.domain import household_cells as cells
from handlers.domain.care_team import CareRules
from handlers.domain.hierarchy import Tree
from handlers.domain.household import MEMBERS_LIMIT, Health
from handlers.domain.household_homes import Homes
from handlers.domain.household_planned import (
    LABELS,
    HouseholdPlan,
    HouseRow,
    PlannedHousehold,
    PlannedMember,
    PlannedProxy,
)
from handlers.domain.roster import RowError
from handlers.domain.roster_fields import Unfit, clean, ditto, mobiles, person_name
from handlers.domain.roster_places import Misplaced

_LEFT = frozenset({"迁出", "搬走", "离开", "去世", "死亡", "注销"})
_STAYS = frozenset({"", "在", "正常", "常住", "在住", "在户"})


def plan(
    rows: Iterable[HouseRow], tree: Tree, rules: CareRules, today: date, staff: frozenset[str], *,
    allow_sample_phones: bool = False, grow: bool = False,
) -> HouseholdPlan:  # fmt: skip
    """Return what the rows ask for, with every fault. *staff* are the accounts of the roster; *grow* lets households
    that are not in the tree be made."""
    planner = _Planner(tree, rules, today, staff, allow_sample_phones, grow)
    for row in rows:
        planner.take(row)
    return planner.plan()


class _Planner:
    """Takes the rows one by one; a row with a fault adds its faults and nothing else."""

    def __init__(
        self, tree: Tree, rules: CareRules, today: date, staff: frozenset[str], allow_sample: bool, grow: bool
    ) -> None:
        self._homes = Homes(tree, grow)
        self._rules, self._today, self._staff, self._allow_sample = rules, today, staff, allow_sample
        self._above: HouseRow | None = None
        self._found: dict[str, PlannedHousehold] = {}
        self._errors: list[RowError] = []

    def plan(self) -> HouseholdPlan:
        """Return what was understood, and the faults, row by row."""
        return HouseholdPlan(self._homes.needed(self._found), tuple(self._found.values()), tuple(self._errors))

    def take(self, written: HouseRow) -> None:
        """Read one row."""
        faults = len(self._errors)
        row = self._as_above(written)
        self._no_id_numbers(row)
        code = self._code(row)
        before = self._found.get(code) if code else None
        one = replace(before) if before else PlannedHousehold(code, row.row)
        one.members, one.proxies, one.care = dict(one.members), dict(one.proxies), dict(one.care)
        self._home(row, one)
        self._care(row, one)
        if clean(row.cell("name")):
            self._somebody(row, one)
        elif any(clean(row.cell(key)) for key in ("phone", "age", "vulnerable", "medicines", "relation")):
            self._fault(row, "name", "姓名没填;只登记这一户的,后面几格请空着")
        if len(self._errors) == faults and code:
            self._found[code] = one

    def _fault(self, row: HouseRow, column: str, say: str) -> None:
        self._errors.append(RowError(row.row, LABELS.get(column, column), say, row.sheet))

    @contextmanager
    def _noting(self, row: HouseRow, column: str) -> Iterator[None]:
        try:
            yield
        except Misplaced as misplaced:
            self._fault(row, misplaced.column, misplaced.say)
        except Unfit as unfit:
            self._fault(row, column, unfit.say)

    def _as_above(self, row: HouseRow) -> HouseRow:
        """Return the row with 同上 replaced, and in the household of the row above when it names none itself."""
        above = self._above
        over = {place.label: place.text for place in above.places} if above else {}
        said = {key: text for key, text in row.cells.items() if not ditto(text)}
        same = [key for key, text in row.cells.items() if ditto(text)]
        placed = [place.label for place in row.places if ditto(place.text)]
        if (same or placed) and above is None:
            self._fault(row, (placed + same)[0], "第一行上面没有内容,“同上”请写全")
        if above is not None:
            said |= {key: above.cell(key) for key in same}
            goes_on = not any(clean(said.get(key, "")) for key in ("code", "house")) and not any(
                clean(place.text) and not ditto(place.text) for place in row.places
            )
            if goes_on and clean(said.get("name", "")):
                row = replace(row, places=above.places)
                said |= {key: above.cell(key) for key in ("code", "house")}
                placed = []
        places = tuple(replace(p, text=over.get(p.label, "")) if p.label in placed else p for p in row.places)
        self._above = replace(row, places=places, cells=said)
        return self._above

    def _no_id_numbers(self, row: HouseRow) -> None:
        for key, text in row.cells.items():
            if key not in ("code", "house"):
                with self._noting(row, key):
                    cells.no_id_number(text)

    def _code(self, row: HouseRow) -> str:
        found: list[str] = []
        with self._noting(row, "code"):
            found.append(self._homes.code_of(row.places, row.cell("code"), row.cell("house")))
        return found[0] if found else ""

    def _home(self, row: HouseRow, one: PlannedHousehold) -> None:
        """Read what the row says of its household; what an earlier row said otherwise is a fault."""
        said: dict[str, Any] = {}
        with self._noting(row, "address"):
            address = clean(row.cell("address"))
            if len(address) > cells.ADDRESS_LIMIT:
                raise Unfit(f"住址超过 {cells.ADDRESS_LIMIT} 字,请写短一些")
            said["address"] = address or None
        with self._noting(row, "heads"):
            said["head_count"] = cells.head_count(row.cell("heads"))
        with self._noting(row, "in_group"):
            said["in_group"] = cells.yes_no(row.cell("in_group"))
        with self._noting(row, "times"):
            said["preferred"] = cells.spans(row.cell("times")) or None
        columns = {"address": "address", "head_count": "heads", "in_group": "in_group", "preferred": "times"}
        for key, value in said.items():
            known = getattr(one, key)
            if value is not None and known is not None and value != known:
                self._fault(row, columns[key], f"与第{one.row}行写的不一样,同一户请写一样的")
            elif value is not None:
                setattr(one, key, value)

    def _care(self, row: HouseRow, one: PlannedHousehold) -> None:
        for key, text in row.care.items():
            role = self._rules.role(key)
            title = role.title if role else key
            with self._noting(row, title):
                accounts = cells.user_ids(text)
                unknown = [userid for userid in accounts if userid not in self._staff]
                if unknown:
                    raise Unfit(f"花名册里没有账号 {unknown[0]},请先导入花名册")
                if accounts and one.care.get(key, accounts) != accounts:
                    raise Unfit(f"与第{one.row}行写的不一样,同一户请写一样的")
                if accounts:
                    one.care[key] = accounts

    def _somebody(self, row: HouseRow, one: PlannedHousehold) -> None:
        said: dict[str, Any] = {}
        for column, read in (
            ("name", person_name), ("phone", lambda text: mobiles(text, self._allow_sample)),
            ("age", lambda text: cells.age(text, self._today)), ("vulnerable", cells.vulnerable),
            ("medicines", cells.medicines), ("language", cells.language), ("here", cells.lives_here),
            ("answers", cells.yes_no), ("state", _left),
        ):  # fmt: skip
            with self._noting(row, column):
                said[column] = read(row.cell(column))
        here = said.get("here", True)
        with self._noting(row, "relation"):
            said["relation"] = cells.relation(row.cell("relation"), here)
        if len(said) < 10:
            return None
        name = said["name"]
        if name in one.members or name in one.proxies:
            return self._fault(row, "name", "这一户前面已有同名的人;真有两人同名,请在后面加“大”“小”区分")
        if not here:
            if said["vulnerable"] or said["medicines"]:
                return self._fault(row, "here", "不住这里的人只登记怎么联系,重点人群和用药请删掉")
            one.proxies[name] = PlannedProxy(
                row.row, name, said["relation"], said["phone"], said["answers"], said["state"]
            )
            return None
        if len(one.members) >= MEMBERS_LIMIT:
            return self._fault(row, "name", f"一户最多登记 {MEMBERS_LIMIT} 人,请核对")
        needs = Health(said["vulnerable"], said["medicines"])
        one.members[name] = PlannedMember(
            row.row, name, said["age"], said["language"], needs if needs != Health() else None, said["phone"],
            said["answers"], said["state"],
        )  # fmt: skip
        return None


def _left(text: str) -> bool:
    """Return whether somebody is gone, as the 状态 column says."""
    said = clean(text)
    if said in _LEFT:
        return True
    if said in _STAYS:
        return False
    raise Unfit("状态可填:在住、迁出、去世")
