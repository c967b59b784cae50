"""One message to one verb. The order of `VERBS` is the routing table; the first that answers, answers."""

from collections.abc import Iterable
from dataclasses import replace
from enum import StrEnum
from types import ModuleType

from handlers import (
    acknowledge,
    answer_question,
    bind_group,
    care_queue,
    catch_up,
    check_trust,
    checkpoint_card,
    confirm_identity,
    contact_done,
    correct_report,
    door_help,
    duty,
    duty_help,
    first_hour,
    hand_over,
    isolate,
    issue_directive,
    knock,
    knock_building,
    knock_none,
    knock_progress,
    language,
    leave,
    matters,
    mode_switch,
    name_red,
    needs_roll,
    note_household,
    open_knocks,
    own_day,
    pass_on,
    plan_household,
    post_up,
    progress,
    record_at_door,
    relay_done,
    replace_directive,
    resident,
    roll_up,
    shopping,
    show_asked,
    show_burden,
    show_declared,
    show_ledger,
    steer_directive,
    take_report,
    take_roll,
    today,
    waive_cap,
    week_card,
    wording,
)
from handlers.burden_words import BurdenWord, read_burden
from handlers.care_words import CareKind, CareWord, read_care
from handlers.domain.delivery import Letter, Markdown, Purpose, Recipient
from handlers.domain.errors import Refused, UnknownNode
from handlers.domain.message import Channel, Inbound, Kind
from handlers.domain.people import Person
from handlers.domain.policy import Action, allows
from handlers.duty_words import DutyKind, DutyWord, read_duty
from handlers.first_words import read_first
from handlers.four_ones_words import OneWord, read_one
from handlers.isolation_words import IsolationWord, read_isolation
from handlers.knock_words import KnockKind, KnockWord, read_knock
from handlers.letters import REPLY, private
from handlers.matter_words import MatterKind, MatterWord, read_matter
from handlers.ports import Context, Say, Turn, Work
from handlers.raise_alarm import raise_alarm
from handlers.spoken import Spoken, SpokenKind, read_spoken, without_me
from handlers.wording.english import in_english
from nlp.command import Command, CommandKind, read_command, strip_mention
from nlp.normalize import TEXT_LIMIT
from nlp.order import is_order
from nlp.privacy import find_private
from nlp.types import Intent, Utterance
from nlp.understand import understand

VERBS: tuple[ModuleType, ...] = (
    acknowledge,
    relay_done,
    door_help,
    open_knocks,
    knock,
    knock_building,
    knock_progress,
    post_up,
    matters,
    replace_directive,
    steer_directive,
    issue_directive,
    correct_report,
    progress,
    roll_up,
    bind_group,
    leave,
    hand_over,
    own_day,
    check_trust,
    duty_help,
    duty,
    mode_switch,
    care_queue,
    name_red,
    isolate,
    catch_up,
    contact_done,
    shopping,
    needs_roll,
    plan_household,
    week_card,
    today,
    show_asked,
    show_burden,
    waive_cap,
    note_household,
    record_at_door,
    confirm_identity,
    checkpoint_card,
    show_ledger,
    show_declared,
    take_report,
    take_roll,
    answer_question,
    pass_on,
)
UNKEPT = frozenset({"stranger", "private_data", resident.HINT}) | resident.UNKEPT | {
    CareKind.AT_DOOR.value, CareKind.FACT.value,
    CareKind.MEASURED.value, CareKind.CLOSE.value, CareKind.RED.value, CareKind.LIFT.value,
    DutyKind.CATCH_UP.value, DutyKind.UNWELL.value,
    KnockKind.HEARSAY.value, MatterKind.OPEN.value, MatterKind.ONE.value, MatterKind.ANSWER.value,
    MatterKind.TIP.value,
}  # fmt: skip
"""What such a message said is not ours to keep, or is kept under the key of the person it is about and nowhere else."""

_OF_STAFF_ALONE = frozenset({"id_number", "phone_list", "roster_file"})  # not taken in a 1:1 either
_MEDIA = frozenset({"image", "voice", "video", "file", "location", "link"})
_FIGURES = frozenset({Intent.DAILY_REPORT, Intent.CHECKPOINT, Intent.TEMPERATURE_ROLL})  # never an answer in words
_LONG = 400
_POSTLESS = frozenset({CommandKind.HELP, CommandKind.WHO_AM_I, CommandKind.VERIFY, CommandKind.ERASE})


