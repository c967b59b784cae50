"""Households on plans, and whoever ticks."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from village import COUNTY, Village

from handlers import open_rounds
from handlers.domain.four_ones import FourOnes, One, Plan, Whom
from store.models import contact_due, contact_round

NINE, FOUR_PM = time(9, 0), time(16, 0)
ISOLATION = Plan(
    "isolation", "居家健康监测", Whom.ISOLATION, One.MESSAGE, (NINE,), (NINE, FOUR_PM), exception_after=3,
    purpose="居家健康监测", basis="隔离决定",
)  # fmt: skip
ELDERS = Plan("elders", "独居老人", Whom.ENROLLED, One.CALL | One.NEEDS, (NINE,), (NINE,), purpose="问候", basis="同意")
FOUR = FourOnes((NINE, FOUR_PM), (ISOLATION, ELDERS), list_at=time(8, 40))
PLANNED = replace(COUNTY, four_ones=FOUR)
HOMES = ("v1g1h1", "v1g1h2", "v1g1h3", "v1g2h1", "v2g1h1")


def enrol(village: Village, codes: tuple[str, ...] = HOMES, plan: str = "isolation", first: date | None = None) -> None:
    """Put households on a plan."""
    village.county = PLANNED
    with village.store.begin() as work:
        for code in codes:
            work.contacts.enrol(village.node(code), plan, first or village.ctx.day, village.now)


def at(village: Village, hour: int, minute: int = 0, day: date | None = None) -> None:
    """Set the clock to a local time, of today unless a day is given."""
    local = datetime.combine(day or village.ctx.day, time(hour, minute), PLANNED.tz)
    village.now = local.astimezone(village.now.tzinfo)


def tick(village: Village, times: int = 40) -> int:
    """Let somebody tick until nothing is left to open."""
    looked = 0
    for _ in range(times):
        with village.store.begin() as work:
            if not open_rounds.due(work, village.ctx):
                break
            looked += open_rounds.run(work, village.ctx)
    return looked


def live(village: Village, until: datetime, every: timedelta = timedelta(minutes=10)) -> None:
    """Tick on and on until a moment."""
    while village.now < until:
        tick(village)
        village.now += every


def put_down(village: Village) -> list[tuple[str, int, str, bool]]:
    """Every contact: day, slot, state, late; in order."""
    with village.database.read() as connection:
        c = contact_due.c
        rows = connection.execute(select(c.day, c.slot, c.state, c.late).order_by(c.day, c.slot, c.household_id))
        return [(row.day.isoformat(), row.slot, row.state, row.late) for row in rows]


def rounds(village: Village) -> dict[tuple[str, int], str]:
    with village.database.read() as connection:
        rows = connection.execute(select(contact_round)).all()
        return {(row.day.isoformat(), row.slot): row.state for row in rows}
