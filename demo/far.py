"""The far side by remote control: people who type and press, and what stands on their phones and in their groups."""

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any, TypeVar

Found = TypeVar("Found")


class Far:
    """Talks to the stand-in's controls over HTTP. Moments are seconds since the epoch on its clock."""

    def __init__(self, url: str) -> None:
        self.url = url

    def control(self, path: str, body: dict[str, Any] | None = None) -> Any:
        """Return the answer of one control call."""
        return json.loads(self._answer(f"/_ctl/{path}", body))

    def bytes_of(self, file: dict[str, Any]) -> bytes:
        """Return the content of a file that stands in a message."""
        return self._answer(file["url"])

    def _answer(self, path: str, body: dict[str, Any] | None = None) -> bytes:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}{path}", data, {"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                content: bytes = answer.read()
                return content
        except urllib.error.HTTPError as error:
            raise RuntimeError(f"{path}: {error.read().decode()[:300]}") from error

    def now(self) -> float:
        """Return what the far side's clock says."""
        moment: float = self.control("clock")["epoch"]
        return moment

    def forward(self, seconds: float) -> None:
        """Move the clock of both sides."""
        self.control("clock", {"advance_s": seconds})

    def text(self, userid: str, text: str, chat: str | None = None) -> dict[str, Any]:
        """Somebody says something, 1:1 or in a group; returns how the callback went."""
        where = {"to": "group", "chatid": chat} if chat else {"to": "app"}
        act = {"kind": "member_text", "userid": userid, "text": text, "wait": True, **where}
        answer: dict[str, Any] = self.control("act", act)
        return answer

    def press(self, userid: str, button: int = 0) -> str:
        """Somebody presses a button of their newest card; returns what stands on it."""
        card = next(m for m in reversed(self.phone(userid)) if m.get("task_id"))
        pressed = card["card"]["button_list"][button]
        act = {"kind": "member_click", "userid": userid, "task_id": card["task_id"], "key": pressed["key"]}
        self.control("act", {**act, "wait": True})
        return str(pressed["text"])

    def phone(self, userid: str) -> list[dict[str, Any]]:
        """What stands on somebody's phone outside groups."""
        found: list[dict[str, Any]] = self.control(f"inbox?userid={userid}")["messages"]
        return found

    def room(self, chat: str) -> list[dict[str, Any]]:
        """What stands in a group."""
        found: list[dict[str, Any]] = self.control(f"chat?chatid={chat}")["messages"]
        return found

    def heard(self, userid: str, holds: str, since: float = 0.0, timeout_s: float = 20.0) -> str:
        """Return the newest words on the phone that hold *holds* and came after *since*; waits for them."""
        return _wait(lambda: _find(self.phone(userid), holds, since), f"{userid}: {holds}", timeout_s)

    def stands(self, chat: str, holds: str, since: float = 0.0, timeout_s: float = 20.0) -> str:
        """Return the newest words in the group that hold *holds* and came after *since*; waits for them."""
        return _wait(lambda: _find(self.room(chat), holds, since), f"{chat}: {holds}", timeout_s)

    def file(self, chat: str, kind: str, since: float = 0.0, timeout_s: float = 20.0) -> dict[str, Any]:
        """Return the newest file of that kind (`image`, `file`) in the group; waits for it."""

        def look() -> dict[str, Any] | None:
            files = [m["media"] for m in self.room(chat) if m["at"] >= since and m.get("media")]
            return next((file for file in reversed(files) if file["kind"] == kind), None)

        return _wait(look, f"{chat}: {kind}", timeout_s)


def words(message: dict[str, Any]) -> str:
    """Return what a person reads of a message."""
    card = message.get("card")
    if card:
        title = card.get("main_title", {}).get("title", "")
        buttons = "".join(f" [{b['text']}]" for b in card.get("button_list", ()))
        return f"▤ {title} {card.get('sub_title_text', '')}{buttons}"
    return str(message.get("text") or f"[{message['msgtype']}]")


def _find(messages: list[dict[str, Any]], holds: str, since: float) -> str | None:
    ours = (words(m) for m in reversed(messages) if m["from"]["kind"] != "member" and m["at"] >= since)
    return next((said for said in ours if holds in said), None)


def _wait(look: Callable[[], Found | None], what: str, timeout_s: float) -> Found:
    until = time.monotonic() + timeout_s
    while time.monotonic() < until:
        found = look()
        if found is not None:
            return found
        time.sleep(0.05)
    raise TimeoutError(f"等了{timeout_s:g}秒没等到:{what}")
