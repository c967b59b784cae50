"""The tree from a terminal, on the small sample town."""

import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import click
import pytest
from click.testing import CliRunner, Result
from sqlalchemy import func, select

from bot import tree_commands
from bot.tree_commands import commands, drift_report, import_roster, load_county
from store.chats import ChatRepo
from store.engine import Database
from store.models import chat, node, person, role
from store.people import PeopleRepo

pytestmark = pytest.mark.long

DATA = Path(__file__).parents[2] / "data"
TODAY = date(2022, 4, 7)
NOW = datetime(2022, 4, 7, 1, tzinfo=UTC)
Run = Callable[..., Result]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder with the town's settings and files, to be changed at will."""
    shutil.copytree(DATA, tmp_path / "data", ignore=shutil.ignore_patterns("yongtai", "licences"))
    return tmp_path / "data"


@pytest.fixture
def setting(database: Database, home: Path) -> SimpleNamespace:
    return SimpleNamespace(database=database, hierarchy_path=home / "town.yaml", today=TODAY, now=NOW)


@pytest.fixture
def run(setting: SimpleNamespace) -> Run:
    """Run a command as `geying` would: `run("tree", "--node", "旗山")`."""
    group = click.Group(commands={str(command.name): command for command in commands})
    return lambda *words: CliRunner().invoke(group, [str(word) for word in words], obj=setting)


def counts(database: Database) -> tuple[int, ...]:
    with database.read() as connection:
        return tuple(
            connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in (node, person, role, chat)
        )


def test_the_first_hour_of_a_county(run: Run, setting: SimpleNamespace, home: Path) -> None:
    imported = run("import-hierarchy")
    assert (imported.exit_code, imported.output) == (0, "层级已导入:新增 5788,改动 0,撤销 0\n")
    people = run("import-roster", home / "town/roster.csv")
    assert people.exit_code == 0
    assert "新增 89 人" in people.stdout
    groups = run("import-roster", home / "town/chats.csv")
    assert "群新增或更新 71" in groups.stdout
    assert counts(setting.database) == (5788, 89, 89, 71)
    again = run("import-roster", home / "town/roster.csv")
    assert "新增 0 人,更新 0 人,新岗位 0,结束岗位 0" in again.stdout
    shown = run("tree")
    assert shown.exit_code == 0
    assert "2 乡镇、13 村、15 基础网格、54 网格、5702 户、1 行业 · 县领导1、审核人1 · 群 appchat 1" in shown.stdout
    assert "暗点 0 处" in shown.stdout


def test_a_dry_run_writes_nothing(run: Run, setting: SimpleNamespace, home: Path) -> None:
    run("import-hierarchy")
    tried = run("import-roster", home / "town/roster.csv", "--dry-run")
    assert tried.exit_code == 0
    assert "试导入:读到 89 人、89 个岗位" in tried.stdout
    assert counts(setting.database) == (5788, 0, 0, 0)


def test_one_bad_row_holds_back_all_the_others(run: Run, setting: SimpleNamespace, home: Path) -> None:
    lines = (home / "town/roster.csv").read_text("utf-8").splitlines()
    lines[10] = lines[10].replace("网格员", "国王").replace("网格长", "国王")
    lines[20] = lines[20].replace(lines[20].split(",")[3], "3.50125E+16")
    bad = home / "roster.csv"
    bad.write_text("\n".join(lines), "utf-8-sig")
    refused = run("import-roster", bad)
    assert refused.exit_code == 1
    assert "第11行 职务:没有“国王”这个职务" in refused.stderr
    assert "第21行 编码:" in refused.stderr
    assert "没有导入" in refused.stdout
    assert counts(setting.database) == (5788, 0, 0, 0)
    partial = run("import-roster", bad, "--partial")
    assert partial.exit_code == 0
    assert "第11行" in partial.stderr
    assert counts(setting.database) == (5788, 87, 87, 0)


