"""What happened, in order: the event feed for the page and the log of every HTTP exchange, secrets left out."""

from __future__ import annotations

import itertools
from collections import deque
from typing import Any

SECRET_NAMES = frozenset(
    {"access_token", "corpsecret", "secret", "key", "code", "response_code", "msg_signature", "echostr"}
)


class Feed:
    """Two append-only rings, numbered from 1 without gaps."""

    def __init__(self, size: int = 50_000) -> None:
        self._events: deque[dict[str, Any]] = deque(maxlen=size)
        self._log: deque[dict[str, Any]] = deque(maxlen=size)
        self.event_n = 0
        self.log_n = 0

    def event(self, kind: str, at: float, **fields: Any) -> None:
        self.event_n += 1
        self._events.append({"n": self.event_n, "type": kind, "at": at, **fields})

    def log(self, direction: str, at: float, **fields: Any) -> None:
        """One HTTP exchange; *direction* is ``in`` (a call to the API) or ``out`` (a callback)."""
        self.log_n += 1
        self._log.append({"n": self.log_n, "dir": direction, "at": at, **fields})

    def events(self, since: int, limit: int = 2000) -> dict[str, Any]:
        """``{"events", "next", "lost"}``: what came after number *since*, oldest first, at most *limit*."""
        return _page(self._events, self.event_n, since, limit, "events")

    def lines(self, since: int, limit: int = 2000) -> dict[str, Any]:
        return _page(self._log, self.log_n, since, limit, "log")


def _page(ring: deque[dict[str, Any]], last: int, since: int, limit: int, name: str) -> dict[str, Any]:
    first = last - len(ring)
    skip = max(since - first, 0)
    rows = list(itertools.islice(ring, skip, skip + limit))
    return {name: rows, "next": rows[-1]["n"] if rows else max(since, first), "lost": max(first - since, 0)}


def without_secrets(query: dict[str, str]) -> dict[str, str]:
    """*query* with the value of everything that opens a door replaced."""
    return {k: "***" if k in SECRET_NAMES else v for k, v in query.items()}


def body_without_secrets(body: Any) -> Any:
    if not isinstance(body, dict):
        return body
    shown = {k: "***" if k in SECRET_NAMES and isinstance(v, str) else v for k, v in body.items()}
    picture = shown.get("image")
    if isinstance(picture, dict) and isinstance(picture.get("base64"), str):
        shown["image"] = picture | {"base64": f"({len(picture['base64'])} characters)"}
    return shown
