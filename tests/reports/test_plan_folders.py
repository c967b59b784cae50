"""Steps and matters that change while the processes run: in force when all of them are sound, else as before."""

import logging
import shutil
from pathlib import Path

import pytest
from town import ROOT, Town

from bot.plan_folders import PlanFolders
from handlers.domain.county import County

OWN = """
title: 三步走
source: 本县自拟
steps:
  - {key: one, title: 说, words: 先说, closes: said}
  - {key: two, title: 敲, words: 再敲, closes: all_doors}
"""
ESCORT = """
title: 老人陪诊
words: [老人陪诊, 陪诊]
purpose: 陪本人看病
basis: 本人申请
retain: 30d
stall_after: 1d
to: [gridworker]
sees: []
fields:
  - {key: where, title: 医院, ask: 去哪家医院?}
steps:
  - {key: taken, title: 接了, words: [接了]}
  - {key: done, title: 陪过了, words: [陪过了], closes: true}
"""
WORKER = "yt_105204_02"
BARE = County("样例县", "c", "河南省", ())


class Hand:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.at = 100.0

    def __call__(self) -> float:
        return self.at


class Folders:
    """Both folders with nothing in them, and who reads them."""

    def __init__(self, home: Path) -> None:
        self.steps, self.matters, self.hand, self.county = home / "steps", home / "matters", Hand(), BARE
        for folder in (self.steps, self.matters):
            folder.mkdir()
        self._read = PlanFolders(self.steps, self.matters, self.hand)

    def look(self, after: float = 6) -> tuple[list[str], list[str]]:
        self.hand.at += after
        self.county = self._read.refreshed(self.county)
        return [one.key for one in self.county.steps], [one.key for one in self.county.matters]


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    return Folders(tmp_path)


def test_a_file_put_there_is_in_force_and_one_taken_away_is_not(folders: Folders) -> None:
    assert folders.look() == ([], [])
    (folders.steps / "three.yaml").write_text(OWN, "utf-8")
    (folders.matters / "escort.yaml").write_text(ESCORT, "utf-8")
    assert folders.look() == (["three"], ["escort"])
    (folders.matters / "escort.yaml").unlink()
    assert folders.look() == (["three"], [])


def test_a_fault_in_one_keeps_all_as_they_were_and_is_told_once(
    folders: Folders, caplog: pytest.LogCaptureFixture
) -> None:
    (folders.steps / "three.yaml").write_text(OWN, "utf-8")
    folders.look()
    (folders.steps / "three.yaml").write_text(OWN.replace("三步走", "两步走"), "utf-8")
    (folders.matters / "escort.yaml").write_text(ESCORT.replace("closes: true", "closes: maybe"), "utf-8")
    with caplog.at_level(logging.ERROR):
        assert folders.look() == (["three"], [])
        folders.look()
    assert folders.county.steps[0].title == "三步走"  # the sound half waits for the other
    (told,) = [record.getMessage() for record in caplog.records if "not changed" in record.getMessage()]
    assert "escort.yaml 第" in told
    (folders.matters / "escort.yaml").write_text(ESCORT, "utf-8")
    assert folders.look() == (["three"], ["escort"])
    assert folders.county.steps[0].title == "两步走"


def test_a_folder_that_is_gone_takes_nothing_with_it(folders: Folders, caplog: pytest.LogCaptureFixture) -> None:
    (folders.steps / "three.yaml").write_text(OWN, "utf-8")
    folders.look()
    shutil.rmtree(folders.steps)
    with caplog.at_level(logging.ERROR):
        assert folders.look() == (["three"], [])
    assert "文件夹不在了" in caplog.text


def test_it_looks_every_five_seconds_and_what_did_not_change_stays_the_same_object(folders: Folders) -> None:
    folders.look()
    (folders.steps / "three.yaml").write_text(OWN, "utf-8")
    assert folders.look(after=4.9) == ([], [])
    assert folders.look(after=0.2) == (["three"], [])
    held = folders.county
    folders.look()
    assert folders.county is held


@pytest.mark.long
def test_a_new_kind_of_matter_is_understood_without_a_restart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.plan_folders.LOOK_EVERY_S", 0.0)
    home = tmp_path / "county"
    shutil.copytree(ROOT / "data", home, ignore=shutil.ignore_patterns("yongtai", "licences"))
    town = Town(tmp_path, hierarchy=home / "town.yaml")
    asked = "陪诊 9999户 王样花 本人同意 去县医院"
    try:
        town.say(WORKER, asked)
        assert "没看懂" in town.heard(WORKER)[-1]
        (home / "matters" / "escort.yaml").write_text(ESCORT, "utf-8")
        town.say(WORKER, asked)
        assert "没有找到「9999户」这一户" in town.heard(WORKER)[-1]
    finally:
        town.close()