def _table() -> dict[tuple[type, str], list[ModuleType]]:
    """Words of two kinds may share a spelling (`help` is an intent and a command): the kind is part of the key."""
    table: dict[tuple[type, str], list[ModuleType]] = {}
    for verb in VERBS:
        for intent in verb.intents:
            table.setdefault((type(intent), str(intent)), []).append(verb)
    return table


_VERBS_OF = _table()


def dispatch(inbound: Inbound, work: Work, ctx: Context) -> str:
    """Handle one message in the transaction of *work*; answers go to the outbox. Returns the intent, for the inbox."""
    if resident.is_theirs(inbound):
        return resident.handle(inbound, work, ctx)
    person = work.people.by_userid(inbound.sender, ctx.local(ctx.now).date()) if inbound.sender else None
    if person is None:
        return _stranger(inbound, work, ctx)
    if inbound.kind is Kind.CLICK:
        _answer(inbound, person, acknowledge.click(inbound, person, work, ctx), work, ctx)
        return "click"
    text, _ = strip_mention(inbound.text, ctx.county.bot_names)
    text = language.in_chinese(text) if person.language == language.ENGLISH else text
    chat = work.chats.bound(Channel.AIBOT, inbound.chat) if inbound.chat else None
    turn = Turn(inbound, person, chat, text)
    try:
        intent, says = _handle(turn, work, ctx)
    except Refused as refusal:
        intent, says = "refused", [Say(refusal.say)]
    except UnknownNode:
        intent, says = "refused", [Say(wording.not_there())]
    _answer(inbound, replace(person, language=None) if intent == language.CHOSEN else person, says, work, ctx)
    return intent


def _handle(turn: Turn, work: Work, ctx: Context) -> tuple[str, list[Say]]:
    if not turn.text:
        return "empty", _wordless(turn, ctx)
    chosen = language.choose(turn, work, ctx)
    if chosen is not None:
        return language.CHOSEN, chosen
    kinds = [finding[0] for finding in find_private(turn.text)]
    if kinds and (turn.in_group or _OF_STAFF_ALONE.intersection(kinds)):
        return "private_data", [Say(wording.private_data(kinds, in_group=turn.in_group), private=True)]
    plain = without_me(turn.text)
    spoken, command = read_spoken(plain), read_command(plain)
    if turn.in_group and turn.chat is None and (command is None or command.kind is not CommandKind.BIND):
        return "unbound", [Say(wording.unbound_group(_bot(ctx)))]
    if not turn.person.holdings and (command is None or command.kind not in _POSTLESS):
        return "postless", [Say(wording.no_post(), private=True)]
    if command is None and len(turn.text) > _LONG and is_order(turn.text):  # longer than any other command
        command = Command(CommandKind.ORDER)
    duty_word = read_duty(turn.text)
    for said in (
        duty_word,
        spoken,
        read_care(turn.text),
        read_isolation(turn.text),
        read_knock(turn.text),
        read_one(turn.text),
        read_burden(turn.text),
        read_matter(turn.text, ctx.county.matters),
        command,
    ):
        says = _first(turn, said.kind, said, work, ctx) if said else None
        if said is not None and says is not None:
            return said.kind.value, says
    return _utterance(turn, spoken, work, ctx)


def _first(
    turn: Turn,
    kind: StrEnum,
    said: Command
    | Spoken
    | CareWord
    | IsolationWord
    | KnockWord
    | MatterWord
    | OneWord
    | BurdenWord
    | DutyWord
    | Utterance,
    work: Work,
    ctx: Context,
) -> list[Say] | None:
    """Return the answer of the first verb that has one; None when the words are nobody's."""
    for verb in _VERBS_OF.get((type(kind), str(kind)), ()):
        says: list[Say] | None = verb.handle(turn, said, work, ctx)
        if says is not None:
            return says
    return None


