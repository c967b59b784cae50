"""A handover: what the substitute is told, and when; what goes back to whoever is back. Doors and hours, no health."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta

from handlers.boards import counts_of
from handlers.domain.board import total
from handlers.domain.duty_days import UNCONFIRMED_AFTER, Handover
from handlers.domain.four_ones import Contact, ContactState
from handlers.domain.hierarchy import HOUSEHOLD
from handlers.domain.need import NeedState
from handlers.domain.people import Person
from handlers.domain.policy import Action
from handlers.domain.rules import rules_at
from handlers.letters import private
from handlers.ports import Context, Work
from handlers.shopping_list import waiting_for
from handlers.wording import boards, week_cards
from handlers.wording import handover as say
from handlers.worker_day import doors_of, need_doors, to_tell

_S = ContactState
MANY = 60
"""Places above households: whoever leads more than these hands over numbers, not doors."""


def own_nodes(person: Person, ctx: Context) -> tuple[int, ...]:
    """Return the nodes of the person's own posts, none of those they stand in for."""
    nodes = (one.node_id for one in person.holdings if one.acting_for is None and ctx.tree.has(one.node_id))
    return tuple(dict.fromkeys(nodes))


def places_of(person: Person, ctx: Context) -> str:
    """Return the person's own posts in words."""
    return "、".join(ctx.tree.path_name(node) for node in own_nodes(person, ctx))


def grids_of(person: Person, ctx: Context) -> tuple[int, ...]:
    """Return the nodes above households at or under the person's own posts."""
    return tuple(dict.fromkeys(n for node in own_nodes(person, ctx) for n in ctx.tree.above_households(node)))


def loud_at(person: Person, moment: datetime, work: Work, ctx: Context) -> datetime:
    """Return *moment*, or the end of the quiet hours it falls into where the person works."""
    node = next(iter(own_nodes(person, ctx)), ctx.tree.root.id)
    rules = rules_at(work.modes.current(ctx.now), ctx.tree, ctx.county, node, moment)
    return rules.loud_at(moment, ctx.county.tz)


def day_begins(day: date, person: Person, work: Work, ctx: Context) -> datetime:
    """Return when a handover of that day is told: now, or in its morning, and not in the quiet hours."""
    first = datetime.combine(day, time(0, 0), ctx.county.tz).astimezone(ctx.now.tzinfo)
    return loud_at(person, max(first, ctx.now), work, ctx)


def tell(one: Handover, work: Work, ctx: Context) -> bool:
    """Send the pack to the substitute; False when there is nobody to tell, or it was told."""
    away, substitute = work.people.get(one.person_id, ctx.day), work.people.get(one.substitute_id, ctx.day)
    if away is None or substitute is None:
        work.handovers.settle(one)
        return False
    if not work.handovers.told(one, ctx.now, ctx.now + UNCONFIRMED_AFTER):
        return False
    text = pack_of(away, substitute, work, ctx)
    work.outbox.put([private(substitute.userid, substitute.id, text, ctx.now)], ctx.now)
    return True


def pack_of(away: Person, substitute: Person, work: Work, ctx: Context) -> str:
    """Return the pack in words: only of households whose post the substitute stands in for today."""
    grids = ctx.tree.viewable(substitute, grids_of(away, ctx), Action.KEEP)
    work.audit.note(ctx.now, substitute.id, "read handover", f"person {away.id}", "duty", f"{len(grids)} places")
    handed = [h for h in work.handovers.of_people([away.id], ctx.day) if h.substitute_id == substitute.id]
    taken = bool(handed) and all(one.confirmed_at for one in handed)
    return say.pack(away.name, places_of(away, ctx), lines_of(away, grids, substitute, work, ctx), taken=taken)


def lines_of(away: Person, grids: Sequence[int], viewer: Person, work: Work, ctx: Context) -> list[str]:
    """Return what is handed over, line by line."""
    found: list[str] = []
    if ctx.county.four_ones is None:
        return found
    if len(grids) > MANY:
        tops = [node for node in own_nodes(away, ctx) if node in grids]
        return [boards.known(total(counts_of(tops, work, ctx).values()))]
    homes = [one for grid in grids for one in ctx.tree.children(grid) if ctx.tree.node(one).level == HOUSEHOLD]
    held = work.contacts.enrolments(homes, ctx.day)
    mine = [home for home in homes if home in held]
    if mine:
        found.append(say.homes([ctx.tree.node(home).name for home in mine]))
    today = [one for one in work.contacts.of_households(homes, ctx.day) if one.day == ctx.day]
    found += _left(today, ctx)
    owned = [one for one in work.contacts.of_owner(away.id, ctx.day) if one.household_id in homes]
    for state, words in ((_S.CALLING, say.calls), (_S.VISITING, say.visits)):
        if doors := doors_of(owned, state, ctx):
            found.append(words(doors))
    found += _wishes(away, viewer, work, ctx)
    if untold := to_tell(ctx.tree.viewable(viewer, grids, Action.SEE_HEALTH), work, ctx):
        found.append(say.to_tell(untold))
    if agreed := _agreed(mine, work, ctx):
        found.append(say.agreed(agreed))
    return found


def _left(today: Iterable[Contact], ctx: Context) -> list[str]:
    """Return for each hour of the day who has not answered, and how many are still ahead."""
    slots: dict[int, list[Contact]] = defaultdict(list)
    for one in today:
        slots[one.slot].append(one)
    found = []
    for slot in sorted(slots):
        waiting = doors_of(slots[slot], _S.ASKED, ctx)
        ahead = sum(one.state is _S.OPEN for one in slots[slot])
        if waiting or ahead:
            found.append(say.left(week_cards.hour(time(slot // 60, slot % 60)), waiting, ahead))
    return found


def _wishes(away: Person, viewer: Person, work: Work, ctx: Context) -> list[str]:
    grids = set(grids_of(away, ctx))
    needs = [one for one in waiting_for(viewer, work, ctx) if ctx.tree.parent(one.household_id) in grids]
    found = []
    for state, words in (
        (NeedState.OPEN, say.buy), (NeedState.CLAIMED, say.bring), (NeedState.DELIVERED, say.confirm),
    ):  # fmt: skip
        if doors := need_doors((one for one in needs if one.state is state), ctx):
            found.append(words(doors))
    return found


def _agreed(homes: Sequence[int], work: Work, ctx: Context) -> list[str]:
    """Return when households asked to be called: what they said today, else the hours that suit them."""
    later = {home: one.busy_until for home, one in work.silences.of(homes, ctx.day).items() if one.busy_until}
    known = work.households.many(homes)
    found = []
    for home in homes:
        one = known.get(home)
        if home in later:
            found.append(f"{ctx.tree.node(home).name} {later[home]}")
        elif one is not None and one.preferred:
            hours = "、".join(f"{first:%H:%M}-{last:%H:%M}" for first, last in one.preferred)
            found.append(f"{ctx.tree.node(home).name} {hours}")
    return found


def give(one_id: int, to_id: int, grids: Sequence[int], work: Work, ctx: Context) -> int:
    """Let another have the calls and visits of one in these grids; returns how many."""
    return work.boards.give_calls(one_id, to_id, grids, ctx.day - timedelta(days=1))
