"""我发烧了, 代, 明天休息, 在岗: a worker's own health and rest. The lead hears 身体不适 and no more; nobody else hears
anything; another is asked to stand in and says 代, nothing is taken over by itself."""

from collections.abc import Mapping
from datetime import date, timedelta

from handlers import handing
from handlers.days import read_days
from handlers.domain.duty_days import DayOff, OffWhy
from handlers.domain.errors import Refused
from handlers.domain.hierarchy import HOUSEHOLD
from handlers.domain.people import Person
from handlers.domain.policy import Action, walks
from handlers.domain.staff import Staff, leads
from handlers.duty_words import DutyKind, DutyWord
from handlers.letters import delayed, private
from handlers.ports import Context, Say, Turn, Work
from handlers.wording import not_allowed
from handlers.wording import own_day as say

intents = frozenset({DutyKind.UNWELL, DutyKind.STAND_IN, DutyKind.REST, DutyKind.WHO_IS_ON})
FURTHEST = timedelta(days=60)


def handle(turn: Turn, word: DutyWord, work: Work, ctx: Context) -> list[Say]:
    """Answer in private, wherever it was said."""
    match word.kind:
        case DutyKind.UNWELL:
            return [Say(_unwell(turn.person, work, ctx), private=True)]
        case DutyKind.STAND_IN:
            return _stand_in(turn.person, work, ctx)
        case DutyKind.REST:
            return [Say(_rest(turn, word.what, work, ctx), private=True)]
    return _who_is_on(turn.person, work, ctx)


def _unwell(person: Person, work: Work, ctx: Context) -> str:
    """Ask whoever shares the post, else the lead; what they have is written down nowhere. Said in the quiet hours of an
    evening it is about the next day: that is when the others hear of it."""
    on = ctx.local(handing.loud_at(person, ctx.now, work, ctx)).date()
    leaves = work.people.leaves(on)
    if person.id in leaves:
        return say.rest_well(stood_in=leaves[person.id] is not None)
    if any(one.why is OffWhy.UNWELL for one in work.days_off.on(on, [person.id])):
        return say.told_already()
    staff, node = _staff(on, work), next(iter(handing.own_nodes(person, ctx)), None)
    lead = _lead(person, node, staff, work, ctx)
    beside = staff.beside(person.id, node) if node is not None else None
    asked = work.people.get(beside, ctx.day) if beside is not None and beside != person.id else None
    asked = asked if asked is not None and (lead is None or asked.id != lead.id) else None
    whom = asked or lead
    work.days_off.put(person.id, on, OffWhy.UNWELL, whom.id if whom else None, ctx.now)
    if asked is not None:
        _tell(asked, say.please_stand_in(person.name, _homes(person, work, ctx)), work, ctx)
    if lead is not None:
        _tell(lead, say.lead_unwell(person.name, asked.name if asked else None), work, ctx)
    return say.unwell(lead.name if lead else None, asked.name if asked else None, tomorrow=on != ctx.day)


def _stand_in(person: Person, work: Work, ctx: Context) -> list[Say]:
    """代: whoever was asked takes today's contacts, or the lead where nobody has; the pack comes with the thanks."""
    asked = work.days_off.asked_of(person.id, ctx.day) or _open_below(person, work, ctx)
    if not asked:
        return [Say(say.nobody_asks(), private=True)]
    told = [_take_over(one, person, work, ctx) for one in asked]
    return [Say("\n\n".join(told), private=True)]


def _open_below(person: Person, work: Work, ctx: Context) -> list[DayOff]:
    """Return the days off today for which nobody stands in yet and about which *person*, the nearest lead, was told."""
    if not _leads(person):
        return []
    where = _workers_below(person, work, ctx)
    staff, off = _staff(ctx.day, work), work.days_off.on(ctx.day, where)
    open_ = (one for one in off if one.why is OffWhy.UNWELL and not one.arranged_at)
    return [one for one in open_ if staff.lead_over(where[one.person_id], ctx.tree, but={one.person_id}) == person.id]


def _take_over(one: DayOff, person: Person, work: Work, ctx: Context) -> str:
    away = work.people.get(one.person_id, ctx.day)
    if away is None or not work.days_off.arranged(one, person.id, ctx.now):
        return say.somebody_was_first()
    work.people.put_leave(away.id, ctx.day, ctx.day, person.id)
    work.handovers.open(away.id, person.id, ctx.day, ctx.day, ctx.now)
    for handed in work.handovers.of_people([away.id], ctx.day):
        work.handovers.told(handed, ctx.now, None)
        work.handovers.confirm(handed, ctx.now)
    acting = work.people.get(person.id, ctx.day) or person
    text = handing.pack_of(away, acting, work, ctx)
    handing.give(away.id, person.id, handing.grids_of(away, ctx), work, ctx)
    work.audit.note(ctx.now, person.id, "stands in", f"person {away.id} {ctx.day}", "duty", "ok")
    lead = _lead(away, next(iter(handing.own_nodes(away, ctx)), None), _staff(ctx.day, work), work, ctx)
    if lead is not None and lead.id != person.id:
        _tell(lead, say.arranged(away.name, person.name), work, ctx)
    return f"{say.stand_in_at_once(away.name)}\n{text}"


