"""From many households' lists to what a shop is told: totals per shop with whose they are, bags per building."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from handlers.domain.need import Item

Shops = tuple[tuple[str, tuple[str, ...]], ...]
OTHER = "其他"
_WORDS = {
    "菜摊": "白菜 菜 土豆 萝卜 西红柿 番茄 黄瓜 茄子 豆角 葱 姜 蒜 瓜 菇 豆腐 苹果 香蕉 橘子 水果 梨 橙",
    "肉蛋水产": "肉 蛋 鱼 鸡 鸭 虾 排骨",
    "粮油副食": "米 面 油 盐 酱油 醋 糖 泡面 方便面 面条 饼干 面包 奶 水 饮料 酒 茶 粉丝 料",
    "日用品": "纸 牙膏 牙刷 肥皂 香皂 洗衣 洗洁 洗发 口罩 酒精 消毒 电池 尿 卫生巾 垃圾袋 煤 气",
}
USUAL: Shops = tuple((shop, tuple(words.split())) for shop, words in _WORDS.items())
"""What is bought where when a county says nothing else; the longest word that stands in a thing's name decides."""
_BUILDING = re.compile(r"(\d{1,4})(?=[-—–栋幢座号楼#])")


@dataclass(frozen=True, slots=True)
class ShopLine:
    """One thing in one unit: how much in all (None: nobody said), and which households want how much of it."""

    name: str
    unit: str
    total: Decimal | None
    households: tuple[tuple[str, Decimal | None], ...]


@dataclass(frozen=True, slots=True)
class Bag:
    """What goes to one door; `building` is where it stands, "" where doors have none."""

    building: str
    door: str
    items: tuple[Item, ...] = field(repr=False)


def shop_of(name: str, shops: Shops) -> str:
    """Return where a thing is bought: by the longest of the words that stand in its name.

    >>> [shop_of(one, USUAL) for one in ("白菜", "鸡蛋", "酱油", "洗衣粉", "锄头")]
    ['菜摊', '肉蛋水产', '粮油副食', '日用品', '其他']
    """
    found = [(len(word), -place, shop) for place, (shop, words) in enumerate(shops) for word in words if word in name]
    return max(found)[2] if found else OTHER


def building_of(door: str) -> str:
    """Return the building a door stands in, "" when it names none.

    >>> building_of("3-101"), building_of("12栋203"), building_of("0396户")
    ('3', '12', '')
    """
    found = _BUILDING.match(door)
    return str(int(found[1])) if found else ""


def by_shop(lists: Iterable[tuple[str, Sequence[Item]]], shops: Shops) -> dict[str, tuple[ShopLine, ...]]:
    """Return the totals of each shop, in the county's order, what nobody sells last; (door, items) a household."""
    wants: dict[tuple[str, str], list[tuple[str, Decimal | None]]] = defaultdict(list)
    for door, items in lists:
        for one in items:
            wants[one.name, one.unit].append((door, one.quantity))
    lines: dict[str, list[ShopLine]] = {shop: [] for shop in (*(shop for shop, _ in shops), OTHER)}
    for (name, unit), whose in wants.items():
        known = [quantity for _, quantity in whose if quantity is not None]
        total = sum(known, Decimal(0)) if known else None
        lines[shop_of(name, shops)].append(ShopLine(name, unit, total, tuple(whose)))
    return {shop: tuple(found) for shop, found in lines.items() if found}


def bags(lists: Iterable[tuple[str, Sequence[Item]]]) -> tuple[Bag, ...]:
    """Return what to bring where, building by building, doors in the order of their numbers; one bag a door."""
    held: dict[str, list[Item]] = defaultdict(list)
    for door, items in lists:
        held[door] += items
    made = [Bag(building_of(door), door, tuple(items)) for door, items in held.items()]
    return tuple(sorted(made, key=lambda bag: (*_numbers(bag.building), *_numbers(bag.door))))


def _numbers(text: str) -> tuple[tuple[int, ...], str]:
    return tuple(int(run) for run in re.findall(r"\d{1,9}", text)), text
