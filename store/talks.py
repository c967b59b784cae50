"""Open conversations, war modes, alarms, heartbeats: small rows that remember what was said last."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from handlers.domain.mode import Mode
from handlers.domain.talk import Talk, Topic
from store.columns import UtcDateTime
from store.models import alarm, heartbeat, mode, talk
from store.prepared import Prepared

_M, _NOW = mode.c, bindparam("now", type_=UtcDateTime)
_CURRENT = Prepared(
    select(mode).where(_M.ended_at.is_(None), _M.starts_at <= _NOW, _M.expires_at > _NOW).order_by(_M.id)
)


class TalkRepo:
    """Keeps `handlers.ports.Talks`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, said: Talk) -> None:
        """Open a conversation, in the place of an earlier one on the same topic."""
        self.drop(said.person_id, said.place, [said.topic])
        self._connection.execute(
            insert(talk).values(
                person_id=said.person_id,
                place=said.place,
                topic=said.topic.value,
                subject_id=said.subject_id,
                body=dict(said.body),
                said_at=said.said_at,
                expires_at=said.expires_at,
            )
        )

    def last(self, person_id: int, place: str, topics: Iterable[str], now: datetime) -> Talk | None:
        """Return the newest open conversation on one of *topics*, None when all have expired."""
        query = select(talk).where(
            talk.c.person_id == person_id,
            talk.c.place == place,
            talk.c.topic.in_([str(topic) for topic in topics]),
            talk.c.expires_at > now,
        )
        newest = query.order_by(talk.c.said_at.desc(), talk.c.id.desc()).limit(1)
        row = self._connection.execute(newest).mappings().one_or_none()
        if row is None:
            return None
        kept = {key: value for key, value in row.items() if key != "id"}
        return Talk(**{**kept, "topic": Topic(row["topic"])})

    def drop(self, person_id: int, place: str, topics: Iterable[str]) -> None:
        """Close the conversations on *topics*."""
        names = [str(topic) for topic in topics]
        self._connection.execute(
            delete(talk).where(talk.c.person_id == person_id, talk.c.place == place, talk.c.topic.in_(names))
        )


class ModeRepo:
    """Keeps `handlers.ports.Modes`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def current(self, now: datetime) -> tuple[Mode, ...]:
        """Return every war mode in force."""
        return _modes(_CURRENT.all(self._connection, now=now))

    def start(self, node_id: int, issuer_id: int, basis: str, now: datetime, expires_at: datetime) -> Mode:
        """Declare war at a node, until *expires_at* at the latest."""
        values: dict[str, Any] = {
            "node_id": node_id,
            "issuer_id": issuer_id,
            "basis": basis,
            "starts_at": now,
            "expires_at": expires_at,
        }
        made = self._connection.execute(insert(mode).values(kind="war", **values).returning(mode.c.id)).scalar_one()
        return Mode(id=made, **values)

    def end(self, mode_id: int, now: datetime) -> bool:
        """End a mode; False when it had ended already."""
        query = update(mode).where(mode.c.id == mode_id, mode.c.ended_at.is_(None)).values(ended_at=now)
        return self._connection.execute(query).rowcount == 1

    def burnt_down(self, now: datetime) -> tuple[Mode, ...]:
        """Return the modes whose fuse is over and that nobody has ended."""
        return self._many(select(mode).where(mode.c.ended_at.is_(None), mode.c.expires_at <= now))

    def _many(self, query: Any) -> tuple[Mode, ...]:
        return _modes(self._connection.execute(query.order_by(mode.c.id)))


def _modes(rows: Iterable[Any]) -> tuple[Mode, ...]:
    return tuple(Mode(**{k: v for k, v in row._asdict().items() if k != "kind"}) for row in rows)


class AlarmRepo:
    """Keeps `handlers.ports.Alarms`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def sound(self, kind: str, detail: str, now: datetime) -> None:
        """Raise an alarm, or count up the open one of the same kind and detail."""
        open_one = (alarm.c.kind == kind, alarm.c.detail == detail[:300], alarm.c.closed_at.is_(None))
        again = update(alarm).where(*open_one).values(count=alarm.c.count + 1)
        if self._connection.execute(again).rowcount == 0:
            self._connection.execute(insert(alarm).values(kind=kind, detail=detail[:300], raised_at=now, count=1))

    def open(self) -> tuple[tuple[int, str, str, datetime, int], ...]:
        """Return (id, kind, detail, raised_at, count) of every open alarm, newest first."""
        columns = (alarm.c.id, alarm.c.kind, alarm.c.detail, alarm.c.raised_at, alarm.c.count)
        query = select(*columns).where(alarm.c.closed_at.is_(None)).order_by(alarm.c.id.desc())
        return tuple((i, k, d, r, c) for i, k, d, r, c in self._connection.execute(query))

    def close(self, alarm_id: int, now: datetime) -> None:
        """Close an alarm that was dealt with."""
        self._connection.execute(update(alarm).where(alarm.c.id == alarm_id).values(closed_at=now))


class HeartbeatRepo:
    """When each process was last alive; a gap is what 我断线… is told from."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def last(self, process: str) -> datetime | None:
        """Return when *process* last beat, None when it never did."""
        return self._connection.execute(
            select(heartbeat.c.beat_at).where(heartbeat.c.process == process)
        ).scalar_one_or_none()

    def stop(self, process: str) -> None:
        """Forget that *process* was ever alive."""
        self._connection.execute(delete(heartbeat).where(heartbeat.c.process == process))

    def beat(self, process: str, now: datetime) -> None:
        """Note that *process* is alive."""
        beaten = update(heartbeat).where(heartbeat.c.process == process).values(beat_at=now)
        if self._connection.execute(beaten).rowcount == 0:
            self._connection.execute(insert(heartbeat).values(process=process, beat_at=now))
