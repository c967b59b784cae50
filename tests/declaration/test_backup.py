"""A copy taken while people write, brought back into an empty database: all of it, and nobody who was erased since."""

import sqlite3
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import select
from village import WUHAN, Village, person

from bot.cli import main
from handlers import rights
from handlers.domain.delivery import Letter
from handlers.domain.errors import Refused
from handlers.domain.letter import Purpose, Recipient, Text
from handlers.domain.message import Channel
from store import backup
from store import models as m
from store.engine import Database
from store.migrate import migrate
from store.tombstones import Tombstones, bring_together

pytestmark = pytest.mark.long


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def village(request: pytest.FixtureRequest) -> Iterator[Village]:
    """A village in a database that migrations made: a copy is told by its revision."""
    database = Database(request.getfixturevalue(f"{request.param}_url"))
    migrate(database)
    yield Village(database)
    database.close()


@pytest.fixture
def empty(village: Village, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Database]:
    """Another place of the same kind, with nothing in it."""
    if village.database.sqlite:
        made = Database(f"sqlite:///{tmp_path / 'other' / 'geying.db'}")
    else:
        with village.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("CREATE DATABASE brought_back")
        made = Database(village.database.url.set(database="brought_back").render_as_string(hide_password=False))
    yield made
    made.close()
    if not village.database.sqlite:
        with village.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("DROP DATABASE brought_back WITH (FORCE)")


def test_all_comes_back_but_not_who_was_erased_since(village: Village, empty: Database, tmp_path: Path) -> None:
    village.declare(person(journey=WUHAN))
    gone = village.declare(person(name="李样石"), at="v1g2h1")
    copy = tmp_path / "copies" / "monday"
    assert backup.save(village.database, copy) == copy.stat().st_size > 10_000
    assert copy.stat().st_mode & 0o077 == 0
    with village.store.begin() as work:
        rights.erase(gone.me_token, None, work, village.ctx)
    stones = Tombstones(tmp_path / "stones")
    bring_together(village.store, stones, village.now)

    backup.bring_back(empty, copy)
    assert rows(empty, m.declaration) == 2  # both are in the copy
    back = Village.__new__(Village)  # the same village over the other database: nothing is imported again
    back.__dict__ = {**village.__dict__, "database": empty, "store": type(village.store)(empty)}
    assert bring_together(back.store, stones, village.now) == (0, 1)
    assert everything_of(back) == "王样花"
    assert b"\xe6\x9d\x8e\xe6\xa0\xb7\xe7\x9f\xb3" not in copy.read_bytes()  # sealed there too


def test_a_copy_is_of_one_moment_however_much_is_written_meanwhile(
    village: Village, empty: Database, tmp_path: Path
) -> None:
    """Every sheet writes a declaration and its receipt in one transaction: a copy between the two would differ."""
    stop, began = threading.Event(), threading.Event()

    def write() -> None:
        while not stop.is_set():
            village.declare(person())
            began.set()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        assert began.wait(30)
        for n in range(3):
            backup.save(village.database, tmp_path / f"copy{n}")
    finally:
        stop.set()
        writer.join()
    backup.bring_back(empty, tmp_path / "copy2")
    assert 0 < rows(empty, m.declaration) == rows(empty, m.colour_receipt) <= rows(village.database, m.declaration)


def test_what_waited_to_be_sent_is_not_said_twice(village: Village, empty: Database, tmp_path: Path) -> None:
    def letter(words: str) -> Letter:
        who = (Recipient("lv", person_id=1),)
        return Letter(Purpose.REMINDER, Channel.WECOM_APP, Text(words), who, village.now, 5)

    for minutes in (31, 0):
        with village.store.begin() as work:
            work.outbox.put([letter(f"{minutes}")], village.now)
        village.forward(minutes=minutes)
    backup.save(village.database, tmp_path / "copy")
    backup.bring_back(empty, tmp_path / "copy")
    assert backup.let_pass(empty, village.now) == 1
    with empty.read() as connection:
        found = connection.execute(select(m.parcel.c.state).order_by(m.parcel.c.id)).scalars().all()
    assert found == ["late", "queued"]
    assert backup.let_pass(empty, village.now + timedelta(minutes=1)) == 0


def test_nothing_is_written_over(village: Village, tmp_path: Path) -> None:
    backup.save(village.database, tmp_path / "copy")
    with pytest.raises(Refused, match="不覆盖"):
        backup.save(village.database, tmp_path / "copy")
    with pytest.raises(Refused, match="库里已经有东西"):
        backup.bring_back(village.database, tmp_path / "copy")


@pytest.mark.parametrize("fault", ["cut", "other", "newer"])
def test_a_bad_copy_is_refused_and_the_place_stays_empty(fault: str, sqlite_url: str, tmp_path: Path) -> None:
    database = Database(sqlite_url)
    migrate(database)
    copy, place = tmp_path / "copy", Database(f"sqlite:///{tmp_path / 'other.db'}")
    backup.save(database, copy)
    if fault == "cut":
        copy.write_bytes(copy.read_bytes()[: copy.stat().st_size // 2])
    elif fault == "other":
        copy.write_text("不是数据库")
    else:
        with sqlite3.connect(copy) as connection:
            connection.execute("UPDATE alembic_version SET version_num = 'ffff'")
        connection.close()
    with pytest.raises(Refused, match={"cut": "坏了", "other": "不是这种库", "newer": "更新的版本"}[fault]):
        backup.bring_back(place, copy)
    backup.bring_back(place, good(database, tmp_path))
    database.close()
    place.close()


def test_the_commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name, value in {
        "DEMO": "1", "HIERARCHY": str(Path(__file__).parents[2] / "data/town.yaml"), "VAR": str(tmp_path / "var"),
    }.items():  # fmt: skip
        monkeypatch.setenv(f"GEYING_{name}", value)
    monkeypatch.setenv("GEYING_DATABASE_URL", f"sqlite:///{tmp_path / 'one.db'}")
    run = CliRunner().invoke
    assert run(main, ["init-db"]).exit_code == 0
    said = run(main, ["backup", "copy.db"])
    assert (said.exit_code, said.output.startswith("已备份:copy.db(")) == (0, True)
    assert run(main, ["restore", "copy.db"]).output.startswith("Error: 库里已经有东西")
    monkeypatch.setenv("GEYING_DATABASE_URL", f"sqlite:///{tmp_path / 'two.db'}")
    said = run(main, ["restore", "copy.db"])
    assert (said.exit_code, "已恢复,版本" in said.output) == (0, True), said.output
    assert run(main, ["audit", "verify"]).exit_code == 0


def rows(database: Database, table: object) -> int:
    with database.read() as connection:
        return len(connection.execute(select(table.c.id)).all())  # type: ignore[attr-defined]


def everything_of(village: Village) -> str:
    """Every profile that still opens."""
    with village.store.read() as work:
        keys = work.connection.execute(select(m.declaration.c.subject_id)).scalars()
        found = [work.subjects.get(one) for one in keys if one is not None]
    return " ".join(one.profile.name for one in found if one is not None and one.profile is not None)


def good(database: Database, folder: Path) -> Path:
    backup.save(database, folder / "good")
    return folder / "good"
