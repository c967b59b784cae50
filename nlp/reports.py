"""Whatever a worker or a household tells: which kinds of record the message holds, in reading order."""

import itertools
import re
from datetime import datetime

from nlp import daily, events, gates, parcels, roadside, rolls, tabular
from nlp.grammar import Reading
from nlp.lazy import lazy
from nlp.privacy import find_private
from nlp.roll import Roll
from nlp.types import Draft, Intent, Slot
from nlp.wordbook import goods_words

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
        "vehicles_out_province",
        "vehicles_hubei",
    }
)
_PLACED = lazy(r"(?:\d|[一二三四五六七八九十])\s*(?:号)?(?:网格|卡点|格(?!子))|日报|零报告|上报")
_EXPLICIT = lazy(r"已送|送到|送达|送去|没了|断了|快没|急需|急缺|需要|还缺|想要|用完|吃完")
_NO_HARM = frozenset({"injured_people", "casualties", "missing_people", "trapped_people", "fever_people"})
_SENTENCE = lazy(r"[。!?\n;]+|,?(?=另外|另,|此外|还有就是|顺便)")
_CLAUSE = re.compile(r"[,。!?\n;]+")


def read_reports(text: str, sent_at: datetime, channel: str, role: str) -> Told:
    """Return the intent and the records of *text* (normalised, own words, past the gates)."""
    for reader in (tabular.read_tabular, _register, _roadside, _people, _mixed):
        told = reader(text, sent_at, channel, role)
        if told is not None:
            return _of_household(told, text, sent_at) if role == "resident" else told
    return Intent.CHATTER, []


def _of_household(told: Told, text: str, sent_at: datetime) -> Told:
    """Return *told* without counts: a household that names no grid of its own does not report for one."""
    drafts = told[1]
    counts = [draft for draft in drafts if draft.type in ("daily", "checkpoint") and not _PLACED.search(text)]
    if not counts:
        return told
    kept = [draft for draft in drafts if draft not in counts]
    if kept:
        return _INTENT[kept[0].type], kept
    categories = () if gates.is_joke(text) else events.event_categories(text)
    return (Intent.EVENT, events.event_drafts(text, categories, sent_at)) if categories else (Intent.CHATTER, [])


def _roadside(text: str, sent_at: datetime, channel: str, role: str) -> Told | None:
    """Read cars at a checkpoint and gauges, when the message holds no report of counts beside them."""
    if not roadside.may_hold(text):
        return None
    gauged = {"water_level_m", "rainfall_mm"}
    if any(set(reading.figures) - gauged and not _plated(text) for _, reading in daily.read_sections(text, sent_at)):
        return None
    if any(len(reading.figures) > 3 for _, reading in daily.read_sections(text, sent_at)):
        return None
    cars = roadside.vehicle_drafts(text)
    if cars and not events.event_categories(text):
        return Intent.CHECKPOINT, cars
    gauges = roadside.gauge_drafts(text, sent_at)
    return (Intent.DAILY_REPORT, gauges) if gauges else None


def _plated(text: str) -> bool:
    return any(kind == "plate" for kind, _, _ in find_private(text))


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


def _mixed(text: str, sent_at: datetime, channel: str, role: str) -> Told | None:
    figures = daily.read_sections(text, sent_at)
    reported = [(draft, reading) for draft, reading in figures if daily.is_report(draft, reading, text, role)]
    if reported and _only_goods(reported) and parcels.asks_strongly(text):
        reported = []
    if not reported:
        return _single(text, sent_at, role)
    loose = _only_loose(reported) and (events.event_categories(text) or parcels.read_needs(text))
    if _only_orders(reported) or loose:
        told = _single(text, sent_at, role)
        listed = told is not None and (
            told[0] is not Intent.DELIVERY or len(told[1]) > 1 or _only_counts_orders(reported)
        )
        if told is not None and listed:
            return told
    if _is_case(text, reported):
        return _case(text, sent_at, role, reported)
    if len(reported) > 1:
        return _INTENT[reported[0][0].type], [draft for draft, _ in reported]
    return _with_asides(text, sent_at, role, reported[0][0], reported[0][1])


def _only_orders(reported: list[tuple[Draft, Reading]]) -> bool:
    """代购送达2单 over a list of goods is the title of the list."""
    errands = {"deliveries", "households_served", "households_visited"}
    return all(
        set(reading.figures) <= errands and "deliveries" in {*reading.figures, "deliveries"} and not reading.states
        for _, reading in reported
    )


def _only_counts_orders(reported: list[tuple[Draft, Reading]]) -> bool:
    return all(set(reading.figures) <= {"deliveries"} for _, reading in reported)


def _only_goods(reported: list[tuple[Draft, Reading]]) -> bool:
    """编织袋2000个 under 急需物资 is goods asked for."""
    goods = {"sandbags", "leaflets", "banners", "broadcasts", "deliveries", "checkpoints"}
    return all(set(reading.figures) <= goods and not reading.states for _, reading in reported)


def _only_loose(reported: list[tuple[Draft, Reading]]) -> bool:
    """Figures without any label of their own may as well be amounts of goods."""
    figures = [figure for _, reading in reported for figure in reading.figures.values()]
    return all(figure.loose for figure in figures) and not any(reading.states for _, reading in reported)


