"""A township's day for the paper tests: visibly invented people, one hostile note in every free field."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from bot.papers.rows import CheckpointRow, ReturneeRow, SourceLine
from handlers.domain.daily_report import CorrectionRow, DailyReport, branch, compose
from handlers.domain.report import Report, ReportStatus
from handlers.domain.returnees import Table
from handlers.domain.rollup import fold

DAY = date(2020, 2, 8)
FREEZE = datetime(2020, 2, 8, 8, 0, tzinfo=UTC)
VILLAGES = ("柳树", "上河", "五里", "漈头", "墘下", "洑口", "丘坵", "石板", "红旗", "东岭", "西岭", "南沟")
NAMES = {n: f"{name}村" for n, name in enumerate(VILLAGES, 1)}
HOSTILE = '=HYPERLINK("http://x","点我")\x0b\u202e'


def reports(shift: int = 0) -> list[Report]:
    """Return one day's reports of eleven of the twelve villages, and two shifts of one checkpoint."""

    def said(number: int, node: int, values: dict[str, float | None], **changes: object) -> Report:
        whole: dict[str, object] = {
            "id": f"R-{number + 100 * shift}",
            "node_id": node,
            "day": DAY - timedelta(days=shift),
            "template": "daily",
            "values": values,
            "flags": frozenset(),
            "status": ReportStatus.CONFIRMED,
            "reporter_id": node,
            "reporter_role": "gridworker",
            "message_id": str(700 + number),
            "received_at": FREEZE - timedelta(minutes=60 - number),
        }
        return Report(**{**whole, **changes})  # type: ignore[arg-type]

    daily = [
        said(
            n,
            n,
            {
                "returnees_wuhan": n % 4,
                "returnees_hubei_other": n % 3,
                "returnees_out_province": n % 5 + shift,
                "returnees_in_province": n,
                "returnees_wuhan_new": n % 2,
                "isolated_people": 2 * n % 7 + shift,
                "released_people": n % 3,
                "fever_people": int(n == 4),
                "disinfected_area_m2": 120.5 * n,
            },
            on_behalf=n == 2,
        )
        for n in NAMES
        if n != 5
    ]
    gate = {"staff_on_duty": 8, "vehicles_checked": 120, "vehicles_out_province": 11, "fever_people": 0}
    shifts = [
        said(31, 1, gate, template="checkpoint", part="东口", period="am"),
        said(32, 1, {**gate, "vehicles_checked": 87}, template="checkpoint", part="东口", period="night"),
    ]
    return [*daily, *shifts]


def daily(yesterday: DailyReport | None = None, shift: int = 0) -> DailyReport:
    """Return the township's daily report, corrections and blockers in it."""
    counted = fold(reports(shift)).values()
    report = compose(
        node_name="清水镇",
        day=DAY - timedelta(days=shift),
        as_of=FREEZE - timedelta(days=shift),
        issue=12 - shift,
        branches=[branch(n, name, [r for r in counted if r.node_id == n], {n}) for n, name in NAMES.items()],
        names=NAMES,
        blockers=[("缺口罩", 6), ("缺体温计", 2), ("没有车", 1)],
        yesterday=yesterday,
    )
    row = CorrectionRow("柳树村", "在管", 2, 3, FREEZE + timedelta(hours=1), ("R-40",))
    return replace(report, corrections=(row,))


def sources(day: DailyReport) -> dict[str, SourceLine]:
    """Return where the figures came from; one message destroyed, one hostile, one with a phone and an id number."""
    texts: dict[str, str | None] = {
        "R-1": None,
        "R-2": HOSTILE,
        "R-3": "张样例 10400001234 证110101190001011234 从武汉回",
    }
    return {
        r.id: SourceLine(
            report_id=r.id,
            message_id=r.message_id,
            node_name=NAMES[r.node_id],
            role=r.reporter_role,
            received_at=r.received_at,
            values=r.values,
            text=texts.get(r.id, f"{NAMES[r.node_id]}今天的数"),
            on_behalf=r.on_behalf,
            names=("张样例",),
        )
        for r in reports()
    }


def returnees() -> list[ReturneeRow]:
    """Return six people for the four tables, one of them still to be asked about."""
    person = ReturneeRow(
        table=Table.WUHAN,
        village="柳树村",
        grid="三格",
        household="3-2-402",
        name="张样例",
        category="学生",
        returned=date(2020, 1, 22),
        origin="武汉汉阳",
        transport=None,
        companions=3,
        morning_celsius=Decimal("36.5"),
        evening_celsius=None,
        symptoms="无",
        observed_day=17,
        release=date(2020, 2, 5),
        responsible="吕拟好",
        phone="10400001234",
        notes=HOSTILE,
    )
    return [
        person,
        replace(person, table=Table.HUBEI_OTHER, origin="黄冈", name="欧阳模", notes="证110101190001011234"),
        replace(person, table=Table.OUT_PROVINCE, origin="杭州", notes=""),
        replace(person, table=Table.IN_PROVINCE, origin="郑州", grid=None, notes="@小格 收到"),
        replace(person, table=Table.IN_PROVINCE, origin="洛阳", notes="-2"),
        replace(person, table=None, origin="杭州经停武汉"),
    ]


def gates() -> list[CheckpointRow]:
    """Return two shifts of a checkpoint, one of them with figures nobody gave."""
    row = CheckpointRow(DAY, "东口", "早班", 8, 120, 11, 203, 1, "医生已看", "口罩2盒", "吕拟好")
    return [row, CheckpointRow(DAY, "东口", "夜班", 8)]
