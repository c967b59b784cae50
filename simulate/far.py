"""The far side in this process: the stand-in's own answers behind a small HTTP server, and faults drawn from content.

Whether a request is refused, lost, or carried out without an answer depends on the seed and on what it says, never on
the order in which connections happen to be served: the same seed breaks the same things.
"""

import asyncio
import io
import json
import re
import threading
from typing import Any
from zlib import crc32

import uvloop

from standin import kf_log, payloads, phones, post
from standin.api_message import issue_code
from standin.app import Application
from standin.clock import Clock as FarClock
from standin.plant import PlantedSite
from standin.residents import KfSession, Resident
from standin.world import Code, Message

_HEAD = re.compile(rb"(?i)\r\n(content-length|content-type): *([^\r]*)")
BUSY = b'{"errcode":-1,"errmsg":"system busy"}'
HARMED = ("/message/send", "/kf/send_msg", "/appchat/send")
_VARIES = ("duplicate_check_interval", "msgid", "task_id")


class Virtual(FarClock):
    """The moment the simulation says it is."""

    def __init__(self) -> None:
        super().__init__(None)
        self.at = 0.0

    def now(self) -> float:
        return self.at


class Far:
    """A platform with one corp. *seed* 0 breaks nothing; *share* of the requests that may break do."""

    def __init__(self, seed: int = 0, share: float = 0.0) -> None:
        self.clock = Virtual()
        self.site = PlantedSite(self.clock)
        self._seed, self._share = seed, share
        self._app = Application(self.site)
        self._tries: dict[int, int] = {}
        self.broken = {"busy": 0, "lost": 0, "unanswered": 0}
        self._read: dict[str, int] = {}
        self._loop = uvloop.new_event_loop()
        self._server = self._loop.run_until_complete(
            self._loop.create_server(lambda: _Connection(self), "127.0.0.1", 0)
        )
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        self.site.base_url = self.url
        self._thread = threading.Thread(target=self._loop.run_forever, name="far side", daemon=True)
        self._thread.start()

    def plant(self, seed: dict[str, Any]) -> None:
        """Begin the world that *seed* describes."""
        self.site.plant(seed)
        self.site.feed.event = self.site.feed.log = lambda *_a, **_k: None  # type: ignore[method-assign]

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._server.close()
        self._loop.close()

    # -- what people do ------------------------------------------------------------------------------------------------

    def resident(self, name: str) -> Resident:
        return self.site.world.residents.setdefault(name, Resident(name, name))

    def external(self, name: str) -> str:
        """Return the id under which our side knows a resident."""
        return self.resident(name).external_userid(next(iter(self.site.world.kf.values())).corpid)

    def writes(self, name: str, text: str, menu: dict[str, str] | None = None) -> None:
        """A resident writes in 微信客服, or taps what a menu offers."""
        with self.site.lock:
            account, resident = next(iter(self.site.world.kf.values())), self.resident(name)
            session = account.sessions.setdefault(resident.external_userid(account.corpid), KfSession(resident.id))
            session.said_at, session.answered = self.clock.now(), 0
            phones.said(self.site, resident, account.open_kfid, text)
            inner = {"content": text} | ({"menu_id": menu["id"]} if menu else {})
            kf_log.message(self.site, account, resident, "text", inner)

    def hint(self) -> str:
        """Return the callback that says that somebody wrote in 微信客服: what it was has to be pulled."""
        with self.site.lock:
            account = next(iter(self.site.world.kf.values()))
            token = f"ENC{self.number()}"
            account.tokens[token] = self.clock.now()
        more = {"Token": token, "OpenKfId": account.open_kfid}
        return payloads.app_notice(account.corpid, self.clock.now(), "kf_msg_or_event", **more)

    def number(self) -> str:
        """Return an id for something a member says."""
        with self.site.lock:
            return post.next_number(self.site)

    def press_code(self, userid: str, card: Message) -> str:
        """Return the response code that comes with a press on a card."""
        with self.site.lock:
            return issue_code(self.site, Code("click", card.sender, card.msgid, self.clock.now(), userid))

    def news(self, key: str) -> list[Message]:
        """Return what came to that phone since the last look, others' words only."""
        held = self.site.world.inboxes.get(key, ())
        seen = self._read.get(key, 0)
        if len(held) == seen:
            return []
        self._read[key] = len(held)
        found = (self.site.world.messages[one] for one in held[seen:])
        return [one for one in found if one.origin not in ("member", "resident")]

    def posts(self, key: str) -> list[Message]:
        """Return what was posted in that group since the last look."""
        room = self.site.world.room(key)
        held = room.posts if room else []
        seen = self._read.get(f"room {key}", 0)
        self._read[f"room {key}"] = len(held)
        return [self.site.world.messages[one] for one in held[seen:]]

    # -- what it answers -----------------------------------------------------------------------------------------------

    def answer(self, method: str, target: str, kind: str, body: bytes) -> bytes | None:
        """Return the body of the answer, None to hang up without one."""
        path, _, query = target.partition("?")
        fate = self._fate(path, body)
        if fate == "busy":
            return BUSY
        if fate == "lost":
            return None
        environ = {
            "REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": query, "REMOTE_ADDR": "127.0.0.1",
            "CONTENT_TYPE": kind, "CONTENT_LENGTH": str(len(body)), "wsgi.input": io.BytesIO(body),
        }  # fmt: skip
        made = b"".join(self._app(environ, lambda *_: None))
        return None if fate == "unanswered" else made

    def _fate(self, path: str, body: bytes) -> str | None:
        if not self._share or not path.endswith(HARMED):
            return None
        try:
            said = {key: value for key, value in json.loads(body).items() if key not in _VARIES}
        except ValueError:
            return None
        if said.get("msgtype") in ("image", "file"):  # the id of an upload is drawn anew each time
            return None
        if "template_card" in said:
            said["template_card"].pop("task_id", None)
        print_ = crc32(f"{self._seed}{json.dumps(said, sort_keys=True)}{int(self.clock.at) // 86_400}".encode())
        tried = self._tries[print_] = self._tries.get(print_, 0) + 1
        if tried > 3:
            return None
        draw = crc32(f"{print_}/{tried}".encode()) / 2**32
        kinds = list(self.broken)
        if draw >= self._share:
            return None
        fate = kinds[int(draw / self._share * len(kinds))]
        self.broken[fate] += 1
        return fate


class _Connection(asyncio.Protocol):
    """One kept-alive connection, one request at a time."""

    def __init__(self, far: Far) -> None:
        self._far, self._held = far, bytearray()

    def connection_made(self, transport: Any) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._held += data
        while (end := self._held.find(b"\r\n\r\n")) >= 0:
            head = bytes(self._held[:end])
            fields = {name.lower(): value for name, value in _HEAD.findall(head)}
            whole = end + 4 + int(fields.get(b"content-length", 0))
            if len(self._held) < whole:
                return
            body = bytes(self._held[end + 4 : whole])
            del self._held[:whole]
            method, target, _ = head.split(b" ", 2)
            kind = fields.get(b"content-type", b"").decode()
            made = self._far.answer(method.decode(), target.decode(), kind, body)
            if made is None:
                self._transport.abort()
                return
            self._transport.write(
                b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(made) + made
            )
