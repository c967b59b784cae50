"""收到 and 做不了: a receipt by button, by word in a 1:1, or @小格 in a group; with several waiting, ask which."""

from handlers import wording
from handlers.domain.delivery import CloseClicked, Letter, Purpose
from handlers.domain.directive import LIVE, Directive, Receipt, ReceiptState, number_of
from handlers.domain.message import Channel, Inbound, Kind
from handlers.domain.people import Person
from handlers.letters import ACK, CANNOT, REPLY, directive_of
from handlers.ports import Context, Say, Turn, Work
from nlp.command import Command, CommandKind

intents = frozenset({CommandKind.RECEIPT, CommandKind.BLOCKER, Kind.CLICK})

_ONLY_TO_US = frozenset({"1", "好", "好的", "行", "可以", "ok", "👌", "👍"})  # in a group these may be for anybody


def handle(turn: Turn, command: Command, work: Work, ctx: Context) -> list[Say]:
    """Record a receipt said in words."""
    target, answer = _target(turn, command, work, ctx)
    if target is None:
        return answer
    if command.kind is CommandKind.BLOCKER:
        reason = command.args.get("reason", "")
        if not reason:
            return [Say(wording.ask_reason(target.code))]
        return record(target, turn.person, ReceiptState.BLOCKED, "word", reason, work, ctx)
    return record(target, turn.person, ReceiptState.ACKNOWLEDGED, "word", None, work, ctx)


def click(inbound: Inbound, person: Person, work: Work, ctx: Context) -> list[Say]:
    """Record a receipt given by a card's button, and change the button the person pressed."""
    task, key, response_code = _pressed(inbound)
    directive_id = directive_of(task)
    directive = work.directives.get(directive_id) if directive_id else None
    if directive is None:
        return []
    if key.startswith(CANNOT):
        return [Say(wording.ask_reason(directive.code), private=True)]
    if not key.startswith(ACK):
        return []
    said = record(directive, person, ReceiptState.ACKNOWLEDGED, "button", None, work, ctx)
    if response_code:
        content = CloseClicked(response_code, (person.userid,), "已收到")
        work.outbox.put([Letter(Purpose.UPDATE_CARD, Channel.WECOM_APP, content, (), ctx.now, REPLY)], ctx.now)
        return [] if directive.state in LIVE else said
    return [Say(s.text, private=True) for s in said]


def record(
    directive: Directive,
    person: Person,
    state: ReceiptState,
    via: str,
    blocker: str | None,
    work: Work,
    ctx: Context,
) -> list[Say]:
    """Write the answer down; the ladder stops with it. A first 收到 is not undone by a later one."""
    receipt = work.receipts.of(directive.id, person.id)
    if receipt is None:
        return [Say(wording.nothing_waiting())]
    if directive.state not in LIVE:
        return [Say(wording.late_answer(directive.code))]
    if not _already(receipt, state):
        work.receipts.answer(receipt.id, state, via, blocker, ctx.now)
    if state is ReceiptState.BLOCKED:
        return [Say(wording.blocked(directive.code, blocker or ""))]
    return [Say(wording.acknowledged(directive.code))]


def _already(receipt: Receipt, state: ReceiptState) -> bool:
    return receipt.state is state is ReceiptState.ACKNOWLEDGED


def _target(turn: Turn, command: Command, work: Work, ctx: Context) -> tuple[Directive | None, list[Say]]:
    if command.ref:
        found = work.directives.by_number(number_of(command.ref))
        return (found, []) if found else (None, [Say(wording.not_ours(command.ref))])
    if turn.in_group and command.args.get("word", "").lower() in _ONLY_TO_US:
        return None, []
    waiting = work.directives.awaiting(turn.person.id, ctx.now)
    if not waiting:
        return None, [] if turn.in_group else [Say(wording.nothing_waiting())]
    if len(waiting) > 1:
        return None, [Say(wording.which_directive(waiting[:5]))]
    return waiting[0], []


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
