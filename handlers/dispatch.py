"""One message to one verb. The order of `VERBS` is the routing table; the first that answers, answers."""

from collections.abc import Iterable
from types import ModuleType

from handlers import (
    acknowledge,
    bind_group,
    correct_report,
    duty,
    issue_directive,
    mode_switch,
    pass_on,
    progress,
    relay_done,
    roll_up,
    steer_directive,
    take_report,
    wording,
)
from handlers.domain.delivery import Letter, Markdown, Purpose, Recipient
from handlers.domain.errors import Refused, UnknownNode
from handlers.domain.message import Channel, Inbound, Kind
from handlers.letters import REPLY, private
from handlers.ports import Context, Say, Turn, Work
from nlp.command import Command, CommandKind, read_command, strip_mention
from nlp.privacy import find_private
from nlp.types import Intent
from nlp.understand import understand

VERBS: tuple[ModuleType, ...] = (
    acknowledge,
    relay_done,
    steer_directive,
    issue_directive,
    correct_report,
    progress,
    roll_up,
    bind_group,
    duty,
    mode_switch,
    take_report,
    pass_on,
)
UNKEPT = frozenset({"stranger", "private_data"})  # what such a message said is not ours to keep

_BY_INTENT = {intent: verb for verb in reversed(VERBS) for intent in verb.intents}


def dispatch(inbound: Inbound, work: Work, ctx: Context) -> str:
    """Handle one message in the transaction of *work*; answers go to the outbox. Returns the intent, for the inbox."""
    person = work.people.by_userid(inbound.sender, ctx.local(ctx.now).date()) if inbound.sender else None
    if person is None:
        return _stranger(inbound, work, ctx)
    if inbound.kind is Kind.CLICK:
        _answer(inbound, person.id, acknowledge.click(inbound, person, work, ctx), work, ctx)
        return "click"
    text, _ = strip_mention(inbound.text, ctx.county.bot_names)
    chat = work.chats.bound(Channel.AIBOT, inbound.chat) if inbound.chat else None
    turn = Turn(inbound, person, chat, text)
    try:
        intent, says = _handle(turn, work, ctx)
    except Refused as refusal:
        intent, says = "refused", [Say(refusal.say)]
    except UnknownNode:
        intent, says = "refused", [Say(wording.not_there())]
    _answer(inbound, person.id, says, work, ctx)
    return intent


def _handle(turn: Turn, work: Work, ctx: Context) -> tuple[str, list[Say]]:
    if not turn.text:
        return "empty", [Say(wording.help_lines())] if turn.inbound.kind is Kind.TEXT and turn.in_group else []
    kinds = [finding[0] for finding in find_private(turn.text)]
    if kinds and turn.in_group:
        return "private_data", [Say(wording.private_data(kinds), private=True)]
    command = read_command(turn.text)
    if turn.in_group and turn.chat is None and (command is None or command.kind is not CommandKind.BIND):
        return "unbound", [Say(wording.unbound_group())]
    if command is not None:
        said = _command(turn, command, work, ctx)
        if said is not None:
            return command.kind.value, said
    return _utterance(turn, work, ctx)


def _command(turn: Turn, command: Command, work: Work, ctx: Context) -> list[Say] | None:
    verb = _BY_INTENT.get(command.kind)
    if verb is None:
        return None
    says: list[Say] = verb.handle(turn, command, work, ctx)
    return says


def _utterance(turn: Turn, work: Work, ctx: Context) -> tuple[str, list[Say]]:
    role = "leader" if any(r.endswith("_lead") for r in turn.person.roles) else "gridworker"
    said = understand(turn.text, turn.inbound.sent_at, channel="group" if turn.in_group else "direct", sender_role=role)
    if said.intent is Intent.CORRECTION:
        return said.intent.value, correct_report.read(turn, said, work, ctx)
    verb = _BY_INTENT.get(said.intent)
    if verb is not None:
        says: list[Say] = verb.handle(turn, said, work, ctx)
        return said.intent.value, says
    if said.intent is Intent.HELP:
        return said.intent.value, [Say(wording.help_lines())]
    return said.intent.value, [Say(wording.not_understood())] if said.ask or not turn.in_group else []


def _stranger(inbound: Inbound, work: Work, ctx: Context) -> str:
    """Somebody not in the roster is told so, once a message; what they said is not read."""
    if inbound.sender and inbound.kind is Kind.TEXT:
        _answer(inbound, None, [Say(wording.unknown_sender(), private=inbound.chat is not None)], work, ctx)
    return "stranger"


def _answer(inbound: Inbound, person_id: int | None, says: Iterable[Say], work: Work, ctx: Context) -> None:
    letters = [_letter(inbound, person_id, say, ctx) for say in says if say.text]
    if letters:
        work.outbox.put(letters, ctx.now)


def _letter(inbound: Inbound, person_id: int | None, say: Say, ctx: Context) -> Letter:
    """An answer goes back the way the message came; a private word from a group goes to the person's own account."""
    address = inbound.fields.get("response_url")
    if inbound.channel is Channel.AIBOT and isinstance(address, str) and not (say.private and inbound.chat):
        to = (Recipient(inbound.chat or inbound.sender or "", person_id=person_id),)
        return Letter(Purpose.REPLY, Channel.AIBOT, Markdown(say.text), to, ctx.now, REPLY, endpoint=address)
    return private(inbound.sender or "", person_id, say.text, ctx.now, purpose=Purpose.REPLY)
