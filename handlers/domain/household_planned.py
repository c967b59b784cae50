"""A household file's rows, and what they ask for: values between reading (`household_plan`) and writing them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time

from handlers.domain.hierarchy import NodeIn
from handlers.domain.household import Age, Health, Relation
from handlers.domain.roster import RowError
from handlers.domain.roster_places import PlaceText

LABELS = {
    "code": "户编码", "house": "户号", "address": "住址", "heads": "人数", "in_group": "在群", "times": "方便时间",
    "name": "姓名", "age": "年龄", "vulnerable": "重点人群", "medicines": "长期用药", "language": "语言",
    "phone": "手机号", "here": "是否同住", "relation": "关系", "answers": "可代报", "state": "状态",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class HouseRow:
    """One row as read: texts only. `row` counts as the spreadsheet does; `care` are accounts by the role's key."""

    row: int
    places: tuple[PlaceText, ...] = ()
    cells: Mapping[str, str] = field(default_factory=dict, repr=False)
    care: Mapping[str, str] = field(default_factory=dict)
    sheet: str = ""

    def cell(self, key: str) -> str:
        """Return the cell's text, "" when the file has no such column."""
        return self.cells.get(key, "")


@dataclass(frozen=True, slots=True)
class PlannedMember:
    """Somebody who lives there, or, with `left`, no longer does. `may_answer`: None says nothing about it."""

    row: int
    name: str = field(repr=False)
    age: Age | None = None
    language: str | None = None
    health: Health | None = field(default=None, repr=False)
    phones: tuple[str, ...] = field(default=(), repr=False)
    may_answer: bool | None = None
    left: bool = False


@dataclass(frozen=True, slots=True)
class PlannedProxy:
    """Somebody who lives elsewhere and answers for the household."""

    row: int
    name: str = field(repr=False)
    relation: Relation = Relation.RELATIVE
    phones: tuple[str, ...] = field(default=(), repr=False)
    may_answer: bool | None = None
    left: bool = False


@dataclass(slots=True)
class PlannedHousehold:
    """A household of the file; `row` is where it stands first. None leaves what is known as it is."""

    code: str
    row: int
    address: str | None = field(default=None, repr=False)
    head_count: int | None = None
    in_group: bool | None = None
    preferred: tuple[tuple[time, time], ...] | None = None
    members: dict[str, PlannedMember] = field(default_factory=dict, repr=False)
    proxies: dict[str, PlannedProxy] = field(default_factory=dict, repr=False)
    care: dict[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class HouseholdPlan:
    """What the file asks for. With errors, what is here is only the part that was understood."""

    nodes: tuple[NodeIn, ...] = ()
    households: tuple[PlannedHousehold, ...] = ()
    errors: tuple[RowError, ...] = ()

    @property
    def people(self) -> int:
        """Return how many people live in these households."""
        return sum(not member.left for one in self.households for member in one.members.values())

    @property
    def proxies(self) -> int:
        """Return how many live elsewhere and answer."""
        return sum(not proxy.left for one in self.households for proxy in one.proxies.values())


@dataclass(slots=True)
class SavedHouseholds:
    """What an import changed."""

    households: int = 0
    people_new: int = 0
    people_changed: int = 0
    people_left: int = 0
    contacts_new: int = 0
    phones_new: int = 0
    care_changed: int = 0
