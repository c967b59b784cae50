"""Messages that are tables: each row read by the reader of its kind, the spans led back to the cells."""

import re
from datetime import datetime

from nlp import daily, events, parcels, roadside, rolls
from nlp.lazy import lazy
from nlp.legends import read_legend
from nlp.roll import read_roll
from nlp.tables import Rebuilt, Table, read_table
from nlp.temperatures import FEVER, scan_temperatures
from nlp.types import Draft, Intent, Slot

_SENT = lazy(r"已送|送达|发放|已发|配送|领取|送货|签收|已领")


def read_tabular(text: str, sent_at: datetime, channel: str, role: str) -> tuple[Intent, list[Draft]] | None:
    """Return the intent and the records of the table or the legend with rows that *text* (normalised) is, or None."""
    table = read_table(text)
    if table is None:
        rows = read_legend(text)
        return _figures(text, rows, sent_at) if rows else None
    if table.kind == "figures":
        return _figures(text, list(table.lines), sent_at)
    if table.kind == "event" or _is_case(text, table):
        return _events(table, sent_at)
    return _listed(table, sent_at, channel == "direct" and role == "resident")


def _figures(text: str, rows: list[Rebuilt], sent_at: datetime) -> tuple[Intent, list[Draft]] | None:
    seen = Slot(daily.SEEN, None, 0, len(text))  # a table is read whole: its totals and blanks ask nothing
    drafts = [
        _placed(draft, row, seen)
        for row in rows
        for draft, reading in daily.read_sections(row.text, sent_at)
        if reading.figures
    ]
    if not drafts:
        return None
    return (Intent.CHECKPOINT if drafts[0].type == "checkpoint" else Intent.DAILY_REPORT), drafts


def _is_case(text: str, table: Table) -> bool:
    """A form about one person with a fever is a case, not a list."""
    if table.kind != "people" or len(re.findall(r"(?m)^\d{1,2}\. \S", table.lines[0].text)) != 1:
        return False
    return (
        any(one.celsius >= FEVER for one in scan_temperatures(table.lines[0].text))
        and re.search(r"个案|异常|发热|发烧|疑似|病例|上报|报告", text) is not None
    )


def _events(table: Table, sent_at: datetime) -> tuple[Intent, list[Draft]] | None:
    drafts = []
    for line in table.stories():
        categories = events.event_categories(line.text)
        if categories:
            drafts += [_placed(draft, line) for draft in events.event_drafts(line.text, categories, sent_at)]
    return (Intent.EVENT, drafts) if drafts else None


def _listed(table: Table, sent_at: datetime, answer: bool) -> tuple[Intent, list[Draft]] | None:
    (line,) = table.lines
    if table.kind == "goods":
        sent = _SENT.search(line.text) is not None
        drafts = parcels.read_list(line.text, "delivery" if sent else "need", sent_at)
        intent = Intent.DELIVERY if sent else Intent.NEEDS
    elif table.kind == "vehicles":
        drafts, intent = roadside.vehicle_drafts(line.text), Intent.CHECKPOINT
    elif table.kind == "returnees":
        drafts, intent = rolls.returnee_drafts(line.text, sent_at), Intent.DAILY_REPORT
    else:
        roll = read_roll(line.text, numbered=True)
        drafts = rolls.roll_drafts(line.text, roll, sent_at) if roll else []
        intent = Intent.TEMPERATURE_ROLL
        if answer:  # a household's own form is its answer
            drafts, intent = [draft._replace(type="checkin") for draft in drafts], Intent.CHECKIN_REPLY
    return (intent, [_placed(draft, line) for draft in drafts]) if drafts else None


def _placed(draft: Draft, row: Rebuilt, seen: Slot | None = None) -> Draft:
    """Return *draft*, read from a rebuilt row, with its spans where the figures stand in the message."""
    slots = tuple(
        slot._replace(start=at[0], end=at[1]) for slot in draft.slots for at in [row.span(slot.start, slot.end)]
    )
    ends = [slot.end for slot in slots if slot.end]
    return Draft(
        draft.type,
        (*slots, seen) if seen else slots,
        min((slot.start for slot in slots if slot.end), default=0),
        max(ends, default=0),
    )
