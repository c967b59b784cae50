"""A sheet as typed becomes facts, or faults: all that cannot be taken is told at once, kindly, with a way on."""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation

from handlers.domain.declaration import (
    HELP_LIMIT,
    KEPT_ON_PHONE,
    PEOPLE_LIMIT,
    SYMPTOMS,
    TEXT_LIMIT,
    Category,
    FieldFault,
    Journey,
    PersonSheet,
    Sheet,
    Transport,
)
from handlers.domain.facts import Facts
from handlers.domain.returnees import Table, places_named, table_for
from handlers.domain.roster_fields import Unfit, clean, mobile, person_name
from handlers.ports import Context
from handlers.wording import declaration as say
from nlp.dates import scan_days
from nlp.normalize import normalize
from nlp.privacy import find_private
from nlp.temperatures import scan_temperatures

BACK_AT_MOST = timedelta(days=60)
"""Whoever came longer ago than this is at home here, and says so."""
SKEW = timedelta(minutes=5)
NO_TRANSIT = frozenset({"无", "没有", "没", "不", "没停", "没有停留", "直达", "直接回来", "no", "none"})
_KEY = re.compile(r"[0-9A-Za-z_-]{16,64}")
_ROW = re.compile(r"[0-9A-Za-z_-]{1,16}")
_ALLOWED_PRIVATE = frozenset({"phone_list"})


def sheet_faults(sheet: Sheet, ctx: Context) -> list[FieldFault]:
    """Return what is wrong with the sheet as a whole, [] when nothing is."""
    found = []
    rows = [person.row for person in sheet.people]
    if not _KEY.fullmatch(sheet.key) or any(not _ROW.fullmatch(row) for row in rows) or len(set(rows)) < len(rows):
        found.append(FieldFault(None, "key", say.page_broken()))
    if not sheet.people and not sheet.asks.strip():
        found.append(FieldFault(None, "people", say.nobody()))
    if len(sheet.people) > PEOPLE_LIMIT:
        found.append(FieldFault(None, "people", say.too_many(PEOPLE_LIMIT)))
    if sheet.made_at > ctx.now + SKEW:
        found.append(FieldFault(None, "made_at", say.clock_ahead()))
    elif ctx.now - sheet.made_at > KEPT_ON_PHONE:
        found.append(FieldFault(None, "made_at", say.too_old(KEPT_ON_PHONE.days)))
    if len(sheet.asks) > HELP_LIMIT:
        found.append(FieldFault(None, "asks", say.too_long(HELP_LIMIT)))
    elif _private(sheet.asks):
        found.append(FieldFault(None, "asks", say.no_id_numbers()))
    return found


def read_journey(person: PersonSheet, made_at: datetime, ctx: Context) -> tuple[Facts | None, list[FieldFault]]:
    """Return the facts of where from and when, or every fault; health is read by `read_health`."""
    journey = person.journey
    if journey.away is None:
        return None, [FieldFault(person.row, "away", say.away_not_answered())]
    if not journey.away:
        return Facts(away=False), []
    faults = [fault for name in ("origin", "transit") for fault in _text_faults(person.row, name, journey)]
    arrived = _day(journey.arrived, made_at, ctx, person.row, faults)
    origin, transit = clean(journey.origin), clean(journey.transit)
    if not origin:
        faults.append(FieldFault(person.row, "origin", say.origin_missing()))
    if not transit:
        faults.append(FieldFault(person.row, "transit", say.transit_missing()))
    transport = category = None  # either may be left out: an input less, and 未报 in the ledger
    if journey.transport:
        transport = _one_of(journey.transport, Transport, person.row, "transport", say.transport_missing(), faults)
    if journey.category:
        category = _one_of(journey.category, Category, person.row, "category", say.category_missing(), faults)
    if faults:
        return None, faults
    return routed(origin, transit, arrived, transport, category, ctx.county.province), []


def routed(
    origin: str,
    transit: str,
    arrived: date | None,
    transport: str | None,
    category: str | None,
    province: str,
    *,
    symptoms: tuple[str, ...] | None = None,
    celsius: Decimal | None = None,
) -> Facts:
    """Return the facts of a journey, with the table it belongs in where that can be told."""
    through = "" if transit.lower() in NO_TRANSIT else transit
    words = f"{origin} 经停{through}" if through else origin
    routing = table_for(words, province)
    places, passed = places_named(words, province)
    return Facts(
        away=True,
        origin=origin,
        transit=through,
        places=tuple(sorted(places)),
        passed=tuple(sorted(passed)),
        table=routing.table,
        overseas=routing.overseas,
        arrived=arrived,
        transport=transport,
        category=category,
        symptoms=symptoms,
        celsius=celsius,
    )


def with_table(facts: Facts, table: Table | None) -> Facts:
    """Return *facts* with the table somebody chose; None: abroad."""
    return Facts.of_json({**facts.as_json(), "table": table.value if table else None, "overseas": table is None})


