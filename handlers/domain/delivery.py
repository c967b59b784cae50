"""From letters to platform calls: the planner, and what a plan costs.

The same text to many people is one call for each thousand of them; a post to a group is one call. What the platform
would cut goes out in numbered parts, each after the one before. A delivery hangs on the last of its letter's parcels,
so it counts as sent when all of it was.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

from handlers.domain.letter import (
    Button,
    Card,
    CloseCard,
    CloseClicked,
    Content,
    File,
    Item,
    Letter,
    Markdown,
    Menu,
    Notice,
    Picture,
    Purpose,
    Recall,
    Recipient,
    State,
    Text,
    task_of,
)
from handlers.domain.limits import STANDARD, Limit, charges
from handlers.domain.message import RESIDENT, Channel
from handlers.domain.parcel import ParcelDraft
from handlers.domain.text_parts import clip_bytes, sayable, split

__all__ = [
    "Budget", "Button", "Card", "CloseCard", "CloseClicked", "Content", "File", "Item", "Letter", "Markdown", "Menu",
    "Notice", "ParcelDraft", "Picture", "Purpose", "Recall", "Recipient", "State", "Text", "budget", "label",
    "parcels", "task_of",
]  # fmt: skip

PEOPLE_A_CALL = 1000
MENU_ITEMS = 10
CARD_WORDS = 112  # sub_title_text; what is longer goes before the card as text
TEXT_BYTES = 2048
MARKDOWN_BYTES = {Channel.WECOM_APP: 2048, Channel.APPCHAT: 2048, Channel.GROUP_ROBOT: 4096, Channel.AIBOT: 20_480}
ROUND_TRIP_S, AT_ONCE = 0.06, 64  # in flight: recorded once a turn, so fewer cost more commits a message

_SEND = {
    Channel.WECOM_APP: "message/send",
    Channel.APPCHAT: "appchat/send",
    Channel.GROUP_ROBOT: "webhook/send",
    Channel.AIBOT: "aibot/response",
    Channel.KF: "kf/send_msg",
    Channel.OFFICIAL_ACCOUNT: "message/custom/send",
}
_Body = dict[str, Any]


def parcels(letter: Letter) -> tuple[ParcelDraft, ...]:
    """Return the calls *letter* becomes; none when it has nobody to go to. ValueError when its channel cannot do it."""
    content = letter.content
    if isinstance(content, Recall):
        return (_draft(letter, "message/recall", {"kind": "recall"}, (), refers_to=content.parcel_id),)
    if isinstance(content, CloseCard):
        body: _Body = {"kind": "close", "text": content.replace_text}
        return (_draft(letter, "message/update_template_card", body, (), refers_to=content.parcel_id),)
    if isinstance(content, CloseClicked):
        body = {"kind": "clicked", "text": content.replace_text}
        body |= {"code": content.response_code, "userids": list(content.userids)}
        return (_draft(letter, "message/update_template_card", body, ()),)
    if letter.channel is Channel.AIBOT and letter.endpoint is None:
        raise ValueError("a bot answers to the address a message brought; it has no other way to speak")
    if letter.channel is Channel.KF and letter.endpoint is not None:
        return _welcome(letter)
    if isinstance(content, Notice):
        return _notices(letter, content)
    bodies = _bodies(content, letter.channel)
    return tuple(
        _draft(letter, _SEND[letter.channel], body, to, follows=number > 0)
        for to in _batches(letter)
        for number, body in enumerate(bodies)
    )


def _draft(
    letter: Letter,
    endpoint: str,
    body: _Body,
    to: tuple[Recipient, ...],
    *,
    follows: bool = False,
    refers_to: int | None = None,
) -> ParcelDraft:
    if letter.endpoint is not None:
        body = body | {"code" if letter.channel is Channel.KF else "url": letter.endpoint}
    target = label(letter.channel, to[0].address) if len(to) == 1 else None
    return ParcelDraft(
        letter.purpose,
        letter.channel,
        endpoint,
        body | {"to": list(dict.fromkeys(one.address for one in to))},
        to,
        target,
        sum(one.people for one in to),
        letter.due_at,
        letter.priority,
        letter.expires_at,
        letter.directive_id,
        follows,
        refers_to,
    )


def label(channel: Channel, address: str) -> str:
    """Return how an address may stand in a log or an unsealed column: itself, but a robot's key is a secret, and what
    a resident is called is nobody's business."""
    if channel is Channel.GROUP_ROBOT:
        return "robot:" + hashlib.sha256(address.encode()).hexdigest()[:16]
    if channel in RESIDENT:
        return f"{channel.value}:{hashlib.sha256(address.encode()).hexdigest()[:24]}"
    return address


def _batches(letter: Letter) -> Iterator[tuple[Recipient, ...]]:
    size = PEOPLE_A_CALL if letter.channel is Channel.WECOM_APP else 1
    for start in range(0, len(letter.to), size):
        yield letter.to[start : start + size]


