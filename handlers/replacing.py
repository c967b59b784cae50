"""What follows a directive that is out already: its cancel, its correction, and which one the words mean.

A cancel carries its reference and its own card; it can never go out as new.
"""

import re
from dataclasses import replace
from datetime import datetime, timedelta

from handlers import wording
from handlers.domain.delivery import CloseCard, Letter, Purpose, Recall
from handlers.domain.delivery import State as Sent
from handlers.domain.directive import LIVE, UNSENT, Directive, Kind, State
from handlers.domain.message import Channel
from handlers.domain.people import Person
from handlers.ports import Context, Work

REMEMBERED = timedelta(hours=36)
_RECALLED_FOR = timedelta(hours=23, minutes=55)  # 24 h from the sending (platform A.2)
_CARD_CHANGES_FOR = timedelta(hours=71)  # 72 h from the sending (platform A.3)
_COUNTING_DOWN = frozenset({State.HELD, State.SECOND})
_BARE = re.compile(r"作废|取消|撤销|废止|不算了?|这个|那个|这条|那条|的|通知|指令|号令|命令|[\s,,。!]")
_JUST_NOW = timedelta(minutes=30)
_PARTS = (  # words for a part of the day, and the local hours they mean
    (re.compile(r"今早|早上|上午|清早"), 0, 12),
    (re.compile(r"中午"), 11, 14),
    (re.compile(r"下午"), 12, 19),
    (re.compile(r"今晚|晚上|夜里|昨晚"), 18, 24),
)


def meant(person: Person, words: str, work: Work, ctx: Context) -> tuple[Directive, ...]:
    """Return the directives of this person that the words may mean, newest first.

    Without words it is the newest that counts down, or was shown or went out within the last ten minutes; 上午那个通知
    is what went out this morning; 开会的通知 is what speaks of a meeting.
    """
    told = _BARE.sub("", words)
    found = work.directives.steered_by(person.id, UNSENT | LIVE, ctx.now - REMEMBERED)
    if not told:
        return tuple(one for one in found if _just_now(one, ctx))[:1]
    return tuple(one for one in found if one.number and _fits(one, told, ctx))


def _just_now(directive: Directive, ctx: Context) -> bool:
    since = ctx.now - ctx.county.preview_for
    return directive.state in _COUNTING_DOWN or (directive.issued_at or directive.created_at) >= since


def _fits(directive: Directive, told: str, ctx: Context) -> bool:
    at = ctx.local(directive.issued_at or directive.created_at)
    days_ago = (ctx.day - at.date()).days
    if ("昨" in told) != (days_ago == 1) or days_ago > 1:
        return False
    if re.search(r"刚才|刚刚|方才", told) and ctx.now - directive.created_at > _JUST_NOW:
        return False
    for words, first, last in _PARTS:
        if words.search(told) and not first <= at.hour < last:
            return False
    rest = re.sub(r"昨天|昨日|今天|今日|刚才|刚刚|方才", "", told)
    for words, _, _ in _PARTS:
        rest = words.sub("", rest)
    return not rest or rest in directive.body


def cancel_directive(target: Directive, by: int, work: Work, ctx: Context) -> tuple[int, int]:
    """Cancel *target*: stop what has not gone, recall what can be, tell everybody who may have it.

    Returns how many shares of it were stopped, and how many people and groups may already have it. The notice of the
    cancel is a directive of its own (kind CANCEL, its own number) with nothing owed on it; when nothing went out there
    is none.
    """
    was = LIVE | {State.CLOSED}
    if not work.directives.move(replace(target, state=State.CANCELLED, ended_at=ctx.now, due_at=None), was):
        return 0, 0
    stopped = _end(target, work, ctx)
    reach = work.outbox.reach(target.id)
    gone = sum(n for (purpose, state), n in reach.items() if purpose in _BROUGHT_BY and state in _MAY_HAVE)
    if not gone:
        return stopped, 0
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
        reviewed_at=None,
    )
    work.directives.add(notice)
    work.outbox.put(_take_back(target, work, ctx.now, f"{target.code} 已取消"), ctx.now)
    return stopped, gone


_BROUGHT_BY = frozenset({Purpose.CARD, Purpose.POST, Purpose.RELAY})
_MAY_HAVE = frozenset({Sent.SENT, Sent.UNKNOWN, Sent.RELAYING, Sent.DONE, Sent.QUEUED})  # queued: on its way right now


def supersede(target: Directive, update: Directive, work: Work, ctx: Context) -> bool:
    """End *target* because *update* takes its place: what has not gone is stopped, its cards say where to look.

    False when it was cancelled meanwhile: then there is nothing left to correct.
    """
    was = LIVE | {State.CLOSED}
    if not work.directives.move(replace(target, state=State.SUPERSEDED, ended_at=ctx.now, due_at=None), was):
        return False
    _end(target, work, ctx)
    work.outbox.put(closings(target, wording.replaced_button(update.code), work, ctx.now), ctx.now)
    return True


def closings(directive: Directive, words: str, work: Work, now: datetime) -> list[Letter]:
    """Return what greys the cards of a directive for everybody; nothing once the platform would not do it."""
    if directive.issued_at is None or now - directive.issued_at > _CARD_CHANGES_FOR:
        return []
    return [
        Letter(Purpose.UPDATE_CARD, Channel.WECOM_APP, CloseCard(parcel.id, words), (), now, 14)
        for parcel in work.outbox.parcels_of(directive.id, Purpose.CARD)
    ]


def _end(target: Directive, work: Work, ctx: Context) -> int:
    stopped = work.outbox.cancel(target.id, ctx.now)
    work.receipts.release(target.id, ctx.now)
    return stopped


def _take_back(target: Directive, work: Work, now: datetime, words: str) -> list[Letter]:
    """Return the greying of the cards that went out, and the recalls while the platform still takes them (in the WeCom
    client only: where a card stays, its button says that it is over)."""
    letters = closings(target, words, work, now)
    if now - (target.issued_at or now) < _RECALLED_FOR:
        for purpose in (Purpose.CARD, Purpose.RELAY):
            for parcel in work.outbox.parcels_of(target.id, purpose):
                letters.append(Letter(Purpose.RECALL, Channel.WECOM_APP, Recall(parcel.id), (), now, 15))
    return letters
