"""收到, 办好了, 做不了: a receipt by button, by word in a 1:1, or @小格 in a group; with several waiting, ask which."""

from datetime import timedelta

from handlers import wording
from handlers.answers import Answer, awaited, ended, record, unfinished
from handlers.domain.delivery import CloseClicked, Letter, Purpose
from handlers.domain.directive import LIVE, Directive, ReceiptState, number_of
from handlers.domain.directive import Kind as DirectiveKind
from handlers.domain.message import Channel, Inbound, Kind
from handlers.domain.people import Person
from handlers.domain.talk import Talk, Topic
from handlers.letters import ACK, CANNOT, REPLY, directive_of
from handlers.ports import Context, Say, Turn, Work
from handlers.spoken import Spoken, SpokenKind, codes_in
from nlp.command import Command, CommandKind
from nlp.types import Intent, Utterance

intents = frozenset(
    {
        CommandKind.RECEIPT,
        CommandKind.BLOCKER,
        CommandKind.SNOOZE,
        SpokenKind.FINISHED,
        SpokenKind.CANNOT,
        SpokenKind.ALL_RECEIVED,
        SpokenKind.PICK,
        Intent.CHATTER,
        Intent.NEEDS,
        Kind.CLICK,
    }
)

_ONLY_TO_US = frozenset({"1", "好", "好的", "行", "可以", "ok", "👌", "👍"})  # in a group these may be for anybody
_ASKED_FOR = timedelta(minutes=30)
_SHOWN = 5
_REASON_LONGEST = 80
_ALONE = "1:1"


def handle(turn: Turn, said: Command | Spoken | Utterance, work: Work, ctx: Context) -> list[Say] | None:
    """Record a receipt said in words; None when the words are about something else."""
    if isinstance(said, Utterance):
        return _reason(turn, work, ctx)
    match said.kind:
        case CommandKind.SNOOZE:
            return _later(turn, said, work, ctx)
        case SpokenKind.PICK:
            return _picked(turn, int(said.args["choice"]), work, ctx)
        case SpokenKind.ALL_RECEIVED:
            waiting = awaited(turn.person, work, ctx)
            answers = [record(one, turn.person, Answer(ReceiptState.ACKNOWLEDGED), work, ctx) for one in waiting]
            _drop(turn, work, Topic.WHICH)
            return [say for answer in answers for say in answer] or [Say(wording.nothing_waiting())]
    quoted = codes_in(turn.quoted)
    ref = said.ref or (quoted[0] if len(quoted) == 1 else None)
    return _named(turn, said, ref, work, ctx) if ref else _unnamed(turn, said, work, ctx)


def click(inbound: Inbound, person: Person, work: Work, ctx: Context) -> list[Say]:
    """Record a receipt given by a card's button, and change the button the person pressed."""
    task, key, response_code = _pressed(inbound)
    directive_id = directive_of(task)
    directive = work.directives.get(directive_id) if directive_id else None
    if directive is None:
        return []
    if key.startswith(CANNOT):
        return [Say(_ask_reason(directive, person, _ALONE, work, ctx), private=True)]
    if not key.startswith(ACK):
        return []
    notice = directive.kind is DirectiveKind.CANCEL  # nothing is owed on it, the button only says that it was read
    said = [] if notice else record(directive, person, Answer(ReceiptState.ACKNOWLEDGED, "button"), work, ctx)
    if response_code:
        content = CloseClicked(response_code, (person.userid,), "已知道" if notice else "已收到")
        work.outbox.put([Letter(Purpose.UPDATE_CARD, Channel.WECOM_APP, content, (), ctx.now, REPLY)], ctx.now)
        return [] if directive.state in LIVE else said
    return [Say(s.text, private=True) for s in said]


def _named(turn: Turn, said: Command | Spoken, ref: str, work: Work, ctx: Context) -> list[Say]:
    found = work.directives.by_number(number_of(ref))
    if found is None:
        return [Say(wording.not_ours(ref))]
    return _answer(turn, found, said.kind, said.args.get("reason", ""), work, ctx)


