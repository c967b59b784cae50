"""Callbacks as the platform makes them, by the thousand: sealed with the stand-in's own crypto, posted over kept-alive
connections, and a ledger of how each was answered and how long that took."""

from __future__ import annotations

import http.client
import json
import secrets
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from bot.settings import DEMO_SECRETS
from standin import crypto, payloads

CORP, AGENT = DEMO_SECRETS["WECOM_CORP_ID"], int(DEMO_SECRETS["WECOM_AGENT_ID"])
TOKEN, AES_KEY = DEMO_SECRETS["WECOM_TOKEN"], DEMO_SECRETS["WECOM_AES_KEY"]
NOBODY = 0  # the status of a callback that got no answer at all


@dataclass(frozen=True)
class Callback:
    """One distinct message or event. `key` names it in the test, `plain` is what it says."""

    key: str
    plain: str


@dataclass
class Ledger:
    """What was answered: the statuses of every try by key, and every answer's seconds."""

    answers: dict[str, list[int]] = field(default_factory=dict)
    seconds: list[float] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, key: str, status: int, seconds: float) -> None:
        """Write one answer down."""
        with self.lock:
            self.answers.setdefault(key, []).append(status)
            self.seconds.append(seconds)

    def acknowledged(self) -> set[str]:
        """Return what we have promised not to lose."""
        return {key for key, statuses in self.answers.items() if 200 in statuses}

    def statuses(self) -> set[int]:
        """Return every status there was."""
        return {status for statuses in self.answers.values() for status in statuses}

    def p99_s(self) -> float:
        """Return what 99 of 100 answers did not take longer than."""
        return sorted(self.seconds)[int(len(self.seconds) * 0.99)]


class Caller:
    """The platform's side of our door; one connection a thread."""

    def __init__(self, url: str, clock_file: Path | None = None) -> None:
        self._netloc = urlsplit(url).netloc
        self._clock_file = clock_file
        self._mine = threading.local()
        self._opened: list[http.client.HTTPConnection] = []
        self._number = 7_440_000_000_000_000_000 + secrets.randbelow(10**12)

    def now(self) -> float:
        """Return the far side's moment."""
        offset = json.loads(self._clock_file.read_text())["offset_s"] if self._clock_file else 0.0
        return time.time() + float(offset)

    def text(self, userid: str, said: str, at: float | None = None) -> Callback:
        """Return a new text to the app."""
        self._number += 1
        plain = payloads.app_text(CORP, userid, at or self.now(), said, str(self._number), AGENT)
        return Callback(str(self._number), plain)

    def click(self, userid: str, task_id: str, key: str, at: float | None = None) -> Callback:
        """Return a new press of a card's button; such an event has no number of its own."""
        card = {"card_type": "button_interaction", "task_id": task_id}
        code = secrets.token_urlsafe(24)
        plain = payloads.app_click(CORP, userid, at or self.now(), AGENT, card, key, code, {})
        return Callback(f"{userid} {task_id} {key}", plain)

    def post(self, callback: Callback, ledger: Ledger) -> int:
        """Post it once, sealed anew; returns the status, NOBODY when nobody answered."""
        encrypted = crypto.encrypt(AES_KEY, CORP, callback.plain)
        stamp, nonce = str(int(self.now())), str(secrets.randbelow(10**10))
        query = {"msg_signature": crypto.sign(TOKEN, stamp, nonce, encrypted), "timestamp": stamp, "nonce": nonce}
        body = f"<xml><ToUserName><![CDATA[{CORP}]]></ToUserName><AgentID><![CDATA[{AGENT}]]></AgentID>"
        body += f"<Encrypt><![CDATA[{encrypted}]]></Encrypt></xml>"
        began = time.monotonic()
        status = self._post(f"/wecom/callback?{urlencode(query)}", body.encode())
        ledger.note(callback.key, status, time.monotonic() - began)
        return status

    def _post(self, path: str, body: bytes) -> int:
        connection = getattr(self._mine, "connection", None)
        if connection is None:
            connection = self._mine.connection = http.client.HTTPConnection(self._netloc, timeout=6)
            self._opened.append(connection)
        try:
            connection.request("POST", path, body, {"Content-Type": "text/xml"})
            answer = connection.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException):
            connection.close()
            self._mine.connection = None
            return NOBODY
        return int(answer.status)

    def close(self) -> None:
        """Close every connection; its threads are done."""
        while self._opened:
            self._opened.pop().close()


class Traffic:
    """A steady stream of callbacks in the background: *make* gives the next one, *each_s* apart, on four threads."""

    def __init__(self, caller: Caller, make: Callable[[int], Callback], each_s: float) -> None:
        self.ledger = Ledger()
        self._caller, self._make, self._each_s = caller, make, each_s
        self._ended = threading.Event()
        self._pool = ThreadPoolExecutor(4, thread_name_prefix="traffic")
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Traffic:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()
        self._pool.shutdown()
        self._caller.close()

    def _run(self) -> None:
        number, began = 0, time.monotonic()
        while not self._ended.wait(max(began + number * self._each_s - time.monotonic(), 0.0)):
            self._pool.submit(self._caller.post, self._make(number), self.ledger)
            number += 1


def post_all(caller: Caller, callbacks: Sequence[Callback], parallel: int) -> Ledger:
    """Post them in this order, *parallel* at a time; whatever is not answered 200 is posted again, as the platform
    does."""
    ledger = Ledger()

    def deliver(callback: Callback) -> None:
        for _ in range(3):
            if caller.post(callback, ledger) == 200:
                return
            time.sleep(0.2)

    with ThreadPoolExecutor(parallel) as pool:
        for _ in pool.map(deliver, callbacks, chunksize=16):
            pass
    caller.close()
    return ledger


def shuffled(
    callbacks: Sequence[Callback], copies: Iterator[int], order: Callable[[list[Callback]], None]
) -> list[Callback]:
    """Return every callback as often as *copies* says, in an *order* of its own."""
    found = [callback for callback in callbacks for _ in range(next(copies))]
    order(found)
    return found