def _bodies(content: Content, channel: Channel) -> list[_Body]:
    """Return what is said, call by call."""
    match content:
        case Menu() if channel in RESIDENT:
            return [_menu(content)]
        case Menu():
            return _texts(_menu_words(content), channel)
        case Card() if channel in (Channel.APPCHAT, Channel.GROUP_ROBOT) or channel in RESIDENT:
            return _texts(_card_words(content), channel)
        case Card() if not content.buttons and not content.url:
            return _texts(_card_words(content), channel)
        case Card():
            before = _texts(content.body, channel) if _needs_text(content, channel) else []
            return [*before, _card(content)]
        case Text(text):
            return _texts(text, channel)
        case Markdown(text) if channel in RESIDENT:
            return _texts(text, channel)
        case Markdown(text):
            return _marked(text, channel)
        case Picture(path) if channel not in (Channel.AIBOT, Channel.OFFICIAL_ACCOUNT):
            return [{"kind": "picture", "path": path}]
        case File(path, name) if channel not in (Channel.AIBOT, Channel.OFFICIAL_ACCOUNT):
            return [{"kind": "file", "path": path, "name": name}]
    raise ValueError(f"{channel} cannot send a {type(content).__name__}")


def _needs_text(card: Card, channel: Channel) -> bool:
    return len(card.body) > CARD_WORDS and channel is not Channel.AIBOT


def _texts(text: str, channel: Channel) -> list[_Body]:
    text = sayable(text)
    if channel is not Channel.WECOM_APP:  # what somebody typed must not call a whole group
        text = text.replace("<@", "＜@")
    if channel is Channel.AIBOT:  # its address takes one answer
        return [{"kind": "text", "text": clip_bytes(text, MARKDOWN_BYTES[channel])}]
    return [{"kind": "text", "text": part} for part in split(text, TEXT_BYTES)]


def _marked(text: str, channel: Channel) -> list[_Body]:
    limit, text = MARKDOWN_BYTES[channel], sayable(text)
    parts = (clip_bytes(text, limit),) if channel is Channel.AIBOT else split(text, limit)
    return [{"kind": "markdown", "text": part} for part in parts]


def _card(card: Card) -> _Body:
    return {
        "kind": "card",
        "title": sayable(card.title),
        "body": sayable(card.body),
        "task_id": card.task_id,
        "buttons": [[button.key, sayable(button.text), button.style] for button in card.buttons],
        "source": sayable(card.source),
        "url": card.url,
        "fields": [[sayable(name), sayable(value)] for name, value in card.fields],
    }


def _menu(menu: Menu) -> _Body:
    if not 0 < len(menu.items) <= MENU_ITEMS:
        raise ValueError(f"a menu of {len(menu.items)} items")
    items = [[sayable(item.text), item.key, item.url] for item in menu.items]
    return {"kind": "menu", "head": sayable(menu.head), "items": items, "tail": sayable(menu.tail)}


def _menu_words(menu: Menu) -> str:
    lines = [menu.head, *(f"{item.text}:{item.url}" if item.url else item.text for item in menu.items), menu.tail]
    return "\n".join(line for line in lines if line)


def _welcome(letter: Letter) -> tuple[ParcelDraft, ...]:
    """The code takes one text or menu, and no second part."""
    content = letter.content
    if len(letter.to) != 1 or not isinstance(content, Text | Menu):
        raise ValueError("a welcome is one text or menu to one resident")
    text = content.text if isinstance(content, Text) else ""
    body = {"kind": "text", "text": clip_bytes(sayable(text), TEXT_BYTES)} if text else _bodies(content, Channel.KF)[0]
    return (_draft(letter, "kf/send_msg_on_event", body, letter.to),)


def _notices(letter: Letter, notice: Notice) -> tuple[ParcelDraft, ...]:
    if letter.channel is not Channel.OFFICIAL_ACCOUNT:
        raise ValueError(f"{letter.channel} has no notices")
    endpoint = "message/subscribe/bizsend" if notice.subscribed else "message/template/send"
    fields = [[key, sayable(value)] for key, value in notice.fields]
    body: _Body = {"kind": "notice", "template_id": notice.template_id, "fields": fields, "link": notice.url}
    return tuple(_draft(letter, endpoint, body, to) for to in _batches(letter))


def _card_words(card: Card) -> str:
    lines = [card.title, card.body, *(f"{name}:{value}" for name, value in card.fields), card.url]
    return "\n".join(line for line in lines if line)


@dataclass(frozen=True, slots=True)
class Budget:
    """What a plan costs: platform calls, person-times (the platform counts a group post by its members), and how many
    seconds it takes at our limits when nothing else is sent."""

    calls: int
    person_times: int
    seconds: int
    by_endpoint: Mapping[str, int]


def budget(letters: Iterable[Letter], limits: Sequence[Limit] = STANDARD) -> Budget:
    """Return what sending *letters* costs."""
    by_endpoint: dict[str, int] = defaultdict(int)
    load: dict[str, tuple[Limit, float]] = {}
    heads = 0
    for letter in letters:
        for draft in parcels(letter):
            by_endpoint[draft.endpoint] += 1
            heads += draft.people
            to: list[str] = draft.body["to"]
            for charge in charges(draft.channel, draft.endpoint, draft.target, to, draft.people, limits):
                load[charge.key] = charge.limit, load.get(charge.key, (charge.limit, 0.0))[1] + charge.weight
    calls = sum(by_endpoint.values())
    paced = max(((weight - limit.burst) / limit.rate for limit, weight in load.values()), default=0.0)
    seconds = max(paced, calls * ROUND_TRIP_S / AT_ONCE)
    return Budget(calls, heads, ceil(seconds), dict(by_endpoint))
