"""The receipt (凭据) a declaration gets: a colour with its reason, its end and a way to object. It is no pass.

A written table, versioned (口径), turns declared facts and signed official lists into green or yellow, and nothing
else into either. Red is no rule's: a named clinician gives it, with a reason, an end and an appeal.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from string import Formatter

from handlers.domain.consent import ConsentPurpose, ConsentText
from handlers.domain.consistency import Disagreement, Source
from handlers.domain.facts import Facts
from handlers.domain.returnees import Table

_SENTENCE = re.compile(r"[^。]+。?")


class Colour(StrEnum):
    """Green and yellow come from the written table; red only from a named clinician."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What is handed out. Nothing here can be scanned, runs like a clock, or opens a gate.

    `rules` are the ids of the rules that spoke, `version` the 口径 they stood in. `valid_until` is the last day it says
    anything. `by` names the clinician of a red one.
    """

    id: int
    colour: Colour
    reason: str = field(repr=False)
    next_steps: str = field(repr=False)
    valid_until: date
    ask: str
    rules: tuple[str, ...]
    version: str
    made_at: datetime
    arrived_at: datetime
    by: str | None = None


@dataclass(frozen=True, slots=True)
class OfficialList:
    """A list of places a health authority signed: from its day of issue to its expiry, both included, and not longer.

    `places` are full names (湖北省, 温州市).
    """

    id: str
    issuer: str
    basis: str
    issued_on: date
    expires_on: date
    places: frozenset[str]

    def in_force(self, day: date) -> bool:
        """Return whether the list says anything on *day*."""
        return self.issued_on <= day <= self.expires_on


@dataclass(frozen=True, slots=True)
class When:
    """What must be true together. None asks nothing; a fact that is unknown is never true."""

    celsius_from: Decimal | None = None
    symptoms_any: frozenset[str] | None = None
    tables: frozenset[Table] | None = None
    overseas: bool | None = None
    from_list: str | None = None
    through_list: str | None = None
    arrived_within: int | None = None  # days, the day of arrival being 0
    differs_from: frozenset[Source] | None = None  # an unsettled disagreement with one of these

    @property
    def asks_nothing(self) -> bool:
        """Return whether it is true of everybody."""
        return self == When()


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of the table. It ends `days` after the declaration, or with the observation when that is None.

    `reason` and `next_steps` may name the words of `WORDS` in braces.
    """

    id: str
    colour: Colour
    when: When
    reason: str
    next_steps: str
    days: int | None = None


@dataclass(frozen=True, slots=True)
class RuleTable:
    """The written rules in their order, with the texts somebody says yes to. `lists`: the official lists it names."""

    version: str
    basis: str
    observe_days: int
    incubation_days: int
    rules: tuple[Rule, ...]
    consents: Mapping[ConsentPurpose, ConsentText]
    notice: str
    notice_version: int
    lists: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the table says of one person today."""

    colour: Colour
    reason: str
    next_steps: str
    valid_until: date
    rules: tuple[str, ...]
    version: str


WORDS = frozenset({"celsius", "fever", "symptoms", "origin", "transit", "arrived", "day", "observe", "issuer", "basis"})
"""What a reason may name: {origin} is as it was said, {day} counts from the day of arrival as day 0."""


def judge(
    facts: Facts,
    table: RuleTable,
    lists: Iterable[OfficialList],
    day: date,
    names: Mapping[str, str],
    fever: Decimal,
    differing: Iterable[Disagreement] = (),
) -> Verdict:
    """Return what *table* says of *facts* on *day*: every yellow rule that is true speaks, else the first green one.

    *names* are the Chinese words of symptom codes, *fever* the county's threshold in °C, *differing* what is not yet
    settled. A list that is not in force that day says nothing. Raises ValueError when no rule is true: the last one of
    a table must ask nothing.
    """
    known = {one.id: one for one in lists if one.in_force(day)}
    open_ones = tuple(differing)
    sources = frozenset(one.source for one in open_ones)
    true = [rule for rule in table.rules if _true(rule.when, facts, known, day, sources)]
    yellow = [rule for rule in true if rule.colour is Colour.YELLOW]
    speaking = yellow or [rule for rule in true if rule.colour is Colour.GREEN][:1]
    if not speaking:
        raise ValueError("no rule of the table is true")
    said = [_words(rule, facts, table, known, day, names, fever, open_ones) for rule in speaking]
    return Verdict(
        colour=speaking[0].colour,
        reason=";".join(dict.fromkeys(rule.reason.format(**words) for rule, words in zip(speaking, said, strict=True))),
        next_steps="".join(
            dict.fromkeys(
                sentence  # what two rules both ask is asked once
                for rule, words in zip(speaking, said, strict=True)
                for sentence in _SENTENCE.findall(rule.next_steps.format(**words))
            )
        ),
        valid_until=max(_ends(rule, facts, table, day) for rule in speaking),
        rules=tuple(rule.id for rule in speaking),
        version=table.version,
    )


def _true(when: When, facts: Facts, lists: Mapping[str, OfficialList], day: date, differing: frozenset[Source]) -> bool:
    if when.differs_from is not None and when.differs_from.isdisjoint(differing):
        return False
    if when.celsius_from is not None and (facts.celsius is None or facts.celsius < when.celsius_from):
        return False
    if when.symptoms_any is not None and not when.symptoms_any.intersection(facts.symptoms or ()):
        return False
    if when.tables is not None and facts.table not in when.tables:
        return False
    if when.overseas is not None and facts.overseas is not when.overseas:
        return False
    if when.from_list is not None and not _on(lists.get(when.from_list), facts.places):
        return False
    if when.through_list is not None and not _on(lists.get(when.through_list), facts.passed):
        return False
    if when.arrived_within is not None:
        return facts.arrived is not None and 0 <= (day - facts.arrived).days < when.arrived_within
    return True


def _on(listed: OfficialList | None, places: Collection[str]) -> bool:
    return listed is not None and not listed.places.isdisjoint(places)


def _ends(rule: Rule, facts: Facts, table: RuleTable, day: date) -> date:
    if rule.days is None and facts.arrived is not None:
        return facts.arrived + timedelta(days=table.observe_days)
    return day + timedelta(days=rule.days or 1)


def _words(
    rule: Rule,
    facts: Facts,
    table: RuleTable,
    lists: Mapping[str, OfficialList],
    day: date,
    names: Mapping[str, str],
    fever: Decimal,
    differing: tuple[Disagreement, ...],
) -> dict[str, str]:
    other = next((one for one in differing if one.source in (rule.when.differs_from or ())), None)
    listed = lists.get(rule.when.from_list or rule.when.through_list or "")
    arrived = facts.arrived
    told = [code for code in facts.symptoms or () if code in (rule.when.symptoms_any or facts.symptoms or ())]
    return {
        "celsius": "" if facts.celsius is None else f"{facts.celsius}℃",
        "fever": f"{fever}℃",
        "symptoms": "、".join(names.get(code, code) for code in told),
        "origin": facts.origin,
        "transit": facts.transit,
        "arrived": f"{arrived.month}月{arrived.day}日" if arrived else "",
        "day": str((day - arrived).days) if arrived else "",
        "observe": str(table.observe_days),
        "issuer": listed.issuer if listed else other.issuer if other else "",
        "basis": listed.basis if listed else other.basis if other else "",
    }


def words_in(text: str) -> frozenset[str]:
    """Return the words *text* names in braces; ValueError when the braces do not match.

    >>> sorted(words_in("{arrived}从{origin}返回"))
    ['arrived', 'origin']
    """
    return frozenset(name for _, name, _, _ in Formatter().parse(text) if name is not None)
