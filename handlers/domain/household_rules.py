"""What may become of a household: the checks that moving, merging and splitting share. They refuse in words."""

from collections.abc import Sequence
from datetime import date, timedelta

from handlers.domain.errors import Refused, UnknownNode
from handlers.domain.hierarchy import HOUSEHOLD, Node, Tree
from handlers.domain.household import MEMBERS_LIMIT, Household, Member
from handlers.domain.people import Person
from handlers.domain.policy import Action

BACK = timedelta(days=31)
"""How far back a step may be dated: what was noticed late is entered late, but a closed month stays closed."""


def found(code: str, household: Household | None) -> Household:
    """Return the household; Refused when there is none of that code, or it is closed."""
    if household is None:
        raise Refused(f"没有“{code}”这一户,请核对户编码")
    if household.closed:
        raise Refused(f"“{code}”已经注销了,不能再改")
    return household


def allowed(by: Person | None, tree: Tree, *grid_ids: int) -> None:
    """Pass when whoever acts keeps the households of all these grids; *by* None is the operator of the machine.

    Raises UnknownNode, as if the grids were not there.
    """
    for grid_id in grid_ids:
        if by is not None:
            tree.view(by, grid_id, Action.KEEP)
        elif not tree.has(grid_id):
            raise UnknownNode(f"node {grid_id}")


def may_stand_in(grid: Node) -> None:
    """Pass when households stand in such a node; Refused for a household, a gate, a trade."""
    if grid.level == HOUSEHOLD or grid.branch is not None:
        raise Refused(f"“{grid.name}”下面不能放户,请写网格的编码或名称")


def on_day(day: date, today: date, last: date | None) -> None:
    """Pass when a step may be dated *day*; Refused for the future, the distant past, or before the last step."""
    if day > today:
        raise Refused("日期还没到,请写今天或以前的日期")
    if day < today - BACK:
        raise Refused(f"最多补记 {BACK.days} 天以内的变动,更早的请写今天的日期")
    if last is not None and day < last:
        raise Refused(f"这一户 {last.month}月{last.day}日 还有过变动,日期不能更早")


def those(numbers: Sequence[int], members: Sequence[Member]) -> tuple[Member, ...]:
    """Return the members of these numbers; Refused when one is not there, or when nobody would stay or go."""
    by_number = {member.number: member for member in members}
    absent = [str(number) for number in numbers if number not in by_number]
    if absent:
        listed = "、".join(str(member.number) for member in members)
        raise Refused(f"这一户没有第{'、'.join(absent)}号人,现有:{listed or '还没登记人'}")
    chosen = tuple(by_number[number] for number in dict.fromkeys(numbers))
    if not chosen:
        raise Refused("没说分出哪几个人,请写他们的序号,如 2,3")
    if len(chosen) == len(members):
        raise Refused("全家都走就不是分户:请用迁移(move)")
    return chosen


def room_for(here: int, coming: int) -> None:
    """Pass when so many people fit into one household."""
    if here + coming > MEMBERS_LIMIT:
        raise Refused(f"合并后有 {here + coming} 人,一户最多登记 {MEMBERS_LIMIT} 人,请核对")
