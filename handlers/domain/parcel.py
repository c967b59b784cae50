"""What is sent: a parcel is one platform call.

Its content and its list of recipients are frozen from its first attempt, because the platform recognises a repeat only
by identical JSON.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from handlers.domain.letter import Purpose, Recipient
from handlers.domain.message import Channel


@dataclass(frozen=True, slots=True)
class ParcelDraft:
    """One platform call to be. `body` is platform-neutral; `target` names the address without giving away a secret.

    `follows`: goes out only after the draft before it did. `people`: how many will see it.
    """

    purpose: Purpose
    channel: Channel
    endpoint: str
    body: Mapping[str, Any]
    to: tuple[Recipient, ...]
    target: str | None
    people: int
    due_at: datetime
    priority: int
    expires_at: datetime | None
    directive_id: int | None
    follows: bool = False
    refers_to: int | None = None


@dataclass(frozen=True, slots=True)
class Parcel:
    """A parcel claimed for sending. `attempts` counts this one; `lost` those our own process did not live to see the
    end of; `unanswered` those whose answer the network lost. `refers` is what a recall or a closing needs of the
    parcel it is about: its msgid or response_code, None when it has none."""

    id: int
    purpose: Purpose
    channel: Channel
    endpoint: str
    body: Mapping[str, Any]
    to: tuple[str, ...]
    people: int
    priority: int
    attempts: int
    unanswered: int
    lost: int
    created_at: datetime
    first_attempt_at: datetime
    directive_id: int | None = None
    target: str | None = None
    followed: bool = False
    refers_to: int | None = None
    refers: str | None = None

    @property
    def in_doubt(self) -> bool:
        """Return whether an earlier attempt may have had its effect."""
        return self.unanswered + self.lost > 0


class Came(StrEnum):
    """What came back of an attempt."""

    ANSWERED = "answered"  # the platform answered with an errcode
    UNANSWERED = "unanswered"  # it may have been carried out: no answer, or one that is not the platform's
    UNSENT = "unsent"  # surely not carried out: no connection, or turned away before the platform
    HELD = "held"  # not even tried: no access token, nothing to refer to yet
    SHUT = "shut"  # not even tried: this resident may not be written to now
    IMPOSSIBLE = "impossible"  # cannot be tried: a file is gone, an address is not allowed


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of one attempt. `invalid` are addresses the platform refused, lower-cased by it; `wait_s` is how long
    to rest when the cause says so; `note` is for the operator and holds nothing personal and no secret."""

    came: Came
    code: int | None = None
    invalid: tuple[str, ...] = ()
    msgid: str | None = None
    response_code: str | None = None
    wait_s: float = 0.0
    note: str = ""