def which_table(facts: Facts, province: str) -> str | None:
    """Return the question which table somebody belongs in, None when it is settled or nobody was away.

    In words a resident understands: whether they left the station, not which list they are put on.
    """
    if not facts.away or facts.table is not None or facts.overseas:
        return None
    return say.which_table(facts.origin, facts.transit)


def read_health(person: PersonSheet) -> tuple[tuple[str, ...] | None, Decimal | None, list[FieldFault]]:
    """Return the symptom codes and the temperature in °C as declared, with every fault. Called only with consent."""
    faults: list[FieldFault] = []
    symptoms = person.symptoms
    if symptoms is None:
        faults.append(FieldFault(person.row, "symptoms", say.symptoms_missing()))
    elif any(code not in SYMPTOMS for code in symptoms):
        faults.append(FieldFault(person.row, "symptoms", say.symptoms_unknown()))
    celsius = None
    if clean(person.temperature):
        celsius, fault = read_temperature(person.temperature, person.temperature_agreed)
        if fault is not None:
            faults.append(FieldFault(person.row, "temperature", *fault))
    return None if symptoms is None else tuple(dict.fromkeys(symptoms)), celsius, faults


def read_temperature(typed: str, agreed: str = "") -> tuple[Decimal | None, tuple[str, tuple[str, ...]] | None]:
    """Return the reading in °C, or (None, (what to tell, what to offer)); a repaired one must be agreed to first.

    >>> read_temperature("三十六度五"), read_temperature("365")[1][1], read_temperature("36。5", "36.5")
    ((Decimal('36.5'), None), ('36.5',), (Decimal('36.5'), None))
    """
    if len(typed) > TEXT_LIMIT:
        return None, (say.temperature_unread(), ())
    found = scan_temperatures(normalize(typed).text, slot=True)
    readings = list(dict.fromkeys(Decimal(str(one.celsius)) for one in found))
    if not readings:
        return None, (say.temperature_unread(), ())
    if len(readings) > 1:
        return None, (say.temperature_which(), tuple(str(one) for one in readings[:4]))
    if any(one.repaired for one in found) and _decimal(agreed) != readings[0]:
        return None, (say.temperature_meant(str(readings[0])), (str(readings[0]),))
    return readings[0], None


def read_name(person: PersonSheet) -> tuple[str, str, list[FieldFault]]:
    """Return the name and the phone ("" when none was given) of somebody not listed, with every fault."""
    faults = []
    name, phone = "", ""
    try:
        name = person_name(person.name)
    except Unfit as unfit:
        faults.append(FieldFault(person.row, "name", say.name_unfit(unfit.say)))
    if _private(person.name) or re.search(r"[<>{}\\/@#$%^&*=;0-9]", person.name):
        faults.append(FieldFault(person.row, "name", say.name_unfit("只写姓名就好")))
    if clean(person.phone):
        read = mobile(person.phone, allow_sample=True)
        phone = read or ""
        if read is None:
            faults.append(FieldFault(person.row, "phone", say.phone_unfit()))
    return name, phone, faults[:2]


def _day(text: str, made_at: datetime, ctx: Context, row: str, faults: list[FieldFault]) -> date | None:
    """Return the day of arrival; a day to come, or one long past, is a fault."""
    today = ctx.local(made_at).date()
    words = clean(text)
    if not words or len(words) > TEXT_LIMIT:
        faults.append(FieldFault(row, "arrived", say.arrived_missing()))
        return None
    try:
        day = date.fromisoformat(words)
    except ValueError:
        days = [found.day for found in scan_days(normalize(words).text, made_at)]
        if len(days) != 1:
            faults.append(FieldFault(row, "arrived", say.arrived_unread()))
            return None
        day = days[0]
    if day > today:
        faults.append(FieldFault(row, "arrived", say.arrived_ahead(day)))
    elif today - day > BACK_AT_MOST:
        faults.append(FieldFault(row, "arrived", say.arrived_long_ago(BACK_AT_MOST.days)))
    return day


def _one_of(
    text: str, kind: type[Transport] | type[Category], row: str, name: str, missing: str, faults: list[FieldFault]
) -> str | None:
    try:
        return kind(text).value
    except ValueError:
        faults.append(FieldFault(row, name, missing))
        return None


def _text_faults(row: str, name: str, journey: Journey) -> Iterator[FieldFault]:
    typed = getattr(journey, name)
    if len(typed) > TEXT_LIMIT:
        yield FieldFault(row, name, say.too_long(TEXT_LIMIT))
    elif _private(typed):
        yield FieldFault(row, name, say.no_id_numbers())
    elif re.search(r"[<>{}\\$`]", typed):
        yield FieldFault(row, name, say.place_only())


def _private(typed: str) -> bool:
    return any(kind not in _ALLOWED_PRIVATE for kind, _, _ in find_private(typed[: HELP_LIMIT + 1]))


def _decimal(text: str) -> Decimal | None:
    try:
        return Decimal(clean(text))
    except InvalidOperation:
        return None
