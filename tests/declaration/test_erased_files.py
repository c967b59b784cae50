"""An erased person is in no file: the database, its log, what is exported, what is logged, a restored backup."""

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import openpyxl
import pytest
from household import Home
from village import WUHAN, Village, person

from bot.keeping import Keeping
from bot.post_daily import people_for, write_workbook
from handlers import rights
from handlers.dispatch import UNKEPT
from handlers.freeze_day import composed
from store import backup
from store.engine import Database
from store.migrate import migrate

NAME, PHONE, WORDS = "金丝雀", "10400000009", ("金丝雀", "10400000009", "38.8", "武汉", "干咳", "胸口闷得慌")


class Clocked:
    """What `Keeping` needs of the counties."""

    def __init__(self, village: Village) -> None:
        self._village, self.county = village, village.county

    def now(self):
        return self._village.now


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "var"
    made.mkdir()
    return made


@pytest.fixture
def lived(folder: Path, caplog: pytest.LogCaptureFixture) -> Iterator[tuple[Village, str]]:
    """A village where somebody declared, asked for help, was taken care of and noted; and their token."""
    caplog.set_level(logging.DEBUG)
    database = Database(f"sqlite:///{folder / 'geying.db'}")
    migrate(database)
    village = Village(database)
    village.say("lv", f"登记 3-101 {NAME} 1月20日从武汉回来")
    answer = village.submit(
        village.sheet(
            person(name=NAME, phone=PHONE, journey=WUHAN, temperature="38.8", symptoms=("cough",)),
            asks="胸口闷得慌,想买点药",
        )
    )
    assert answer.me_token is not None
    village.say("zhou", "待看")
    village.say("zhou", "接1")
    village.say("zhou", "1 复测38.8 还在干咳")
    yield village, answer.me_token
    database.close()


def in_files(folder: Path, words: tuple[bytes, ...]) -> list[tuple[str, bytes]]:
    """Return which of the words stand in which file, whatever it is."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [(path.name, word) for path in files for word in words if word in path.read_bytes()]


def keys_of(path: Path) -> tuple[bytes, ...]:
    with closing(sqlite3.connect(path)) as raw:
        return tuple(bytes(row[0]) for row in raw.execute("SELECT wrapped FROM person_key WHERE wrapped IS NOT NULL"))


def opened(village: Village) -> str:
    """Return everything that can be read with the data key in hand, whoever it is about."""
    with village.store.read() as work:
        subjects = work.subjects.many(range(1, 50))
        said = [one for s in subjects for one in work.declarations.of_subject(s)]
        receipts = work.colours.of_declarations(one.id for one in said)
        others = work.statements.of(village.node("v1g1h1"), NAME, village.ctx.day)
        tasks = [task for s in subjects for task in work.care_tasks.of_subject(s)]
    return repr(
        ([(s.profile.name, s.profile.phone) for s in subjects.values() if s.profile],
         [one.facts.as_json() for one in said if one.facts], [g.receipt.reason for g in receipts.values()],
         [one.origin for one in others], [task.note for task in tasks], village.letters("lv"), village.letters("zhou"))
    )  # fmt: skip


def test_nothing_is_left_in_database_export_log_or_restored_backup(
    lived: tuple[Village, str], folder: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    village, token = lived
    assert all(word in opened(village) for word in WORDS[:4])  # it was there: the test would see it
    words = tuple(word.encode() for word in WORDS)
    keys = keys_of(folder / "geying.db")
    assert len(keys) >= 2
    copy = tmp_path / "backup.db"
    backup.save(village.database, copy)
    keeping = Keeping(village.store, Clocked(village), folder / "tombstones")
    with village.store.begin() as work:
        rights.erase(token, None, work, village.ctx)
    keeping.forget_again()
    village.database.scrub()
    for word in WORDS:
        assert word not in opened(village), word
    assert in_files(folder, (*words, *keys)) == []

    village.database.close()  # the disk is lost, and yesterday's backup comes back
    for path in folder.glob("geying.db*"):
        path.unlink()
    database = Database(f"sqlite:///{folder / 'geying.db'}")
    backup.bring_back(database, copy)
    village.__init__(database, fresh=False)  # type: ignore[misc]
    assert NAME in opened(village)  # as the backup had it
    assert Keeping(village.store, Clocked(village), folder / "tombstones").forget_again() >= 1
    for word in WORDS:
        assert word not in opened(village), word
    assert in_files(folder, (*words, *keys)) == []
    node, paper = village.node("t1"), tmp_path / "out.xlsx"
    with village.store.begin() as work:
        viewer = work.people.by_userid("boss", village.ctx.day)
        report = composed(node, village.ctx.day, work, village.ctx)
        assert viewer is not None
        people = people_for(viewer, node, village.ctx.day, work, village.ctx)
        write_workbook(paper, report, node, work, village.ctx, people=people)
    cells = [str(cell) for sheet in openpyxl.load_workbook(paper) for row in sheet.values for cell in row if cell]
    assert not [cell for cell in cells if "金" in cell or "0009" in cell]
    assert not [word for word in WORDS if word in caplog.text]
    village.database.close()


def test_words_that_say_how_somebody_is_are_not_kept_as_they_were_typed(lived: tuple[Village, str]) -> None:
    """The message itself is destroyed once it is handled: what it said lies under the person's key."""
    village, _ = lived
    for text, intent in (
        (f"登记 3-101 {NAME} 一直在本地", "care_fact"),
        ("1 复测36.6", "care_measured"),
    ):
        assert village.intent(("zhou" if "复测" in text else "lv"), text) == intent
        assert intent in UNKEPT
    home = Home(village, "v1g1h2")
    home.complete(name="王样花")
    village.forward(days=1)
    home.say("mother", "都好")
    assert home.intent in UNKEPT
