"""Records of figures: the daily report of a grid or village, and the shift of a checkpoint."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache

from nlp import gates, layout
from nlp.cells import names_figure
from nlp.cue import Cue
from nlp.days import scan_days
from nlp.grammar import Reading, read_figures, without_yesterday
from nlp.lazy import lazy
from nlp.places import Place, gate_of, scan_places
from nlp.privacy import find_private
from nlp.tokens import Token
from nlp.types import Draft, Slot
from nlp.when import When, read_when
from nlp.wordbook import may_tell

_POST = lazy(r"卡点|卡口|检查点|检查站|检疫站|检测点|劝返点|查验点|防控点")
_HEAD_POST = Cue(
    r"^[\s\S]{0,14}?(?:卡点|卡口|检查点|检查站|检疫站|检测点|劝返点|查验点)(?!\s*\d{1,9}\s*[个处])|^\s*卡\s*\d"
)
_SET_UP = lazy(
    r"(?:设置?|设立|布设|共有?|各)\s*(?:\d{1,9}|[一二三四五六七八九十]{1,9})?\s*[个处]?\s*(?:疫情|防控"
    r"|执勤)*(?:卡点|检查点|劝返点)|(?:卡点|检查点)\s*\d{1,9}\s*[个处]"
)
SEEN = "seen"
"""Marks a figure that was understood and counts for nothing (应排查120户), so that nobody is asked about it."""
_CENSUS = Cue(r"普查|人口登记")
_KEPT = {"daily": ("village", "grid", "group", "address"), "checkpoint": ("village", "grid", "checkpoint")}
_PLAIN_OK = lazy(
    r"[\s,。;:、!替报]*(?:(?:都|均|全部|一切)?(?:正常|平安|安全|没事)|(?:都|均|全部)(?:还)?好(?:着呢|着|的)?[了呢]?)[\s,。;:、!]*"
)
_PLAIN = re.compile(r"正常|平安|安全|没事|[都均部还]好")
_WHOLE = Token("state", 0, 0)
_STATES = ("zero_report", "no_abnormality", "no_change")


_ANY_DAY = datetime(2020, 2, 8)  # noqa: DTZ001 - only whether a word names a day at all
_HEAD_NAME = lazy(
    r"\s*(?!今|昨|本|我|各|全|早|晚|夜|白|车|人|检|查|登|过|劝|测|上|下|累计|目前|截)(?P<name>[一-鿿]{2,6})[\s:,]"
)
Section = tuple[Draft, Reading]
_ALL = lazy(
    r"[,;。\s](?:以上|上述|其他|其它|各网格|各格|[两三四五六]个?(?:网格|格|村|组)|[两三四五六]个)?(?:均|都|全部|皆)[^,;。\n]{0,8}$"
)
_VEHICULAR = Cue(
    r"过车|查车|检车|车流|(?:检查|登记|过往|通行|排查|检测|查验)(?:过往)?车辆|车辆?\s*[:=]?\s*\d|\d\s*[辆台](?!电|洗|冰|空)|劝返(?:车辆|\d+[辆台车])"
)
_POST_WORDS = frozenset(
    {"vehicles_checked", "people_checked", "temp_checked_people", "vehicles_turned_back", "people_turned_back"}
    | {"vehicles_out_province", "vehicles_hubei", "fever_people", "staff_on_duty", "people_dissuaded", "checkpoints"}
)


def is_post(text: str) -> bool:
    """Return whether *text* (normalised) is the report of one checkpoint rather than of a village that keeps some."""
    if "checkpoint" in [place.key for place in scan_places(text)] and not _SET_UP.search(text):
        return True
    return bool(_HEAD_POST.search(text)) and not _SET_UP.search(text)


def _context(text: str) -> str:
    return "census" if _CENSUS.search(text) else "daily"


_ROAD = re.compile(r"车|辆|台|劝返")


def _gate(text: str) -> Place | None:
    """Return the gate that heads a report of vehicles without the word 卡点: 东门 车88 人153."""
    if not _ROAD.search(text):
        return None
    gate = gate_of(text)
    if gate is not None or not _VEHICULAR.search(text):
        return gate
    if any(place.key in ("grid", "village", "group") for place in scan_places(text)):
        return None
    head = _HEAD_NAME.match(text)
    if head is None or names_figure(head["name"]) or scan_days(head["name"], _ANY_DAY):
        return None
    return Place("checkpoint", head["name"], head.start("name"), head.end("name"))


def _on_the_road(text: str) -> bool:
    """过车120台,测温203人,劝返8台 is a checkpoint's shift though no post is named."""
    if not _VEHICULAR.search(text):
        return False
    named = [place.key for place in scan_places(text)]
    if {"grid", "group"} & set(named):
        return False
    if "village" in named and not _POST.search(text):
        return False
    figures = read_figures(text, "checkpoint", read_when(text, _ANY_DAY).masks).figures
    keys = {key.removesuffix("_new").removesuffix("_cum") for key in figures}
    return bool(keys & {"vehicles_checked", "vehicles_turned_back"}) and keys <= _POST_WORDS


