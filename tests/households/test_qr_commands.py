"""Codes from a terminal: posters of a node or of all below, cards, new codes, revoked ones, places of their own."""

import os
import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace

import click
import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from bot import tree_commands
from bot.parts import Parts
from bot.qr_commands import commands
from bot.settings import load
from handlers.domain.place_code import CodeKind
from store.migrate import migrate
from store.models import audit, place_code

pytestmark = pytest.mark.long

DATA = Path(__file__).parents[2] / "data"
DAY, NOW = date(2026, 2, 8), datetime(2026, 2, 8, 1, tzinfo=UTC)
GRID, VILLAGE = "35012510520401003", "350125105204"
Run = Callable[..., Result]


class Stopped:
    """A clock that stands still."""

    def now(self) -> datetime:
        return NOW

    def epoch(self) -> float:
        return NOW.timestamp()


@pytest.fixture
def parts(tmp_path: Path) -> Iterator[Parts]:
    """The small town with its people."""
    environ = {
        "GEYING_DEMO": "1", "GEYING_DATABASE_URL": f"sqlite:///{tmp_path / 'geying.db'}",
        "GEYING_HIERARCHY": str(DATA / "town.yaml"), "GEYING_VAR": str(tmp_path / "var"),
        "GEYING_BASE_URL": "https://geying.example",
    }  # fmt: skip
    made = Parts(load(environ, dotenv=None), Stopped())  # type: ignore[arg-type]
    migrate(made.database)
    county, tree = tree_commands.load_county(DATA / "town.yaml", made.database, DAY, NOW)
    tree_commands.import_roster(DATA / "town/roster.csv", made.database, county, tree, DAY, NOW)
    yield made
    made.close()


@pytest.fixture
def run(parts: Parts) -> Run:
    """Run a command as `geying` would."""
    group = click.Group(commands={str(command.name): command for command in commands})
    return lambda *words: CliRunner().invoke(group, [str(word) for word in words], obj=SimpleNamespace(parts=parts))


def kinds(parts: Parts) -> list[tuple[str, int]]:
    with parts.store.read() as work:
        rows = work.connection.execute(select(place_code.c.kind, place_code.c.serial).order_by(place_code.c.id))
        return [(row.kind, row.serial) for row in rows]


def test_one_poster_of_a_node_named_by_its_words(run: Run, parts: Parts, tmp_path: Path) -> None:
    done = run("qr", "清凉旗山三格", "--out", tmp_path / "o")
    assert (done.exit_code, done.stdout) == (0, f"已写 1 个文件、1 处的码:{tmp_path / 'o'}\n")
    assert [path.name for path in (tmp_path / "o").iterdir()] == [f"{GRID}-旗山村第03网格.pdf"]
    assert kinds(parts) == [("node", 1)]
    first = (tmp_path / "o" / f"{GRID}-旗山村第03网格.pdf").read_bytes()
    run("qr", GRID, "--out", tmp_path / "again")
    assert (
        tmp_path / "again" / f"{GRID}-旗山村第03网格.pdf"
    ).read_bytes() == first  # the code that hangs there already
    with parts.store.read() as work:
        assert [(r.action, r.object) for r in work.connection.execute(select(audit))] == [
            ("print codes", "1 places")
        ] * 2


@pytest.mark.parametrize("form", ["pdf", "png", "svg"])
def test_a_whole_village_in_every_form(run: Run, tmp_path: Path, form: str) -> None:
    done = run("qr", VILLAGE, "--below", "grid", f"--{form}", "--out", tmp_path)
    assert "4 个文件、4 处" in done.stdout
    assert sorted(p.name for p in tmp_path.glob(f"*.{form}")) == [
        f"3501251052040100{n}-旗山村第0{n}网格.{form}" for n in range(1, 5)
    ]


def test_a_whole_village_in_one_book_and_both_ways_out(run: Run, tmp_path: Path) -> None:
    assert "1 个文件、4 处" in run("qr", VILLAGE, "--below", "grid", "--bind", "--out", tmp_path).stdout
    kf = "https://work.weixin.qq.com/kfid/kfc0?enc_scene=E"
    assert run("qr", VILLAGE, "--kf", kf, "--contact", "值班 104 0000 0009", "--out", tmp_path).exit_code == 0


