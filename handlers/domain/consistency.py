"""The consistency check (核对), done openly: what a declaration says beside what was said before, by whoever said it.

It never says who is right. The person is told which statement disagrees, sets it right with one tap, and only when a
day went by is called, to ask how they are. Seen: 391 declarations of 2020 that had been green against written lists.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from handlers.domain.facts import Facts


class Source(StrEnum):
    """Who said the other thing."""

    EARLIER = "earlier"  # the same person, on an earlier sheet
    HOUSEHOLD = "household"  # the worker who keeps the household's register
    OFFICIAL = "official"  # a list with issuer, basis and expiry


class Point(StrEnum):
    """What is said differently."""

    AWAY = "away"
    ORIGIN = "origin"
    ARRIVED = "arrived"


@dataclass(frozen=True, slots=True)
class Statement:
    """What somebody else said of a person: where from and when; `said_on` the day. Unknown is None or ()."""

    source: Source
    said_on: date
    away: bool
    origin: str = field(default="", repr=False)
    places: tuple[str, ...] = ()
    arrived: date | None = None
    issuer: str = ""
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One thing said in two ways. `now` and `other` are the two, in words; `other` holds enough to take its place."""

    source: Source
    point: Point
    now: str = field(repr=False)
    other: str = field(repr=False)
    said_on: date
    issuer: str = ""
    basis: str = ""


def disagreements(
    facts: Facts, made_on: date, statements: Iterable[Statement], within: timedelta
) -> tuple[Disagreement, ...]:
    """Return where *facts*, said on *made_on*, differ from the *statements*, at most one for each source.

    A journey that ended *within* that long ago still matters. One that began after the other thing was said is another
    journey, and no disagreement.
    """
    found: dict[Source, Disagreement] = {}
    for statement in sorted(statements, key=lambda one: one.said_on, reverse=True):
        if statement.source not in found and (differs := _differs(facts, made_on, statement, within)):
            found[statement.source] = differs
    return tuple(found.values())


def _differs(facts: Facts, made_on: date, other: Statement, within: timedelta) -> Disagreement | None:
    if other.said_on > made_on or not _matters(other, made_on, within):
        return None
    if not facts.away:
        return _made(other, Point.AWAY, "一直在本地", _journey(other.origin, other.arrived)) if other.away else None
    if facts.arrived is not None and facts.arrived > other.said_on:
        return None
    if not other.away:  # somebody said: was here all the time; and the journey was before that
        return _made(other, Point.AWAY, _journey(facts.origin, facts.arrived), "一直在本地")
    if other.places and facts.places and not _same_place(facts.places, other.places):
        return _made(other, Point.ORIGIN, facts.origin, other.origin)
    if other.arrived is not None and facts.arrived is not None and other.arrived != facts.arrived:
        return _made(other, Point.ARRIVED, _date(facts.arrived), _date(other.arrived))
    return None


def _matters(other: Statement, made_on: date, within: timedelta) -> bool:
    return made_on - (other.arrived or other.said_on) <= within


def _same_place(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Return whether the one names the other or lies in it: 湖北 and 湖北黄冈 do not disagree, 武汉 and 黄冈 do."""
    return set(one) <= set(other) or set(other) <= set(one)


def _made(other: Statement, point: Point, now: str, then: str) -> Disagreement:
    return Disagreement(other.source, point, now, then, other.said_on, other.issuer, other.basis)


def _journey(origin: str, arrived: date | None) -> str:
    return f"{_date(arrived)}从{origin or '外地'}回来" if arrived else f"从{origin or '外地'}回来"


def _date(day: date) -> str:
    return f"{day.month}月{day.day}日"


def call_due_at(asked_at: datetime, after: timedelta) -> datetime:
    """Return when a disagreement that nobody settled becomes a call to ask how they are."""
    return asked_at + after
