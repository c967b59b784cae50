"""请假, 我回来了, 谁值班, 我是谁, 核验, 帮助: small words about people on duty and about the bot itself."""

from datetime import date, timedelta

from handlers import wording
from handlers.days import read_days
from handlers.domain.directive import number_of
from handlers.domain.errors import Refused
from handlers.domain.people import Person, on_duty
from handlers.ports import Context, Say, Turn, Work
from nlp.command import Command, CommandKind

intents = frozenset(
    {
        CommandKind.LEAVE,
        CommandKind.BACK,
        CommandKind.DUTY,
        CommandKind.WHO_AM_I,
        CommandKind.VERIFY,
        CommandKind.HELP,
    }
)


def handle(turn: Turn, command: Command, work: Work, ctx: Context) -> list[Say]:
    """Answer one of the small words."""
    match command.kind:
        case CommandKind.LEAVE:
            return _leave(turn, command, work, ctx)
        case CommandKind.BACK:
            return _back(turn, work, ctx)
        case CommandKind.DUTY:
            return _on_duty(turn, work, ctx)
        case CommandKind.WHO_AM_I:
            return [Say(wording.who_am_i(turn.person, posts(turn.person, ctx)), private=True)]
        case CommandKind.VERIFY:
            return _verify(command, work, ctx)
        case _:
            return [Say(wording.help_lines())]


def posts(person: Person, ctx: Context) -> list[str]:
    """Return the person's posts in words: 旗山村第03网格 网格员."""
    titles = ctx.county.roles
    return [
        f"{ctx.tree.path_name(h.node_id)} {titles[h.role].title if h.role in titles else h.role}"
        for h in person.holdings
        if ctx.tree.has(h.node_id)
    ]


def _leave(turn: Turn, command: Command, work: Work, ctx: Context) -> list[Say]:
    first, last = _days(command.args.get("when", "今天"), turn, ctx)
    name = command.args.get("substitute")
    substitute = _substitute(name, turn.person, work, ctx) if name else None
    if command.args.get("cover"):
        cover_first, cover_last = _days(command.args["cover"], turn, ctx)
        first, last = min(first, cover_first), max(last, cover_last)
    work.people.put_leave(turn.person.id, first, last, substitute.id if substitute else None)
    work.audit.note(ctx.now, turn.person.id, "leave", f"{first}..{last}", "duty", "ok")
    days = f"{first.month}月{first.day}日" + (f"至{last.month}月{last.day}日" if last != first else "")
    return [Say(wording.on_leave(days, substitute.name if substitute else None), private=True)]


def _days(words: str, turn: Turn, ctx: Context) -> tuple[date, date]:
    found = read_days(words, turn.inbound.sent_at)
    return found if found else (ctx.day, ctx.day)


def _substitute(name: str, person: Person, work: Work, ctx: Context) -> Person:
    """Look the name up where the person works, then one level up: 王姐 is somebody next door."""
    for node in person.nodes():
        for under in (node, *ctx.tree.ancestors(node)[:2]):
            ids = set(work.people.find_by_name(name, (under, *ctx.tree.descendants(under)))) - {person.id}
            if len(ids) == 1:
                found = work.people.get(ids.pop(), ctx.day)
                if found:
                    return found
    raise Refused(wording.substitute_unknown(name))


def _back(turn: Turn, work: Work, ctx: Context) -> list[Say]:
    if turn.person.id in work.people.leaves(ctx.day):
        work.people.end_leave(turn.person.id, ctx.day - timedelta(days=1))
    return [Say(wording.welcome_back(work.directives.awaiting(turn.person.id, ctx.now)), private=True)]


def _on_duty(turn: Turn, work: Work, ctx: Context) -> list[Say]:
    node = turn.chat.node_id if turn.chat else next(iter(turn.person.nodes()), None)
    if node is None:
        return [Say(wording.not_there())]
    ctx.tree.view(turn.person, node)
    here = [row.person_id for row in work.people.holders(ctx.day) if row.node_id == node]
    ids = on_duty(here, work.people.leaves(ctx.day))
    work.audit.note(ctx.now, turn.person.id, "read names", f"node {node}", "duty", "ok")
    return [Say(wording.on_duty_now(ctx.tree.path_name(node), list(work.people.names(ids).values())), private=True)]


def _verify(command: Command, work: Work, ctx: Context) -> list[Say]:
    found = work.directives.by_number(number_of(command.ref)) if command.ref else None
    if found is None or found.issued_at is None:
        return [Say(wording.not_ours(command.ref), private=True)]
    said = wording.day_clock(ctx.local(found.issued_at), ctx.local(ctx.now))
    return [Say(wording.verified(found, said), private=True)]