def test_a_crash_in_the_middle_of_the_writing_leaves_nothing(
    setting: SimpleNamespace, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """People are written by then, groups are not: the power is cut between them."""
    county, tree = load_county(setting.hierarchy_path, setting.database, TODAY, NOW)
    written: list[tuple[int, ...]] = []

    class PowerCut(ChatRepo):
        def save(self, *args: object) -> int:
            rows = (self._connection.execute(select(func.count()).select_from(table)) for table in (person, role))
            written.append(tuple(found.scalar_one() for found in rows))
            raise OSError("power cut")

    monkeypatch.setattr(tree_commands, "ChatRepo", PowerCut)
    with pytest.raises(OSError, match="power cut"):
        import_roster(home / "town/roster.csv", setting.database, county, tree, TODAY, NOW)
    assert written == [(89, 89)]
    assert counts(setting.database) == (5788, 0, 0, 0)


def test_new_places_come_with_grow_and_are_found_the_next_time(run: Run, setting: SimpleNamespace, home: Path) -> None:
    roster = home / "new.csv"
    roster.write_text("乡镇,村,网格,姓名,账号,职务\n清凉镇,旗山村,第88网格,周样明,yt_new,网格员\n", "utf-8")
    assert run("import-roster", roster).exit_code == 1
    assert "1 个新节点" in run("import-roster", roster, "--grow").stdout
    assert counts(setting.database)[0] == 5789
    assert "0 个新节点" in run("import-roster", roster, "--grow").stdout
    assert "清凉镇旗山村第88网格" in run("bind-code", "旗山村八十八格").stdout
    assert drift_report(setting.database, setting.hierarchy_path, TODAY) == ()


def test_dark_spots_are_where_nothing_arrives(run: Run, setting: SimpleNamespace, home: Path) -> None:
    run("import-roster", home / "town/roster.csv")
    run("import-roster", home / "town/chats.csv")
    _, tree = load_county(setting.hierarchy_path, setting.database, TODAY, NOW)
    first, second, third, _ = tree.descendants(tree.find("旗山村")[0].id, "grid")
    with setting.database.begin() as connection:
        people, chats = PeopleRepo(connection), ChatRepo(connection)
        away = [holder.person_id for holder in people.holders(TODAY) if holder.node_id == first]
        people.put_leave(away[0], TODAY, TODAY, None)
        chats.unbind(chats.of_nodes([second])[0].id)  # dissolved
        chats.unbind(chats.of_nodes([tree.find("旗山村")[0].id])[0].id)
        connection.execute(role.update().where(role.c.node_id == third).values(valid_to=TODAY))
    shown = run("tree", "--node", "清凉旗山", "--depth", "2").stdout
    assert "暗点 4 处" in shown
    for said in (
        "第01网格(35012510520401001):都请假了",
        "第02网格(35012510520401002):没有住户群",
        "第03网格(35012510520401003):没有人任职",
        "旗山村(350125105204):没有绑定工作群",
    ):
        assert said in shown
    assert "│" not in shown.splitlines()[1]
    assert "暗点 4 处" in run("tree", "--depth", "0").stdout


def test_an_empty_grid_is_no_dark_spot(run: Run, setting: SimpleNamespace, home: Path) -> None:
    """A grid that nobody lives in any more needs no household group."""
    _, tree = load_county(setting.hierarchy_path, setting.database, TODAY, NOW)
    run("import-roster", home / "town/roster.csv")
    run("import-roster", home / "town/chats.csv")
    grid = tree.find("清凉旗山三格")[0]
    with setting.database.begin() as connection:
        connection.execute(node.update().where(node.c.parent_id == grid.id).values(valid_to=TODAY - timedelta(days=1)))
        chats = ChatRepo(connection)
        chats.unbind(chats.of_nodes([grid.id])[0].id)
    assert "暗点 0 处" in run("tree").stdout


@pytest.mark.parametrize("wanted", ["#1", "350125", "永泰县"])
def test_a_node_is_asked_for_by_id_code_or_name(run: Run, wanted: str) -> None:
    assert run("tree", "--node", wanted, "--depth", "0").stdout.startswith("永泰县 #1 350125")


@pytest.mark.parametrize(
    ("wanted", "say"), [("旗山", "有 2 处"), ("火星", "找不到"), ("#999999", "找不到"), ("9" * 5000, "找不到")]
)
def test_a_node_that_is_not_one_is_said_so(run: Run, wanted: str, say: str) -> None:
    refused = run("tree", "--node", wanted)
    assert refused.exit_code == 1
    assert say in refused.stderr


def test_a_bind_code_binds_the_group_it_is_posted_in(run: Run, setting: SimpleNamespace) -> None:
    shown = run("bind-code", "清凉-旗山-三格", "清凉镇").stdout.splitlines()
    assert [line.partition(":@小格 绑定 ")[0] for line in shown] == ["清凉镇旗山村第03网格", "清凉镇"]
    with setting.database.begin() as connection:
        bound = ChatRepo(connection).bind(shown[0][-4:], "aibot", "room-1", "", NOW)
    _, tree = load_county(setting.hierarchy_path, setting.database, TODAY, NOW)
    assert tree.path_name(bound.node_id) == "清凉镇旗山村第03网格"


def test_drift_is_named_until_it_is_imported(run: Run, setting: SimpleNamespace, home: Path) -> None:
    ask = (setting.database, setting.hierarchy_path, TODAY)
    assert "还没有导入" in drift_report(*ask)[0]
    before = load_county(setting.hierarchy_path, setting.database, TODAY, NOW)[1].find("旗山村")[0].id
    assert drift_report(*ask) == ()
    shutil.copy(DATA / "town/nodes.csv.gz", home / "town/nodes.csv.gz")
    small = home / "town.yaml"
    import_text = small.read_text("utf-8").partition("tree:")[0] + (
        "tree:\n  nodes:\n    - {code: 350125105, name: 清凉镇, below: [{code: 350125105204, name: 旗岭村委会}]}\n"
    )
    small.write_text(import_text, "utf-8")
    lines = drift_report(*ask)
    assert lines[0] == "改动 350125105204 旗山村委会 → 350125105204 旗岭村委会"
    assert lines[-1].startswith("……另有")
    _, tree = load_county(setting.hierarchy_path, setting.database, TODAY, NOW)
    assert len(tree) == 5788  # reading the file does not import it
    assert run("import-hierarchy").stdout.startswith("层级已导入:新增 0,改动 1,撤销 5785")
    assert drift_report(*ask) == ()
    _, tree = load_county(setting.hierarchy_path, setting.database, TODAY, NOW)
    assert tree.find("旗山村")[0].id == before  # by its former name, under its old id


def test_faults_of_the_file_end_a_command_with_words(run: Run, setting: SimpleNamespace) -> None:
    setting.hierarchy_path.write_text("name: 县\nlevels: []\n", "utf-8")
    refused = run("import-hierarchy")
    assert refused.exit_code == 1
    assert "第1行 code:缺少这一项" in refused.stderr
    assert "Traceback" not in refused.output


def test_the_example_of_the_documents_is_imported_and_agrees(database: Database, tmp_path: Path) -> None:
    path = tmp_path / "hierarchy.yaml"
    shutil.copy(DATA.parent / "docs/example-hierarchy.yaml", path)
    setting = SimpleNamespace(database=database, hierarchy_path=path, today=TODAY, now=NOW)
    group = click.Group(commands={str(command.name): command for command in commands})
    assert drift_report(database, path, TODAY) == ("层级还没有导入数据库:请运行 geying import-hierarchy",)
    done = CliRunner().invoke(group, ["import-hierarchy"], obj=setting)
    assert (done.exit_code, done.output) == (0, "层级已导入:新增 7,改动 0,撤销 0\n")
    assert drift_report(database, path, TODAY) == ()
    path.write_text(path.read_text("utf-8").replace("name: 二格", "name: 北二格"), "utf-8")
    assert drift_report(database, path, TODAY) == ("改动 qs-ls-2 二格 → qs-ls-2 北二格",)
    roster = tmp_path / "roster.csv"
    roster.write_text(
        "乡镇,村,网格,姓名,手机号,企业微信账号,职务\n"
        "清水镇,柳树村,三格,周样明,10400000001/10400000002,yt_zhou,楼长\n"
        "同上,杨柳村,二格,李拟安,10400000003,yt_li,网格员\n",
        "utf-8",
    )
    people = CliRunner().invoke(group, ["import-roster", str(roster)], obj=setting)
    assert people.exit_code == 0, people.output
    assert "已导入:2 人、2 个岗位" in people.output
