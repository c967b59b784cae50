"""The callback doors, asked before Flask: raw RSGI for granian, raw WSGI for any other server.

A 200 leaves here only after the message is durable. Whatever is forged, malformed or stale gets the same 403,
whatever is too large the same 413; nothing but authentic messages touches the disk.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol
from urllib.parse import parse_qsl

from bot.channels.envelope import BODY_LIMIT, Envelope, Opened, Rejected
from bot.channels.inbound import Arrived
from store.inbox import Row, row

OK, FORBIDDEN, TOO_LARGE, UNAVAILABLE = 200, 403, 413, 503
ANSWER_WITHIN_S = 4.0  # the platform hangs up at 5 s
HEADERS = (
    ("content-type", "text/plain; charset=utf-8"),
    ("cache-control", "no-store"),
    ("x-content-type-options", "nosniff"),
)

_USUAL = re.compile(r"msg_signature=([0-9a-f]{40})&timestamp=(\d{10})&nonce=([0-9A-Za-z_-]{1,64})", re.ASCII)


class Counters(Protocol):
    """Where the door counts what it did (Prometheus in production)."""

    def count(self, channel: str, outcome: str) -> None:
        """Add one to *outcome* of *channel*."""


class Quarantine(Protocol):
    """Where rightly signed but stale messages are kept, sealed and capped; must not raise."""

    def keep(self, row: Row, stamped_at: datetime) -> None:
        """Keep *row* outside the inbox and raise an alarm."""


class TooLarge(Exception):
    """The body is over the limit."""


@dataclass(frozen=True, slots=True)
class Door:
    """One callback address: how to open what comes, how to make it a row, and what to say at once, without waiting for
    anything, inside the 200 (b"" for nothing)."""

    channel: str
    envelope: Envelope
    arrived: Callable[[Opened], Arrived]
    reply: Callable[[Opened, float], bytes] | None = None


class Replied(Row):
    """A row to which an answer is ready; the answer goes with it and is nobody else's."""

    reply: bytes = b""


class Doorkeeper:
    """Decides what a request is; knows nothing of servers."""

    def __init__(
        self,
        doors: Mapping[str, Door],
        quarantine: Quarantine,
        clock: Callable[[], float],
        setup: Callable[[float], bool],
        counters: Counters,
    ) -> None:
        self.doors, self._quarantine, self._clock = doors, quarantine, clock
        self._setup, self.counters = setup, counters

    def row(self, door: Door, query: str, body: bytes) -> Row:
        """Return the inbox row of a POST; Rejected or TooLarge, counted, when there is none."""
        try:
            if len(body) > BODY_LIMIT:
                raise TooLarge
            return self._row(door, query, body)
        except TooLarge:
            self.counters.count(door.channel, "too_large")
            raise
        except Rejected:
            self.counters.count(door.channel, "rejected")
            raise

    def settled(self, door: Door, durable: bool, row: Row) -> tuple[int, bytes]:
        """Return status and body of a taken message, counted: 200 only when it is durable, and only then a reply."""
        self.counters.count(door.channel, "accepted" if durable else "unavailable")
        return (OK, row.reply if isinstance(row, Replied) else b"") if durable else (UNAVAILABLE, b"")

    def echo(self, door: Door, query: str) -> bytes:
        """Return the plaintext of a GET check, in set-up mode only; Rejected otherwise."""
        now = self._clock()
        if not self._setup(now):
            raise Rejected("not in set-up")
        return door.envelope.echo(read_query(query), now)

    def _row(self, door: Door, query: str, body: bytes) -> Row:
        now = self._clock()
        opened = door.envelope.open(read_query(query), body, now)
        made = row_of(door.arrived(opened), opened.clear, datetime.fromtimestamp(now, UTC))
        if not opened.fresh:
            self._quarantine.keep(made, datetime.fromtimestamp(opened.stamped, UTC))
            raise Rejected("stale")
        if door.reply is not None and (reply := door.reply(opened, now)):
            made = Replied(*made)
            made.reply = reply
        return made


def row_of(arrived: Arrived, clear: bytes, received_at: datetime) -> Row:
    """Return the inbox row of what arrived; its body is the message as decrypted, sealed."""
    return row(
        arrived.key,
        arrived.channel.value,
        arrived.kind.value,
        arrived.sender,
        arrived.chat,
        clear,
        arrived.sent_at,
        received_at,
    )


def read_query(text: str) -> Mapping[str, str]:
    """Return the parameters of a query string; Rejected when one is repeated or there is no sense in it."""
    usual = _USUAL.fullmatch(text)
    if usual:
        return {"msg_signature": usual[1], "timestamp": usual[2], "nonce": usual[3]}
    if len(text) > 4096:
        raise Rejected("query length")
    try:
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=16, strict_parsing=True)
    except ValueError as error:
        raise Rejected("query") from error
    made = dict(pairs)
    if len(made) != len(pairs):
        raise Rejected("repeated parameter")
    return made
