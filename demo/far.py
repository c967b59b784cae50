"""The far side by remote control: people who type and press, and what stands on their phones."""

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any


class Far:
    """Talks to the stand-in's controls over HTTP."""

    def __init__(self, url: str) -> None:
        self.url = url

    def control(self, path: str, body: dict[str, Any] | None = None) -> Any:
        """Return the answer of one control call."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}/_ctl/{path}", data, {"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            raise RuntimeError(f"{path}: {error.read().decode()[:300]}") from error

    def text(self, userid: str, text: str, chat: str | None = None) -> dict[str, Any]:
        """Somebody says something, 1:1 or in a group; returns how the callback went."""
        where = {"to": "group", "chatid": chat} if chat else {"to": "app"}
        act = {"kind": "member_text", "userid": userid, "text": text, "wait": True, **where}
        answer: dict[str, Any] = self.control("act", act)
        return answer

    def click(self, userid: str, key: str) -> None:
        """Somebody presses a button of their newest card."""
        card = next(m for m in reversed(self.phone(userid)) if m.get("task_id"))
        self.control(
            "act", {"kind": "member_click", "userid": userid, "task_id": card["task_id"], "key": key, "wait": True}
        )

    def phone(self, userid: str) -> list[dict[str, Any]]:
        """What stands on somebody's phone outside groups."""
        found: list[dict[str, Any]] = self.control(f"inbox?userid={userid}")["messages"]
        return found

    def room(self, chat: str) -> list[dict[str, Any]]:
        """What stands in a group."""
        found: list[dict[str, Any]] = self.control(f"chat?chatid={chat}")["messages"]
        return found

    def forward(self, seconds: float) -> None:
        """Move the clock of both sides."""
        self.control("clock", {"advance_s": seconds})

    def heard(self, userid: str, holds: str, timeout_s: float = 20.0) -> str:
        """Return the newest words on the phone that hold *holds*; waits for them."""
        return _wait(lambda: _find(self.phone(userid), holds), f"{userid}: {holds}", timeout_s)

    def stands(self, chat: str, holds: str, timeout_s: float = 20.0) -> str:
        """Return the newest words in the group that hold *holds*; waits for them."""
        return _wait(lambda: _find(self.room(chat), holds), f"{chat}: {holds}", timeout_s)


def words(message: dict[str, Any]) -> str:
    """Return what a person reads of a message."""
    card = message.get("card")
    if card:
        title = card.get("main_title", {}).get("title", "")
        buttons = "".join(f" [{b['text']}]" for b in card.get("button_list", ()))
        return f"▤ {title} {card.get('sub_title_text', '')}{buttons}"
    return str(message.get("text") or f"[{message['msgtype']}]")


def _find(messages: list[dict[str, Any]], holds: str) -> str | None:
    ours = (words(m) for m in reversed(messages) if m["from"]["kind"] != "member")
    return next((said for said in ours if holds in said), None)


def _wait(look: Callable[[], str | None], what: str, timeout_s: float) -> str:
    until = time.monotonic() + timeout_s
    while time.monotonic() < until:
        found = look()
        if found is not None:
            return found
        time.sleep(0.05)
    raise TimeoutError(f"等了{timeout_s:g}秒没等到:{what}")
