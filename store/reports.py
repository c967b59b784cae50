"""Reports, the counters that move with them, and the frozen daily report."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, Row, RowMapping, delete, func, insert, select, text, update
from sqlalchemy.dialects import postgresql, sqlite

from handlers.domain.counters import Counter, Place
from handlers.domain.report import Report, ReportStatus, number_of
from handlers.ports import Source
from store.models import daily, inbox, report, tally
from store.sequence import next_value

_INSERT: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
_ROOT_OF_COUNTERS = 0  # no node has this id
_LIVE = (ReportStatus.READ, ReportStatus.CONFIRMED)


class ReportRepo:
    """Keeps `handlers.ports.Reports`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def lock(self, node_id: int, day: date) -> None:
        """Let one transaction at a time change this node's day. SQLite has one writer anyway."""
        if self._connection.dialect.name == "postgresql":
            self._connection.execute(
                text("SELECT pg_advisory_xact_lock(:node, :day)"), {"node": node_id, "day": day.toordinal()}
            )

    def add(self, made: Report) -> Report:
        """Store *made* and return it with its number."""
        values = {
            "node_id": made.node_id,
            "day": made.day,
            "template": made.template,
            "part": made.part,
            "period": made.period or "",
            "slots": dict(made.values),
            "flags": sorted(made.flags),
            "status": made.status.value,
            "reporter_id": made.reporter_id,
            "reporter_role": made.reporter_role,
            "inbox_id": int(made.message_id) if made.message_id.isdigit() else None,
            "on_behalf": made.on_behalf,
            "drill": made.drill,
            "definition": made.definition,
            "supersedes": number_of(made.supersedes) if made.supersedes else None,
            "received_at": made.received_at,
        }
        row = self._connection.execute(insert(report).values(**values).returning(report)).mappings().one()
        return _report(row)

    def get(self, report_id: str) -> Report | None:
        """Return the report of that id."""
        query = select(report).where(report.c.id == number_of(report_id))
        row = self._connection.execute(query).mappings().one_or_none()
        return _report(row) if row else None

    def of_day(self, node_ids: Iterable[int], day: date, templates: Iterable[str] | None = None) -> tuple[Report, ...]:
        """Return everything said for these nodes and that day, in order of arrival, whatever its status."""
        found: list[Report] = []
        ids = list(node_ids)
        for first in range(0, len(ids), 500):
            query = select(report).where(report.c.day == day, report.c.node_id.in_(ids[first : first + 500]))
            if templates is not None:
                query = query.where(report.c.template.in_(list(templates)))
            found += [_report(row) for row in self._connection.execute(query).mappings()]
        return tuple(sorted(found, key=lambda r: r.order))

    def reported(
        self, node_ids: Iterable[int], day: date, template: str, statuses: Iterable[ReportStatus] = _LIVE
    ) -> frozenset[int]:
        """Return which of these nodes have a report of *template* for the day that stands (or is as *statuses* say)."""
        query = (
            select(report.c.node_id)
            .distinct()
            .where(
                report.c.day == day,
                report.c.template == template,
                report.c.status.in_(_values(statuses)),
                report.c.drill.is_(False),
            )
        )
        return frozenset(node_ids) & frozenset(self._connection.scalars(query))

    def set_status(self, report_id: str, status: ReportStatus) -> None:
        """Change where a report stands; what it said stays."""
        query = update(report).where(report.c.id == number_of(report_id))
        self._connection.execute(query.values(status=status.value))

    def last_by(self, reporter_id: int, since: datetime) -> Report | None:
        """Return the person's latest standing report."""
        query = select(report).where(
            report.c.reporter_id == reporter_id, report.c.received_at >= since, report.c.status.in_(_values(_LIVE))
        )
        row = self._connection.execute(query.order_by(report.c.id.desc()).limit(1)).mappings().one_or_none()
        return _report(row) if row else None

    def lock_counters(self, day: date) -> None:
        """Let one transaction at a time move the counters of *day*: every path ends at the same root."""
        self.lock(_ROOT_OF_COUNTERS, day)

    def counters(
        self, node_ids: Iterable[int], day: date, template: str, metrics: Iterable[str]
    ) -> dict[Place, Counter]:
        """Return the counters of these nodes for these metrics; one that is not there has counted nothing."""
        query = select(tally).where(
            tally.c.day == day,
            tally.c.template == template,
            tally.c.node_id.in_(list(node_ids)),
            tally.c.metric.in_(list(metrics)),
        )
        return {(row.node_id, row.metric): _counter(row) for row in self._connection.execute(query)}

    def put_counters(self, day: date, template: str, changed: Mapping[Place, Counter]) -> None:
        """Store counters as they now stand."""
        rows = [
            {
                "node_id": node,
                "day": day,
                "template": template,
                "metric": key,
                "own": counter.own,
                "own_said": counter.own_said,
                "below": counter.below,
                "below_said": counter.below_said,
            }
            for (node, key), counter in sorted(changed.items())
        ]
        if not rows:
            return
        made = _INSERT[self._connection.dialect.name](tally)
        moved = {name: made.excluded[name] for name in ("own", "own_said", "below", "below_said")}
        keys = ["node_id", "day", "template", "metric"]
        self._connection.execute(made.on_conflict_do_update(index_elements=keys, set_=moved), rows)

    def replace_counters(self, day: date, template: str, counters: Mapping[Place, Counter]) -> None:
        """Put *counters* in the place of all there are for the day and template."""
        self._connection.execute(delete(tally).where(tally.c.day == day, tally.c.template == template))
        self.put_counters(day, template, counters)

    def tally(self, node_id: int, day: date, template: str) -> Mapping[str, Counter]:
        """Return what stands at one node, by metric; a figure nobody gave is not there."""
        return self.tallies([node_id], day, template).get(node_id, {})

    def tallies(self, node_ids: Iterable[int], day: date, template: str) -> Mapping[int, Mapping[str, Counter]]:
        """Return what stands at each of these nodes, in one look-up; a node nobody spoke for is not there."""
        query = select(tally).where(
            tally.c.node_id.in_(list(node_ids)), tally.c.day == day, tally.c.template == template
        )
        found: dict[int, dict[str, Counter]] = {}
        for row in self._connection.execute(query.order_by(tally.c.metric)):
            counter = _counter(row)
            if counter.said:
                found.setdefault(row.node_id, {})[row.metric] = counter
        return found

    def tallies_between(
        self, node_id: int, first: date, last: date, template: str
    ) -> Mapping[date, Mapping[str, Counter]]:
        """Return what stands at one node on each of the days, both included; a day nobody spoke for is not there."""
        mine = (tally.c.node_id == node_id) & tally.c.day.between(first, last) & (tally.c.template == template)
        found: dict[date, dict[str, Counter]] = {}
        for row in self._connection.execute(select(tally).where(mine).order_by(tally.c.day, tally.c.metric)):
            counter = _counter(row)
            if counter.said:
                found.setdefault(row.day, {})[row.metric] = counter
        return found

    def sources(self, report_ids: Iterable[str]) -> Mapping[str, Source]:
        """Return where reports came from, each with those it went on from; a text is None once it was destroyed."""
        wanted = set(report_ids)
        found: dict[str, Source] = {}
        ask = wanted
        while ask:
            read = self._sources(ask)
            found |= read
            ask = {s.report.supersedes for s in read.values() if s.report.supersedes} - found.keys()
        return {key: replace(found[key], earlier=tuple(_earlier(found[key], found))) for key in wanted & found.keys()}

    def _sources(self, report_ids: Iterable[str]) -> dict[str, Source]:
        numbers = sorted(number_of(report_id) for report_id in report_ids)
        found: dict[str, Source] = {}
        for first in range(0, len(numbers), 500):
            query = (
                select(report, inbox.c.body, inbox.c.destroyed, inbox.c.channel)
                .join(inbox, inbox.c.id == report.c.inbox_id, isouter=True)
                .where(report.c.id.in_(numbers[first : first + 500]))
            )
            for row in self._connection.execute(query).mappings():
                made = _report(row)
                found[made.id] = Source(made, row["channel"], None if row["destroyed"] else row["body"])
        return found


