"""Rows that are neither counts nor people of a list: cars at a checkpoint, and gauges of rain and river."""

import re
from collections.abc import Iterator
from datetime import datetime

from nlp.clock import scan_times
from nlp.days import scan_days
from nlp.lazy import lazy
from nlp.numerals import read_numeral
from nlp.places import scan_places
from nlp.privacy import find_private
from nlp.temperatures import scan_temperatures
from nlp.types import Draft, Slot
from nlp.wordbook import place_names

_TURNED = lazy(r"劝返|劝回|不让进|禁止通行|未放行")
_PASSED = lazy(r"放行|通过|通行|准入|进村|进入|已登记")
_PEOPLE = lazy(
    r"(?:人数\s*[:：]?\s*(?P<a>\d{1,2})|(?:乘员|乘客|车上|载|共|内有)?\s*(?P<b>\d{1,2}"
    r"|[一二两三四五六七八九])\s*(?:个?人|名))"
)
_FROM = lazy(r"(?:来源|来自|从|自|出发地)\s*[:：]?\s*(?P<o>[一-鿿]{2,6}?)(?=\s|来|到|,|。|$|方向|返|过来|,)")
_LEVEL = lazy(
    r"(?P<station>[一-鿿]{1,6}?)(?:水文站|水库|站|河段)?(?:当前|目前|实时|现在|最高)?水位(?:达到?|为|是|涨至|涨到"
    r"|升至|:)?\s*(?P<n>\d{1,4}(?:\.\d{1,9})?)\s*(?:米|m)"
)
_STATION_ROW = lazy(
    r"(?P<station>[一-鿿]{1,6}(?:站|水库|河|水文站|雨量站))\s*[:：]?\s*(?:雨量|降雨量?"
    r"|降水量?)?[:：]?\s*(?P<n>\d{1,4}(?:\.\d{1,9})?)\s*(?:毫米|mm)"
)
_STATION_FORM = lazy(r"(?:站点|测站|站名|水文站|雨量站|监测点|监测站|站)\s*[:=]\s*(?P<station>[一-鿿]{2,8})")
_LEVEL_FORM = lazy(r"水位\s*(?:\(米\)|\(m\))?\s*[:=]?\s*(?P<n>\d{1,4}(?:\.\d{1,9})?)")
_RAIN_FORM = lazy(r"(?:雨量|降雨量?|降水量?)\s*(?:\(毫米\)|\(mm\))?\s*[:=]?\s*(?P<n>\d{1,4}(?:\.\d{1,9})?)")
_HOURLY = lazy(
    r"(?<!\d)(?P<h>[01]?\d|2[0-4])(?::(?P<m>[0-5]\d)|[点时])(?:[一-鿿]{0,4}水位)?\s*[:为]?\s*(?P<n>\d{1,4}\.\d{1,3})\s*(?:米|m)?"
)
_NO_STATION = lazy(
    r"^(?:库|内河|坝前|当前|目前|现在|今日|今天|河道|水库|河水|最高|实时|我村|本村|全村|村|降雨|毫米|的|河|江|截至|警戒)"
)
_CHINESE = "零一二三四五六七八九"


_HINT = re.compile(r"水位|雨量|降雨|降水|毫米|mm|[一-鿿][A-Za-z][·.\s]?[A-Za-z0-9]{4}")


def may_hold(text: str) -> bool:
    """Return whether *text* has a word of a gauge or the shape of a number plate."""
    return _HINT.search(text) is not None


def vehicle_drafts(text: str) -> list[Draft]:
    """Return one vehicle record a number plate in *text* (normalised), [] when it registers no cars.

    The plate is in the record to be masked; what stores records leaves it out.
    """
    plates = [one for one in find_private(text) if one[0] == "plate"]
    if not plates:
        return []
    out = []
    for number, (_, start, end) in enumerate(plates):
        line_start = text.rfind("\n", 0, start) + 1
        begin = line_start if number == 0 or line_start > plates[number - 1][2] else start
        until = plates[number + 1][1] if number + 1 < len(plates) else len(text)
        line_end = text.find("\n", end)
        until = min(until, line_end if line_end > 0 else until)
        slots = [
            Slot("plate", text[start:end], start, end),
            *_car(text[begin:until], begin, (start - begin, end - begin)),
        ]
        if len(slots) > 1:
            out.append(Draft("vehicle", tuple(slots), begin, until))
    return out


