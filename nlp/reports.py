"""Whatever a worker or a household tells: which kinds of record the message holds, in reading order."""

import itertools
import re
from dataclasses import replace
from datetime import datetime

from nlp import daily, events, gates, layout, parcels, roadside, rolls
from nlp.grammar import Reading
from nlp.roll import Roll
from nlp.types import Draft, Intent, Slot
from nlp.when import read_when

Told = tuple[Intent, list[Draft]]
_INTENT = {
    "daily": Intent.DAILY_REPORT, "checkpoint": Intent.CHECKPOINT, "temperature": Intent.TEMPERATURE_ROLL,
    "need": Intent.NEEDS, "delivery": Intent.DELIVERY, "event": Intent.EVENT, "returnee": Intent.DAILY_REPORT,
    "gauge": Intent.DAILY_REPORT, "vehicle": Intent.CHECKPOINT,
}  # fmt: skip
_TITLED = re.compile(r"日报|零报告|今日情况|情况如下|【")
_CASE_KEYS = frozenset(
    {"fever_people", "people_checked", "households_checked", "returnees", "returnees_wuhan", "returnees_hubei"}
    | {"antigen_positive", "trapped_people", "cough_people", "casualties", "injured_people", "isolated_people"}
    | {
        "close_contacts",
        "returnees_out_province",
        "returnees_in_province",
        "returnees_hubei_other",
        "flooded_houses",
        "roads_blocked",
    }
)
_SENTENCE = re.compile(r"[。!?\n;]+|,?(?=另外|另,|此外|还有就是|顺便)")
_CLAUSE = re.compile(r"[,。!?\n;]+")


def read_reports(text: str, sent_at: datetime, channel: str, role: str) -> Told:
    """Return the intent and the records of *text* (normalised, own words, past the gates)."""
    for reader in (_tabular, _roadside, _register, _people, _mixed):
        told = reader(text, sent_at, channel, role)
        if told is not None:
            return told
    return Intent.CHATTER, []


def _tabular(text: str, sent_at: datetime, channel: str, role: str) -> Told | None:
    drafts: list[Draft] = []
    seen = Slot(daily.SEEN, None, 0, len(text))  # a table is read whole: its totals and blanks ask nothing
    for row in layout.table(text) or layout.positional(text):
        drafts += [
            _placed(draft, row, seen) for draft, reading in daily.read_sections(row.text, sent_at) if reading.figures
        ]
    return (_INTENT[drafts[0].type], drafts) if drafts else None


def _placed(draft: Draft, row: layout.Rebuilt, seen: Slot) -> Draft:
    """Return *draft*, read from a rebuilt row, with its spans where the figures stand in the message."""
    slots = tuple(
        replace(slot, start=at[0], end=at[1]) for slot in draft.slots for at in [row.span(slot.start, slot.end)]
    )
    ends = [slot.end for slot in slots if slot.end]
    return Draft(
        draft.type, (*slots, seen), min((slot.start for slot in slots if slot.end), default=0), max(ends, default=0)
    )


def _roadside(text: str, sent_at: datetime, channel: str, role: str) -> Told | None:
    """Read cars at a checkpoint and gauges, when the message holds no report of counts beside them."""
    if not roadside.may_hold(text):
        return None
    if any(len(reading.figures) > 3 for _, reading in daily.read_sections(text, sent_at)):
        return None
    cars = roadside.vehicle_drafts(text)
    if cars and not events.event_categories(text):
        return Intent.CHECKPOINT, cars
    gauges = roadside.gauge_drafts(text, sent_at)
    return (Intent.DAILY_REPORT, gauges) if gauges else None


def _register(text: str, sent_at: datetime, channel: str, role: str) -> Told | None:
    if not rolls.is_register(text):
        return None
    drafts = rolls.returnee_drafts(text, sent_at)
    if len(drafts) == 1 and events.event_categories(text):
        return None  # one who came back with a fever is a case
    return (Intent.DAILY_REPORT, drafts) if drafts else None


def _people(text: str, sent_at: datetime, channel: str, role: str) -> Told | None:
    roll = rolls.read_people(text)
    if roll is None or not rolls.is_roll(text, roll, role, channel):
        return None
    if _counts_more(text, roll, sent_at):
        return None
    drafts = rolls.roll_drafts(text, roll, sent_at)
    return Intent.TEMPERATURE_ROLL, drafts


def _counts_more(text: str, roll: Roll, sent_at: datetime) -> bool:
    """One reading amid the figures of a report is a detail of the report, not a list."""
    if roll.chain or sum(len(row.readings) for row in roll.rows) > 1:
        return False
    sections = daily.read_sections(text, sent_at)
    return any(sum(figure.value != 0 for figure in reading.figures.values()) >= 2 for _, reading in sections)


