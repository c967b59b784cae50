"""Template cards: their lists, ids and required fields [D 90236]. Each refusal has its own errcode."""

from __future__ import annotations

import re
from typing import Any

from standin.errors import ApiError

TYPES = ("text_notice", "news_notice", "button_interaction", "vote_interaction", "multiple_interaction")
INTERACTIVE = frozenset(TYPES[2:])
TASK_ID = re.compile(r"[0-9A-Za-z_\-@]{1,128}\Z")

Card = dict[str, Any]


def needs_callback(card: Card) -> bool:
    """Whether somebody can press something on *card*, so that it needs a task_id and a callback address."""
    return card.get("card_type") in INTERACTIVE or "action_menu" in card


def check(card: Card) -> None:
    """Nothing for a well-formed card; ApiError 42014-42051 otherwise."""
    kind = card.get("card_type")
    if kind not in TYPES:
        raise ApiError(42031, "card_type")
    if needs_callback(card) and not TASK_ID.match(str(card.get("task_id", ""))):
        raise ApiError(42014)
    _titles(card)
    _lists(card)
    if kind == "button_interaction":
        _buttons(card)
    elif kind == "vote_interaction":
        _vote(card)
    elif kind == "multiple_interaction":
        _selects(card)
    if kind in ("text_notice", "news_notice"):
        _action(card)
    _menu(card)


def _items(card: Card, name: str, at_most: int, code: int) -> list[Card]:
    items = card.get(name) or []
    if not isinstance(items, list) or len(items) > at_most:
        raise ApiError(code, name)
    return items


def _titles(card: Card) -> None:
    title = (card.get("main_title") or {}).get("title")
    if card["card_type"] == "text_notice":
        title = title or card.get("sub_title_text")
    if not title:
        raise ApiError(42033, "main_title.title")


def _lists(card: Card) -> None:
    for row in _items(card, "horizontal_content_list", 6, 42035):
        if not row.get("keyname"):
            raise ApiError(42027, "keyname")
        if row.get("type") == 1 and not row.get("url"):
            raise ApiError(42028, "url")
        if row.get("type") == 3 and not row.get("userid"):
            raise ApiError(42050, "userid")
    _items(card, "vertical_content_list", 4, 42036)
    for jump in _items(card, "jump_list", 3, 42042):
        if jump.get("type") == 1 and not jump.get("url"):
            raise ApiError(42028, "url")


def _buttons(card: Card) -> None:
    buttons = card.get("button_list")
    if not isinstance(buttons, list) or not 1 <= len(buttons) <= 6:
        raise ApiError(40058, "button_list")
    for button in buttons:
        if not button.get("text"):
            raise ApiError(42020, "button text")
        if button.get("type", 0) == 1:
            if not button.get("url"):
                raise ApiError(42028, "url")
            continue
        if not button.get("key"):
            raise ApiError(42019, "button key")
        if len(str(button["key"]).encode()) > 1024:
            raise ApiError(42018, "button key")


def _options(options: Any, at_most: int) -> None:
    if not isinstance(options, list) or not 1 <= len(options) <= at_most:
        raise ApiError(42037, "option_list")
    for option in options:
        if not option.get("id") or len(str(option["id"]).encode()) > 128:
            raise ApiError(42040, "option id")
        if not option.get("text"):
            raise ApiError(42041, "option text")


def _submit(card: Card) -> None:
    button = card.get("submit_button") or {}
    if not button.get("text"):
        raise ApiError(42049, "submit_button.text")
    if not button.get("key"):
        raise ApiError(42046, "submit_button.key")


def _vote(card: Card) -> None:
    box = card.get("checkbox") or {}
    if not box.get("question_key"):
        raise ApiError(42043, "question_key")
    _options(box.get("option_list"), 20)
    _submit(card)


def _selects(card: Card) -> None:
    selects = card.get("select_list")
    if not isinstance(selects, list) or not 1 <= len(selects) <= 3:
        raise ApiError(42047, "select_list")
    for select in selects:
        if not select.get("question_key"):
            raise ApiError(42043, "question_key")
        _options(select.get("option_list"), 10)
    _submit(card)


def _action(card: Card) -> None:
    action = card.get("card_action") or {}
    if action.get("type") not in (1, 2):
        raise ApiError(42045, "card_action")
    if action["type"] == 1 and not action.get("url"):
        raise ApiError(42028, "card_action.url")


def _menu(card: Card) -> None:
    menu = card.get("action_menu")
    if menu is None:
        return
    actions = menu.get("action_list")
    if not isinstance(actions, list) or not 1 <= len(actions) <= 3:
        raise ApiError(40058, "action_list")
    if len({a.get("key") for a in actions}) < len(actions):
        raise ApiError(42051, "action key")


def keys(card: Card) -> set[str]:
    """Every key somebody can press on *card*."""
    pressed = {b.get("key") for b in card.get("button_list") or [] if b.get("type", 0) == 0}
    pressed |= {a.get("key") for a in (card.get("action_menu") or {}).get("action_list") or []}
    pressed.add((card.get("submit_button") or {}).get("key"))
    return {str(k) for k in pressed if k}


def menu_keys(card: Card) -> set[str]:
    return {str(a.get("key")) for a in (card.get("action_menu") or {}).get("action_list") or []}


def card_text(card: Card) -> str:
    """The words on *card*, line by line."""
    title = card.get("main_title") or {}
    lines = [title.get("title"), title.get("desc"), card.get("sub_title_text")]
    lines += [f"{r.get('keyname', '')}:{r.get('value', '')}" for r in card.get("horizontal_content_list") or []]
    return "\n".join(str(line) for line in lines if line)
