"""请假, 王姐代我, 销假: who is away, who stands in; both hear of it, and so does the lead when nobody stands in."""

from datetime import date, timedelta

from handlers import handing, wording
from handlers.answers import awaited
from handlers.back_digest import digest
from handlers.days import read_days, span_days
from handlers.domain.duty_days import UNCONFIRMED_AFTER
from handlers.domain.errors import Refused
from handlers.domain.people import Person, stand_in
from handlers.domain.staff import Staff
from handlers.letters import delayed, private
from handlers.ports import Context, Say, Turn, Work
from handlers.spoken import Spoken, SpokenKind
from nlp.command import Command, CommandKind

intents = frozenset({CommandKind.LEAVE, CommandKind.BACK, SpokenKind.AWAY, SpokenKind.STAND_IN})

LONGEST = timedelta(days=60)


def handle(turn: Turn, said: Command | Spoken, work: Work, ctx: Context) -> list[Say] | None:
    """Note a leave or its end."""
    if said.kind is CommandKind.BACK:
        return _back(turn, work, ctx)
    first, last = _span(said, turn, ctx)
    if last < ctx.day or last - first > LONGEST:
        return [Say(wording.leave_when(), private=True)]
    name = said.args.get("substitute")
    substitute = _substitute(name, turn, (first, last), work, ctx) if name else None
    work.people.put_leave(turn.person.id, first, last, substitute.id if substitute else None)
    work.audit.note(ctx.now, turn.person.id, "leave", f"{first}..{last}", "duty", "ok")
    days = f"{first.month}月{first.day}日" + (f"至{last.month}月{last.day}日" if last != first else "")
    if substitute:
        _hand_over(turn.person, substitute, (first, last), days, work, ctx)
    else:
        _tell_lead(turn.person, days, work, ctx)
    return [Say(wording.on_leave(days, substitute.name if substitute else None), private=True)]


def _hand_over(
    person: Person, substitute: Person, days: tuple[date, date], shown: str, work: Work, ctx: Context
) -> None:
    """The substitute hears of it now; what there is to do comes with it when it begins now, else on its first day."""
    text = wording.please_stand_in(person.name, _places(person, ctx), shown)
    if ctx.county.four_ones is None:
        _tell(substitute, text, work, ctx)
        return
    at = handing.day_begins(days[0], substitute, work, ctx)
    made = work.handovers.open(person.id, substitute.id, days[0], days[1], at)
    acting = work.people.get(substitute.id, ctx.day)
    if at > ctx.now or acting is None:
        _tell(substitute, text, work, ctx)
        return
    for one in work.handovers.of_people([person.id], ctx.day):
        if one.id == made and work.handovers.told(one, ctx.now, ctx.now + UNCONFIRMED_AFTER):
            _tell(substitute, f"{text}\n{handing.pack_of(person, acting, work, ctx)}", work, ctx)


def _span(said: Command | Spoken, turn: Turn, ctx: Context) -> tuple[date, date]:
    """Return the first and last day meant: 明天, 请假3天, 明天到后天, 今天请假 明天王姐代我."""
    args, sent_at = said.args, turn.inbound.sent_at
    unsaid = args.get("when") == "今天" and "今" not in turn.text  # 请假 明天 王姐代: the one day said is the day meant
    first, last = _days(args.get("cover") if unsaid and args.get("cover") else args.get("when"), turn, ctx)
    for further in (args.get("cover"), args.get("until")):
        if further:
            beyond = read_days(further, sent_at)
            first, last = (min(first, beyond[0]), max(last, beyond[1])) if beyond else (first, last)
    count = span_days(args.get("span") or turn.text)
    return (first, first + timedelta(days=count - 1)) if count else (first, last)


def _days(words: str | None, turn: Turn, ctx: Context) -> tuple[date, date]:
    found = read_days(words, turn.inbound.sent_at) if words else None
    return found if found else (ctx.day, ctx.day)


