"""Who has had enough today: what is not urgent waits for the next digest, and a row says so; nothing else is kept back.

An urgent directive, one due before the digest, a correction, a cancel, an alarm, an answer, a decision, the medicine
lane: none of these comes here.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from handlers.domain import fatigue as domain
from handlers.domain.directive import Directive, Kind
from handlers.domain.fan_out import FanOut, Owed
from handlers.domain.fatigue import Held
from handlers.domain.letter import Letter, Purpose
from handlers.domain.rules import mode_at
from handlers.ports import Context, Work
from handlers.wording import burden as say

TIME_TO_DO_IT = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Tired:
    """Those who had enough: how many messages each had, and their cap; `until` is when the digest comes."""

    had: Mapping[int, int]
    caps: Mapping[int, int | None]
    people: frozenset[int]
    until: datetime


def tired(person_ids: Iterable[int], nodes: Mapping[int, int], work: Work, ctx: Context) -> Tired | None:
    """Return who of these people on duty had enough today, None when nobody; *nodes*: where war or peace is looked
    up for each (their own first post when they are not in it)."""
    rules, wanted = ctx.county.fatigue, frozenset(person_ids)
    if rules is None or not wanted:
        return None
    roles: dict[int, list[str]] = {}
    at: dict[int, int] = {}
    for row in work.people.holders(ctx.day):
        if row.person_id in wanted:
            roles.setdefault(row.person_id, []).append(row.role)
            at.setdefault(row.person_id, row.node_id)
    modes = work.modes.current(ctx.now)
    places = {**at, **nodes}
    war = {node: ctx.tree.has(node) and mode_at(modes, ctx.tree, node, ctx.now) is not None for node in places.values()}
    caps = {who: rules.cap(held, war=war[places[who]]) for who, held in roles.items()}
    capped = [who for who, cap in caps.items() if cap is not None]
    had = work.fatigue.had(capped, domain.day_began(ctx.now, ctx.county.tz)) if capped else {}
    over = domain.over(had, caps)
    return Tired(had, caps, over, rules.next_digest(ctx.now, ctx.county.tz)) if over else None


def tired_of(draft: Directive, plan: FanOut, work: Work, ctx: Context) -> Tired | None:
    """Return who would get *draft* in the next digest instead of now."""
    rules = ctx.county.fatigue
    if rules is None or draft.urgent or draft.kind is not Kind.NEW or work.fatigue.waived(draft.id):
        return None
    digest_at = rules.next_digest(ctx.now, ctx.county.tz)
    if draft.deadline_at is not None and draft.deadline_at < digest_at + TIME_TO_DO_IT:
        return None
    return tired((o.person_id for o in plan.people), {o.person_id: o.node_id for o in plan.people}, work, ctx)


def parted(plan: FanOut, found: Tired | None) -> tuple[FanOut, Sequence[Owed]]:
    """Return the plan without those who had enough, and these."""
    if found is None:
        return plan, ()
    kept = tuple(owed for owed in plan.people if owed.person_id in found.people)
    return replace(plan, people=tuple(o for o in plan.people if o.person_id not in found.people)), kept


def keep_back(out: Directive, kept: Sequence[Owed], found: Tired | None, work: Work, ctx: Context) -> None:
    """Note whose card waits for the digest, and owe their receipts from then on."""
    if not kept or found is None:
        return
    rows = [_held(owed.person_id, out.id, Purpose.CARD, found, "waiting", found.until, ctx) for owed in kept]
    work.fatigue.hold(rows)
    first, issued = out.rung_due_at(0), out.issued_at
    due_at = found.until + (first - issued) if first is not None and issued is not None else None
    work.receipts.open_many(out.id, [(owed.person_id, owed.node_id) for owed in kept], due_at)


def _held(
    person_id: int, directive_id: int, purpose: Purpose, found: Tired, state: str, due_at: datetime | None, ctx: Context
) -> Held:
    had, cap = found.had.get(person_id, 0), found.caps.get(person_id) or 0
    return Held(0, person_id, directive_id, purpose.value, had, cap, state, due_at, ctx.now)


def without_reminders(letters: Sequence[Letter], directive: Directive, work: Work, ctx: Context) -> list[Letter]:
    """Return the letters without the reminders that can be left: of a directive that is not compulsory, to somebody
    who had enough. They are not sent later either, and a row says so."""
    if directive.urgent or directive.compulsory or ctx.county.fatigue is None:
        return list(letters)
    whom = {letter.to[0].person_id for letter in letters if letter.purpose is Purpose.REMINDER} - {None}
    found = tired((who for who in whom if who is not None), {}, work, ctx)
    if found is None:
        return list(letters)
    left = [one for one in letters if one.purpose is Purpose.REMINDER and one.to[0].person_id in found.people]
    work.fatigue.hold(
        _held(one.to[0].person_id or 0, directive.id, Purpose.REMINDER, found, "unsent", None, ctx) for one in left
    )
    return [one for one in letters if one not in left]


def warnings(draft: Directive, plan: FanOut, work: Work, ctx: Context) -> list[str]:
    """Return what the preview says of it."""
    if (waived := work.fatigue.waived(draft.id)) is not None:
        return [say.waived_in_preview(waived.reason or "")]
    found = tired_of(draft, plan, work, ctx)
    return [say.would_hold(len(parted(plan, found)[1]), ctx.local(found.until))] if found else []
