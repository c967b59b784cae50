"""What a kf account may say: text, a menu, a file, a link, and how large each may be [D 94677]."""

from __future__ import annotations

import re
from typing import Any

from standin import files, validate
from standin.errors import ApiError
from standin.site import Site

MSGID = re.compile(r"[0-9A-Za-z_-]{1,32}")
TEXT_BYTES, MENU_BYTES, CLICK_BYTES, URL_BYTES, MENU_ITEMS = 2048, 1024, 128, 2048, 10
FILES = frozenset({"image", "voice", "video", "file"})

Content = tuple[dict[str, Any], str]


def read(site: Site, owner: str, body: dict[str, Any]) -> Content:
    """The part of *body* its msgtype names, checked, and its words; files are looked up among those of *owner*."""
    msgtype = body.get("msgtype")
    match msgtype:
        case "text":
            return _text(body)
        case "msgmenu":
            return _menu(validate.part(body, "msgmenu"))
        case "link":
            inner = validate.part(body, "link")
            if not inner.get("title") or not inner.get("url"):
                raise ApiError(40058, "link")
            return inner, f"{inner['title']}\n{inner['url']}"
    if msgtype in FILES:
        inner = validate.part(body, str(msgtype))
        files.shown_in(site, owner, str(msgtype), inner)
        return inner, f"[{msgtype}]"
    raise ApiError(40008)


def _text(body: dict[str, Any]) -> Content:
    inner = validate.part(body, "text")
    content = inner.get("content")
    if not isinstance(content, str) or not content:
        raise ApiError(44004)
    if len(content.encode()) > TEXT_BYTES:
        raise ApiError(45002)
    return inner, content


def _menu(inner: dict[str, Any]) -> Content:
    items = inner.get("list")
    if not isinstance(items, list) or not items:
        raise ApiError(40063, "msgmenu.list")
    if len(items) > MENU_ITEMS:
        raise ApiError(95008)
    head, tail = str(inner.get("head_content", "")), str(inner.get("tail_content", ""))
    if max(len(head.encode()), len(tail.encode())) > MENU_BYTES:
        raise ApiError(45002)
    words = [_item(item) for item in items]
    return inner, "\n".join(line for line in (head, *(f"▸ {word}" for word in words), tail) if line)


def _item(item: Any) -> str:
    kind = item.get("type") if isinstance(item, dict) else None
    if kind not in ("click", "view", "miniprogram"):
        raise ApiError(95009)
    inner = item.get(kind)
    if not isinstance(inner, dict) or not inner.get("content"):
        raise ApiError(40058, f"msgmenu.{kind}.content")
    content = str(inner["content"])
    most = CLICK_BYTES if kind == "click" else MENU_BYTES
    if len(content.encode()) > most or len(str(inner.get("id", "")).encode()) > CLICK_BYTES:
        raise ApiError(45002)
    if kind == "view" and not 0 < len(str(inner.get("url", "")).encode()) <= URL_BYTES:
        raise ApiError(40058, "msgmenu.view.url")
    return content


def msgid_of(body: dict[str, Any]) -> str | None:
    """The caller's own id of a message, None when he gives none; 40058 when it is not one."""
    given = body.get("msgid")
    if given in (None, ""):
        return None
    if not isinstance(given, str) or not MSGID.fullmatch(given):
        raise ApiError(40058, "msgid")
    return given
