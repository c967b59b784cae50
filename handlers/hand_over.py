"""交接, 接了: the pack of whoever is away goes to the substitute, who says that they have it.

Tick: packs whose day came, and a word to the lead about those that nobody took in time.
"""

from handlers import handing
from handlers.domain.duty_days import Handover
from handlers.domain.staff import Staff
from handlers.duty_words import DutyKind, DutyWord
from handlers.letters import delayed, private
from handlers.ports import Context, Say, Turn, Work
from handlers.wording import handover as say

intents = frozenset({DutyKind.HAND_OVER, DutyKind.TOOK_OVER})


def handle(turn: Turn, word: DutyWord, work: Work, ctx: Context) -> list[Say] | None:
    """Answer in private; None for 接了 when nothing was handed over: it is about a call then."""
    if word.kind is DutyKind.TOOK_OVER:
        return _took_over(turn, work, ctx)
    handed = work.handovers.of_substitute(turn.person.id, ctx.day)
    if handed:
        away = work.people.many([one.person_id for one in handed], ctx.day).values()
        return [Say("\n\n".join(handing.pack_of(one, turn.person, work, ctx) for one in away), private=True)]
    return [Say(_again(turn, work, ctx), private=True)]


def _took_over(turn: Turn, work: Work, ctx: Context) -> list[Say] | None:
    handed = work.handovers.of_substitute(turn.person.id, ctx.day)
    taken = [one for one in handed if not one.confirmed_at and work.handovers.confirm(one, ctx.now)]
    if not taken:
        return [Say(say.taken_over_already(), private=True)] if handed else None  # said twice it is no call
    away = work.people.many([one.person_id for one in taken], ctx.day)
    moved = sum(handing.give(one.id, turn.person.id, handing.grids_of(one, ctx), work, ctx) for one in away.values())
    work.audit.note(ctx.now, turn.person.id, "took over", f"{len(taken)} handovers", "duty", "ok")
    return [Say(say.took_over([one.name for one in away.values()], moved), private=True)]


def _again(turn: Turn, work: Work, ctx: Context) -> str:
    """Send the pack once more to whoever stands in for the speaker today."""
    leaves = work.people.leaves(ctx.day)
    if turn.person.id not in leaves:
        return say.nothing_to_hand_over()
    substitute = leaves[turn.person.id]
    person = work.people.get(substitute, ctx.day) if substitute is not None else None
    if person is None:
        return say.no_substitute()
    at = handing.loud_at(person, ctx.now, work, ctx)
    known = work.handovers.of_people([turn.person.id], ctx.day)
    last = max((one.last_day for one in known), default=ctx.day)
    if last < ctx.local(at).date():
        return say.not_in_the_night(person.name)
    if all(one.confirmed_at for one in known):
        work.handovers.open(turn.person.id, person.id, ctx.day, last, at)
    (one,) = work.handovers.of_people([turn.person.id], ctx.day)[-1:]
    if one.told_at:
        text = handing.pack_of(turn.person, person, work, ctx)
        work.outbox.put(delayed([private(person.userid, person.id, text, ctx.now)], at), ctx.now)
    elif at <= ctx.now:
        handing.tell(one, work, ctx)
    if at > ctx.now:
        return say.sent_in_the_morning(person.name)
    return say.sent_again(person.name)


def due(work: Work, ctx: Context) -> bool:
    """Return whether there is anything to do."""
    return bool(work.handovers.due(ctx.now, 1))


def run(work: Work, ctx: Context) -> int:
    """Tell the packs whose day came; tell the lead of one that was not taken in time, once. Returns how many."""
    found = work.handovers.due(ctx.now)
    for one in found:
        if one.last_day < ctx.day:
            work.handovers.settle(one)
        elif one.told_at is None:
            _tell_in_time(one, work, ctx)
        else:
            _tell_lead(one, work, ctx)
    return len(found)


def _tell_in_time(one: Handover, work: Work, ctx: Context) -> None:
    substitute = work.people.get(one.substitute_id, ctx.day)
    at = handing.day_begins(one.first_day, substitute, work, ctx) if substitute is not None else ctx.now
    if at > ctx.now:
        work.handovers.settle(one, at)
    else:
        handing.tell(one, work, ctx)


def _tell_lead(one: Handover, work: Work, ctx: Context) -> None:
    work.handovers.settle(one)
    away = work.people.get(one.person_id, ctx.day)
    node = next(iter(handing.own_nodes(away, ctx)), None) if away is not None else None
    if away is None or node is None:
        return
    staff = Staff(work.people.holders(ctx.day), work.people.leaves(ctx.day))
    lead = staff.lead_over(node, ctx.tree, but={one.person_id, one.substitute_id})
    found = work.people.get(lead, ctx.day) if lead is not None else None
    if found is not None:
        substitute = work.people.names([one.substitute_id]).get(one.substitute_id, "")
        text = say.not_taken_over(away.name, substitute)
        letter = private(found.userid, found.id, text, ctx.now)
        work.outbox.put(delayed([letter], handing.loud_at(found, ctx.now, work, ctx)), ctx.now)