_COUNTS = re.compile(
    r"[\d零一二两三四五六七八九十百千半俩仨廿卅几无没未不]|正常|平安|相同|同样|同[上昨前]|照旧|老样子|[oO][kK]"
)
"""Without one of these a text counts nothing and states nothing."""


def _may_count(text: str) -> bool:
    return _COUNTS.search(text) is not None and (may_tell(text) or _PLAIN.search(text) is not None)


@lru_cache(maxsize=32)
def read_sections(text: str, sent_at: datetime) -> tuple[Section, ...]:
    """Return one draft of figures for each grid or checkpoint that *text* (normalised) reports on, with its reading."""
    if not _may_count(text):
        return ()
    post = is_post(text) or _gate(text) is not None or _on_the_road(text)
    key = "checkpoint" if post else "grid"
    parts = layout.sections(text, key)
    if len(parts) == 1 and not post:
        named = [place.key for place in scan_places(text)]
        for other in ("village", "group", "address"):
            if len(parts) == 1 and named.count(other) > 1:
                parts = layout.sections(text, other)
    title = text[: parts[0].start] if parts else ""
    shared = _shared(title, sent_at) if len(parts) > 1 else ()
    out = []
    for part in parts:
        made = _section(part.text, part.start, sent_at, "checkpoint" if post else _context(text), shared)
        if made is not None:
            out.append(made)
    if len(out) > 1 and parts[-1].end < len(text):
        rest = Slot(SEEN, None, parts[-1].end, len(text))  # a total over the places counts nothing anew
        out[-1] = (out[-1][0]._replace(slots=(*out[-1][0].slots, rest)), out[-1][1])
    return tuple(_alike(text, _of_one_village(out))) if len(out) > 1 else tuple(out)


def _of_one_village(made: list[Section]) -> list[Section]:
    """东街社区3网格…,5网格…: the village before the first grid holds for the grids behind it."""
    first = made[0][0]
    village = next((slot for slot in first.slots if slot.key == "village"), None)
    grid = next((slot for slot in first.slots if slot.key == "grid"), None)
    if village is None or grid is None or any(draft.get("village") for draft, _ in made[1:]):
        return made
    kept = [(draft._replace(slots=(*draft.slots, village)), reading) for draft, reading in made[1:]]
    return [made[0], *kept]


def _alike(text: str, made: list[Section]) -> list[Section]:
    """A last clause 均无异常 behind several places speaks of them all."""
    last, reading = made[-1]
    shared = []
    token = reading.states.get("no_abnormality")
    if token is not None and _ALL.search(text[last.start : last.start + token.end]):
        shared.append(Slot("no_abnormality", True, last.start + token.start, last.start + token.end))
    for figure in reading.figures.values():
        end = last.start + figure.token.end
        if figure.value == 0 and _ALL.search(text[last.start : end]):
            shared.append(Slot(figure.key, 0, last.start + figure.token.start, end))
    if not shared:
        return made
    out = []
    for draft, own in made[:-1]:
        kept = [slot for slot in shared if draft.get(slot.key) is None and not (slot.key in _STATES and own.states)]
        out.append((draft._replace(slots=(*draft.slots, *kept)), own))
    return [*out, made[-1]]


