"""The rows of the five official tables and of the sources sheet, as the workbook takes them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from handlers.domain.hierarchy import Tree
from handlers.domain.report import CHECKPOINT, SHIFTS, Number, Report, exact
from handlers.domain.returnees import Table
from handlers.returnee_ledger import Returnee


@dataclass(frozen=True, slots=True)
class ReturneeRow:
    """One person of a 返乡人员排查表. None is unknown and prints 未报, "" is nothing to say.

    `table` None: where they came from is still being asked. Names and the phone may come whole; the workbook masks
    them. Temperatures in °C; `observed_day` counts from the return as day 0. There is no place for an identity number.
    `health` False: whoever the paper is for may not see how somebody feels.
    """

    table: Table | None
    village: str
    grid: str | None
    household: str | None
    name: str
    category: str | None
    returned: date | None
    origin: str | None
    transport: str | None = None
    companions: int | None = None
    morning_celsius: Decimal | None = None
    evening_celsius: Decimal | None = None
    symptoms: str | None = None
    observed_day: int | None = None
    release: date | None = None
    responsible: str | None = None
    phone: str = ""
    notes: str = ""
    health: bool = True
    overseas: bool = False


@dataclass(frozen=True, slots=True)
class CheckpointRow:
    """One shift of one checkpoint, a row of the 卡点工作情况统计表; None prints 未报."""

    day: date
    checkpoint: str
    shift: str
    staff: Number | None = None
    vehicles: Number | None = None
    out_of_province: Number | None = None
    temperatures: Number | None = None
    fever: Number | None = None
    handling: str | None = None
    stock: str | None = None
    reporter: str | None = None
    people: Number | None = None


@dataclass(frozen=True, slots=True)
class SourceLine:
    """What a figure leads back to: one report. `text` None when the message was destroyed on its date; `names` are
    people the reader found in it, to be masked; `received_at` aware UTC. `withheld`: the text is kept, but a group is
    no place for it. `earlier` are the reports it corrected or went on from, newest first."""

    report_id: str
    message_id: str
    node_name: str
    role: str
    received_at: datetime
    values: Mapping[str, int | float | None]
    text: str | None
    on_behalf: bool = False
    names: tuple[str, ...] = ()
    withheld: bool = False
    earlier: tuple["SourceLine", ...] = ()


def returnee_row(one: Returnee, household: str | None, tree: Tree) -> ReturneeRow:
    """Return somebody of the ledger as a row; what the viewer may not see says so instead of 未报."""
    place = {tree.node(node).level: tree.node(node).name for node in (one.node_id, *tree.ancestors(one.node_id))}
    notes = [f"途经{one.transit}" if one.transit else "", "已满期" if one.over else ""]
    return ReturneeRow(
        table=one.table,
        village=place.get("village") or tree.path_name(one.node_id),
        grid=place.get("grid"),
        household=household,
        name=one.name,
        category=one.category,
        returned=one.arrived,
        origin=one.origin,
        transport=one.transport,
        companions=one.companions,
        morning_celsius=one.morning_celsius,
        evening_celsius=one.evening_celsius,
        symptoms=one.symptoms,
        observed_day=one.observed_day,
        release=one.release,
        responsible=one.responsible,
        phone=one.phone,
        notes=";".join(note for note in notes if note),
        health=one.health,
        overseas=one.overseas,
    )


def checkpoint_rows(folded: Iterable[Report], reporters: Mapping[int, str]) -> list[CheckpointRow]:
    """Return the table's rows from the checkpoint reports that count, by checkpoint and shift; *reporters* by id."""

    def number(report: Report, key: str) -> Number | None:
        value = report.values.get(key)
        return None if value is None else exact(value)

    return [
        CheckpointRow(
            day=r.day,
            checkpoint=r.part or "未写卡点",
            shift=SHIFTS.get(r.period or "", "全天"),
            staff=number(r, "staff_on_duty"),
            vehicles=number(r, "vehicles_checked"),
            out_of_province=number(r, "vehicles_out_province"),
            people=number(r, "people_checked"),
            temperatures=number(r, "temp_checked_people"),
            fever=number(r, "fever_people"),
            reporter=reporters.get(r.reporter_id),
        )
        for r in sorted(folded, key=lambda r: (r.part, r.order))
        if r.template == CHECKPOINT
    ]
