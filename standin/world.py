"""Everything that stands on the far side: corps, people, rooms, messages, tokens. Plain values, no behaviour.

All of it can be written as JSON (see ``keep.py``), so references between values are ids, never objects.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from standin.address import Callback
from standin.residents import Account, KfAccount, Resident


@dataclass(slots=True)
class App:
    """A self-built app; *key* is ``corpid/agentid``. *forbidden* lists API paths answered with 48002, *visible* the
    departments it may reach (all when empty).
    """

    key: str
    corpid: str
    agentid: int
    secret: str
    name: str = "应用"
    callback: Callback | None = None
    root_visible: bool = True
    visible: list[int] = field(default_factory=list)
    disabled: bool = False
    trusted_ips: list[str] = field(default_factory=list)
    forbidden: list[str] = field(default_factory=list)
    task_ids: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Department:
    id: int
    name: str
    parentid: int
    order: int = 0
    leaders: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Member:
    """*key* is the lower-cased userid; *level* says which column of the page the member belongs to, *title* what the
    page calls him; *plugin*: uses only the WeChat plug-in, which shows no markdown and takes nothing back.
    """

    key: str
    userid: str
    name: str
    corpid: str
    department: list[int]
    level: str = ""
    active: bool = True
    plugin: bool = False
    title: str = ""


@dataclass(slots=True)
class Corp:
    corpid: str
    departments: dict[int, Department] = field(default_factory=dict)
    members: list[str] = field(default_factory=list)
    account_cap: int = 0
    contact_callback: Callback | None = None


@dataclass(slots=True)
class Token:
    app: str
    issued: float
    expires: float
    revoked: bool = False


@dataclass(slots=True)
class Room:
    """One group, one pane. The app and the bot may each know it by an id of their own [platform §G]."""

    id: str
    name: str
    kind: str
    level: str
    members: list[str]
    owner: str = ""
    bot: str | None = None
    bot_chatid: str | None = None
    app: str | None = None
    appchat_chatid: str | None = None
    posts: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Message:
    """One message as it was sent. *sender* is a member's key, an app key, a bot id, a room or a resident's door.

    *heard* is False for what a bot in the room was not told; *fate* is how the callback about it ended; *media* is the
    file it shows; *missed* are those in the room whom it never reached.
    """

    msgid: str
    at: float
    origin: str
    sender: str
    msgtype: str
    text: str
    body: dict[str, Any]
    room: str | None = None
    recipients: list[str] = field(default_factory=list)
    thread: str = ""
    key: str = ""
    task_id: str | None = None
    app: str | None = None
    recalled: bool = False
    heard: bool | None = None
    fate: str | None = None
    quote: str | None = None
    media: str | None = None
    missed: list[str] = field(default_factory=list)
    overrides: dict[str, dict[str, Any]] = field(default_factory=dict)


@dataclass(slots=True)
class Code:
    """A response_code: from a send, a click, or a bot message (then the address of ``aibot/response``)."""

    kind: str
    owner: str
    msgid: str
    issued: float
    userid: str | None = None
    room: str | None = None
    used: bool = False


@dataclass(slots=True)
class Webhook:
    key: str
    room: str
    refused: int = 0


@dataclass(slots=True)
class Media:
    """A file that was uploaded, or sent by a member. *owner* is a corpid, or the key of the robot it belongs to;
    *data* is its content in base64.
    """

    id: str
    owner: str
    kind: str
    name: str
    content_type: str
    data: str
    size: int
    at: float


@dataclass(slots=True)
class Bot:
    id: str
    name: str
    corpid: str
    callback: Callback
    plain_userids: bool = True


@dataclass(slots=True)
class Remembered:
    """The answer to a body that asked for the duplicate check, until *until*."""

    until: float
    answer: dict[str, Any]


@dataclass(slots=True)
class Calls:
    total: int = 0
    ok: int = 0
    refused: int = 0
    faulted: int = 0
    errcodes: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class World:
    corps: dict[str, Corp] = field(default_factory=dict)
    apps: dict[str, App] = field(default_factory=dict)
    members: dict[str, Member] = field(default_factory=dict)
    rooms: dict[str, Room] = field(default_factory=dict)
    room_ids: dict[str, str] = field(default_factory=dict)
    messages: dict[str, Message] = field(default_factory=dict)
    inboxes: dict[str, list[str]] = field(default_factory=dict)
    tokens: dict[str, Token] = field(default_factory=dict)
    codes: dict[str, Code] = field(default_factory=dict)
    webhooks: dict[str, Webhook] = field(default_factory=dict)
    bots: dict[str, Bot] = field(default_factory=dict)
    media: dict[str, Media] = field(default_factory=dict)
    residents: dict[str, Resident] = field(default_factory=dict)
    kf: dict[str, KfAccount] = field(default_factory=dict)
    accounts: dict[str, Account] = field(default_factory=dict)
    remembered: dict[str, Remembered] = field(default_factory=dict)
    shown: dict[str, dict[str, int]] = field(default_factory=dict)
    dropped: list[dict[str, Any]] = field(default_factory=list)
    calls: dict[str, Calls] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    settings: dict[str, Any] = field(default_factory=dict)
    serial: int = 0

    def count(self, name: str, by: int = 1) -> None:
        self.counts[name] = self.counts.get(name, 0) + by

    def room(self, chatid: str) -> Room | None:
        """The room any of whose ids is *chatid*."""
        return self.rooms.get(self.room_ids.get(chatid, ""))

    def app_of(self, corpid: str, agentid: int) -> App | None:
        return self.apps.get(f"{corpid}/{agentid}")