def _earlier(source: Source, found: Mapping[str, Source]) -> Iterator[Source]:
    while source.report.supersedes and source.report.supersedes in found:
        source = found[source.report.supersedes]
        yield source


def _values(statuses: Iterable[ReportStatus]) -> list[str]:
    return [status.value for status in statuses]


def _counter(row: Row[Any]) -> Counter:
    return Counter(row.own, row.own_said, row.below, row.below_said)


def _report(row: RowMapping) -> Report:
    return Report(
        id=f"R-{row['id']}",
        node_id=row["node_id"],
        day=row["day"],
        template=row["template"],
        values=row["slots"],
        flags=frozenset(row["flags"]),
        status=ReportStatus(row["status"]),
        reporter_id=row["reporter_id"],
        reporter_role=row["reporter_role"],
        message_id=str(row["inbox_id"] or ""),
        received_at=row["received_at"],
        on_behalf=row["on_behalf"],
        definition=row["definition"],
        supersedes=f"R-{row['supersedes']}" if row["supersedes"] else None,
        period=row["period"] or None,
        part=row["part"],
        drill=row["drill"],
    )


class DailyRepo:
    """Keeps `handlers.ports.Dailies`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, node_id: int, day: date) -> Mapping[str, Any] | None:
        """Return the report as frozen, None when there is none."""
        query = select(daily.c.frozen).where(daily.c.node_id == node_id, daily.c.day == day)
        found = self._connection.execute(query).scalar_one_or_none()
        return MappingProxyType(found) if found else None

    def put(
        self, node_id: int, day: date, as_of: datetime, frozen: Mapping[str, Any], words: str, now: datetime
    ) -> int:
        """Keep a report; an IntegrityError when the day is frozen already."""
        values = {
            "node_id": node_id,
            "day": day,
            "issue": next_value(self._connection, f"daily:{node_id}"),
            "as_of": as_of,
            "frozen": dict(frozen),
            "text": words,
            "made_at": now,
        }
        return int(self._connection.execute(insert(daily).values(**values).returning(daily.c.id)).scalar_one())

    def made(self, day: date) -> frozenset[int]:
        """Return the nodes whose report of the day is frozen."""
        return frozenset(self._connection.scalars(select(daily.c.node_id).where(daily.c.day == day)))

    def next_issue(self, node_id: int) -> int:
        """Return the number (期) the next report of this node will carry."""
        query = select(func.count()).select_from(daily).where(daily.c.node_id == node_id)
        return int(self._connection.execute(query).scalar_one()) + 1

    def unposted(self, limit: int = 30) -> tuple[tuple[int, int, date, Mapping[str, Any], str], ...]:
        """Return (id, node_id, day, frozen, text) of the reports not yet handed to their group."""
        query = select(daily.c.id, daily.c.node_id, daily.c.day, daily.c.frozen, daily.c.text)
        rows = self._connection.execute(query.where(daily.c.posted_at.is_(None)).order_by(daily.c.id).limit(limit))
        return tuple((i, n, d, f, t) for i, n, d, f, t in rows)

    def posted(self, daily_id: int, now: datetime) -> None:
        """Note that the report's letters are written."""
        self._connection.execute(update(daily).where(daily.c.id == daily_id).values(posted_at=now))
