"""Conversations with residents, and what they want no notices of; known by label."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from handlers.domain.message import Channel
from handlers.domain.visit import Visit
from store.models import notice_refusal, visit
from store.prepared import Prepared

_INSERT: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
_V, _N = visit.c, notice_refusal.c
_COLUMNS = (_V.token, _V.came_at, _V.left_at, _V.asked, _V.asked_at)
_GET = Prepared(select(*_COLUMNS).where(_V.label == bindparam("of")))
_ASKING = Prepared(update(visit).where(_V.label == bindparam("of")), ("asked", "asked_at"))


def _seen(made: Any) -> Any:
    again = {"left_at": None, "seen_at": made.excluded.seen_at}
    return made.on_conflict_do_update(index_elements=["label"], set_=again).returning(*_COLUMNS)


_SEEN = Prepared({name: _seen(made(visit)) for name, made in _INSERT.items()}, ("label", "channel", "seen_at"))


class VisitRepo:
    """Keeps `handlers.ports.Visits`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, label: str) -> Visit:
        """Return the conversation as it stands, an empty one when there is none."""
        row = _GET.first(self._connection, of=label)
        return Visit(*row) if row else Visit()

    def came(self, channel: Channel, label: str, token: str | None, at: datetime) -> None:
        """Note by which code they came; without a code the earlier one stays."""
        known = {"token": token, "came_at": at} if token else {"came_at": at}
        self._put(channel, label, {"left_at": None, "seen_at": at, **known})

    def seen(self, channel: Channel, label: str, at: datetime) -> Visit:
        """Note that they spoke; returns the conversation as it stands."""
        return Visit(*_SEEN.first(self._connection, label=label, channel=channel.value, seen_at=at))

    def left(self, channel: Channel, label: str, at: datetime) -> None:
        """Note that they follow us no more: what bound them to a place is dropped."""
        gone = {"token": None, "asked": None, "asked_at": None, "left_at": at, "seen_at": at}
        self._put(channel, label, gone)

    def asking(self, label: str, topic: str | None, at: datetime) -> None:
        """Note what our answer waits to hear, None for nothing."""
        _ASKING.run(self._connection, of=label, asked=topic, asked_at=at if topic else None)

    def refuse(self, label: str, templates: Iterable[str], at: datetime) -> None:
        """Note that they want no notices of *templates*."""
        for template in dict.fromkeys(templates):
            made = self._insert(notice_refusal).values(label=label, template_id=template[:64], refused_at=at)
            again = made.on_conflict_do_update(index_elements=["label", "template_id"], set_={"refused_at": at})
            self._connection.execute(again)

    def allow(self, label: str, templates: Iterable[str]) -> None:
        """Note that they want notices of *templates* after all."""
        named = (_N.label == label, _N.template_id.in_([template[:64] for template in templates]))
        self._connection.execute(delete(notice_refusal).where(*named))

    def _put(self, channel: Channel, label: str, values: dict[str, Any]) -> None:
        made = self._insert(visit).values(label=label, channel=channel.value, **values)
        self._connection.execute(made.on_conflict_do_update(index_elements=["label"], set_=values))

    def _insert(self, table: Any) -> Any:
        return _INSERT[self._connection.dialect.name](table)
