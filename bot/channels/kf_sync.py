"""Hearing residents in 微信客服 [D 94670]: a callback only says that there is something; it is pulled with a cursor.

The cursor moves in the transaction that puts the messages into the inbox, so that no power cut loses one or reads one
twice; the inbox's unique key makes a second look at three days of history harmless. One process at a time pulls an
account, under a lease. Pulling needs no callback: every few minutes somebody looks anyway, and after an outage at once.
"""

import json
import logging
import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.channels.asking import Asker
from bot.channels.inbound import Arrived
from handlers.domain.delivery import label
from handlers.domain.errcodes import Kind, kind_of
from handlers.domain.errors import SendFailed
from handlers.domain.message import Channel, key_of
from handlers.domain.message import Kind as Said
from store.failpoints import reach
from store.inbox import Row, row
from store.kf_pull import Pull
from store.work import Store

log = logging.getLogger(__name__)

LOOK_EVERY = timedelta(minutes=5)  # without a hint: the platform allows fewer pulls that bring no token
HISTORY = timedelta(days=3)
PAGES_A_PULL = 200  # then somebody else may want the database
PAGE = 1000
REST_S = (2, 5, 15, 60, 300)
TOKEN_TOO_OLD = 95007
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")


class KfSync:
    """Pulls the kf accounts that are due. *owner* is this process's name on its leases."""

    def __init__(
        self, store: Store, asker: Asker, open_kfid: str, clock: Callable[[], datetime], owner: Callable[[], str]
    ) -> None:
        self._store, self._asker, self._open_kfid, self._clock, self._owner = store, asker, open_kfid, clock, owner

    def run(self) -> int:
        """Pull whatever is due; returns how many messages and events came in. Never raises for the platform's sake."""
        now = self._clock()
        with self._store.read() as work:
            due = work.pulls.due(now)
            known = work.pulls.known(self._open_kfid)
        if not known:  # the first start: there may be three days of history
            with self._store.begin() as work:
                work.pulls.ask(self._open_kfid, None, now)
            due = (*due, self._open_kfid)
        return sum(self._account(open_kfid) for open_kfid in due)

    def _account(self, open_kfid: str) -> int:
        # a lease of its own each time: a thread that was held up must not go on under its neighbour's
        owner, now = f"{self._owner()}/{secrets.token_hex(4)}", self._clock()
        with self._store.begin() as work:
            pull = work.pulls.lease(open_kfid, owner, now)
            if pull is not None and pull.pulled_at is not None and now - pull.pulled_at > HISTORY:
                work.alarms.sound("kf", "微信客服断开超过3天,更早的话平台已不保留", now)
        if pull is None:
            return 0
        reach("kf.leased")
        return self._pull(pull, owner)

    def _pull(self, pull: Pull, owner: str) -> int:
        cursor, token, came = pull.cursor, pull.token, 0
        for _ in range(PAGES_A_PULL):
            try:
                page = self._page(pull.open_kfid, cursor, token)
            except SendFailed as error:
                if error.code == TOKEN_TOO_OLD and token is not None:
                    token = None
                    continue
                self._failed(pull, owner, cursor, error)
                return came
            reach("kf.pulled")
            cursor, rows, more = page
            if not self._keep(pull.open_kfid, owner, cursor, rows):
                return came  # somebody else has the account now, and what we hold comes to him as well
            came += len(rows)
            if not more:
                self._release(pull, owner, LOOK_EVERY)
                return came
        self._release(pull, owner, timedelta(0))
        return came

    def _page(self, open_kfid: str, cursor: str, token: str | None) -> tuple[str, list[Row], bool]:
        asked = {"cursor": cursor, "token": token or "", "limit": PAGE, "voice_format": 0, "open_kfid": open_kfid}
        answer = self._asker.ask("kf/sync_msg", {name: value for name, value in asked.items() if value != ""})
        following, items = answer.get("next_cursor"), answer.get("msg_list")
        if not isinstance(following, str) or not isinstance(items, list):
            raise SendFailed("kf/sync_msg: not a page", retryable=True, unanswered=True)
        now = self._clock()
        rows = [made for item in items if isinstance(item, Mapping) and (made := _row(item, now)) is not None]
        return following or cursor, rows, answer.get("has_more") == 1

    def _keep(self, open_kfid: str, owner: str, cursor: str, rows: Sequence[Row]) -> bool:
        """Store what came and move the cursor, together or not at all."""
        with self._store.begin() as work:
            if not work.pulls.advance(open_kfid, owner, cursor, self._clock()):
                return False
            work.inbox.insert(rows)
            reach("kf.before_commit")
        reach("kf.after_commit")
        return True

    def _release(self, pull: Pull, owner: str, again_after: timedelta) -> None:
        with self._store.begin() as work:
            work.pulls.release(pull.open_kfid, owner, pull.asked, self._clock() + again_after)

    def _failed(self, pull: Pull, owner: str, cursor: str, error: SendFailed) -> None:
        """Look again later; longer each time. A cursor that the platform does not take is given up: three days are read
        again, and the inbox knows what it has."""
        now = self._clock()
        kind = kind_of(error.code) if error.code else Kind.BUSY
        rest = max(error.wait_s, float(REST_S[min(pull.failures, len(REST_S) - 1)]))
        if kind not in (Kind.BUSY, Kind.CROWDED, Kind.TOKEN):
            rest = max(rest, 61.0)
        log.warning("kf pull: %s", error)
        with self._store.begin() as work:
            if kind is Kind.CONTENT and cursor:
                work.pulls.advance(pull.open_kfid, owner, "", now)
            if kind not in (Kind.BUSY, Kind.CROWDED):
                work.alarms.sound("kf", f"拉取微信客服消息被拒 {error.code}", now)
            work.pulls.release(pull.open_kfid, owner, pull.asked, now + timedelta(seconds=rest), failed=True)


