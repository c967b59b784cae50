"""A village in a box: a gate, two grids, four households, and the people who look after them; a clock that is moved.

Everybody is invented.
"""

import secrets
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from bot import declaration_file
from handlers import declare_health, look_after
from handlers.dispatch import dispatch
from handlers.domain.consent import Speaker
from handlers.domain.county import County, Level, usual_roles
from handlers.domain.declaration import Answer, Journey, PersonSheet, Sheet
from handlers.domain.declaring import FEVER, Checklist, Declaring
from handlers.domain.hierarchy import NodeIn
from handlers.domain.message import Channel, Inbound, Kind
from handlers.domain.roster import PlannedHolding, PlannedPerson, RosterPlan
from handlers.ports import Context
from store.engine import Database
from store.models import delivery, parcel
from store.people import PeopleRepo
from store.tree import TreeRepo
from store.work import Store

ROOT = Path(__file__).parents[2]
MORNING = datetime(2020, 1, 27, 1, 0, tzinfo=UTC)  # 09:00 in the county; J4's fifth day
LEVELS = tuple(
    Level(key, title, staff)
    for key, title, staff in (
        ("county", "县", True),
        ("township", "乡镇", True),
        ("village", "村", True),
        ("grid", "网格", True),
        ("household", "户", False),
    )
)
ROWS = [
    NodeIn("c", "样例县", "county", None),
    NodeIn("t1", "清水镇", "township", "c"),
    NodeIn("v1", "柳树村", "village", "t1"),
    NodeIn("v1g1", "柳树村第01网格", "grid", "v1"),
    NodeIn("v1g2", "柳树村第02网格", "grid", "v1"),
    NodeIn("v1g1h1", "3-101", "household", "v1g1"),
    NodeIn("v1g1h2", "3-102", "household", "v1g1"),
    NodeIn("v1g1h3", "3-103", "household", "v1g1"),
    NodeIn("v1g2h1", "5-201", "household", "v1g2"),
    NodeIn("v2", "杨树村", "village", "t1"),
    NodeIn("v2g1", "杨树村第01网格", "grid", "v2"),
    NodeIn("v2g1h1", "1-1", "household", "v2g1"),
]
POSTS = (
    ("boss", "样例镇长", "t1", "township_lead"),
    ("head", "样例支书", "v1", "village_lead"),
    ("zhou", "周样医", "v1", "village_doctor"),
    ("lv", "吕样", "v1g1", "gridworker"),
    ("sun", "孙样", "v1g2", "gridworker"),
    ("other", "钱样", "v2g1", "gridworker"),
)
TABLE = declaration_file.read(ROOT / "data/rules/declaration.yaml", FEVER)
DECLARING = Declaring(TABLE, checklist=Checklist("一测二问三记四留", ("测体温", "问来处")))
COUNTY = County(
    "样例县", "c", "河南省", LEVELS, roles=MappingProxyType(usual_roles(LEVELS)), declaring=DECLARING, sample=True
)
WUHAN = Journey(True, "武汉", "2020-01-22", "train", "无", "student")
HERE = Journey(away=False)
ALL = frozenset({"declare@1", "health@1", "care@1"})
DECLARE, NO_CARE = frozenset({"declare@1"}), frozenset({"declare@1", "health@1"})


def person(row: str = "p1", **said: Any) -> PersonSheet:
    """A grown-up who is well and was here all the time, with what *said* changes."""
    usual: dict[str, Any] = {
        "name": "王样花",
        "under_14": False,
        "journey": HERE,
        "symptoms": (),
        "temperature": "36.5",
        "consents": ALL,
    }
    return PersonSheet(row, **{**usual, **said})


