"""Message contents: what the platform takes, cuts or refuses [D 90236, 90248, 99110].

Every limit counts UTF-8 bytes. Text beyond its limit is cut without a word; markdown is refused with 45002.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from standin.cards import card_text
from standin.errors import ApiError

TEXT_BYTES = 2048
MARKDOWN_BYTES = 2048
ROBOT_MARKDOWN_BYTES = 4096
BOT_MARKDOWN_BYTES = 20_480

Content = tuple[dict[str, Any], str]


def cut(text: str, limit: int = TEXT_BYTES) -> str:
    """*text* without what lies beyond *limit* bytes; a character that would be split goes whole."""
    raw = text.encode()
    return text if len(raw) <= limit else raw[:limit].decode(errors="ignore")


def part(body: dict[str, Any], msgtype: str) -> dict[str, Any]:
    inner = body.get(msgtype)
    if not isinstance(inner, dict):
        raise ApiError(40058, f"missing {msgtype}")
    return inner


def text_content(body: dict[str, Any]) -> Content:
    inner = part(body, "text")
    content = inner.get("content")
    if not isinstance(content, str) or not content:
        raise ApiError(44004)
    shown = cut(content)
    return {**inner, "content": shown}, shown


def markdown_content(body: dict[str, Any], name: str = "markdown", limit: int = MARKDOWN_BYTES) -> Content:
    inner = part(body, name)
    content = inner.get("content")
    if not isinstance(content, str) or not content:
        raise ApiError(44004)
    if len(content.encode()) > limit:
        raise ApiError(45002)
    return inner, content


def textcard_content(body: dict[str, Any]) -> Content:
    inner = part(body, "textcard")
    if not inner.get("title"):
        raise ApiError(41016)
    if not inner.get("description"):
        raise ApiError(41033)
    if not inner.get("url"):
        raise ApiError(40058, "missing url")
    too_long = (
        len(inner["title"]) > 128
        or len(inner["description"]) > 512
        or len(inner["url"].encode()) > 2048
        or len(inner.get("btntxt", "")) > 4
    )
    if too_long:
        raise ApiError(45002)
    return inner, f"{inner['title']}\n{inner['description']}"


def news_content(body: dict[str, Any], name: str = "news") -> Content:
    inner = part(body, name)
    articles = inner.get("articles")
    if not isinstance(articles, list) or not 1 <= len(articles) <= 8:
        raise ApiError(45008)
    if any(not article.get("title") for article in articles):
        raise ApiError(41016)
    return inner, "\n".join(article["title"] for article in articles)


def media_content(body: dict[str, Any], name: str) -> Content:
    """Whether the file it names is there is asked in ``files.py``."""
    return part(body, name), f"[{name}]"


def content(body: dict[str, Any], *, markdown_limit: int = MARKDOWN_BYTES) -> Content:
    """The part of *body* its msgtype names, and that part as plain text. Template cards are checked elsewhere."""
    msgtype = body.get("msgtype")
    match msgtype:
        case "text":
            return text_content(body)
        case "markdown" | "markdown_v2":
            return markdown_content(body, str(msgtype), markdown_limit)
        case "textcard":
            return textcard_content(body)
        case "news" | "mpnews":
            return news_content(body, str(msgtype))
        case "image" | "voice" | "video" | "file":
            return media_content(body, str(msgtype))
        case "template_card":
            inner = part(body, "template_card")
            return inner, card_text(inner)
    raise ApiError(40008)


def fingerprint(body: dict[str, Any]) -> str:
    """The same 40 digits for the same JSON value, whatever the order of its keys."""
    canonical = json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha1(canonical.encode(), usedforsecurity=False).hexdigest()