def _unnamed(turn: Turn, said: Command | Spoken, work: Work, ctx: Context) -> list[Say] | None:
    waiting = (unfinished if said.kind is SpokenKind.FINISHED else awaited)(turn.person, work, ctx)
    if turn.in_group and said.args.get("word", "").lower() in _ONLY_TO_US:
        return [Say(wording.in_full(waiting[0].code, ctx.county.bot_names[0]), private=True)] if waiting else []
    if not waiting:
        return _nothing(turn, said, work, ctx)
    reason = said.args.get("reason", "")
    if len(waiting) == 1:
        return _answer(turn, waiting[0], said.kind, reason, work, ctx)
    shown = waiting[:_SHOWN]
    body = {"ids": [one.id for one in shown], "kind": said.kind.value, "reason": reason}
    expires = ctx.now + _ASKED_FOR
    work.talks.put(Talk(turn.person.id, turn.place, Topic.WHICH, None, ctx.now, expires, body))
    # a group hears the codes alone: what they are about was said to this person
    if turn.in_group:
        return [Say(wording.which_code([one.code for one in waiting], ctx.county.bot_names[0]))]
    return [Say(wording.which_directive(shown, len(waiting)))]


def _nothing(turn: Turn, said: Command | Spoken, work: Work, ctx: Context) -> list[Say] | None:
    if said.kind in (SpokenKind.FINISHED, SpokenKind.CANNOT):
        return None
    if said.kind is CommandKind.BLOCKER:
        return [Say(wording.nothing_to_refuse())]
    if work.talks.last(turn.person.id, turn.place, [Topic.PREVIEW], ctx.now):
        return [Say(wording.say_go())]
    return [Say(wording.nothing_waiting(), private=turn.in_group)]


def _answer(turn: Turn, target: Directive, kind: str, reason: str, work: Work, ctx: Context) -> list[Say]:
    _drop(turn, work, Topic.WHICH, Topic.REASON)
    if kind in (CommandKind.BLOCKER, SpokenKind.CANNOT):
        if not reason:
            return [Say(_ask_reason(target, turn.person, turn.place, work, ctx))]
        return record(target, turn.person, Answer(ReceiptState.BLOCKED, "word", reason), work, ctx)
    state = ReceiptState.DONE if kind == SpokenKind.FINISHED else ReceiptState.ACKNOWLEDGED
    return record(target, turn.person, Answer(state), work, ctx)


def _picked(turn: Turn, choice: int, work: Work, ctx: Context) -> list[Say] | None:
    """Take the number of a list that was shown; None when no list is open, and 1 is then a receipt like 收到."""
    asked = work.talks.last(turn.person.id, turn.place, [Topic.WHICH], ctx.now)
    if asked is None:
        return None
    ids = asked.body["ids"]
    if not 1 <= choice <= len(ids):
        return [Say(wording.no_such_choice(len(ids)))]
    target = work.directives.get(ids[choice - 1])
    if target is None:
        return None
    return _answer(turn, target, str(asked.body["kind"]), str(asked.body["reason"]), work, ctx)


def _ask_reason(directive: Directive, person: Person, place: str, work: Work, ctx: Context) -> str:
    """Ask what is missing; the next words of that person there are the answer."""
    if directive.state not in LIVE or directive.kind is DirectiveKind.CANCEL:
        return ended(directive, work)
    expires = ctx.now + _ASKED_FOR
    work.talks.put(Talk(person.id, place, Topic.REASON, directive.id, ctx.now, expires))
    return wording.ask_reason(directive.code)


def _reason(turn: Turn, work: Work, ctx: Context) -> list[Say] | None:
    asked = work.talks.last(turn.person.id, turn.place, [Topic.REASON], ctx.now)
    target = work.directives.get(asked.subject_id) if asked and asked.subject_id else None
    if target is None or len(turn.text) > _REASON_LONGEST:
        return None
    return _answer(turn, target, CommandKind.BLOCKER, turn.text, work, ctx)


def _later(turn: Turn, said: Command | Spoken, work: Work, ctx: Context) -> list[Say]:
    """在开车 晚点: the next private reminder waits; what goes to the level above does not."""
    minutes = min(int(float(said.args.get("minutes", "30"))), 120)
    work.receipts.postpone(turn.person.id, ctx.now + timedelta(minutes=minutes))
    return [Say(wording.later(minutes), private=True)]


def _drop(turn: Turn, work: Work, *topics: Topic) -> None:
    work.talks.drop(turn.person.id, turn.place, topics)


def _pressed(inbound: Inbound) -> tuple[str, str, str | None]:
    """Return task id, button key and response code of a click, app (XML) or bot (JSON) alike."""
    fields = inbound.fields
    if inbound.channel is Channel.WECOM_APP:
        code = fields.get("ResponseCode")
        return str(fields.get("TaskId") or ""), str(fields.get("EventKey") or ""), str(code) if code else None
    event = fields.get("event")
    card = event.get("template_card_event") if isinstance(event, dict) else None
    if not isinstance(card, dict):
        return "", "", None
    return str(card.get("task_id") or ""), str(card.get("event_key") or ""), None