def _is_case(text: str, reported: list[tuple[Draft, Reading]]) -> bool:
    """发热1人:1组吴某38.0 is a case, not a count."""
    figures = {key: figure.value for _, reading in reported for key, figure in reading.figures.items()}
    harmless = figures and not any(figures.values()) and set(figures) <= _NO_HARM and not _TITLED.search(text)
    if harmless and len(reported) == 1 and events.event_categories(text):
        return True  # 大树倒了,没人受伤
    if len(figures) > 2 or _TITLED.search(text) or any(reading.states for _, reading in reported):
        return False
    categories = events.event_categories(text)
    if not categories or not all(key.split("@")[0].removesuffix("_new") in _CASE_KEYS for key in figures):
        return False
    if {"needs_registration", "contact_needed", "refusal"} & set(categories):
        return True
    slots = {slot.key for slot in events.read_event(text, categories)}
    return bool({"person", "temperature", "address"} & slots) or events.is_grave(categories)


def _case(text: str, sent_at: datetime, role: str, reported: list[tuple[Draft, Reading]]) -> Told:
    """Return the case, and beside it the count of a fever whose person is not named: 发热1人 38.2 is one of today's."""
    drafts = events.event_drafts(text, events.event_categories(text), sent_at)
    known = any(one.get(key) for one in drafts for key in ("person", "address"))
    figures = [figure for _, reading in reported for figure in reading.figures.values()]
    fevers = [figure for figure in figures if figure.key in ("fever_people", "fever_people_new")]
    if known or role not in ("gridworker", "village") or not fevers or any(figure.loose for figure in figures):
        return Intent.EVENT, drafts
    counts = [draft for draft, _ in reported]
    if len(figures) > len(fevers):  # a report in which one has a fever
        return _INTENT[counts[0].type], [*counts, *drafts]
    return Intent.EVENT, [*drafts, *counts] if _COUNT_AND_READING.search(text) else drafts


_COUNT_AND_READING = lazy(
    r"发[热烧]\s*(?:\d{1,3}|[一二两三四五六七八九十俩仨]{1,2})\s*[人例个名]?[\s,:()、]*(?:体温|温度|分别)*[是为:]?\s*"
    r"(?:(?:3[7-9]|4[0-2])(?:[.度]\d)?[\s,、)度℃]*)+$"
)
"""A count and what was measured, and nobody described: 发现一例发热:女,38.5,已送 tells of one person instead."""


def _single(text: str, sent_at: datetime, role: str) -> Told | None:
    """Read a message that is no report of figures: delivery, need, event, in that order of certainty."""
    if gates.is_advert(text):
        return None
    drafts = parcels.read_deliveries(text, sent_at, role)
    if drafts:
        return Intent.DELIVERY, drafts
    categories = events.event_categories(text)
    if events.is_grave(categories) and not gates.is_joke(text):
        return Intent.EVENT, events.event_drafts(text, categories, sent_at)
    drafts = parcels.read_needs(text)
    if drafts and not (
        "hazard" in categories
        and not parcels.asks_strongly(text)
        and not any(one.get("item") in goods_words() for one in drafts)
    ):
        return Intent.NEEDS, drafts
    if categories and role != "leader" and not gates.is_joke(text):
        return Intent.EVENT, events.event_drafts(text, categories, sent_at)
    return None


def _with_asides(text: str, sent_at: datetime, role: str, draft: Draft, reading: Reading) -> Told:
    """Add the needs, deliveries and events told beside the figures of one report."""
    used = sorted((one.token.start, one.token.end) for one in reading.figures.values())
    left = [(token.start, token.end) for token in reading.skipped]
    asides: list[Draft] = []
    for start, end in _unused(text, used):
        clause = text[start:end]
        counted = any(start <= one < end for one, _ in left)  # 邻里纠纷2起, a part of the total, is no dispute now
        asides += [_shifted(one, start) for one in _aside(clause, sent_at, role, counted)]
    drafts = sorted([draft, *asides], key=lambda one: one.start)
    return _INTENT[drafts[0].type], drafts


_BLANKS = lazy(r"[ \t]+")


def _unused(text: str, used: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the clauses that hold no figure of the report; one parted by spaces only gives its other pieces."""
    out: list[tuple[int, int]] = []
    for start, end in _clauses(text):
        if not any(start <= one < end for one, _ in used):
            out.append((start, end))
            continue
        clause = text[start:end].rstrip()
        if " " not in clause and "\t" not in clause:
            continue
        cuts = [start, *(start + found.end() for found in _BLANKS.finditer(clause)), end]
        for one, other in itertools.pairwise(cuts):
            if any(one <= at < other or at == other for at, _ in used) or not text[one:other].strip():
                continue
            if out and out[-1][1] == one and out[-1][0] >= start:
                out[-1] = (out[-1][0], other)
            else:
                out.append((one, other))
    return out


def _clauses(text: str) -> list[tuple[int, int]]:
    cuts = [0, *(found.end() for found in _CLAUSE.finditer(text)), len(text)]
    return [(start, end) for start, end in itertools.pairwise(cuts) if text[start:end].strip()]


def _aside(clause: str, sent_at: datetime, role: str, counted: bool) -> list[Draft]:
    drafts = parcels.read_deliveries(clause, sent_at, role) or parcels.read_needs(clause)
    sure = bool(drafts) and _EXPLICIT.search(clause) is not None
    told = [draft for draft in drafts if sure or draft.get("quantity") is not None]
    if told or counted:
        return told
    categories = events.event_categories(clause)
    return events.event_drafts(clause, categories, sent_at) if categories and categories != ("fever",) else []


def _shifted(draft: Draft, by: int) -> Draft:
    slots = tuple(
        Slot(slot.key, slot.value, slot.start + by, slot.end + by, slot.confidence, slot.approximate)
        for slot in draft.slots
    )
    return Draft(draft.type, slots, draft.start + by, draft.end + by)
