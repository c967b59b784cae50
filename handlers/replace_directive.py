"""更正 and 取消: what follows a directive that is out already. A cancel carries its reference and its own card; it can
never go out as new."""

from dataclasses import replace
from datetime import datetime

from handlers import wording
from handlers.domain.delivery import CloseCard, Letter, Purpose, Recall
from handlers.domain.delivery import State as Sent
from handlers.domain.directive import LIVE, Directive, Kind, State
from handlers.domain.message import Channel
from handlers.ports import Context, Work


def cancel_directive(target: Directive, by: int, work: Work, ctx: Context) -> tuple[int, int]:
    """Cancel *target*: stop what has not gone, recall what can be, tell everybody who may have it.

    Returns how many people's share was stopped, and how many may already have it. The notice of the cancel is a
    directive of its own (kind CANCEL, its own number) with nothing owed on it.
    """
    was = LIVE | {State.CLOSED}
    if not work.directives.move(replace(target, state=State.CANCELLED, ended_at=ctx.now), was):
        return 0, 0
    stopped = work.outbox.cancel(target.id, ctx.now)
    work.receipts.release(target.id, ctx.now)
    gone = sum(
        n for (purpose, state), n in work.outbox.reach(target.id).items()
        if purpose == Purpose.CARD and state in (Sent.SENT, Sent.UNKNOWN)
    )  # fmt: skip
    notice = replace(
        target,
        id=0,
        number=work.directives.next_number(),
        kind=Kind.CANCEL,
        refers_to=target.id,
        author_id=target.author_id,
        confirmer_id=by,
        body=wording.recalled(target.code),
        state=State.HELD,
        ladder=(),
        compulsory=False,
        created_at=ctx.now,
        due_at=ctx.now,
        deadline_at=None,
        issued_at=None,
        ended_at=None,
    )
    work.directives.add(notice)
    work.outbox.put(_take_back(target.id, work, ctx.now, f"{target.code} 已取消"), ctx.now)
    return stopped, gone


def _take_back(directive_id: int, work: Work, now: datetime, words: str) -> list[Letter]:
    """Return the recalls and the greying of the cards that went out (platform: recall within 24 h, in WeCom only)."""
    letters = []
    for parcel in work.outbox.parcels_of(directive_id, Purpose.CARD):
        letters.append(Letter(Purpose.RECALL, Channel.WECOM_APP, Recall(parcel.id), (), now, 15, None, None))
        letters.append(
            Letter(Purpose.UPDATE_CARD, Channel.WECOM_APP, CloseCard(parcel.id, words), (), now, 14, None, None)
        )
    for parcel in work.outbox.parcels_of(directive_id, Purpose.RELAY):
        letters.append(Letter(Purpose.RECALL, Channel.WECOM_APP, Recall(parcel.id), (), now, 13, None, None))
    return letters
