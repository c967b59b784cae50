"""A house to test the console in: the application, people to post anywhere, a seat for whoever is signed in."""

import base64
import shutil
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import insert
from werkzeug.test import TestResponse

from bot import tree_commands
from bot.app import create_app
from bot.clock import Clock
from bot.parts import Parts
from bot.settings import load
from bot.web.session import Sessions
from handlers.domain.directive import Directive
from handlers.domain.hierarchy import Node
from handlers.domain.people import Person
from handlers.issue_directive import draft_directive
from handlers.ports import Context
from nlp.order import Order
from store.inbox import row
from store.models import metadata, person, role

ROOT = Path(__file__).parents[2]
TOWN = ROOT / "data/town.yaml"
START = datetime(2026, 2, 8, 1, 0, tzinfo=UTC)  # 09:00 in the county
BASE = "http://127.0.0.1:8000"
TOWNSHIP, VILLAGE, OTHER = "350125105", "350125105204", "350125104"
LEAD, DEPUTY, COUNTY_LEAD = "yt_t105_lead", "yt_t105_deputy", "yt_county_lead"
PASSWORD = "竹篮打水 also holds a fish"


class Still(Clock):
    """A clock that stands where a test has put it."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def epoch(self) -> float:
        return self.at.timestamp()

    def forward(self, **span: float) -> None:
        self.at += timedelta(**span)


def environ(folder: Path, **more: str) -> dict[str, str]:
    """The environment of a console in *folder*; the data key is the tests' own."""
    return {
        "GEYING_DEMO": "1",
        "GEYING_DATABASE_URL": f"sqlite:///{folder / 'geying.db'}",
        "GEYING_DATA_KEY": base64.urlsafe_b64encode(b"sample key of 32 bytes for tests").decode(),
        "GEYING_BASE_URL": BASE,
        "GEYING_HIERARCHY": str(TOWN),
        "GEYING_VAR": str(folder / "var"),
        **more,
    }


def seeded(folder: Path) -> Path:
    """Make a database with the sample town in *folder* and return its path."""
    parts = Parts(load(environ(folder), dotenv=None), Still(START))
    with parts.database.begin() as connection:
        metadata.create_all(connection)
    county, tree = tree_commands.load_county(TOWN, parts.database, date(2026, 2, 8), START)
    for name in ("roster.csv", "chats.csv"):
        path = ROOT / "data/town" / name
        outcome = tree_commands.import_roster(path, parts.database, county, tree, date(2026, 2, 8), START)
        assert not outcome.plan.errors
    parts.database.close()
    return folder / "geying.db"


class House:
    """One console and everybody who may come to it."""

    def __init__(self, folder: Path, seed: Path, **more: str) -> None:
        shutil.copy(seed, folder / "geying.db")
        self.clock = Still(START)
        self.parts = Parts(load(environ(folder, **more), dotenv=None), self.clock)
        self.app = create_app(self.parts)
        self.app.testing = True
        self.sessions = Sessions(self.parts)

    def close(self) -> None:
        self.parts.database.close()

    # -- people and places -------------------------------------------------------------------------------------------

    @property
    def context(self) -> Context:
        return self.parts.counties.context()

    def node(self, code: str) -> Node:
        """The node of that code."""
        found = self.context.tree.by_code(code)
        assert found is not None
        return found

    def person(self, userid: str) -> Person:
        """Somebody of the roster, or posted by a test."""
        with self.parts.store.read() as work:
            found = work.people.by_userid(userid, self.context.day)
        assert found is not None
        return found

    def post(self, userid: str, code: str, kind: str, name: str = "测样") -> Person:
        """Give *userid* a post at a node; somebody new if need be."""
        with self.parts.database.begin() as connection:
            known = connection.execute(person.select().where(person.c.userid == userid)).first()
            made = known.id if known else connection.execute(
                insert(person).values(userid=userid, name=name, phones=[]).returning(person.c.id)
            ).scalar_one()  # fmt: skip
            connection.execute(insert(role).values(person_id=made, node_id=self.node(code).id, role=kind))
        return self.person(userid)

    # -- seats -------------------------------------------------------------------------------------------------------

    def client(self) -> FlaskClient:
        """A browser nobody has used."""
        return self.app.test_client()

    def seat(self, userid: str) -> "Seat":
        """A browser in which *userid* is signed in."""
        with self.parts.store.begin() as work:
            key = work.accounts.open_session(self.person(userid).id, self.clock.now())
        return Seat(self, self.client(), key)

    def set_password(self, userid: str, password: str = PASSWORD) -> None:
        """Let *userid* sign in."""
        with self.parts.store.begin() as work:
            work.accounts.set_password(self.person(userid).id, password, self.clock.now())

    def sign_in(self, client: FlaskClient, userid: str, password: str, **headers: str) -> TestResponse:
        """Fill in the sign-in form as a browser would."""
        client.get("/console/sign-in")
        word = client.get_cookie(self.sessions.door_cookie)
        form = {"userid": userid, "password": password, "token": self.sessions.token(word.value if word else "")}
        return client.post("/console/sign-in", data=form, headers={"Origin": BASE, **headers})

    # -- what there is to see ----------------------------------------------------------------------------------------

    def draft(self, userid: str, code: str, body: str = "今天下午5点前把返乡的再摸一遍", **order: Any) -> Directive:
        """A draft written by *userid* for a node, not shown to anybody."""
        made = Order(body, order.pop("level", "grid"), order.pop("role", None), **order)
        with self.parts.store.begin() as work:
            return draft_directive(self.person(userid), made, (self.node(code).id,), work, self.context)

    def directive(self, directive_id: int) -> Directive:
        """The directive as it stands."""
        with self.parts.store.read() as work:
            found = work.directives.get(directive_id)
        assert found is not None
        return found

    def say(self, userid: str, text: str) -> None:
        """Somebody says something to the bot 1:1, now; it is handled at once."""
        now, number = self.clock.now(), self.clock.at.timestamp()
        body = f"<xml><MsgType>text</MsgType><FromUserName>{userid}</FromUserName><Content>{text}</Content></xml>"
        key = f"wecom_app:m:{userid}-{number}-{len(text)}"
        with self.parts.store.begin() as work:
            work.inbox.insert([row(key, "wecom_app", "text", userid, None, body.encode(), now, now)])
        assert self.parts.reader.handle(self.parts.reader.due()) == 1

    def tick(self, **span: float) -> None:
        """Let time pass and do what it makes due."""
        self.clock.forward(**span)
        self.parts.ticks.run()

    def audited(self) -> list[tuple[int | None, str, str, str]]:
        """Who did what: (person, action, object, result), oldest first."""
        with self.parts.database.read() as connection:
            rows = connection.exec_driver_sql("SELECT person_id, action, object, result FROM audit ORDER BY id")
            return [tuple(found) for found in rows]


class Seat:
    """A browser with a session: gets pages, sends forms with their token and origin."""

    def __init__(self, house: House, client: FlaskClient, key: str) -> None:
        self.house, self.client, self.key = house, client, key
        client.set_cookie(house.sessions.cookie, key)

    def get(self, path: str, **options: Any) -> TestResponse:
        return self.client.get(path, **options)

    def send(self, path: str, *, headers: dict[str, str] | None = None, **form: Any) -> TestResponse:
        """Press a button: POST *form* with the session's token from our own origin."""
        data = {"token": self.house.sessions.token(self.key), **form}
        return self.client.post(path, data=data, headers={"Origin": BASE, **(headers or {})})

    def ask(self, method: str, path: str) -> TestResponse:
        return self.get(path) if method == "GET" else self.send(path)