def event_drafts(text: str, categories: tuple[str, ...], sent_at: datetime) -> list[Draft]:
    """Return the one event record of *text*."""
    slots = events.read_event(text, categories)
    when = read_when(text, sent_at)
    slots += [slot for slot in when.slots if slot.key == "date"]
    slots += [Slot("arrival_date", day.day.isoformat(), day.start, day.end) for day in when.arrivals[:1]]
    return [Draft("event", tuple(slots), 0, len(text))]


def _mixed(text: str, sent_at: datetime, channel: str, role: str) -> Told | None:
    figures = daily.read_sections(text, sent_at)
    reported = [(draft, reading) for draft, reading in figures if daily.is_report(draft, reading, text, role)]
    loose = _only_loose(reported) and (events.event_categories(text) or parcels.read_needs(text))
    if not reported or _only_orders(reported) or loose:
        told = _single(text, sent_at, role)
        if told is not None or not reported:
            return told
    if _is_case(text, reported):
        categories = events.event_categories(text)
        return Intent.EVENT, event_drafts(text, categories, sent_at)
    if len(reported) > 1:
        return _INTENT[reported[0][0].type], [draft for draft, _ in reported]
    return _with_asides(text, sent_at, role, reported[0][0], reported[0][1])


def _only_orders(reported: list[tuple[Draft, Reading]]) -> bool:
    """代购送达2单 over a list of goods is the title of the list."""
    return all(set(reading.figures) <= {"deliveries"} and not reading.states for _, reading in reported)


def _only_loose(reported: list[tuple[Draft, Reading]]) -> bool:
    """Figures without any label of their own may as well be amounts of goods."""
    figures = [figure for _, reading in reported for figure in reading.figures.values()]
    return all(figure.loose for figure in figures) and not any(reading.states for _, reading in reported)


def _is_case(text: str, reported: list[tuple[Draft, Reading]]) -> bool:
    """发热1人:1组吴某38.0 is a case, not a count."""
    figures = {key: figure.value for _, reading in reported for key, figure in reading.figures.items()}
    if len(figures) > 2 or _TITLED.search(text) or any(reading.states for _, reading in reported):
        return False
    categories = events.event_categories(text)
    if not categories or not all(key.split("@")[0] in _CASE_KEYS for key in figures):
        return False
    if {"needs_registration", "contact_needed", "refusal"} & set(categories):
        return True
    slots = {slot.key for slot in events.read_event(text, categories)}
    return bool({"person", "temperature", "address"} & slots) or events.is_grave(categories)


def _single(text: str, sent_at: datetime, role: str) -> Told | None:
    """Read a message that is no report of figures: delivery, need, event, in that order of certainty."""
    if gates.is_advert(text):
        return None
    drafts = parcels.read_deliveries(text, sent_at)
    if drafts:
        return Intent.DELIVERY, drafts
    categories = events.event_categories(text)
    if events.is_grave(categories) and not gates.is_joke(text):
        return Intent.EVENT, event_drafts(text, categories, sent_at)
    drafts = parcels.read_needs(text)
    if drafts:
        return Intent.NEEDS, drafts
    if categories and role != "leader" and not gates.is_joke(text):
        return Intent.EVENT, event_drafts(text, categories, sent_at)
    return None


def _with_asides(text: str, sent_at: datetime, role: str, draft: Draft, reading: Reading) -> Told:
    """Add the needs, deliveries and events told beside the figures of one report."""
    used = [(slot.start, slot.end) for slot in reading.slots()]
    asides: list[Draft] = []
    for start, end in _clauses(text):
        clause = text[start:end]
        if any(start <= one < end for one, _ in used):
            continue
        asides += [_shifted(one, start) for one in _aside(clause, sent_at, role)]
    drafts = sorted([draft, *asides], key=lambda one: one.start)
    return _INTENT[drafts[0].type], drafts


def _clauses(text: str) -> list[tuple[int, int]]:
    cuts = [0, *(found.end() for found in _CLAUSE.finditer(text)), len(text)]
    return [(start, end) for start, end in itertools.pairwise(cuts) if text[start:end].strip()]


def _aside(clause: str, sent_at: datetime, role: str) -> list[Draft]:
    drafts = parcels.read_deliveries(clause, sent_at) or parcels.read_needs(clause)
    counted = [draft for draft in drafts if draft.get("quantity") is not None]
    if counted:
        return counted
    categories = events.event_categories(clause)
    return event_drafts(clause, categories, sent_at) if categories and categories != ("fever",) else []


def _shifted(draft: Draft, by: int) -> Draft:
    slots = tuple(
        Slot(slot.key, slot.value, slot.start + by, slot.end + by, slot.confidence, slot.approximate)
        for slot in draft.slots
    )
    return Draft(draft.type, slots, draft.start + by, draft.end + by)
