"""谁值班, 我是谁, 核验, 帮助, and what people say about the bot itself: small words with small answers."""

from handlers import wording
from handlers.domain.directive import number_of
from handlers.domain.people import Person, on_duty
from handlers.domain.policy import ADMINS
from handlers.ports import Context, Say, Turn, Work
from handlers.spoken import Spoken, SpokenKind
from nlp.command import Command, CommandKind

intents = frozenset(
    {
        CommandKind.DUTY,
        CommandKind.WHO_AM_I,
        CommandKind.VERIFY,
        CommandKind.HELP,
        CommandKind.OPT_OUT,
        CommandKind.ERASE,
        SpokenKind.GREETING,
        SpokenKind.COMPLAINT,
    }
)


def handle(turn: Turn, said: Command | Spoken, work: Work, ctx: Context) -> list[Say] | None:
    """Answer one of the small words."""
    match said.kind:
        case CommandKind.DUTY:
            return _on_duty(turn, work, ctx)
        case CommandKind.WHO_AM_I:
            return [Say(wording.who_am_i(turn.person, posts(turn.person, ctx)), private=True)]
        case CommandKind.VERIFY:
            return _verify(said.ref, work, ctx)
        case CommandKind.OPT_OUT | SpokenKind.COMPLAINT:
            return [Say(wording.sorry_for_asking(), private=True)]
        case CommandKind.ERASE:
            work.audit.note(ctx.now, turn.person.id, "asks for rights", f"person {turn.person.id}", "access", "told")
            work.alarms.sound("rights_asked", f"person {turn.person.id}", ctx.now)
            return [Say(wording.rights(), private=True)]
        case _:
            return [Say(wording.help_lines(ctx.county.bot_names[0]))]


def posts(person: Person, ctx: Context) -> list[str]:
    """Return the person's posts in words: 旗山村第03网格 网格员."""
    titles = ctx.county.roles
    return [
        f"{ctx.tree.path_name(h.node_id)} {titles[h.role].title if h.role in titles else h.role}"
        + ("(代班)" if h.acting_for is not None else "")
        for h in person.holdings
        if ctx.tree.has(h.node_id)
    ]


def _on_duty(turn: Turn, work: Work, ctx: Context) -> list[Say]:
    node = turn.chat.node_id if turn.chat else next(iter(turn.person.nodes()), None)
    if node is None:
        return [Say(wording.not_there())]
    ctx.tree.view(turn.person, node)
    here = [row.person_id for row in work.people.holders(ctx.day) if row.node_id == node and row.role not in ADMINS]
    ids = on_duty(here, work.people.leaves(ctx.day))
    work.audit.note(ctx.now, turn.person.id, "read names", f"node {node}", "duty", "ok")
    return [Say(wording.on_duty_now(ctx.tree.path_name(node), list(work.people.names(ids).values())), private=True)]


def _verify(ref: str | None, work: Work, ctx: Context) -> list[Say]:
    found = work.directives.by_number(number_of(ref)) if ref else None
    if found is None or found.issued_at is None or found.issued_at > ctx.now:
        return [Say(wording.not_ours(ref), private=True)]
    follower = work.directives.follower(found.id)
    said = wording.day_clock(ctx.local(found.issued_at), ctx.local(ctx.now))
    return [Say(wording.verified(found, said, follower.code if follower else None), private=True)]
