"""WeChat groups bound to nodes, and the one-time codes that bind them."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from handlers.domain.chats import CAPABILITIES, Chat, make_code, read_code
from handlers.domain.roster import PlannedChat
from store.models import bind_code, chat

_ASKED_AT_ONCE = 5_000
_KEPT_AFTER = timedelta(days=30)
"""How long a used or expired code is kept, so that it is not given out again while somebody may still have it."""


class ChatRepo:
    """Reads and writes groups within the caller's transaction. What it returns is active unless it says otherwise."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def bound(self, channel: str, address: str) -> Chat | None:
        """Return the group of that address, None when it is not bound."""
        chosen = select(chat).where(chat.c.channel == channel, chat.c.address == address, chat.c.active)
        return next(iter(self._read(chosen)), None)

    def get(self, chat_id: int) -> Chat | None:
        """Return the group of that id, active or not; None when there is none."""
        return next(iter(self._read(select(chat).where(chat.c.id == chat_id))), None)

    def of_nodes(self, node_ids: Iterable[int], channel: str | None = None) -> tuple[Chat, ...]:
        """Return the groups bound to these very nodes (not to those below), on one channel or on all."""
        wanted = list(dict.fromkeys(node_ids))
        found: list[Chat] = []
        for start in range(0, len(wanted), _ASKED_AT_ONCE):
            chosen = select(chat).where(chat.c.node_id.in_(wanted[start : start + _ASKED_AT_ONCE]), chat.c.active)
            found += self._read(chosen if channel is None else chosen.where(chat.c.channel == channel))
        return tuple(found)

    def all(self, channel: str | None = None) -> tuple[Chat, ...]:
        """Return every group, on one channel or on all."""
        chosen = select(chat).where(chat.c.active)
        return tuple(self._read(chosen if channel is None else chosen.where(chat.c.channel == channel)))

    # -- codes -------------------------------------------------------------------------------------------------------

    def new_code(self, node_id: int, now: datetime, valid_for: timedelta = timedelta(days=7)) -> str:
        """Return a new one-time code that binds a group to the node until *valid_for* from now."""
        stale = (bind_code.c.expires_at < now - _KEPT_AFTER) | (bind_code.c.used_at < now - _KEPT_AFTER)
        self._connection.execute(delete(bind_code).where(stale))
        taken = set(self._connection.execute(select(bind_code.c.code)).scalars())
        code = make_code(secrets.choice)
        while code in taken:
            code = make_code(secrets.choice)
        self._connection.execute(
            insert(bind_code).values(code=code, node_id=node_id, expires_at=now + valid_for, used_at=None)
        )
        return code

    def node_of_code(self, code: str, now: datetime) -> int | None:
        """Return the node a code would bind to, so that the right to bind there can be asked; None for a code that is
        unknown, used or expired: whoever guesses learns nothing from which it was."""
        good = (bind_code.c.code == read_code(code)) & bind_code.c.used_at.is_(None) & (bind_code.c.expires_at > now)
        return self._connection.execute(select(bind_code.c.node_id).where(good)).scalar_one_or_none()

    def bind(self, code: str, channel: str, address: str, name: str, now: datetime) -> Chat | None:
        """Bind the group to the code's node and use the code up; None for a code that is no good, or no longer.

        A group that was bound elsewhere moves: the newest word of somebody with a code counts.
        """
        node_id = self.node_of_code(code, now)
        mine = update(bind_code).where(bind_code.c.code == read_code(code), bind_code.c.used_at.is_(None))
        if node_id is None or self._connection.execute(mine.values(used_at=now)).rowcount != 1:
            return None
        return self.put(node_id, channel, address, name, now)

    # -- writing -----------------------------------------------------------------------------------------------------

    def put(
        self,
        node_id: int,
        channel: str,
        address: str,
        name: str,
        now: datetime,
        capabilities: Sequence[str] | None = None,
    ) -> Chat:
        """Bind the address to the node and return the group; what the channel can do is assumed unless said.

        An empty name leaves the one that is known: an AI bot's callback does not tell it.
        """
        able = tuple(capabilities if capabilities is not None else CAPABILITIES.get(channel, ()))
        values = {"node_id": node_id, "capabilities": list(able), "active": True, "bound_at": now}
        values |= {"name": name} if name else {}
        here = (chat.c.channel == channel) & (chat.c.address == address)
        if self._connection.execute(update(chat).where(here).values(values)).rowcount == 0:
            self._connection.execute(insert(chat).values(channel=channel, address=address, **values))
        return self._read(select(chat).where(here))[0]

    def unbind(self, chat_id: int) -> None:
        """Leave the group aside; its address can be bound again."""
        self._connection.execute(update(chat).where(chat.c.id == chat_id).values(active=False))

    def save(self, planned: Iterable[PlannedChat], node_ids: Mapping[str, int], now: datetime) -> int:
        """Bind a roster's groups at once; return how many were new or changed. `node_ids`: by the nodes' codes."""
        known = {(one.channel, one.address): one for one in self._read(select(chat))}
        new: list[dict[str, Any]] = []
        changed: list[dict[str, Any]] = []
        for one in planned:
            at = node_ids[one.node_code]
            values = {"node_id": at, "name": one.name, "capabilities": list(one.capabilities), "bound_at": now}
            old = known.get((one.channel, one.address))
            if old is None:
                new.append({"channel": one.channel, "address": one.address, **values})
            elif (old.node_id, old.name, old.capabilities, old.active) != (at, one.name, one.capabilities, True):
                changed.append({"at": old.id, **{f"to_{key}": value for key, value in values.items()}})
        if new:
            self._connection.execute(insert(chat), new)
        if changed:
            fields: dict[str, Any] = {
                key: bindparam(f"to_{key}") for key in ("node_id", "name", "capabilities", "bound_at")
            }
            again = update(chat).where(chat.c.id == bindparam("at")).values(active=True, **fields)
            self._connection.execute(again, changed)
        return len(new) + len(changed)

    def _read(self, chosen: Any) -> list[Chat]:
        return [
            Chat(
                row.id, row.node_id, row.channel, row.address, row.name or "", tuple(row.capabilities or ()), row.active
            )
            for row in self._connection.execute(chosen.order_by(chat.c.id))
        ]
