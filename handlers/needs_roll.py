"""#接龙 1. 3-101 白菜2 鸡蛋一板 2. …: a list of wishes pasted back, for any household of the grid, on a plan or not.

A 接龙 is the whole list each time: what was taken before is not taken again, what became more is added, what became
less is told. A row that cannot be taken is said back, so that nothing is lost in silence.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal

from handlers import needs_said
from handlers.contact_people import spokesperson
from handlers.domain.doors import doors
from handlers.domain.hierarchy import HOUSEHOLD, Node
from handlers.domain.need import Item, Need
from handlers.domain.policy import Action
from handlers.duty_words import DutyKind, DutyWord
from handlers.ports import Context, Say, Turn, Work
from handlers.read_needs import read_needs
from handlers.wording import needs as say
from nlp.normalize import normalize

intents = frozenset({DutyKind.NEEDS_ROLL})
SAME_WITHIN = timedelta(hours=24)
_ROW = re.compile(
    r"(?:^|(?<=\s))\d{1,3}\s*[.、)]\s*(?=\S)(?!\d{1,2}\s*(?:公?斤|两|个|袋|包|瓶|桶|克|升|板|箱|kg|g))", re.IGNORECASE
)
_DOOR = re.compile(
    r"(?P<door>\d{1,4}(?:\s*[-—–栋幢座号楼单元#]+\s*\d{1,4}){1,3}[室户号]?|\d{1,5}[户号室])"
    r"(?P<name>[一-鿿]{0,4}?)(?=\s|:|,|$)[\s:,]*"
)
_GLUED = re.compile(r"(?P<door>\d{1,4}(?:[-—–栋幢座号楼单元#]+\d{1,4}){1,3}[室户号]?|\d{1,5}[户号室])(?P<name>)[\s:,]*")
_SAME = re.compile(r"(?:\+\s*1|同上|同求|一样|跟上|跟楼上一样)[!。~\s]*")
_ABOUT = re.compile(r"买|菜|要|需|采购|代购|团购|物资|订|超市|送")


@dataclass(frozen=True, slots=True)
class RollLine:
    """One row: the door as typed ("" when there is none), and what is wanted. `same`: as the row before."""

    typed: str = field(repr=False)
    door: str
    items: tuple[Item, ...] = field(repr=False)
    same: bool = False


def read_roll(text: str) -> tuple[RollLine, ...]:
    """Return the rows of a 接龙 of wishes; () when it is about something else.

    >>> rows = read_roll("#接龙 买菜 1. 3-2-402 白菜2 鸡蛋一板 2. 3-1-201张 土豆5斤 酱油1 3. 7-1-101 盐2包 谢谢小吕")
    >>> [(row.door, [str(item) for item in row.items]) for row in rows]
    [('3-2-402', ['白菜2棵', '鸡蛋1板(30个)']), ('3-1-201', ['土豆5斤', '酱油1瓶']), ('7-1-101', ['盐2包'])]
    """
    plain = normalize(text).text
    marks = list(_ROW.finditer(plain))
    if not marks:
        return ()
    ends = [*(mark.start() for mark in marks[1:]), len(plain)]
    rows = tuple(_rows(plain[mark.end() : end].strip() for mark, end in zip(marks, ends, strict=True)))
    wishes = sum(bool(row.items) for row in rows)
    meant = wishes * 2 >= len(rows) or bool(wishes and _ABOUT.search(plain[: marks[0].start()]))
    return rows if meant else ()


def _rows(texts: Iterator[str]) -> Iterator[RollLine]:
    before: tuple[Item, ...] = ()
    for text in texts:
        found = _DOOR.match(text) or _GLUED.match(text)
        rest = text[found.end() :] if found else text
        same = bool(_SAME.fullmatch(rest.strip()))
        items = before if same else read_needs(rest) or read_needs(f"要 {rest}")
        before = items or before
        yield RollLine(text, re.sub(r"\s", "", found["door"]) if found else "", items, same)


def handle(turn: Turn, word: DutyWord, work: Work, ctx: Context) -> list[Say] | None:
    """Answer whoever pasted it in private, a group with counts alone; None when no row wishes for anything."""
    if ctx.county.four_ones is None:
        return None
    rows = read_roll(turn.text)
    if not rows:
        return None
    taken: list[str] = []
    left: list[str] = []
    about: set[int] = set()
    things = 0
    for row in rows:
        home = _home(turn, row.door, ctx) if row.door else None
        if home is None or not row.items:
            left.append(say.row_left(row.typed, row.door, bool(row.items)))
            continue
        told, count, subject_id = _take(turn, home, row, work, ctx)
        taken.append(told)
        about.add(subject_id)
        things += count
    says = [Say(say.roll_told(taken, left, things), private=True, about=tuple(about))]
    return [*says, Say(say.roll_counted(len(taken), things))] if turn.in_group and taken else says


def _home(turn: Turn, door: str, ctx: Context) -> Node | None:
    held = ctx.tree.viewable(turn.person, turn.person.nodes(), Action.KEEP)
    found = {node.id: node for place in held for node in doors(ctx.tree, place, door) if node.level == HOUSEHOLD}
    return next(iter(found.values())) if len(found) == 1 else None


def _take(turn: Turn, home: Node, row: RollLine, work: Work, ctx: Context) -> tuple[str, int, int]:
    """Take what is new of one household's row; returns what is told, how many things, and whom they are for."""
    subject = spokesperson(home.id, work, ctx)
    lately = [one for one in work.needs.waiting([home.id], ctx.now) if ctx.now - one.said_at <= SAME_WITHIN]
    fresh, known, less = fresh_of(row.items, lately)
    if fresh:
        needs_said.ask(home.id, subject, fresh, turn.inbound.id, work, ctx, tell=turn.person.id)
        work.audit.note(ctx.now, turn.person.id, "needs taken", f"node:{home.id}", "care", f"{len(fresh)} things")
    return say.row_taken(home.name, fresh, known, less, row.same), len(fresh), subject.id


def fresh_of(
    wanted: Sequence[Item], lately: Sequence[Need]
) -> tuple[tuple[Item, ...], tuple[Item, ...], tuple[Item, ...]]:
    """Return of what is *wanted* what is new (or how much more it is), what was taken already, and what became less.

    >>> from datetime import UTC, datetime
    >>> from handlers.domain.need import NeedState
    >>> kept = Need(1, 1, 1, (Item("盐", Decimal(2), "包"),), NeedState.OPEN, datetime(2020, 1, 1, tzinfo=UTC))
    >>> [[str(one) for one in part] for part in fresh_of([Item("盐", Decimal(3), "包"), Item("米")], [kept])]
    [['盐1包', '米'], [], []]
    """
    held: dict[tuple[str, str], Decimal | None] = {}
    for need in lately:
        for one in need.items:
            before = held.get((one.name, one.unit))
            held[one.name, one.unit] = one.quantity if before is None else before + (one.quantity or 0)
    fresh: list[Item] = []
    known: list[Item] = []
    less: list[Item] = []
    for one in wanted:
        key = one.name, one.unit
        before = held.get(key)
        if key not in held or (before is None and one.quantity is not None):
            fresh.append(one)
        elif one.quantity is None or before is None or one.quantity == before:
            known.append(one)
        elif one.quantity > before:
            fresh.append(replace(one, quantity=one.quantity - before))
        else:
            less.append(replace(one, quantity=before))
    return tuple(fresh), tuple(known), tuple(less)