def test_cards_of_a_grid_two_on_a_sheet(run: Run, parts: Parts, tmp_path: Path) -> None:
    done = run("card", "清凉旗山三格", f"{GRID}-0001", "--out", tmp_path)
    assert "2 个文件、99 张卡" in done.stdout
    assert sorted(p.name for p in tmp_path.glob("*.pdf")) == [f"{GRID}-0001-联系卡.pdf", f"{GRID}-联系卡.pdf"]
    pages = len(re.findall(rb"/Type /Page\b", (tmp_path / f"{GRID}-联系卡.pdf").read_bytes()))
    assert pages == 49
    assert kinds(parts) == [("household", 1)] * 98


def test_new_codes_leave_the_old_posters_a_week(run: Run, parts: Parts, tmp_path: Path) -> None:
    run("qr", GRID, "--out", tmp_path)
    assert "旧码还能扫 3 天" in run("new-codes", GRID, "--grace", "3d").stdout
    assert kinds(parts) == [("node", 1), ("node", 2)]
    with parts.store.begin() as work:
        node = tree_commands.one_node(parts.counties.context().tree, GRID)
        old, new = reversed(work.codes.of_node(node.id))
        assert (old.replaced, old.until is not None, new.replaced) == (True, True, False)
    assert "作废了 2 个码" in run("revoke-code", GRID, "--why", "海报被换").stdout
    with parts.store.read() as work:
        assert work.codes.read(new.token, NOW) is work.codes.read(old.token, NOW) is None


def test_a_gate_is_added_once_and_has_its_own_kind_of_code(run: Run, parts: Parts, tmp_path: Path) -> None:
    added = run("add-place", "清凉旗山村", "东门卡点")
    assert f"{VILLAGE}-G01" in added.stdout
    parts.counties.context()
    parts.counties._looked_at = None  # the tree is looked at again every two seconds
    assert f"{VILLAGE}-G01" in run("add-place", "清凉旗山村", "东门卡点").stdout
    assert f"{VILLAGE}-E01" in run("add-place", "清凉旗山村", "样例食品厂", "--kind", "enterprise").stdout
    parts.counties._looked_at = None
    assert run("qr", f"{VILLAGE}-G01", f"{VILLAGE}-E01", "--out", tmp_path).exit_code == 0
    assert kinds(parts) == [(CodeKind.GATE, 1), (CodeKind.ENTERPRISE, 1)]
    assert {path.name for path in tmp_path.glob("*.pdf")} == {
        f"{VILLAGE}-G01-东门卡点.pdf", f"{VILLAGE}-E01-样例食品厂.pdf",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("words", "say"),
    [
        (("qr", "火星", "--out", "{}"), "找不到“火星”"),
        (("qr", "旗山", "--out", "{}"), "有 2 处"),
        (("qr", VILLAGE, "--below", "planet", "--out", "{}"), "没有配置的层级"),
        (("qr", GRID, "--below", "township", "--out", "{}"), "没有这一级"),
        (("qr", GRID, "--valid", "soon", "--out", "{}"), "90d"),
        (("qr", GRID, "--out", "{}/file/o"), "写不了"),
        (("add-place", VILLAGE, " "), "名称"),
        (("add-place", f"{GRID}-0001", "门"), "村或网格"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_issued(
    run: Run, parts: Parts, tmp_path: Path, words: tuple[str, ...], say: str
) -> None:
    (tmp_path / "file").touch()
    refused = run(*(word.format(tmp_path) for word in words))
    assert refused.exit_code != 0
    assert say in refused.stderr
    assert "Traceback" not in refused.output
    assert kinds(parts) == []


@pytest.mark.slow
def test_posters_are_printed_at_a_thousand_a_minute(run: Run, tmp_path: Path) -> None:
    """Ours is the time this process used: others may hold the machine meanwhile."""
    used = os.times()
    done = run("qr", VILLAGE, "--below", "household", "--out", tmp_path)
    spent = os.times().user - used.user
    count = len(list(tmp_path.glob("*.pdf")))
    assert done.exit_code == 0
    assert count > 300
    assert spent / count * 1_000 <= 60, (count, spent)


def test_week_cards_of_whoever_is_on_a_plan_and_not_in_wechat(run: Run, parts: Parts, tmp_path: Path) -> None:
    context = parts.counties.context()
    with parts.store.begin() as work:
        for number in ("0001", "0002"):
            home = context.tree.by_code(f"{GRID}-{number}")
            assert home is not None
            work.contacts.enrol(home.id, "elders", DAY, NOW)
    done = run("card", "清凉旗山三格", "--week", "--out", tmp_path)
    assert "已写 1 个文件、2 张周卡" in done.output
    assert (tmp_path / f"{GRID}-周卡.pdf").read_bytes().startswith(b"%PDF")
    assert "0 个文件、0 张周卡" in run("card", f"{GRID}-0003", "--week", "--out", tmp_path).output
