"""已转 7K: the gridworker pasted the text into the household group that no bot can enter."""

from handlers import wording
from handlers.domain.directive import LIVE, ReceiptState, State
from handlers.ports import Context, Say, Turn, Work
from handlers.spoken import Spoken, SpokenKind
from nlp.command import Command, CommandKind

intents = frozenset({CommandKind.RELAY_DONE, SpokenKind.RELAYED})


def handle(turn: Turn, said: Command | Spoken, work: Work, ctx: Context) -> list[Say] | None:
    """Mark the relay done; whoever relayed has also received. Without a code: the only one that waits, or ask."""
    if said.kind is SpokenKind.RELAYED and "code" not in said.args:
        waiting = work.directives.relays_waiting(turn.person.id)
        if len(waiting) != 1:
            groups = [(code, chat.name) for code, at in waiting if (chat := work.chats.get(at)) is not None]
            return [Say(wording.which_relay(groups), private=turn.in_group)] if groups else None
        return _done(turn, waiting[0][0], work, ctx)
    return _done(turn, said.args["code"].rpartition("-")[2], work, ctx)


def _done(turn: Turn, code: str, work: Work, ctx: Context) -> list[Say]:
    done = work.outbox.relay_done(code, turn.person.id, ctx.now)
    if done is None:
        return [Say(wording.relay_unknown(code))]
    directive = work.directives.get(done.directive_id) if done.directive_id else None
    if directive is not None and directive.state not in LIVE | {State.CLOSED}:
        follower = work.directives.follower(directive.id)
        return [Say(wording.relay_too_late(directive.code, follower.code if follower else None))]
    receipt = work.receipts.of(done.directive_id, turn.person.id)
    if receipt and receipt.state is ReceiptState.WAITING:
        work.receipts.answer(receipt.id, ReceiptState.ACKNOWLEDGED, "relay", None, ctx.now)
    return [Say(wording.relay_thanks(code, work.outbox.relays_left(done.directive_id, turn.person.id)))]
