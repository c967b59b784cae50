"""Records of figures: the daily report of a grid or village, and the shift of a checkpoint."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache

from nlp import layout
from nlp.grammar import Reading, read_figures
from nlp.places import Place, gate_of, scan_places
from nlp.privacy import find_private
from nlp.tokens import Token
from nlp.types import Draft, Slot
from nlp.when import When, read_when

_POST = re.compile(r"卡点|卡口|检查点|检查站|检疫站|检测点|劝返点|查验点|防控点")
_HEAD_POST = re.compile(
    r"^[\s\S]{0,14}?(?:卡点|卡口|检查点|检查站|检疫站|检测点|劝返点|查验点)(?!\s*\d{1,9}\s*[个处])|^\s*卡\s*\d"
)
_SET_UP = re.compile(
    r"(?:设置?|设立|布设|共有?|各)\s*(?:\d{1,9}|[一二三四五六七八九十]{1,9})?\s*[个处]?\s*(?:疫情|防控"
    r"|执勤)*(?:卡点|检查点|劝返点)|(?:卡点|检查点)\s*\d{1,9}\s*[个处]"
)
SEEN = "seen"
"""Marks a figure that was understood and counts for nothing (应排查120户), so that nobody is asked about it."""
_CENSUS = re.compile(r"普查|人口登记")
_KEPT = {"daily": ("village", "grid", "group", "address"), "checkpoint": ("village", "grid", "checkpoint")}
_PLAIN_OK = re.compile(r"[\s,。;:、!替报]*(?:都|均|全部|一切)?(?:正常|平安|安全|没事)[\s,。;:、!]*")
_WHOLE = Token("state", 0, 0)
_STATES = ("zero_report", "no_abnormality", "no_change")


def is_post(text: str) -> bool:
    """Return whether *text* (normalised) is the report of one checkpoint rather than of a village that keeps some."""
    if any(place.key == "checkpoint" for place in scan_places(text)) and not _SET_UP.search(text):
        return True
    return bool(_HEAD_POST.search(text)) and not _SET_UP.search(text)


def _context(text: str) -> str:
    return "census" if _CENSUS.search(text) else "daily"


def _gate(text: str) -> Place | None:
    """Return the gate that heads a report of vehicles without the word 卡点: 东门 车88 人153."""
    gate = gate_of(text)
    return gate if gate is not None and re.search(r"车|辆|台|劝返", text) else None


@lru_cache(maxsize=32)
def read_sections(text: str, sent_at: datetime) -> tuple[tuple[Draft, Reading], ...]:
    """Return one draft of figures for each grid or checkpoint that *text* (normalised) reports on, with its reading."""
    post = is_post(text) or _gate(text) is not None
    key = "checkpoint" if post else "grid"
    parts = layout.sections(text, key)
    for other in ("village", "group"):
        if len(parts) == 1 and not post:
            parts = layout.sections(text, other)
    title = text[: parts[0].start] if parts else ""
    shared = _shared(title, sent_at) if len(parts) > 1 else ()
    out = []
    for part in parts:
        made = _section(part.text, part.start, sent_at, "checkpoint" if post else _context(text), shared)
        if made is not None:
            out.append(made)
    return tuple(out)


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
    when = read_when(text, sent_at)
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
    moved = tuple(_moved(slot, at) for slot in slots)
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
        if not named or (key == "address" and (len(addresses) > 1 or kind != "daily")):
            continue
        out.append(Slot(key, named[0].value, named[0].start, named[0].end))
    return out + list(when.slots)


def is_report(draft: Draft, reading: Reading, text: str, role: str) -> bool:
    """Return whether the figures and states read make *text* a report, not talk with a number in it."""
    placed = any(draft.get(key) for key in ("grid", "village", "group", "checkpoint"))
    titled = bool(
        re.search(r"日报|零报|报告|上报|汇报|补报|情况|今日|今天|截[至止]|目前|累计|本村|全村|我村|我网格|我格", text)
    )
    count = len(reading.figures)
    if "zero_report" in reading.states:
        return True
    if count >= 2:
        return True
    if count == 1:
        return placed or titled or role in ("gridworker", "village")
    if reading.states and role in ("gridworker", "village"):
        return placed or titled or len(text.strip()) <= 12
    return False
