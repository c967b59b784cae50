"""A lane of households to test the residents' pages in: codes on doors and at a gate, phones that post forms."""

import re
import secrets
import shutil
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from console_house import Still, environ
from sqlalchemy import func, select
from werkzeug.test import Client, TestResponse

from bot.doorway import wsgi_app
from bot.parts import Parts
from bot.settings import load
from handlers.domain.household import Age
from handlers.domain.place_code import CodeKind
from store.models import colour_receipt, declaration, inbox, question, sheet, sheet_answer, subject

START = datetime(2026, 2, 8, 1, 0, tzinfo=UTC)  # 09:00 in the county
DAY = date(2026, 2, 8)
GRID = "350125105204"  # a village of the sample town; the lane lies in its first grid
ALL = ("declare@1", "health@1", "care@1")


class Lane:
    """Two households and a gate over a seeded town; a form posted here goes through the real doors."""

    def __init__(self, folder: Path, seed: Path, **more: str) -> None:
        shutil.copy(seed, folder / "geying.db")
        self.clock = Still(START)
        self.parts = Parts(load(environ(folder, **more), dotenv=None), self.clock)
        self.app = wsgi_app(self.parts)
        self._build()

    def _build(self) -> None:
        ctx = self.parts.counties.context()
        village = ctx.tree.by_code(GRID)
        assert village is not None
        grid = ctx.tree.descendants(village.id, "grid")[0]
        self.gate_id, now = village.id, START - timedelta(days=30)
        with self.parts.store.begin() as work:
            steps, homes = work.household_steps, work.households
            self.home_id = steps.make(grid, f"{GRID}-H1", "3-101", date(2026, 1, 1), now, None)
            self.other_id = steps.make(grid, f"{GRID}-H2", "3-102", date(2026, 1, 1), now, None)
            for home in (self.home_id, self.other_id):
                homes.put(home, now)
            self.members = [
                homes.add_member(self.home_id, "王样花", date(2026, 1, 1), now, age=Age.OLD),
                homes.add_member(self.home_id, "李样明", date(2026, 1, 1), now, age=Age.GROWN),
                homes.add_member(self.home_id, "李样童", date(2026, 1, 1), now, age=Age.UNDER_14),
            ]
            steps.announce(now)
            self.home = work.codes.issue(self.home_id, CodeKind.HOUSEHOLD, now).token
            self.other = work.codes.issue(self.other_id, CodeKind.HOUSEHOLD, now).token
            self.gate = work.codes.issue(self.gate_id, CodeKind.NODE, now).token
        self.clock.forward(seconds=5)  # the tree is looked at again

    def close(self) -> None:
        self.parts.acceptor.stop()
        self.parts.database.close()

    # -- asking ------------------------------------------------------------------------------------------------------

    def client(self) -> Client:
        return Client(self.app)

    def get(self, path: str, client: Client | None = None, **headers: str) -> TestResponse:
        return (client or self.client()).get(path, headers=headers)

    def seal(self, token: str) -> str:
        return self.parts.seals.make(f"/d/{token}", self.clock.now())

    def body(self, token: str, fields: dict[str, Any], key: str | None = None, **more: Any) -> str:
        """A form as a browser puts it."""
        head = {"t": self.seal(token), "key": key or secrets.token_urlsafe(16), "made": int(self.clock.epoch() * 1000)}
        pairs = [(name, one) for name, said in {**head, **fields, **more}.items() for one in _many(said)]
        return urlencode(pairs)

    def post(
        self, token: str, body: str | bytes, *, script: bool = True, client: Client | None = None, **more: Any
    ) -> TestResponse:
        headers = {"Accept": "application/json"} if script else {"Accept": "text/html", "Origin": "null"}
        return (client or self.client()).post(
            f"/d/{token}", data=body, headers={**headers, **more.pop("headers", {})},
            content_type=more.pop("content_type", "application/x-www-form-urlencoded"), **more,
        )  # fmt: skip

    def work(self) -> None:
        """Let what waits be handled."""
        self.parts.reader.handle(self.parts.reader.due())

    def declare(self, token: str, fields: dict[str, Any], key: str | None = None) -> dict[str, Any]:
        """Post a form as the script does, let it be handled, and fetch its answer."""
        key = key or secrets.token_urlsafe(16)
        answer = self.post(token, self.body(token, fields, key))
        assert answer.status_code == 202, answer.text
        self.work()
        return self.answer(token, key, answer.json["at"])

    def answer(self, token: str, key: str, at: str) -> dict[str, Any]:
        told = self.client().post(f"/d/{token}/answer", data={"key": key, "at": at})
        assert told.status_code == 200
        return told.json

    # -- looking -----------------------------------------------------------------------------------------------------

    def rows(self, table: Any) -> int:
        with self.parts.database.read() as connection:
            return connection.execute(select(func.count()).select_from(table)).scalar_one()

    def records(self) -> int:
        """How many rows anything a resident posted has left anywhere."""
        return sum(
            self.rows(table) for table in (inbox, sheet, declaration, colour_receipt, question, subject, sheet_answer)
        )


def well(row: str, **said: Any) -> dict[str, Any]:
    """The fields of somebody who is well and was here all the time, with what *said* changes."""
    usual = {"away": "no", "well": "1", "temperature": "36.5", "c": ALL}
    on = {} if row.startswith("n") else {"on": row}
    return {**on, **{f"{row}.{name}": value for name, value in {**usual, **said}.items() if value is not None}}


def _many(said: Any) -> tuple[Any, ...]:
    return tuple(said) if isinstance(said, tuple | list) else (said,)


def token_of(html: str) -> str:
    """The link to /me in a receipt."""
    found = re.search(r"/me/([0-9A-Za-z_-]+)", html)
    assert found is not None
    return found[1]