def _shared(title: str, sent_at: datetime) -> tuple[Slot, ...]:
    slots = [slot for slot in read_when(title, sent_at).slots if slot.key in ("date", "period", "as_of")]
    slots += [
        Slot(place.key, place.value, place.start, place.end)
        for place in scan_places(title)
        if place.key in ("village",)
    ]
    return tuple(slots)


def _section(
    text: str, at: int, sent_at: datetime, context: str, shared: Iterable[Slot]
) -> tuple[Draft, Reading] | None:
    when = read_when(without_yesterday(text), sent_at)
    places: Sequence[Place] = scan_places(text)
    gate = _gate(text) if context == "checkpoint" else None
    if gate is not None and not any(place.key == "checkpoint" for place in places):
        places = [*places, gate]
    masks = [*when.masks, *((place.start, place.end) for place in places)]
    masks += [(start, end) for kind, start, end in find_private(text) if kind == "plate"]
    reading = read_figures(text, context, masks)
    slots = _header(places, when, "checkpoint" if context == "checkpoint" else "daily", text)
    slots += [slot for slot in shared if not any(own.key == slot.key for own in slots)]
    slots += reading.slots()
    slots += [Slot(SEEN, None, token.start, token.end) for token in reading.skipped]
    for name in _STATES:
        token = reading.states.get(name)
        if token is not None and not (name == "no_change" and reading.figures):
            slots.append(Slot(name, True, token.start, token.end))
    moved = tuple([_moved(slot, at) for slot in slots]) if at else tuple(slots)
    kind = "checkpoint" if context == "checkpoint" else "daily"
    if not reading.figures and not reading.states and places and _PLAIN_OK.fullmatch(_without(text, masks)):
        slots.append(Slot("no_abnormality", True, 0, len(text)))
        moved = tuple(_moved(slot, at) for slot in slots)
        return Draft(kind, moved, at, at + len(text)), Reading(states={"no_abnormality": _WHOLE})
    if not reading.figures and not reading.states:
        return None
    return Draft(kind, moved, at, at + len(text)), reading


def _without(text: str, masks: list[tuple[int, int]]) -> str:
    for start, end in masks:
        text = text[:start] + " " * (end - start) + text[end:]
    return text


def _moved(slot: Slot, by: int) -> Slot:
    if not by or not slot.end:
        return slot
    return Slot(slot.key, slot.value, slot.start + by, slot.end + by, slot.confidence, slot.approximate)


def _header(places: Sequence[Place], when: When, kind: str, text: str) -> list[Slot]:
    out: list[Slot] = []
    addresses = [place for place in places if place.key == "address"]
    for key in _KEPT[kind]:
        named = [place for place in places if place.key == key]
        if key == "group" and len({place.value for place in named}) > 1 and layout.has_total(text):
            continue
        if not named or (key == "address" and (len(addresses) > 1 or kind != "daily")):
            continue
        out.append(Slot(key, named[0].value, named[0].start, named[0].end))
    hours = ("start", "end") if kind == "daily" else ()  # only a shift begins and ends
    return out + [Slot(SEEN, None, one.start, one.end) if one.key in hours else one for one in when.slots]


_TITLED = lazy(r"日报|零报|报告|上报|汇报|补报|情况|今日|今天|截[至止]|目前|累计|本村|全村|我村|我网格|我格")


def is_report(draft: Draft, reading: Reading, text: str, role: str) -> bool:
    """Return whether the figures and states read make *text* a report, not talk with a number in it."""
    count = len(reading.figures)
    if "zero_report" in reading.states or count >= 2:
        return True
    placed = any(draft.get(key) for key in ("grid", "village", "group", "checkpoint"))
    titled = _TITLED.search(text) is not None
    if count == 1 and next(iter(reading.figures.values())).loose:
        told = titled or layout.has_total(text)
        return (placed or (told and role in ("gridworker", "village"))) and not gates.is_joke(text)
    if count == 1:
        return placed or titled or role in ("gridworker", "village")
    if reading.states and role in ("gridworker", "village"):
        return placed or titled or len(text.strip()) <= 12
    return False