def _substitute(name: str, turn: Turn, days: tuple[date, date], work: Work, ctx: Context) -> Person:
    """Look the name up where the person works, then ever wider; Refused says what to do when it is not one person."""
    for person_id in _candidates(name, turn.person, work, ctx):
        for number in range((days[1] - days[0]).days + 1):
            day = days[0] + timedelta(days=number)
            standing = stand_in(person_id, {**work.people.leaves(day), turn.person.id: person_id})
            if standing is None:
                raise Refused(wording.substitute_away(name, f"{day.month}月{day.day}日"))
        found = work.people.get(person_id, ctx.day)
        if found:
            work.audit.note(ctx.now, turn.person.id, "read names", f"person {found.id}", "duty", "ok")
            return found
    raise Refused(wording.substitute_unknown(name))


def _candidates(name: str, person: Person, work: Work, ctx: Context) -> tuple[int, ...]:
    """Return the one person meant, nearest first: 王姐 is somebody of the village; further off only a full name will
    do. Refused names those it may be."""
    for node in person.nodes():
        for step, under in enumerate((node, *ctx.tree.ancestors(node)[:3])):
            near = ctx.tree.above_households(under)
            ids = [who for who in work.people.find_by_name(name, near) if who != person.id]
            called = ids or [who for who in work.people.find_called(name, near) if who != person.id]
            of_the_village = step == 0 or ctx.tree.level_index(ctx.tree.node(under).level) > 1
            if len(called) > 1 or (called and not ids and not of_the_village):
                work.audit.note(ctx.now, person.id, "read names", f"node {under}", "duty", "ok")
                raise Refused(wording.which_substitute(name, list(work.people.names(called).values())))
            if called:
                return tuple(called)
    return ()


def _back(turn: Turn, work: Work, ctx: Context) -> list[Say]:
    """The leave ends today, whoever stood in hears it, and what waits is listed."""
    leaves = work.people.leaves(ctx.day)
    substitute = leaves.get(turn.person.id)
    since = work.people.away_since(turn.person.id, ctx.day) or ctx.day
    # on leave today: that one ends, a later one stands; else 销假 takes back what was only planned
    begun_by = ctx.day if turn.person.id in leaves else None
    ended = work.people.end_leave(turn.person.id, ctx.day - timedelta(days=1), begun_by)
    waiting = awaited(turn.person, work, ctx)
    work.handovers.end(turn.person.id, ctx.now, begun_by)
    work.days_off.drop(turn.person.id, ctx.day, begun_by)
    if substitute is not None:
        handing.give(substitute, turn.person.id, handing.grids_of(turn.person, ctx), work, ctx)
    if ended:
        work.audit.note(ctx.now, turn.person.id, "back", f"{ctx.day}", "duty", "ok")
        standing = work.people.get(substitute, ctx.day) if substitute is not None else None
        if standing:
            _tell(standing, wording.stood_in_enough(turn.person.name), work, ctx)
    back = work.people.get(turn.person.id, ctx.day) or turn.person
    welcome = wording.welcome_back([(d.code, d.body) for d in waiting])
    return [Say(digest(back, since, welcome, work, ctx), private=True)]


def _places(person: Person, ctx: Context) -> str:
    own = [h.node_id for h in person.holdings if h.acting_for is None and ctx.tree.has(h.node_id)]
    return "、".join(ctx.tree.path_name(node) for node in dict.fromkeys(own))


def _tell_lead(person: Person, days: str, work: Work, ctx: Context) -> None:
    """Nobody stands in: the lead of the place hears it while there is time to send somebody."""
    staff = Staff(work.people.holders(ctx.day), work.people.leaves(ctx.day))
    node = next(iter(person.nodes()), None)
    lead = staff.lead_over(node, ctx.tree, but=(person.id,)) if node is not None else None
    found = work.people.get(lead, ctx.day) if lead is not None else None
    if found:
        _tell(found, wording.nobody_stands_in(person.name, _places(person, ctx), days), work, ctx)


def _tell(person: Person, text: str, work: Work, ctx: Context) -> None:
    letter = private(person.userid, person.id, text, ctx.now)
    work.outbox.put(delayed([letter], handing.loud_at(person, ctx.now, work, ctx)), ctx.now)
