"""Fourteen days with ticks lost, doubled, three hours late and killed: each contact once, or marked late."""

import hashlib
import random
from collections import Counter
from datetime import UTC, date, datetime, time, timedelta

import pytest
from rounds_rig import HOMES, PLANNED, enrol
from sqlalchemy import select
from village import Village

from handlers import ask_households, open_rounds, send_lists
from handlers.domain.day_list import Listed
from handlers.domain.delivery import label
from handlers.domain.four_ones import window
from handlers.domain.household import Relation
from handlers.domain.message import Channel
from handlers.domain.window import Opening
from store.models import contact_due, delivery, parcel

pytestmark = pytest.mark.long

FIRST, DAYS = date(2020, 1, 27), 14
SLOTS = (540, 960)


class Killed(BaseException):
    """The process is gone."""


class Faulty:
    """The village at war, so that everybody is asked twice a day, and a scheduler that fails in every way."""

    def __init__(self, village: Village, seed: int, first: date = FIRST) -> None:
        self.village, self.dice = village, random.Random(seed)
        self._heard_on: date | None = None
        enrol(village)
        with village.store.begin() as work:
            fuse = datetime(2030, 1, 1, tzinfo=UTC)
            work.modes.start(village.node("c"), 1, "样防2号", village.now - timedelta(days=1), fuse)
            for code in HOMES:
                home = village.node(code)
                contact = work.households.add_contact(home, "样某", Relation.CHILD, first, village.now, may_answer=True)
                work.households.bind_address(contact.id, "kf", f"wm{code}", village.now)

    def run(self) -> None:
        village = self.village
        end = datetime.combine(FIRST + timedelta(days=DAYS), time(0, 30), PLANNED.tz)
        while village.now < end:
            fate = self.dice.random()
            for _ in range(2 if fate < 0.1 else 1):
                self._tick(killed=0.1 <= fate < 0.3)
            village.now += timedelta(minutes=180 if fate > 0.95 else 15)

    def _tick(self, *, killed: bool) -> None:
        village = self.village
        if self._heard_on != village.ctx.day:
            self._everybody_speaks()
        for verb in (open_rounds, ask_households, send_lists):
            try:
                with village.store.begin() as work:
                    if verb.due(work, village.ctx):
                        verb.run(work, village.ctx)
                    if killed:
                        raise Killed
            except Killed:
                pass

    def _everybody_speaks(self) -> None:
        """A word of theirs a day keeps their windows open."""
        self._heard_on = self.village.ctx.day
        with self.village.store.begin() as work:
            for code in HOMES:
                work.windows.heard(Channel.KF, label(Channel.KF, f"wm{code}"), Opening.WORD, self.village.now)

    def contacts(self) -> list[tuple[str, date, int, str, bool, datetime | None]]:
        names = {self.village.node(code): code for code in HOMES}
        c = contact_due.c
        with self.village.database.read() as connection:
            rows = connection.execute(select(c.household_id, c.day, c.slot, c.state, c.late, c.asked_at))
            return sorted((names[row[0]], *row[1:]) for row in rows)

    def said(self, words: str, earliest: time, latest: time) -> list[tuple[str, str, str]]:
        """Return (address, first addressee, day) of each letter with these words; none is out of hours."""
        with self.village.database.read() as connection:
            rows = connection.execute(
                select(delivery.c.address, parcel.c.created_at, parcel.c.body).join(
                    parcel, parcel.c.id == delivery.c.parcel_id
                )
            ).all()
        told = [
            (row.address, row.body["to"][0], row.created_at.astimezone(PLANNED.tz))
            for row in rows
            if row.body is not None and words in str(row.body)
        ]
        assert all(earliest <= local.time() < latest for _, _, local in told)
        return [(address, to, local.date().isoformat()) for address, to, local in told]

    def lists(self) -> Counter[tuple[str, str]]:
        """How often each worker had the list of a day, by what stands in the outbox."""
        return Counter((address, day) for address, _, day in self.said("随时回「今天」", time(8, 40), time(11)))

    def questions(self) -> Counter[tuple[str, str]]:
        """How often each household was asked on a day, by what stands in the outbox."""
        return Counter((to, day) for _, to, day in self.said("今天体温", time(7), time(22)))


@pytest.fixture(scope="module")
def digests() -> dict[int, str]:
    return {}


def rows_of(faulty: Faulty) -> str:
    return hashlib.sha256(repr(faulty.contacts()).encode()).hexdigest()


@pytest.mark.parametrize("seed", [1, 2])
def test_each_contact_once_or_late(hamlet: Village, seed: int) -> None:
    faulty = Faulty(hamlet, seed)
    faulty.run()
    found = faulty.contacts()
    wanted = {(code, FIRST + timedelta(days=n), slot) for code in HOMES for n in range(DAYS) for slot in SLOTS}
    assert Counter(row[:3] for row in found) == dict.fromkeys(wanted, 1)
    asked = Counter((f"wm{code}", day.isoformat()) for code, day, _, _, _, at in found if at is not None)
    assert faulty.questions() == asked
    for _, day, slot, state, late, asked_at in found:
        _, ends_at = window(PLANNED.four_ones, day, slot, PLANNED.tz)
        if asked_at is None:
            assert (state, late) == ("late", True)
        else:
            assert asked_at <= ends_at + PLANNED.four_ones.spread
    assert sum(row[5] is not None for row in found) > 0.8 * len(found)


@pytest.mark.parametrize("seed", [1, 2])
def test_each_list_once_or_late(hamlet: Village, seed: int) -> None:
    faulty = Faulty(hamlet, seed)
    faulty.run()
    told, workers = faulty.lists(), {who: hamlet.person_id(who) for who in ("lv", "sun", "other", "zhou")}
    assert set(told.values()) == {1}
    for n in range(DAYS):
        day = FIRST + timedelta(days=n)
        with hamlet.store.read() as work:
            rows = work.day_lists.of(day)
        assert set(rows) == set(workers.values())  # each has its row, whatever happened to the ticks
        for who, number in workers.items():
            assert (rows[number] is Listed.SENT) == ((who, day.isoformat()) in told)
    assert sum(told.values()) > 0.6 * 3 * DAYS


def test_the_same_seed_gives_the_same_days(village: Village, digests: dict[int, str]) -> None:
    """On PostgreSQL the same rows as on SQLite."""
    faulty = Faulty(village, 3)
    faulty.run()
    assert digests.setdefault(3, rows_of(faulty)) == rows_of(faulty)
