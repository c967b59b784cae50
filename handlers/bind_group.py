"""绑定 CODE, posted in a group, binds that group to the code's node. Guessing codes gets nobody anywhere: every refusal
reads the same, and after a few of them neither the person nor the group is listened to for an hour."""

from datetime import timedelta

from handlers import wording
from handlers.domain.chats import Channel
from handlers.domain.policy import Action
from handlers.domain.talk import Talk, Topic
from handlers.ports import Context, Say, Turn, Work
from nlp.command import Command, CommandKind

intents = frozenset({CommandKind.BIND})

WRONG_ALLOWED = 5  # by one person, and twice as many in one group
SHUT_FOR = timedelta(hours=1)
_ANYWHERE, _ANYBODY = "bind", 0


def handle(turn: Turn, command: Command, work: Work, ctx: Context) -> list[Say]:
    """Bind the group, or say kindly that it cannot be."""
    address = turn.inbound.chat
    if address is None:
        return [Say(wording.bind_in_group(ctx.county.bot_names[0]))]
    watched = ((turn.person.id, _ANYWHERE, WRONG_ALLOWED), (_ANYBODY, address, 2 * WRONG_ALLOWED))
    if any(_wrong(person, place, work, ctx) >= allowed for person, place, allowed in watched):
        return [Say(wording.bind_later())]
    code = command.args["code"]
    node = work.chats.node_of_code(code, ctx.now)
    nodes = [node for node in (node, turn.chat.node_id if turn.chat else None) if node is not None]
    if node is None or not ctx.tree.views_all(turn.person, nodes, Action.BIND):
        return _refused(turn, watched, work, ctx)
    chat = work.chats.bind(code, Channel.AIBOT, address, "", ctx.now)
    if chat is None:
        return _refused(turn, watched, work, ctx)
    for person, place, _ in watched:
        work.talks.drop(person, place, [Topic.GUESS])
    work.audit.note(ctx.now, turn.person.id, "bind", f"chat {chat.id} node {chat.node_id}", "duty", "ok")
    return [Say(wording.bound(ctx.tree.path_name(chat.node_id)))]


def _wrong(person: int, place: str, work: Work, ctx: Context) -> int:
    counted = work.talks.last(person, place, [Topic.GUESS], ctx.now)
    return int(counted.body["wrong"]) if counted else 0


def _refused(turn: Turn, watched: tuple[tuple[int, str, int], ...], work: Work, ctx: Context) -> list[Say]:
    """Count it, note it, and say the same whatever was wrong: no such code, used, expired, not theirs to bind."""
    for person, place, allowed in watched:
        wrong = _wrong(person, place, work, ctx) + 1
        work.talks.put(Talk(person, place, Topic.GUESS, None, ctx.now, ctx.now + SHUT_FOR, {"wrong": wrong}))
        if wrong == allowed:
            who = f"person {person}" if person else f"group {turn.chat.id if turn.chat else 'unbound'}"
            work.alarms.sound("bind_codes_guessed", who, ctx.now)
    work.audit.note(ctx.now, turn.person.id, "bind", "a code", "duty", "refused")
    return [Say(wording.bind_refused())]
