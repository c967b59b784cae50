"""What the bot last said to somebody and waits to have answered: a read-back, a preview, a question."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any


class Topic(StrEnum):
    """What an answer would be about."""

    PREVIEW = "preview"  # a directive shown, not sent: 发 / 改请直接说
    READBACK = "readback"  # a report read: 对 / 2=6
    ASKED = "asked"  # a report that could not be taken as read
    WHICH = "which"  # which directive, which grid
    MODE = "mode"  # scope, basis and expiry of a war mode
    REASON = "reason"  # what is missing for a directive that cannot be done
    ROLL = "roll"  # a 接龙 pasted back: the next paste of the day is joined to it
    ROUND = "round"  # a round of 敲门 or 张贴 shown, not begun: 发
    KNOCK = "knock"  # so many doors of a building, to be confirmed: 对
    KNOCKING = "knocking"  # the round somebody is at
    POSTING = "posting"  # so many buildings said, not which
    MATTER = "matter"  # a matter whose next field was asked
    GUESS = "guess"  # wrong binding codes, counted


@dataclass(frozen=True, slots=True)
class Talk:
    """One open conversation of a person in a place; a new one on the same topic replaces it."""

    person_id: int
    place: str
    topic: Topic
    subject_id: int | None
    said_at: datetime
    expires_at: datetime
    body: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}), repr=False)