def _utterance(turn: Turn, spoken: Spoken | None, work: Work, ctx: Context) -> tuple[str, list[Say]]:
    channel = "group" if turn.in_group else "direct"
    said = understand(turn.text, turn.inbound.sent_at, channel=channel, sender_role=_speaks_as(turn.person.roles))
    alarmed = raise_alarm(turn, said, work, ctx)
    if said.intent is Intent.CORRECTION:
        return said.intent.value, correct_report.read(turn, said, work, ctx) + alarmed
    if said.intent not in _FIGURES and not said.alarms:
        answered = _first(turn, MatterKind.ANSWER, MatterWord(MatterKind.ANSWER), work, ctx)
        if answered is not None:
            return MatterKind.ANSWER.value, answered
    first = read_first(turn.text) if not said.alarms else None
    if first is not None:
        return first.kind.value, first_hour.handle(turn, first, work, ctx)
    says = _first(turn, said.intent, said, work, ctx)
    if says is not None:
        return said.intent.value, says + alarmed
    if alarmed:
        return said.intent.value, alarmed
    if said.intent is Intent.HELP:
        return said.intent.value, [Say(wording.help_lines(_bot(ctx), turn.person))]
    if spoken is not None and spoken.kind is SpokenKind.PLEASANTRY:
        return spoken.kind.value, []
    return said.intent.value, [knock_none.said(turn, work, ctx) or Say(_lost(turn), private=turn.in_group)]


def _speaks_as(roles: Iterable[str]) -> str:
    """Return whose way of speaking to expect: who reports nothing of their own gives orders."""
    reporting = [role for role in roles if allows(role, Action.REPORT)]
    if not reporting:
        return "leader"
    return "village" if any(role.endswith("_lead") for role in reporting) else "gridworker"


def _lost(turn: Turn) -> str:
    """What was not understood is told, in private: whoever spoke to us must know that nothing came of it."""
    if len(turn.text) > TEXT_LIMIT:
        return wording.too_long(len(turn.text), TEXT_LIMIT)
    issues = any(allows(role, Action.ISSUE) for role in turn.person.roles)
    return wording.not_understood_leader() if issues else wording.not_understood()


def _wordless(turn: Turn, ctx: Context) -> list[Say]:
    fields = turn.inbound.fields
    if turn.inbound.kind is Kind.TEXT:
        return [Say(wording.help_lines(_bot(ctx), turn.person))] if turn.in_group else []
    kind = fields.get("MsgType") or fields.get("msgtype")
    return [Say(wording.words_only(), private=True)] if kind in _MEDIA else []


def _bot(ctx: Context) -> str:
    return ctx.county.bot_names[0]


def _stranger(inbound: Inbound, work: Work, ctx: Context) -> str:
    """Somebody not in the roster is told so, once a message; what they said is not read."""
    if inbound.sender and inbound.kind is Kind.TEXT:
        _answer(inbound, None, [Say(wording.unknown_sender(), private=inbound.chat is not None)], work, ctx)
    return "stranger"


def _answer(inbound: Inbound, person: Person | None, says: Iterable[Say], work: Work, ctx: Context) -> None:
    joined = [_in_their_language(say, inbound, person) for say in _joined(says)]
    letters = [_letter(inbound, person.id if person else None, say, ctx) for say in joined]
    if letters:
        parcels = work.outbox.put(letters, ctx.now)
        for subject_id in {subject_id for say in joined for subject_id in say.about}:
            work.erasure.mention(subject_id, parcels)


def _in_their_language(say: Say, inbound: Inbound, person: Person | None) -> Say:
    """In a group all read along, in Chinese."""
    english = person is not None and person.language == language.ENGLISH and (say.private or inbound.chat is None)
    return replace(say, text=in_english(say.text)) if english else say


def _joined(says: Iterable[Say]) -> list[Say]:
    """One answer a place: a bot's address takes one, and nobody's phone should ring three times."""
    texts: dict[bool, list[str]] = {}
    about: dict[bool, tuple[int, ...]] = {}
    for say in says:
        if say.text:
            texts.setdefault(say.private, []).append(say.text)
            about[say.private] = (*about.get(say.private, ()), *say.about)
    return [Say("\n".join(dict.fromkeys(lines)), private, about[private]) for private, lines in texts.items()]


def _letter(inbound: Inbound, person_id: int | None, say: Say, ctx: Context) -> Letter:
    """An answer goes back the way the message came; a private word from a group goes to the person's own account."""
    address = inbound.fields.get("response_url")
    if inbound.channel is Channel.AIBOT and isinstance(address, str) and not (say.private and inbound.chat):
        to = (Recipient(inbound.chat or inbound.sender or "", person_id=person_id),)
        return Letter(Purpose.REPLY, Channel.AIBOT, Markdown(say.text), to, ctx.now, REPLY, endpoint=address)
    return private(inbound.sender or "", person_id, say.text, ctx.now, purpose=Purpose.REPLY)