def arrived(item: Mapping[str, Any]) -> Arrived | None:
    """Return the inbox row in the making of one item; None for what has no id and could never be told apart."""
    msgid, seconds = item.get("msgid"), item.get("send_time")
    if not isinstance(msgid, str) or not msgid or type(seconds) is not int or not 0 < seconds < 2**33:
        return None
    event = item.get("event")
    about = event if isinstance(event, Mapping) else item
    whom = about.get("external_userid")
    sender = label(Channel.KF, whom) if isinstance(whom, str) and whom else None
    sent_at = datetime.fromtimestamp(seconds, UTC)
    return Arrived(key_of(Channel.KF, msgid, b""), Channel.KF, _kind(item), sender, None, item, sent_at)


def _kind(item: Mapping[str, Any]) -> Said:
    event, text = item.get("event"), item.get("text")
    if isinstance(event, Mapping):
        return Said.ENTER if event.get("event_type") == "enter_session" else Said.OTHER
    if item.get("origin") != 3:  # a person in the client, not the resident
        return Said.OTHER
    if isinstance(text, Mapping):
        return Said.CLICK if text.get("menu_id") else Said.TEXT
    return Said.VOICE if item.get("msgtype") == "voice" else Said.OTHER


def _row(item: Mapping[str, Any], now: datetime) -> Row | None:
    plain = _plain(item)
    made = arrived(plain)
    if made is None:
        log.error("kf: an item without an id")
        return None
    body = json.dumps(plain, ensure_ascii=False, separators=(",", ":")).encode()
    return row(made.key, made.channel.value, made.kind.value, made.sender, None, body, made.sent_at, now)


def _plain(value: Any) -> Any:
    """Return *value* without the marks that the reader of stored messages refuses."""
    if isinstance(value, str):
        return _CONTROL.sub("", value)
    if isinstance(value, Mapping):
        return {str(name): _plain(inner) for name, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, list) else value