class Village:
    """The county in a database. Every call is a transaction of its own, at the moment the clock stands at."""

    def __init__(self, database: Database, *, fresh: bool = True) -> None:
        self.database, self.store, self.now = database, Store(database), MORNING
        self.county = COUNTY
        self._said = 0
        roster = RosterPlan(
            people=tuple(PlannedPerson(who, name, ("10400000001",), 2) for who, name, _, _ in POSTS),
            holdings=tuple(PlannedHolding(who, where, what) for who, _, where, what in POSTS),
        )
        if fresh:
            with database.begin() as connection:
                TreeRepo(connection).import_nodes(ROWS, date(2019, 1, 1), now=self.now, sha256="a")
                PeopleRepo(connection).save(roster, date(2019, 1, 1))
        self.tree = self._tree()

    def _tree(self) -> Any:
        with self.store.read() as work:
            return work.tree.load(LEVELS, self.now.astimezone(ZoneInfo("Asia/Shanghai")).date())

    @property
    def ctx(self) -> Context:
        return Context(self.now, self.county, self.tree, "https://town.example")

    def node(self, code: str) -> int:
        found = self.tree.by_code(code)
        assert found is not None
        return found.id

    def forward(self, **span: float) -> None:
        self.now += timedelta(**span)

    # -- declaring -----------------------------------------------------------------------------------------------------

    def sheet(self, *people: PersonSheet, at: str = "v1g1h1", household: str | None = None, **said: Any) -> Sheet:
        usual: dict[str, Any] = {"key": secrets.token_urlsafe(16), "made_at": self.now, "known": True}
        home = self.node(household) if household else None
        return Sheet(place_id=self.node(at), people=people, household_id=home, **{**usual, **said})

    def submit(self, sheet: Sheet) -> Answer:
        with self.store.begin() as work:
            return declare_health.submit(sheet, work, self.ctx)

    def declare(self, *people: PersonSheet, **said: Any) -> Answer:
        """Hand in a sheet that is taken."""
        answer = self.submit(self.sheet(*people, **said))
        assert answer.faults == ()
        return answer

    def settle(self, token: str | None, key: str, choice: str) -> Answer:
        assert token is not None
        with self.store.begin() as work:
            return declare_health.settle(token, key, choice, work, self.ctx)

    # -- the people on duty --------------------------------------------------------------------------------------------

    def intent(self, userid: str, text: str) -> str:
        """Somebody on duty says something; returns what it was taken for."""
        self.say(userid, text)
        return self.taken_for

    def say(self, userid: str, text: str, *, group: str | None = None) -> str:
        """Somebody on duty says something to the bot; returns what they hear, in private or there."""
        self._said += 1
        inbound = Inbound(
            f"k{self._said}", Channel.WECOM_APP, Kind.TEXT, userid, group, text, {}, self.now, self.now, self._said
        )
        before = len(self.letters(userid))
        with self.store.begin() as work:
            self.taken_for = dispatch(inbound, work, self.ctx)
        return "\n".join(self.letters(userid)[before:])

    def tick(self) -> int:
        """What happens because time passed."""
        with self.store.begin() as work:
            return look_after.run(work, self.ctx) if look_after.due(work, self.ctx) else 0

    # -- looking -------------------------------------------------------------------------------------------------------

    def person_id(self, userid: str) -> int:
        with self.store.read() as work:
            found = work.people.by_userid(userid, self.ctx.day)
            assert found is not None
            return found.id

    def letters(self, userid: str) -> list[str]:
        """What was written to somebody, oldest first."""
        with self.database.read() as connection:
            rows = connection.execute(
                select(parcel.c.body)
                .join(delivery, delivery.c.parcel_id == parcel.c.id)
                .where(delivery.c.address == userid)
                .order_by(parcel.c.id)
            )
            return ["" if row.body is None else str(row.body.get("text", "")) for row in rows]

    def all_letters(self) -> list[str]:
        """Everything that was written to anybody, oldest first."""
        with self.database.read() as connection:
            rows = connection.execute(select(parcel.c.body).order_by(parcel.c.id))
            return ["" if row.body is None else str(row.body.get("text", "")) for row in rows]

    def count(self, code: str, metric: str, template: str = "declaration", day: date | None = None) -> int:
        with self.store.read() as work:
            counter = work.reports.tally(self.node(code), day or self.ctx.day, template).get(metric)
        return int(counter.own + counter.below) if counter else 0


def said_by(speaker: Speaker, people: Iterable[PersonSheet]) -> list[PersonSheet]:
    """The same rows in somebody else's words."""
    from dataclasses import replace

    return [replace(one, said_by=speaker) for one in people]
