"""What somebody said or did, as it stands in the inbox."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What kind of inbound this is; anything else a platform may send is OTHER and kept, not guessed at."""

    TEXT = "text"
    CLICK = "click"
    VOICE = "voice"
    ENTER = "enter"
    OTHER = "other"


class Channel(StrEnum):
    """One way to reach WeChat."""

    WECOM_APP = "wecom_app"
    AIBOT = "aibot"
    APPCHAT = "appchat"
    GROUP_ROBOT = "group_robot"
    KF = "kf"  # 微信客服, a resident alone
    OFFICIAL_ACCOUNT = "official_account"  # 公众号, a resident alone
    PAGE = "page"  # a form of our own, from a phone's browser


RESIDENT = frozenset({Channel.KF, Channel.OFFICIAL_ACCOUNT})
"""The channels on which residents speak with us, each alone; nobody of the roster does."""


@dataclass(frozen=True, slots=True)
class Inbound:
    """One message or event.

    `key` is what makes it distinct: the platform's message id, else a hash of the whole decrypted event (F4).
    `chat` is the group it was said in, None in a 1:1. `fields` are the platform's own, minus what stands here.
    """

    key: str
    channel: Channel
    kind: Kind
    sender: str | None
    chat: str | None
    text: str
    fields: Mapping[str, Any]
    sent_at: datetime
    received_at: datetime
    id: int = 0


def key_of(channel: str, message_id: str | None, clear: bytes) -> str:
    """Return the key of a distinct message: its id, else the hash of the whole event.

    >>> key_of("wecom_app", "9007199254740993", b"")
    'wecom_app:m:9007199254740993'
    """
    if message_id and message_id != "0":
        return f"{channel}:m:{message_id[:64]}"
    return f"{channel}:h:{hashlib.sha256(clear).hexdigest()[:48]}"
