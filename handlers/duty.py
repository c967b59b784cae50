"""谁值班, 我是谁, 核验, 帮助, and what people say about the bot itself: small words with small answers."""

from handlers import wording
from handlers.domain.people import Person
from handlers.domain.staff import Staff
from handlers.ports import Context, Say, Turn, Work
from handlers.spoken import Spoken, SpokenKind
from nlp.command import Command, CommandKind

intents = frozenset(
    {
        CommandKind.DUTY,
        CommandKind.WHO_AM_I,
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
        case CommandKind.OPT_OUT | SpokenKind.COMPLAINT:
            return [Say(wording.sorry_for_asking(), private=True)]
        case CommandKind.ERASE:
            work.audit.note(ctx.now, turn.person.id, "asks for rights", f"person {turn.person.id}", "access", "told")
            work.alarms.sound("rights_asked", f"person {turn.person.id}", ctx.now)
            return [Say(wording.rights(), private=True)]
        case _:
            return [Say(wording.help_lines(ctx.county.bot_names[0], turn.person))]


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
    """Name who is on duty at the group's place, or at one's own; where that is not theirs to see, whom to ask."""
    own = next(iter(turn.person.nodes()), None)
    node = turn.chat.node_id if turn.chat else own
    if node is None:
        return [Say(wording.not_there())]
    staff = Staff(work.people.holders(ctx.day), work.people.leaves(ctx.day))
    work.audit.note(ctx.now, turn.person.id, "read names", f"node {node}", "duty", "ok")
    if not ctx.tree.viewable(turn.person, [node]):
        lead = staff.lead_over(own, ctx.tree, but=(turn.person.id,)) if own is not None else None
        names = list(work.people.names([lead]).values()) if lead is not None else []
        return [Say(wording.ask_above(names[0] if names else None), private=True)]
    names = list(work.people.names(staff.on_duty_at(node)).values())
    return [Say(wording.on_duty_now(ctx.tree.path_name(node), names), private=True)]
