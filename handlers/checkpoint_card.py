"""清单: what a checkpoint does with everybody who comes (一测二问三记四留), in the words of the place or the county.

Whoever leads a place may word it anew for the checkpoints there. No plates, no faces: a list that asks for them is not
taken.
"""

import re

from handlers.care_words import CareKind, CareWord
from handlers.domain.declaring import Checklist
from handlers.domain.policy import Action
from handlers.ports import Context, Say, Turn, Work
from handlers.wording import care as say

intents = frozenset({CareKind.CHECKLIST, CareKind.CHECKLIST_EDIT})
ITEMS_AT_MOST, ITEM_LIMIT, TITLE_LIMIT = 12, 120, 20
_ASKS_TOO_MUCH = re.compile(
    r"(?<![不别勿])(?:记|登记|抄|拍|扫|存|留|查验?|核对|采集|识别).{0,6}(?:车牌|牌照|身份证|人脸|照片|指纹|行程码|定位)"
)


def handle(turn: Turn, word: CareWord, work: Work, ctx: Context) -> list[Say]:
    """Answer where it was asked: a group of a checkpoint may read it."""
    node = turn.chat.node_id if turn.chat else next(iter(turn.person.nodes()), None)
    if ctx.county.declaring is None or node is None:
        return [Say(say.no_checklist())]
    if word.kind is CareKind.CHECKLIST_EDIT:
        return [Say(_written(turn, node, word.args["lines"], work, ctx))]
    return [Say(_shown(node, work, ctx))]


def _shown(node: int, work: Work, ctx: Context) -> str:
    assert ctx.county.declaring is not None
    found = work.checklists.nearest((node, *ctx.tree.ancestors(node))) or ctx.county.declaring.checklist
    return say.checklist(found.title, found.items) if found.items else say.no_checklist()


def _written(turn: Turn, node: int, lines: str, work: Work, ctx: Context) -> str:
    name = ctx.tree.path_name(node) or ctx.county.name
    if not ctx.tree.viewable(turn.person, [node], Action.ISSUE):
        return say.checklist_not_yours(name)
    if not lines:
        dropped = work.checklists.drop(node)
        if dropped:
            work.audit.note(ctx.now, turn.person.id, "checklist", f"node {node}", "declaration", "dropped")
        return say.checklist_back(name) + "\n" + _shown(node, work, ctx)
    written = read_lines(lines)
    if isinstance(written, str):
        return written
    work.checklists.put(node, written, turn.person.id, ctx.now)
    work.audit.note(ctx.now, turn.person.id, "checklist", f"node {node}", "declaration", "written")
    return say.checklist_written(name) + "\n" + _shown(node, work, ctx)


def read_lines(lines: str) -> Checklist | str:
    """Return the list that was typed, one item a line and a short first line as its title; or what is wrong with it.

    >>> read_lines("一测二问\\n一测:测体温\\n二问:问来处").items
    ('一测:测体温', '二问:问来处')
    """
    typed = [line.strip(" ·-—*") for line in lines.splitlines() if line.strip(" ·-—*")]
    title = typed.pop(0) if len(typed) > 1 and len(typed[0]) <= TITLE_LIMIT and ":" not in typed[0] else "卡点清单"
    if len(typed) > ITEMS_AT_MOST or any(len(line) > ITEM_LIMIT for line in typed):
        return say.checklist_too_long(ITEMS_AT_MOST, ITEM_LIMIT)
    if any(_ASKS_TOO_MUCH.search(clause) for line in typed for clause in re.split(r"[,,。;;、::]", line)):
        return say.checklist_asks_too_much()
    return Checklist(title, tuple(typed))
