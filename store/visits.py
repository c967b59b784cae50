"""Conversations with residents, and what they want no notices of; known by label."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from handlers.domain.message import Channel
from handlers.domain.visit import Visit
from store.models import notice_refusal, visit

_INSERT: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
_V, _N = visit.c, notice_refusal.c


class VisitRepo:
    """Keeps `handlers.ports.Visits`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, label: str) -> Visit:
        """Return the conversation as it stands, an empty one when there is none."""
        columns = (_V.token, _V.came_at, _V.left_at, _V.asked, _V.asked_at)
        row = self._connection.execute(select(*columns).where(_V.label == label)).one_or_none()
        return Visit(*row) if row else Visit()

    def came(self, channel: Channel, label: str, token: str | None, at: datetime) -> None:
        """Note by which code they came; without a code the earlier one stays."""
        known = {"token": token, "came_at": at} if token else {"came_at": at}
        self._put(channel, label, {"left_at": None, "seen_at": at, **known})

    def seen(self, channel: Channel, label: str, at: datetime) -> None:
        """Note that they spoke."""
        self._put(channel, label, {"left_at": None, "seen_at": at})

    def left(self, channel: Channel, label: str, at: datetime) -> None:
        """Note that they follow us no more: what bound them to a place is dropped."""
        gone = {"token": None, "asked": None, "asked_at": None, "left_at": at, "seen_at": at}
        self._put(channel, label, gone)

    def asking(self, label: str, topic: str | None, at: datetime) -> None:
        """Note what our answer waits to hear, None for nothing."""
        values = {"asked": topic, "asked_at": at if topic else None}
        self._connection.execute(update(visit).where(_V.label == label).values(values))

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
