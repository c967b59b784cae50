"""Callbacks: signed, encrypted, posted; 5 s for an answer, three tries, ended by a 200 [D 90930, 90238, 101033]."""

from __future__ import annotations

import heapq
import json
import re
import secrets
import threading
import time
from typing import Any
from urllib.parse import urlencode, urlsplit

import urllib3

from standin import crypto, mp_events, payloads, post, replies
from standin.callbacks import Door, Emission
from standin.faults import Rule
from standin.payloads import cdata
from standin.site import Site

TRIES_AT_S = [0.0, 5.0, 10.0]
ANSWER_WITHIN_S = 5.0
ECHO_WITHIN_S = 1.0
WORKERS = 12
CODES = re.compile(r"(response_code=|<ResponseCode><!\[CDATA\[)[\w-]+")


class Emitter:
    """A queue with a due time for each try, and a few threads that post what is due."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._due: list[tuple[float, int, int, Emission]] = []
        self._held: list[Emission] = []
        self._open = 0
        self._serial = 0
        self._wake = threading.Condition()
        self._pool = urllib3.PoolManager(maxsize=WORKERS, retries=False)
        self._threads = [threading.Thread(target=self._work, name=f"emit-{i}", daemon=True) for i in range(WORKERS)]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self.forget()
        with self._wake:
            self._wake.notify_all()
        for thread in self._threads:
            thread.join(timeout=ANSWER_WITHIN_S + 1)
        self._pool.clear()

    @property
    def in_flight(self) -> int:
        """Callbacks neither answered nor given up."""
        with self._wake:
            return self._open

    def forget(self) -> None:
        """Give up everything that waits (a reset)."""
        with self._wake:
            waiting = [entry[-1] for entry in self._due]
            self._due.clear()
            self._held.clear()
        for emission in waiting:
            if not emission.busy:
                self._finish(emission, "forgotten")

    def submit(self, emission: Emission, after_s: float = 0.0) -> Emission:
        """*emission*, queued, after the standing callback faults had their way with it."""
        with self._site.lock:
            emission.world = self._site.world
            rules = self._site.faults.callback(urlsplit(emission.door.callback.url).path, *emission.door.names)
            self._site.world.count("callbacks_emitted")
            with self._wake:
                self._open += 1
            for rule in rules:
                after_s += self._apply(rule, emission)
        if emission.state == "dropped":
            self._finish(emission, "dropped")
        else:
            self._push(emission, after_s)
        return emission

    def _apply(self, rule: Rule, emission: Emission) -> float:
        """Seconds by which *rule* delays *emission*, after changing it or adding copies."""
        params = rule.params
        match rule.kind:
            case "cb_drop":
                emission.state = "dropped"
            case "cb_delay":
                return float(params.get("ms", 1000)) / 1000
            case "cb_bad_signature":
                emission.bad_signature = True
            case "clock_skew":
                emission.skew_s = float(params.get("offset_s", 400))
            case "cb_duplicate":
                for _ in range(int(params.get("n", 1))):
                    self._copy(emission, emission.plain)
            case "cb_same_second_pair":
                number = post.next_bot_msgid if emission.door.is_json else post.next_number
                self._copy(emission, payloads.twin(emission.plain, number(self._site), params.get("key")))
            case "cb_reorder":
                with self._wake:
                    self._held.append(emission)
                return float(params.get("hold_s", 2))
        return 0.0

    def _copy(self, emission: Emission, plain: str) -> None:
        with self._wake:
            self._open += 1
        copy = Emission(emission.door, plain, emission.label + " (copy)", emission.about, world=emission.world)
        self._push(copy, 0.0)

    def _push(self, emission: Emission, after_s: float) -> None:
        with self._wake:
            self._serial += 1
            heapq.heappush(self._due, (time.monotonic() + after_s, self._serial, len(emission.attempts), emission))
            self._wake.notify()

    def _work(self) -> None:
        while (emission := self._next()) is not None:
            self._attempt(emission)

    def _next(self) -> Emission | None:
        with self._wake:
            while not self._site.stopping.is_set():
                wait = self._due[0][0] - time.monotonic() if self._due else None
                if wait is None or wait > 0:
                    self._wake.wait(wait)
                    continue
                _, _, tries, emission = heapq.heappop(self._due)
                # a callback that was held back and let go early still has its old place in the queue
                if not emission.busy and not emission.done.is_set() and len(emission.attempts) == tries:
                    emission.busy = True
                    return emission
        return None

    def _attempt(self, emission: Emission) -> None:
        began = time.monotonic()
        status, data, query, error = self._post(emission)
        at_s = [float(s) for s in self._site.world.settings.get("retry_delays") or TRIES_AT_S]
        ms = round((time.monotonic() - began) * 1000)
        with self._site.lock:
            emission.attempts.append({"at": self._site.now(), "status": status, "ms": ms, "error": error})
            self._log(emission, query)
            if status == 200 and emission.world is self._site.world:
                emission.reply = replies.take(self._site, emission.door, emission.about, query, data)
        emission.busy = False
        tried = len(emission.attempts)
        if status == 200:
            self._finish(emission, "delivered")
        elif tried >= len(at_s):
            self._finish(emission, "failed")
        else:
            # tries are spaced from the first one, but none starts before the last has ended
            self._push(emission, max(at_s[tried] - at_s[tried - 1] - (time.monotonic() - began), 0.0))
        self._release_held(emission)

    def _release_held(self, after: Emission) -> None:
        with self._wake:
            held = [e for e in self._held if e is not after]
            self._held.clear()
        for emission in held:
            if not emission.attempts:
                self._push(emission, 0.0)

    def _finish(self, emission: Emission, state: str) -> None:
        with self._site.lock:
            if emission.done.is_set():
                return
            emission.state = state
            if said := self._site.world.messages.get(emission.about.said or ""):
                said.fate = state
            self._site.world.count(f"callbacks_{state}")
            self._site.feed.event(
                "callback", self._site.now(), label=emission.label, msgid=emission.about.said, **emission.view()
            )
            emission.done.set()
        with self._wake:
            self._open -= 1

    def _log(self, emission: Emission, query: dict[str, str]) -> None:
        self._site.feed.log(
            "out",
            self._site.now(),
            path=urlsplit(emission.door.callback.url).path,
            query={"timestamp": query.get("timestamp", "")},
            label=emission.label,
            body=CODES.sub(r"\1***", emission.plain),
            **{k: v for k, v in emission.attempts[-1].items() if k != "at"},
        )

    def _post(self, emission: Emission) -> tuple[int | None, bytes, dict[str, str], str | None]:
        query, body = self._wrap(emission)
        kind = "application/json" if emission.door.is_json else "text/xml"
        url = emission.door.callback.url
        try:
            response = self._pool.request(
                "POST",
                f"{url}{'&' if '?' in url else '?'}{urlencode(query)}",
                body=body,
                headers={"Content-Type": kind},
                timeout=urllib3.Timeout(total=self._site.world.settings.get("callback_timeout_s", ANSWER_WITHIN_S)),
                redirect=False,
            )
        except urllib3.exceptions.HTTPError as error:
            return None, b"", query, type(error).__name__
        return response.status, response.data, query, None

    def _wrap(self, emission: Emission) -> tuple[dict[str, str], bytes]:
        """The query and body of one try: each try is encrypted and signed anew, as the platform does."""
        door = emission.door
        timestamp, nonce = str(int(self._site.now() + emission.skew_s)), str(secrets.randbelow(10**10))
        encrypted = crypto.encrypt(door.callback.aeskey, door.receive_id, emission.plain)
        signature = crypto.sign(door.callback.token, timestamp, nonce, encrypted)
        if emission.bad_signature:
            signature = signature[::-1]
        query = {"msg_signature": signature, "timestamp": timestamp, "nonce": nonce}
        if "mp" in door.names:
            return mp_events.wrap(emission, query, encrypted)
        if emission.raw is not None:
            return query, emission.raw
        if door.is_json:
            return query, json.dumps({"encrypt": encrypted}).encode()
        agent = "" if door.agentid is None else str(door.agentid)
        xml = (
            f"<xml><ToUserName>{cdata(door.receive_id)}</ToUserName><AgentID>{cdata(agent)}</AgentID>"
            f"<Encrypt>{cdata(encrypted)}</Encrypt></xml>"
        )
        return query, xml.encode()

    def verify(self, door: Door) -> dict[str, Any]:
        """The GET check made when a callback address is saved: the decrypted echo, exactly, within 1 s [D 90930]."""
        echo, began = str(secrets.randbelow(10**19)), time.monotonic()
        timestamp, nonce = str(int(self._site.now())), str(secrets.randbelow(10**10))
        encrypted = crypto.encrypt(door.callback.aeskey, door.receive_id, echo)
        signature = crypto.sign(door.callback.token, timestamp, nonce, encrypted)
        query = {"msg_signature": signature, "timestamp": timestamp, "nonce": nonce, "echostr": encrypted}
        return self.fetch_echo(f"{door.callback.url}?{urlencode(query)}", echo, began)

    def fetch_echo(self, url: str, echo: str, began: float | None = None) -> dict[str, Any]:
        """Whether *url* gives exactly *echo* back within 1 s."""
        began = began or time.monotonic()
        try:
            got = self._pool.request("GET", url, timeout=urllib3.Timeout(total=ECHO_WITHIN_S), redirect=False)
        except urllib3.exceptions.HTTPError as error:
            return {"ok": False, "error": type(error).__name__}
        exact = got.status == 200 and got.data == echo.encode()
        return {"ok": exact, "status": got.status, "ms": round((time.monotonic() - began) * 1000)}