def _rest(turn: Turn, words: str, work: Work, ctx: Context) -> str:
    """A day of rest is a leave whose substitute is whoever shares the post; nobody writes to them on it."""
    days = read_days(words, turn.inbound.sent_at)
    on = days[0] if days else None
    if on is None or not ctx.day <= on <= ctx.day + FURTHEST:
        return say.rest_when()
    person, shown = turn.person, say.day(on)
    leaves = work.people.leaves(on)
    if person.id in leaves:
        names = work.people.names(one for one in (leaves[person.id],) if one is not None)
        return say.off_already(shown, next(iter(names.values()), None))
    node = next(iter(handing.own_nodes(person, ctx)), None)
    staff = _staff(on, work)
    beside = staff.beside(person.id, node) if node is not None else None
    substitute = work.people.get(beside, ctx.day) if beside is not None and beside != person.id else None
    lead = None if substitute else _lead(person, node, staff, work, ctx)
    other = substitute or lead
    work.people.put_leave(person.id, on, on, substitute.id if substitute else None)  # a lead gets no rights by it
    work.days_off.put(person.id, on, OffWhy.REST, other.id if other else None, ctx.now)
    work.audit.note(ctx.now, person.id, "leave", f"{on}..{on}", "duty", "ok")
    if other is not None:
        places = handing.places_of(person, ctx)
        words_ = say.stands_in_for_rest if substitute else say.nobody_for_rest
        _tell(other, words_(person.name, places, shown), work, ctx)
        work.handovers.open(person.id, other.id, on, on, handing.day_begins(on, other, work, ctx))
    return say.resting(shown, substitute.name if substitute else None)


def _who_is_on(person: Person, work: Work, ctx: Context) -> list[Say]:
    """Tell a lead who is on and who is not: 在岗, 休息, 请假, 身体不适已安排; Refused for whoever leads nobody.

    That somebody is not well stands there for the nearest lead alone, who was told; for those further up they are away.
    """
    if not _leads(person):
        raise Refused(not_allowed("看谁在岗"))
    where = _workers_below(person, work, ctx)
    staff = _staff(ctx.day, work)
    leaves = staff.leaves
    off = {one.person_id: one for one in work.days_off.on(ctx.day, where)}
    absent = [one for one in where if _how(one, leaves, off.get(one), told=True) != say.ON]
    shown_to = {one: staff.lead_over(where[one], ctx.tree, but={one}) == person.id for one in absent}
    standing = {who: leaves.get(who) for who in absent}
    names = work.people.names({*absent, *(one for one in standing.values() if one is not None)})
    work.audit.note(ctx.now, person.id, "read names", f"{len(absent)} absent", "duty", "ok")
    shown = [
        (ctx.tree.path_name(where[who]), names.get(who, ""), _how(who, leaves, off.get(who), told=shown_to[who]),
         names.get(standing[who] or 0, ""))
        for who in absent
    ]  # fmt: skip
    return [Say(say.who_is_on(shown, len(where) - len(absent)), private=True)]


def _leads(person: Person) -> bool:
    return any(leads(role) or role == "deputy" for role in person.roles)


def _workers_below(person: Person, work: Work, ctx: Context) -> dict[int, int]:
    """Return by worker the place above households they work at that *person* may see, in the order of the tree."""
    nodes = [n for held in person.nodes() for n in ctx.tree.above_households(held)]
    place = {node: number for number, node in enumerate(ctx.tree.viewable(person, nodes, Action.SEE_PEOPLE))}
    rows = [one for one in work.people.holders(ctx.day) if one.node_id in place and walks(one.role)]
    where: dict[int, int] = {}
    for row in sorted(rows, key=lambda one: place[one.node_id]):
        where.setdefault(row.person_id, row.node_id)
    return where


def _how(who: int, leaves: Mapping[int, int | None], off: DayOff | None, *, told: bool) -> str:
    on_leave = who in leaves
    if off is None:
        return say.LEAVE if on_leave else say.ON
    if off.why is OffWhy.REST:
        return say.RESTING if on_leave else say.ON
    arranged = bool(off.arranged_at) or leaves.get(who) is not None
    if not told:
        return say.AWAY_SET if arranged else say.AWAY_OPEN
    return say.UNWELL_SET if arranged else say.UNWELL_OPEN


def _staff(day: date, work: Work) -> Staff:
    return Staff(work.people.holders(day), work.people.leaves(day))


def _lead(person: Person, node: int | None, staff: Staff, work: Work, ctx: Context) -> Person | None:
    lead = staff.lead_over(node, ctx.tree, but={person.id}) if node is not None else None
    return work.people.get(lead, ctx.day) if lead is not None else None


def _homes(person: Person, work: Work, ctx: Context) -> int:
    grids = handing.grids_of(person, ctx)
    homes = [one for grid in grids for one in ctx.tree.children(grid) if ctx.tree.node(one).level == HOUSEHOLD]
    return len(work.contacts.enrolments(homes, ctx.day))


def _tell(person: Person, text: str, work: Work, ctx: Context) -> None:
    letter = private(person.userid, person.id, text, ctx.now)
    work.outbox.put(delayed([letter], handing.loud_at(person, ctx.now, work, ctx)), ctx.now)
