"""`geying import-list`, `lists`, `withdraw-list` and `export daily --for`, as an operator runs them."""

import base64
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace

import openpyxl
import pytest
from click.testing import CliRunner, Result
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bot import tree_commands
from bot.cli import main
from bot.parts import Parts
from bot.settings import load
from handlers import declare_health
from handlers.domain.declaration import Journey, PersonSheet, Sheet
from store.migrate import migrate

pytestmark = pytest.mark.long

DATA = Path(__file__).parents[2] / "data"
NOW, DAY = datetime(2026, 2, 8, 1, tzinfo=UTC), date(2026, 2, 8)
HOME, VILLAGE = "35012510520401001-0001", "350125105204"
KEY = Ed25519PrivateKey.generate()
LIST = """list: outbreak
kind: places
issuer: 样例市卫健委
basis: 样例通告
number: 3号
issued_on: 2026-02-01
expires_on: 2026-03-01
places: [湖北省]
"""
Run = Callable[..., Result]


@pytest.fixture
def parts(tmp_path: Path) -> Iterator[Parts]:
    """The small town, with an issuer's key pinned in its file."""
    shutil.copytree(DATA, tmp_path / "data")
    town = tmp_path / "data/town.yaml"
    public = base64.urlsafe_b64encode(KEY.public_key().public_bytes_raw()).decode()
    text = town.read_text("utf-8").replace(
        "  fever: 37.3\n", f"  fever: 37.3\n  issuers: {{样例市卫健委: {public}}}\n", 1
    )
    town.write_text(text, "utf-8")
    environ = {
        "GEYING_DEMO": "1", "GEYING_DATABASE_URL": f"sqlite:///{tmp_path / 'geying.db'}",
        "GEYING_HIERARCHY": str(town), "GEYING_VAR": str(tmp_path / "var"), "GEYING_BASE_URL": "https://geying.example",
    }  # fmt: skip
    clock = SimpleNamespace(now=lambda: NOW, epoch=NOW.timestamp)
    made = Parts(load(environ, dotenv=None), clock)
    migrate(made.database)
    county, tree = tree_commands.load_county(town, made.database, DAY, NOW)
    tree_commands.import_roster(tmp_path / "data/town/roster.csv", made.database, county, tree, DAY, NOW)
    yield made
    made.close()


@pytest.fixture
def run(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run `geying` with these parts for its own."""
    monkeypatch.setattr("bot.cli.Desk", lambda: SimpleNamespace(parts=parts, today=DAY, now=NOW))
    return lambda *words: CliRunner().invoke(main, [str(word) for word in words])


def signed(folder: Path, text: str = LIST) -> Path:
    file = folder / "list.yaml"
    file.write_text(text, "utf-8")
    file.with_name("list.yaml.sig").write_bytes(base64.b64encode(KEY.sign(text.encode())))
    return file


def test_a_list_is_imported_shown_and_withdrawn(run: Run, tmp_path: Path) -> None:
    file = signed(tmp_path)
    assert "没有有效的官方名单" in run("lists").stdout
    done = run("import-list", file)
    assert (done.exit_code, done.stdout) == (0, "已导入“outbreak”:样例市卫健委,样例通告 3号,到 2026-03-01\n")
    assert "outbreak\t样例市卫健委\t样例通告 3号\t2026-02-01 至 2026-03-01 1 个地方" in run("lists").stdout
    again = run("import-list", file)
    assert again.exit_code == 1
    assert "已经导入过了" in again.stderr
    assert "已撤" in run("withdraw-list", "outbreak", "--why", "发布单位撤回").stdout
    assert run("withdraw-list", "outbreak", "--why", "再撤").exit_code == 1
    assert "没有有效的官方名单" in run("lists").stdout


def test_what_nobody_signed_is_refused_without_a_traceback(run: Run, tmp_path: Path) -> None:
    file = signed(tmp_path)
    file.write_text(LIST.replace("湖北省", "浙江省"), "utf-8")
    refused = run("import-list", file)
    assert refused.exit_code == 1
    assert "签名对不上" in refused.stderr
    assert "Traceback" not in refused.output
    file.with_name("list.yaml.sig").unlink()
    assert "读不了 list.yaml.sig" in run("import-list", file).stderr


def test_the_workbook_is_made_out_to_somebody(run: Run, parts: Parts, tmp_path: Path) -> None:
    context = parts.counties.context()
    home = context.tree.by_code(HOME)
    assert home is not None
    came = Journey(True, "武汉", "2026-02-03", "train", "无", "work")
    someone = PersonSheet(
        "p1", name="王样花", under_14=False, journey=came, symptoms=(), temperature="36.5",
        consents=frozenset({"declare@1", "health@1"}),
    )  # fmt: skip
    with parts.store.begin() as work:
        sheet = Sheet("k" * 22, home.id, (someone,), NOW, known=True)
        assert declare_health.submit(sheet, work, context).taken
    for words, named in (((), False), (("--for", "yt_t105_lead"), True)):
        out = tmp_path / f"{named}.xlsx"
        done = run("export", "daily", "--node", "350125105", "--date", "2026-02-08", "--out", out, *words)
        assert done.exit_code == 0, done.output
        cells = [str(cell) for row in openpyxl.load_workbook(out)["武汉市返乡人员排查表"].values for cell in row]
        assert ("王**" in cells) is named
    for who, why in (("nobody", "没有这个账号"), ("yt_t104_lead", "无权要名单")):
        refused = run("export", "daily", "--node", "350125105", "--date", "2026-02-08", "--out", out, "--for", who)
        assert refused.exit_code == 1
        assert why in refused.stderr


def test_the_bill_of_a_month_to_a_file_or_the_screen(run: Run, tmp_path: Path) -> None:
    shown = run("export", "bill", "--node", VILLAGE, "--month", "2026-02")
    assert shown.exit_code == 0, shown.output
    assert "旗山村 2026年2月(到现在),只列本级和直接下级,不排名" in shown.output
    written = run("export", "bill", "--node", VILLAGE, "--month", "2026-01", "--out", str(tmp_path / "bill.txt"))
    assert written.exit_code == 0
    assert "2026年1月,只列" in (tmp_path / "bill.txt").read_text("utf-8")
    assert run("export", "bill", "--node", "没有的地方", "--month", "2026-01").exit_code == 1
