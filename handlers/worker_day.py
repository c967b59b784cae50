"""What waits for one person today, line by line: asked by the bot, to tell, to call, to look in on, to buy, to bring,
to answer for. The board of 今天, the pack of a handover and the digest after a leave read the same lines."""

from collections.abc import Iterable, Sequence

from handlers import door_day, silences
from handlers.domain.four_ones import Contact, ContactState
from handlers.domain.hierarchy import HOUSEHOLD
from handlers.domain.isolation import DecisionState
from handlers.domain.need import Need, NeedState
from handlers.domain.people import Person
from handlers.domain.policy import Action
from handlers.domain.threshold import TaskKind
from handlers.ports import Context, Work
from handlers.shopping_list import waiting_for
from handlers.wording import boards as words
from handlers.wording import four_ones as say

_ASKED = frozenset({ContactState.ASKED, ContactState.ANSWERED, ContactState.CALLING, ContactState.VISITING})
_UNTOLD = frozenset({DecisionState.CALLING, DecisionState.SENDING})
ALL = 10_000
SHOWN = 6


def lines(person: Person, work: Work, ctx: Context, *, full: bool = False) -> list[str]:
    """Return what waits for the person, each kind of work a line; with *full* every door is named."""
    most = ALL if full else SHOWN
    mine = health_grids(person, ctx)
    asked = [one for one in of_today(mine, work, ctx) if one.state in _ASKED]
    homes = {one.household_id for one in asked}
    answered = len(homes - {one.household_id for one in asked if one.state is not ContactState.ANSWERED})
    owned = work.contacts.of_owner(person.id, ctx.day)
    found = [say.asked_line(len(homes), answered) + silences.beside(mine, work, ctx)] if asked else []
    if waiting := to_tell(mine, work, ctx, {DecisionState.CALLING}):
        found.append(say.to_tell_line(waiting))
    if calls := doors_of(owned, ContactState.CALLING, ctx):
        found.append(say.to_call_line(calls, most))
    if visits := doors_of(owned, ContactState.VISITING, ctx):
        found.append(say.to_visit_line(visits, most))
    if looks := len(work.care_tasks.waiting(mine, frozenset(TaskKind))):
        found.append(say.to_look_line(looks))
    return found + _wishes(person, most, work, ctx) + door_day.lines(person, work, ctx) + _answers(person, work, ctx)


def _wishes(person: Person, most: int, work: Work, ctx: Context) -> list[str]:
    needs = waiting_for(person, work, ctx)
    found = []
    if buy := need_doors((one for one in needs if one.state is NeedState.OPEN), ctx):
        found.append(words.to_buy(buy, most))
    taken = (one for one in needs if one.state is NeedState.CLAIMED and one.claimed_by == person.id)
    if bring := need_doors(taken, ctx):
        found.append(words.to_bring(bring, most))
    if confirm := need_doors((one for one in needs if one.state is NeedState.DELIVERED), ctx):
        found.append(words.to_confirm(confirm, most))
    return found


def _answers(person: Person, work: Work, ctx: Context) -> list[str]:
    """Return what others wait for: a handover, a receipt, a text to relay."""
    found = []
    if handed := [one for one in work.handovers.of_substitute(person.id, ctx.day) if not one.confirmed_at]:
        found.append(words.to_take_over(len(handed)))
    if codes := [one.code for one in work.directives.awaiting(person.id, ctx.now)]:
        found.append(words.to_answer(codes))
    if relays := work.directives.relays_waiting(person.id):
        found.append(words.to_relay(len(relays)))
    return found


def health_grids(person: Person, ctx: Context) -> tuple[int, ...]:
    """Return the nodes above households where the person may see health, in tree order."""
    grids = [n for held in person.nodes() for n in ctx.tree.above_households(held)]
    return ctx.tree.viewable(person, grids, Action.SEE_HEALTH)


def of_today(grids: Iterable[int], work: Work, ctx: Context) -> tuple[Contact, ...]:
    """Return today's contacts with the households of these grids."""
    homes = (home for grid in grids for home in ctx.tree.children(grid) if ctx.tree.node(home).level == HOUSEHOLD)
    return work.contacts.of_households(homes, ctx.day)


def to_tell(grids: Sequence[int], work: Work, ctx: Context, states: Iterable[DecisionState] = _UNTOLD) -> list[str]:
    """Return the doors where a decision is still to be told to whom it is about."""
    found = []
    for one in work.isolations.open_at(grids, 40):
        last = work.isolations.decisions(one.id)[-1]
        if last.state in states and ctx.tree.has(one.household_id):
            found.append(ctx.tree.node(one.household_id).name)
    return found


def doors_of(contacts: Iterable[Contact], state: ContactState, ctx: Context) -> list[str]:
    """Return the doors of the contacts in that state, in order, each once."""
    here = (one for one in contacts if one.state is state and ctx.tree.has(one.household_id))
    return list(dict.fromkeys(ctx.tree.node(one.household_id).name for one in here))


def need_doors(needs: Iterable[Need], ctx: Context) -> list[str]:
    """Return the doors of these lists, each once."""
    return list(dict.fromkeys(ctx.tree.node(one.household_id).name for one in needs))