def _car(text: str, at: int, plate: tuple[int, int]) -> Iterator[Slot]:
    blank = text[: plate[0]] + " " * (plate[1] - plate[0]) + text[plate[1] :]
    for place in scan_places(blank):
        if place.key == "checkpoint":
            yield Slot("checkpoint", place.value, place.start + at, place.end + at)
            break
    origin = _FROM.search(blank)
    if origin:
        yield Slot("origin", origin["o"], origin.start("o") + at, origin.end("o") + at)
    else:
        known = next((name for name in sorted(place_names(), key=len, reverse=True) if name in blank), None)
        if known:
            yield Slot("origin", known, blank.find(known) + at, blank.find(known) + len(known) + at)
    people = _PEOPLE.search(blank)
    if people:
        count = people["a"] or people["b"]
        value = int(count) if count.isdigit() else (2 if count == "两" else _CHINESE.find(count))
        yield Slot("people", value, people.start() + at, people.end() + at)
    readings = scan_temperatures(blank, slot="体温" in blank)
    if readings:
        yield Slot("temperature", readings[0].celsius, readings[0].start + at, readings[0].end + at)
    turned, passed = _TURNED.search(blank), _PASSED.search(blank)
    if turned or passed:
        found = turned or passed
        assert found is not None
        yield Slot("action", "turned_back" if turned else "passed", found.start() + at, found.end() + at)


def gauge_drafts(text: str, sent_at: datetime) -> list[Draft]:
    """Return one gauge record a station whose level or rainfall *text* (normalised) reads, [] when it names none."""
    found = [one for one in _LEVEL.finditer(text) if _station(one["station"])]
    rain = [one for one in _STATION_ROW.finditer(text) if _station(one["station"])]
    shared = _moment(text, sent_at)
    hourly = _by_hours(text, shared)
    if hourly:
        return hourly
    out: list[Draft] = [] if found or rain else _form(text, shared)
    for one in sorted([*found, *rain], key=lambda hit: hit.start()):
        key = "water_level_m" if one in found else "rainfall_mm"
        name = _station(one["station"])
        begin = one.end("station") - len(one["station"]) + one["station"].rfind(name)
        figure = float(one["n"])
        value = int(figure) if figure == int(figure) else figure
        slots = (
            *shared,
            Slot("station", name, begin, begin + len(name)),
            Slot(key, value, one.start("n"), one.end("n")),
        )
        known = next((at for at, draft in enumerate(out) if draft.get("station") == name), None)
        if known is None:
            out.append(Draft("gauge", slots, one.start(), one.end()))
        else:
            out[known] = Draft("gauge", (*out[known].slots, slots[-1]), out[known].start, one.end())
    return out


def _by_hours(text: str, shared: tuple[Slot, ...]) -> list[Draft]:
    """Read the levels of one gauge hour by hour: 8点水位26.32米,14点水位26.85米,20点27.10米."""
    rows = list(_HOURLY.finditer(text))
    if len(rows) < 2 or "水位" not in text:
        return []
    day = tuple(slot for slot in shared if slot.key == "date")
    out = []
    for row in rows:
        hour = f"{int(row['h']):02d}:{int(row['m'] or 0):02d}"
        slots = (
            *day,
            Slot("time", hour, *row.span("h")),
            Slot("water_level_m", read_numeral(row["n"]), *row.span("n")),
        )
        out.append(Draft("gauge", slots, row.start(), row.end()))
    return out


def _form(text: str, shared: tuple[Slot, ...]) -> list[Draft]:
    """Read a gauge's form: 站点:长河口;水位:36.2米;雨量:18毫米."""
    name = _STATION_FORM.search(text)
    if name is None:
        return []
    slots = [*shared, Slot("station", _station(name["station"]), *name.span("station"))]
    for key, pattern in (("water_level_m", _LEVEL_FORM), ("rainfall_mm", _RAIN_FORM)):
        found = pattern.search(text)
        if found:
            slots.append(Slot(key, read_numeral(found["n"]), *found.span("n")))
    return [Draft("gauge", tuple(slots), name.start(), len(text))] if len(slots) > len(shared) + 1 else []


def _station(name: str) -> str:
    name = re.sub(r"^(?:.*?[日时点号])+", "", name)
    name = re.sub(r"(?:水文站|雨量站|水库|站)$", "", name)
    return "" if not name or _NO_STATION.match(name) else name


def _moment(text: str, sent_at: datetime) -> tuple[Slot, ...]:
    out = []
    days, times = scan_days(text, sent_at), scan_times(text)
    if days:
        out.append(Slot("date", days[0].day.isoformat(), days[0].start, days[0].end))
    if times:
        out.append(Slot("time", times[0].clock(), times[0].start, times[0].end))
    return tuple(out)
