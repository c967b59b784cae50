"""What handlers send: a letter is one text, card or file for any number of addresses."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from handlers.domain.message import Channel


class Purpose(StrEnum):
    """What a letter is for."""

    CARD = "card"
    POST = "post"
    RELAY = "relay"
    REPLY = "reply"
    REMINDER = "reminder"
    NOTICE = "notice"
    LIST = "list"
    RECALL = "recall"
    UPDATE_CARD = "update_card"


class State(StrEnum):
    """How far a delivery came; never more than the channel proves, so nothing here says "seen" or "read"."""

    QUEUED = "queued"
    SENT = "sent"  # the platform took it
    UNKNOWN = "unknown"  # asked for, and the answer was lost: it may have arrived
    FAILED = "failed"
    CANCELLED = "cancelled"  # stopped before it was tried
    LATE = "late"  # its time had passed before it could be tried
    RELAYING = "relaying"  # sent to the person who must paste it
    DONE = "done"  # that person says it is pasted


@dataclass(frozen=True, slots=True)
class Recipient:
    """One address on the letter's channel: an account id, a group's chat id, a robot's key.

    `people` is how many will see it (the members of a group); the platform counts group posts by heads.
    """

    address: str
    person_id: int | None = None
    chat_id: int | None = None
    node_id: int | None = None
    relay_code: str | None = None
    people: int = 1


@dataclass(frozen=True, slots=True)
class Button:
    """A button; `key` comes back with the click, `style` is 1 blue, 2 red, 3 grey, 4 dark."""

    key: str
    text: str
    style: int = 1


@dataclass(frozen=True, slots=True)
class Text:
    """Plain text of any length; what the platform would cut goes out in numbered parts, in order."""

    text: str


@dataclass(frozen=True, slots=True)
class Markdown:
    """Text with the platform's few marks. Not shown inside WeChat itself (the plug-in): never for what must be read."""

    text: str


@dataclass(frozen=True, slots=True)
class Card:
    """A card with buttons. A group cannot show one and gets its words instead.

    `task_id` names what the click is about. The platform wants one that was never used: on the wire it becomes
    `task_id@parcel`; `task_of` undoes that.
    """

    title: str
    body: str
    task_id: str
    buttons: tuple[Button, ...] = ()
    source: str = ""
    url: str = ""
    fields: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a menu: a tap on it comes back with `key`, or opens the page `url`."""

    text: str
    key: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Menu:
    """A few things to tap, with words before and after; for residents, where one tap answers. At most 10 items."""

    head: str
    items: tuple[Item, ...]
    tail: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice of an account in one of its templates, outside every window: `fields` are the template's keys and what
    stands there. `subscribed`: by the resident's own consent (one consent, one notice); else a service template, which
    may tell the outcome of something and never a directive."""

    template_id: str
    fields: tuple[tuple[str, str], ...]
    url: str = ""
    subscribed: bool = True


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG or JPEG of at most 2 MB, by the path of its file, which must be there until it is sent."""

    path: str


@dataclass(frozen=True, slots=True)
class File:
    """A file of 5 bytes to 20 MB, by path; `name` is what people see."""

    path: str
    name: str


@dataclass(frozen=True, slots=True)
class Recall:
    """Take back what an earlier parcel brought (within 24 h, personal messages only, in the WeCom client only)."""

    parcel_id: int


@dataclass(frozen=True, slots=True)
class CloseCard:
    """Grey the buttons of an earlier parcel's card for everybody; possible once a card, within 72 h."""

    parcel_id: int
    replace_text: str


@dataclass(frozen=True, slots=True)
class CloseClicked:
    """Grey the button for those who pressed it, with the code their click brought; once a code, within 72 h."""

    response_code: str
    userids: tuple[str, ...]
    replace_text: str


Content = Text | Markdown | Card | Menu | Notice | Picture | File | Recall | CloseCard | CloseClicked


@dataclass(frozen=True, slots=True)
class Letter:
    """One content for any number of recipients. Higher `priority` goes first; after `expires_at` it is never sent.

    `endpoint` is what an answer must go to, a secret, good for one use: a bot's `response_url`, or the code with which
    微信客服 lets us welcome somebody who just came in.
    """

    purpose: Purpose
    channel: Channel
    content: Content
    to: tuple[Recipient, ...]
    due_at: datetime
    priority: int = 0
    expires_at: datetime | None = None
    directive_id: int | None = None
    endpoint: str | None = None


def task_of(task_id: str) -> tuple[str, int | None]:
    """Return a clicked card's task and the parcel it came with, None when the id does not say.

    >>> task_of("D-17-42@905"), task_of("D-17-42")
    (('D-17-42', 905), ('D-17-42', None))
    """
    task, _, parcel = task_id.rpartition("@")
    return (task, int(parcel)) if task and parcel.isascii() and parcel.isdigit() else (task_id, None)


@dataclass(frozen=True, slots=True)
class Relay:
    """A text somebody was asked to paste into a group no bot can enter."""

    id: int
    code: str
    directive_id: int | None
    person_id: int | None
    chat_id: int | None
    node_id: int | None
    state: State
