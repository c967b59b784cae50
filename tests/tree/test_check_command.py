"""`geying check` and its neighbours: every fault at once, and words instead of a traceback."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from town import ROOT

from bot.cli import main

EXAMPLE = (ROOT / "docs/example-hierarchy.yaml").read_text("utf-8")
Geying = Callable[..., Result]


@pytest.fixture
def geying(tmp_path: Path) -> Geying:
    (tmp_path / "hierarchy.yaml").write_text(EXAMPLE, "utf-8")
    home = {
        "GEYING_DEMO": "1",
        "GEYING_DATABASE_URL": f"sqlite:///{tmp_path / 'geying.db'}",
        "GEYING_HIERARCHY": str(tmp_path / "hierarchy.yaml"),
        "GEYING_VAR": str(tmp_path / "var"),
    }
    return lambda *words, **environ: CliRunner().invoke(main, words, env=home | environ)


def opens(name: str, does: Callable[[], Result]) -> tuple[list[str], Result]:
    """Which files of that name are opened meanwhile; the hook stays for good and looks away afterwards."""
    found: list[str] = []
    watching = True

    def look(event: str, given: tuple[object, ...]) -> None:
        if watching and event == "open" and str(given[0]).endswith(name):
            found.append(str(given[0]))

    sys.addaudithook(look)
    result = does()
    watching = False
    return found, result


def test_settings_and_hierarchy_are_both_told(geying: Geying, tmp_path: Path) -> None:
    (tmp_path / "hierarchy.yaml").write_text(EXAMPLE.replace("war_fuse: 14d", "war_fuse: 30d"), "utf-8")
    told = geying("check", GEYING_SECRET_KEY="short", GEYING_PORT="many")
    assert told.exit_code == 1
    for fault in ("GEYING_SECRET_KEY", "GEYING_PORT", "war_fuse"):
        assert fault in told.stderr


def test_a_newcomer_is_led_step_by_step(geying: Geying, tmp_path: Path) -> None:
    assert "geying migrate" in geying("check").stderr
    assert "geying init-db" in geying("tree").stderr
    assert geying("init-db").exit_code == 0
    assert "geying import-hierarchy" in geying("check").stderr
    assert geying("import-hierarchy").exit_code == 0
    opened, checked = opens("hierarchy.yaml", lambda: geying("check"))
    assert checked.exit_code == 0
    assert opened == [str(tmp_path / "hierarchy.yaml")], "read once, whatever it is asked for"
    (tmp_path / "hierarchy.yaml").write_text(EXAMPLE.replace("name: 三格", "name: 五格"), "utf-8")
    drifted = geying("check")
    assert drifted.exit_code == 1
    assert "三格 → qs-ls-3 五格" in drifted.stderr


@pytest.mark.parametrize("words", [("check",), ("tree",), ("init-db",), ("audit", "verify")])
def test_a_database_that_is_not_there_is_said_in_words(geying: Geying, words: tuple[str, ...]) -> None:
    told = geying(*words, GEYING_DATABASE_URL="postgresql://nobody@127.0.0.1:1/none")
    assert told.exit_code == 1
    assert "数据库连不上" in told.stderr
    assert "Traceback" not in told.output
