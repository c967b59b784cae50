"""After an attempt: again, and when, or never again, and why. Pure.

A card and a personal message are sent again only while the platform still recognises the repeat; 微信客服 knows a
message by our own id and recognises it always. A post to a group is
never recognised: when its answer is lost it is said once more under the same visible code, and not a third time; but
an attempt that our own process did not survive is repeated until somebody answers.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from zlib import crc32

from handlers.domain.errcodes import Kind, kind_of
from handlers.domain.letter import State
from handlers.domain.message import RESIDENT
from handlers.domain.parcel import Came, Outcome, Parcel

ATTEMPTS = 8
DUPLICATE_S = 14_400  # the longest interval in which the platform recognises a repeat [D 90236]
DUPLICATE_SPREAD_S = 3_600
# a parcel asks for DUPLICATE_S - id % DUPLICATE_SPREAD_S seconds; the margin is for what is under way
REPEAT_WITHIN = timedelta(seconds=DUPLICATE_S - DUPLICATE_SPREAD_S - 60)
RECOGNISED = "message/send"
SAID_ONCE_MORE = frozenset(
    {
        "appchat/send",
        "webhook/send",
        "aibot/response",
        "message/custom/send",
        "message/template/send",
        "message/subscribe/bizsend",
    }
)
ONE_USE = frozenset({"aibot/response", "message/update_template_card", "kf/send_msg_on_event"})
WRONG_JSON = "wrong json format"

_REST_S = (1, 4, 15, 60, 240, 900, 1800)
_THAW_S = (61, 61, 300, 900, 3600, 7200, 14_400)


class Fate(StrEnum):
    """What becomes of the parcel; the values are the states of its row."""

    SENT = "sent"
    AGAIN = "queued"
    UNKNOWN = "unknown"
    FAILED = "failed"


class Why(StrEnum):
    """The reason; an operator reads it beside an alarm."""

    TAKEN = "平台收下了"
    ALREADY = "一次性凭据已用掉:上一次已经生效"
    ALREADY_THERE = "平台认出是重发:上一次已经收下"
    HELD = "暂时还发不了"
    UNSENT = "连不上平台"
    UNANSWERED = "没等到回答,平台认得出重发"
    ONCE_MORE = "没等到回答,带原编号再发一次"
    SAID_TWICE = "两次都没等到回答"
    TOO_LATE = "隔得太久,平台认不出是重发"
    TOO_MANY = "试得太多次了"
    BUSY = "平台忙"
    CROWDED = "同时调用太多"
    QUOTA = "额度用完了"
    TOKEN = "访问凭据失效"  # noqa: S105 - not a secret
    SECRET = "应用密钥不对"  # noqa: S105 - not a secret
    CONFIG = "平台设置要人来改"
    RECIPIENT = "这个人或群送不到"
    CONTENT = "内容被平台拒绝"
    EXPIRED = "过了能改的时限"
    WINDOW = "够不着:平台说现在不能发给对方"
    SHUT = "够不着"
    REFUSED = "够不着:对方不接收这类通知"
    MEDIA = "文件要重新上传"
    NEW = "没见过的错误码"
    IMPOSSIBLE = "根本发不了"


@dataclass(frozen=True, slots=True)
class Next:
    """What to do. `due_at` is set when it goes out again. `counted`: the attempt counts. `freeze_s`: keep the whole
    endpoint (for a robot: that robot) closed for so long. `alarm`: an operator must see it. `shut`: this resident's
    windows are closed until he speaks again. `refused`: he wants no more notices of this template."""

    fate: Fate
    why: Why
    delivery: State
    due_at: datetime | None = None
    counted: bool = True
    freeze_s: float = 0.0
    alarm: bool = False
    shut: bool = False
    refused: bool = False


def after(parcel: Parcel, outcome: Outcome, now: datetime) -> Next:
    """Return what happens to *parcel* after an attempt with that *outcome*."""
    match outcome.came:
        case Came.HELD:
            due_at = now + timedelta(seconds=max(outcome.wait_s, 1.0))
            return Next(Fate.AGAIN, Why.HELD, _doubtful(parcel), due_at, counted=False)
        case Came.UNSENT:
            return _again(parcel, Why.UNSENT, now, _rest(parcel))
        case Came.UNANSWERED:
            return _unanswered(parcel, now)
        case Came.SHUT:
            return Next(Fate.FAILED, Why.SHUT, State.FAILED)
        case Came.IMPOSSIBLE:
            return _never(parcel, Why.IMPOSSIBLE, alarm=True)
        case Came.ANSWERED:
            return _ANSWERS[kind_of(outcome.code or 0)](parcel, outcome, now)


def _unanswered(parcel: Parcel, now: datetime) -> Next:
    rest = _rest(parcel)
    if parcel.endpoint in SAID_ONCE_MORE:
        if parcel.unanswered:
            return Next(Fate.UNKNOWN, Why.SAID_TWICE, State.UNKNOWN)
        why = Why.ONCE_MORE
    else:
        why = Why.UNANSWERED
        if parcel.endpoint == RECOGNISED and now + rest >= parcel.first_attempt_at + REPEAT_WITHIN:
            return Next(Fate.UNKNOWN, Why.TOO_LATE, State.UNKNOWN, alarm=True)
    if parcel.attempts >= ATTEMPTS:
        return Next(Fate.UNKNOWN, Why.TOO_MANY, State.UNKNOWN, alarm=True)
    return Next(Fate.AGAIN, why, State.UNKNOWN, now + rest)


def _taken(parcel: Parcel, outcome: Outcome, _now: datetime) -> Next:
    state = State.RELAYING if parcel.purpose == "relay" else State.SENT
    return Next(Fate.SENT, Why.TAKEN, state, alarm=outcome.note == WRONG_JSON)


def _busy(parcel: Parcel, _outcome: Outcome, now: datetime) -> Next:
    return _again(parcel, Why.BUSY, now, _rest(parcel))


def _crowded(parcel: Parcel, _outcome: Outcome, now: datetime) -> Next:
    return _again(parcel, Why.CROWDED, now, timedelta(seconds=1 + 2 * _share(parcel)))


def _quota(parcel: Parcel, outcome: Outcome, now: datetime) -> Next:
    """Until the window thaws; nobody says which window it is, so each refusal in a row waits longer."""
    thaw = outcome.wait_s or _THAW_S[min(parcel.attempts, len(_THAW_S)) - 1]
    step = _again(parcel, Why.QUOTA, now, timedelta(seconds=thaw + 2 * _share(parcel)))
    return Next(step.fate, step.why, step.delivery, step.due_at, freeze_s=thaw, alarm=True)


def _token(parcel: Parcel, outcome: Outcome, now: datetime) -> Next:
    return _again(parcel, Why.TOKEN, now, max(timedelta(seconds=outcome.wait_s), _rest(parcel)))


def _media(parcel: Parcel, _outcome: Outcome, now: datetime) -> Next:
    return _again(parcel, Why.MEDIA, now, timedelta(0)) if parcel.attempts < 3 else _never(parcel, Why.MEDIA, True)


def _expired(parcel: Parcel, _outcome: Outcome, _now: datetime) -> Next:
    if parcel.in_doubt and parcel.endpoint in ONE_USE:
        return Next(Fate.SENT, Why.ALREADY, State.SENT)
    return _never(parcel, Why.EXPIRED, alarm=False)


def _window(parcel: Parcel, _outcome: Outcome, _now: datetime) -> Next:
    """Never repeated: whoever plans asks again, and is told that this way is closed."""
    return replace(_never(parcel, Why.WINDOW, alarm=False), shut=True)


def _unwanted(parcel: Parcel, _outcome: Outcome, _now: datetime) -> Next:
    return replace(_never(parcel, Why.REFUSED, alarm=False), refused=True)


def _already(parcel: Parcel, _outcome: Outcome, _now: datetime) -> Next:
    """An earlier attempt was taken. Without an earlier attempt somebody else used our id, and that is a mistake."""
    if parcel.in_doubt:
        return Next(Fate.SENT, Why.ALREADY_THERE, State.SENT)
    return _never(parcel, Why.CONTENT, alarm=True)


def _recipient(parcel: Parcel, _outcome: Outcome, _now: datetime) -> Next:
    if parcel.channel in RESIDENT:  # one of thousands, who may come back
        return replace(_never(parcel, Why.RECIPIENT, alarm=False), shut=True)
    return _never(parcel, Why.RECIPIENT, alarm=parcel.people > 1 or parcel.endpoint != RECOGNISED)


def _refused(why: Why) -> Callable[[Parcel, Outcome, datetime], Next]:
    return lambda parcel, _outcome, _now: _never(parcel, why, alarm=True)


_ANSWERS: dict[Kind, Callable[[Parcel, Outcome, datetime], Next]] = {
    Kind.OK: _taken,
    Kind.BUSY: _busy,
    Kind.CROWDED: _crowded,
    Kind.QUOTA: _quota,
    Kind.TOKEN: _token,
    Kind.MEDIA: _media,
    Kind.WINDOW: _window,
    Kind.REFUSED: _unwanted,
    Kind.ALREADY: _already,
    Kind.EXPIRED: _expired,
    Kind.RECIPIENT: _recipient,
    Kind.SECRET: _refused(Why.SECRET),
    Kind.CONFIG: _refused(Why.CONFIG),
    Kind.CONTENT: _refused(Why.CONTENT),
    Kind.NEW: _refused(Why.NEW),
}


def _again(parcel: Parcel, why: Why, now: datetime, rest: timedelta) -> Next:
    if parcel.attempts >= ATTEMPTS:
        return _never(parcel, Why.TOO_MANY, alarm=True)
    too_late = parcel.first_attempt_at + REPEAT_WITHIN
    if parcel.endpoint == RECOGNISED and parcel.in_doubt and now + rest >= too_late:
        return Next(Fate.UNKNOWN, Why.TOO_LATE, State.UNKNOWN, alarm=True)
    return Next(Fate.AGAIN, why, _doubtful(parcel), now + rest)


def _never(parcel: Parcel, why: Why, alarm: bool) -> Next:
    """Failed; but what an earlier attempt may have brought is not called failed. A personal message that is refused
    now was surely not there before: the platform would have recognised it."""
    maybe = parcel.in_doubt and (parcel.endpoint != RECOGNISED or why in (Why.TOO_MANY, Why.IMPOSSIBLE))
    return Next(Fate.UNKNOWN if maybe else Fate.FAILED, why, State.UNKNOWN if maybe else State.FAILED, alarm=alarm)


def _doubtful(parcel: Parcel) -> State:
    return State.UNKNOWN if parcel.in_doubt else State.QUEUED


def _rest(parcel: Parcel) -> timedelta:
    """Full jitter: anything up to the step's length, so that what failed together does not come back together."""
    return timedelta(seconds=_REST_S[min(parcel.attempts, len(_REST_S)) - 1] * _share(parcel))


def _share(parcel: Parcel) -> float:
    """A number in 0..1 drawn from the parcel and the attempt: jitter without a die, so that this stays a function."""
    return (crc32(f"{parcel.id}/{parcel.attempts}".encode()) & 0xFFFF) / 0xFFFF
