"""A household's needs (一份清单集需求): items with quantity and unit, claimed, delivered, closed by the household."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Any

REOPEN_WITHIN = timedelta(hours=48)
ITEMS_LIMIT = 30
USUAL_UNITS: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(("白菜",), "棵"),
        **dict.fromkeys(("鸡蛋",), "个"),
        **dict.fromkeys(("酱油", "醋"), "瓶"),
        **dict.fromkeys(("盐", "泡面", "方便面"), "包"),
        **dict.fromkeys(("米", "大米"), "斤"),
        **dict.fromkeys(("油",), "桶"),
    }
)
"""What is meant when no unit is said; it is read back, so that it can be set right."""
HOLDS: Mapping[tuple[str, str], tuple[int, str]] = MappingProxyType(
    {("鸡蛋", "板"): (30, "个"), ("水", "提"): (12, "瓶"), ("纸", "提"): (10, "卷")}
)

SAME_UNITS: Mapping[str, str] = MappingProxyType(
    {"颗": "棵", "枚": "个", "千克": "公斤", **dict.fromkeys(("kg", "KG", "Kg"), "公斤")}
)
"""Measures that are two spellings of one: 白菜2颗 and 白菜2棵 are four."""


class NeedState(StrEnum):
    """Where a list stands. Only the household closes it."""

    OPEN = "open"
    CLAIMED = "claimed"  # somebody is getting it
    DELIVERED = "delivered"  # somebody says it is there
    CLOSED = "closed"  # the household says so


@dataclass(frozen=True, slots=True)
class Item:
    """One thing. `quantity` None: not said. `guessed`: the unit was not said either and is the usual one."""

    name: str
    quantity: Decimal | None = None
    unit: str = ""
    guessed: bool = False

    @property
    def medicine(self) -> bool:
        """Return whether the village doctor sees to it, not the shop.

        >>> Item("感冒药").medicine, Item("胰岛素").medicine, Item("白菜").medicine
        (True, True, False)
        """
        return self.name.endswith(("药", "胶囊", "片剂")) or any(w in self.name for w in ("胰岛素", "药膏", "降压"))

    def __str__(self) -> str:
        """Return it as people write it.

        >>> str(Item("鸡蛋", Decimal(1), "板")), str(Item("白菜", Decimal(2), "棵")), str(Item("泡面"))
        ('鸡蛋1板(30个)', '白菜2棵', '泡面')
        """
        if self.quantity is None:
            return self.name
        held = HOLDS.get((self.name, self.unit))
        inside = f"({held[0] * self.quantity:g}{held[1]})" if held else ""
        return f"{self.name}{self.quantity:g}{self.unit}{inside}"

    def as_json(self) -> dict[str, Any]:
        """Return what the store seals."""
        quantity = None if self.quantity is None else str(self.quantity)
        return {"name": self.name, "quantity": quantity, "unit": self.unit, "guessed": self.guessed}

    @classmethod
    def of_json(cls, kept: Mapping[str, Any]) -> "Item":
        """Return the item that was kept."""
        quantity = None if kept["quantity"] is None else Decimal(kept["quantity"])
        return cls(kept["name"], quantity, kept["unit"], kept["guessed"])


@dataclass(frozen=True, slots=True)
class Need:
    """One list of one household. `items` (): erased."""

    id: int
    household_id: int
    subject_id: int
    items: tuple[Item, ...] = field(repr=False)
    state: NeedState
    said_at: datetime
    claimed_by: int | None = None
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one list stands, without what is on it."""

    household_id: int
    state: NeedState
    claimed_by: int | None = None


def together(items: Iterable[Item]) -> tuple[Item, ...]:
    """Return the items of many lists as one shopping list: the same thing in the same unit is added up.

    Two spellings of one unit are one; the list shows the first.

    >>> one, two = Item("盐", Decimal(1), "包"), Item("盐", Decimal(2), "包")
    >>> [str(item) for item in together([one, Item("米", Decimal("2.5"), "斤"), two])]
    ['盐3包', '米2.5斤']
    >>> [str(item) for item in together([Item("白菜", Decimal(2), "颗"), Item("白菜", Decimal(1), "棵")])]
    ['白菜3颗']
    """
    summed: dict[tuple[str, str], Decimal | None] = {}
    shown: dict[tuple[str, str], str] = {}
    for one in items:
        key = one.name, SAME_UNITS.get(one.unit, one.unit)
        shown.setdefault(key, one.unit)
        before = summed.get(key)
        both = [quantity for quantity in (before, one.quantity) if quantity is not None]
        summed[key] = sum(both, Decimal(0)) if both else None
    return tuple(Item(key[0], quantity, shown[key]) for key, quantity in summed.items())
