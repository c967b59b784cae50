"""采购单, 采购我来, 采购表, 3-101 送到了: what households need, merged for the shop, claimed by one, brought."""

from collections.abc import Sequence

from handlers import confirm_visit
from handlers.domain.doors import door_key
from handlers.domain.duty_days import PaperKind
from handlers.domain.need import Need, NeedState, together
from handlers.duty_words import DutyKind, DutyWord
from handlers.four_ones_words import OneKind, OneWord
from handlers.ports import Context, Say, Turn, Work
from handlers.shopping_list import taken_on, waiting_for
from handlers.wording import needs as say

intents = frozenset({OneKind.SHEET, OneKind.CLAIM, OneKind.DELIVERED, OneKind.GOT, DutyKind.SHEET_FILE})


def handle(turn: Turn, word: OneWord | DutyWord, work: Work, ctx: Context) -> list[Say] | None:
    """Answer in private: doors and what they need are nobody else's business. None: no such thing waits here."""
    if ctx.county.four_ones is None:
        return None
    if isinstance(word, DutyWord):
        return [Say(_file(turn, work, ctx), private=True)]
    waiting = [one for one in waiting_for(turn.person, work, ctx) if one.state is not NeedState.CLOSED]
    about = tuple({one.subject_id for one in waiting})
    if word.kind is OneKind.SHEET:
        return [Say(_sheet(waiting, ctx), private=True, about=about)]
    if word.kind is OneKind.CLAIM:
        taken = [one for one in waiting if one.state is NeedState.OPEN]
        moved = {one.household_id for one in taken if _claim(one, turn, work, ctx)}
        if not moved:
            return [Say(say.claimed(0), private=True)]
        work.paper_orders.ask(PaperKind.SHOPPING, None, turn.person.id, ctx.now)
        return [Say(say.claimed(len(moved)) + "\n" + say.file_coming(ctx.base_url), private=True)]
    there = [one for one in waiting if door_key(ctx.tree.node(one.household_id).name) == door_key(word.door)]
    if not there:
        return None
    return [Say(_brought(turn, word, there, work, ctx), private=True, about=tuple({one.subject_id for one in there}))]


def _file(turn: Turn, work: Work, ctx: Context) -> str:
    if not taken_on(turn.person, work, ctx):
        return say.nothing_taken_on()
    work.paper_orders.ask(PaperKind.SHOPPING, None, turn.person.id, ctx.now)
    return say.file_coming(ctx.base_url)


def _claim(one: Need, turn: Turn, work: Work, ctx: Context) -> bool:
    return work.needs.move(one, NeedState.CLAIMED, ctx.now, by=turn.person.id)


def _sheet(waiting: Sequence[Need], ctx: Context) -> str:
    rows = []
    for one in waiting:
        state = {NeedState.CLAIMED: "(有人去买了)", NeedState.DELIVERED: "(送到了,等居民确认)"}.get(one.state, "")
        rows.append((ctx.tree.node(one.household_id).name, one.items, state))
    buying = [item for one in waiting if one.state is not NeedState.DELIVERED for item in one.items]
    return say.sheet(together(buying), rows)


def _brought(turn: Turn, word: OneWord, there: Sequence[Need], work: Work, ctx: Context) -> str:
    door, home = ctx.tree.node(there[0].household_id).name, there[0].household_id
    work.audit.note(ctx.now, turn.person.id, "needs delivered", f"node:{home}", "care", word.kind.value)
    if word.kind is OneKind.GOT:
        for one in there:
            work.needs.move(one, NeedState.CLOSED, ctx.now)
        return say.closed_by_worker(door)
    taken = [one for one in there if one.state is NeedState.CLAIMED]
    going = taken or [one for one in there if one.state is NeedState.OPEN]  # what was asked for since stays
    brought = [one for one in going if work.needs.move(one, NeedState.DELIVERED, ctx.now, by=turn.person.id)]
    if not brought:
        return say.delivered_already(door)
    left = [item for one in there if one.state is NeedState.OPEN and one not in brought for item in one.items]
    things = [item for one in brought for item in one.items]
    asked = confirm_visit.said(home, turn.person.id, None, work, ctx, items=things)
    return say.delivered(door, bool(asked), left)
