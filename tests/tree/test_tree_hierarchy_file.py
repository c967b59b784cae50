"""hierarchy.yaml: what it may say, and every fault named with its line."""

import gzip
from datetime import time, timedelta
from pathlib import Path

import pytest

from bot import hierarchy_file, yaml_text
from bot.hierarchy_file import HierarchyFile
from handlers.domain.county import PEACE, WAR
from handlers.domain.errors import BadSetting

GOOD = """\
name: 示例县
code: 0591
levels:
  - {key: county, title: 县}
  - {key: village, title: 村}
  - {key: grid, title: 网格}
  - {key: sector, title: 行业, side: true}
tree:
  nodes:
    - code: 0591-1
      name: 柳树村
      aliases: [杨柳村]
      below: [{code: 0591-1-1, name: 一格}]
    - {code: 0591-t, name: 卫健, level: sector, branch: trade}
"""


def written(tmp_path: Path, text: str) -> HierarchyFile:
    path = tmp_path / "hierarchy.yaml"
    path.write_text(text, "utf-8")
    return hierarchy_file.read(path)


def faults(tmp_path: Path, text: str) -> list[str]:
    with pytest.raises(BadSetting) as refused:
        written(tmp_path, text).nodes()
    return str(refused.value).splitlines()


def test_a_small_tree_stands_in_the_file(tmp_path: Path) -> None:
    file = written(tmp_path, GOOD)
    assert file.county.code == "0591"  # neither a number nor an octal
    assert [(n.code, n.level, n.parent_code, n.branch) for n in file.nodes()] == [
        ("0591", "county", None, None),
        ("0591-1", "village", "0591", None),
        ("0591-1-1", "grid", "0591-1", None),
        ("0591-t", "sector", "0591", "trade"),
    ]
    assert file.nodes()[1].aliases == ("杨柳村",)


def test_what_is_not_said_keeps_its_default(tmp_path: Path) -> None:
    county = written(tmp_path, GOOD).county
    assert (county.peace, county.war) == (PEACE, WAR)
    assert (county.war_fuse, county.hold, county.freeze_at) == (timedelta(days=14), timedelta(seconds=60), time(16, 0))
    assert (county.confirm_above, county.bot_names, county.sample) == (200, ("小格",), False)
    assert county.roles["gridworker"].level == "grid"
    assert county.roles["grid_lead"].level is None  # this county has no base grids


def test_what_is_said_is_taken(tmp_path: Path) -> None:
    more = """\
freeze_at: 15:30
hold: 90秒
bot_names: [小格, 网格助手]
roles: {gridworker: {title: 楼长, also: [网格员]}}
peace: {quiet: {from: 21:00, until: 8:00}, ladder: []}
war: {ladder: [{after: 5m, tell: self}, {after: 1h, tell: above}]}
"""
    county = written(tmp_path, GOOD + more).county
    assert (county.freeze_at, county.hold, county.bot_names[1]) == (time(15, 30), timedelta(seconds=90), "网格助手")
    assert county.roles["gridworker"].title == "楼长"
    assert county.roles["gridworker"].level == "grid"
    assert (county.peace.quiet_from, county.peace.quiet_until, county.peace.ladder) == (time(21), time(8), ())
    assert [(rung.after, rung.tell) for rung in county.war.ladder] == [
        (timedelta(minutes=5), "self"),
        (timedelta(hours=1), "above"),
    ]


def test_every_fault_is_named_at_once_with_its_line(tmp_path: Path) -> None:
    text = (
        GOOD.replace("title: 村}", "title: 村, colour: 红}")
        + "hold: 60 光年\nwar: {ladder: [{tell: boss}]}\nsamples: yes\n"
    )
    found = faults(tmp_path, text)
    assert [line.partition(":")[0] for line in found] == [
        "hierarchy.yaml 第5行 levels.1.colour",
        "hierarchy.yaml 第16行 war.ladder.0.after",
        "hierarchy.yaml 第16行 war.ladder.0.tell",
        "hierarchy.yaml 第15行 hold",
        "hierarchy.yaml 第17行 samples",
    ]


@pytest.mark.parametrize(
    ("more", "say"),
    [
        ("report_level: sector\n", "谁报日报"),
        ("report_level: planet\n", "谁报日报"),
        ("roles: {king: {title: 国王}}\n", "没有这个职务"),
        ("roles: {deputy: {title: 审核人, level: planet}}\n", "没有配置"),
        ("peace: {compulsory: true}\n", "平时不能强制"),
        ("peace: {ladder: [{after: 2h, tell: above}]}\n", "最多私下提醒本人一次"),
        ("peace: {ladder: [{after: 1h, tell: self}, {after: 2h, tell: self}]}\n", "最多私下提醒本人一次"),
        ("peace: {quiet: {from: 0:00, until: 0:00}}\n", "夜里不发"),
        ("war_fuse: 15d\n", "最长 14 天"),
        ("zone: Mars/Base\n", "时区"),
        ("zone: ../../etc/passwd\n", "时区"),
        ("war: {ladder: [{after: 9m, tell: self}, {after: 5m, tell: above}]}\n", "一级比一级晚"),
        ("confirm_above: -1\n", "负数"),
        ("freeze_at: 25:00\n", "16:00"),
        ("bot_names: []\n", "不够"),
        ("name: 又一个\n", "写了两遍"),
        ("a: &x [1]\nb: *x\n", "引用"),
        ("x: [\n", "写法"),
        ("? [a]\n: b\n", "冒号前面"),
        ("x: " + "[" * 300 + "]" * 300 + "\n", "太深"),
        ("---\nname: 第二份\n", "写法"),
        ("\x07: 1\n", "写法"),
        ("!!python/object/apply:os.getcwd []\n", "写法"),
    ],
)
def test_what_cannot_be_is_refused(tmp_path: Path, more: str, say: str) -> None:
    found = faults(tmp_path, GOOD + more)
    assert any(say in line for line in found), found


@pytest.mark.parametrize("text", ["", "~", "[]", "just words", "42"])
def test_a_file_that_is_no_county(tmp_path: Path, text: str) -> None:
    assert faults(tmp_path, text)


def test_the_tree_in_the_file_has_its_own_faults(tmp_path: Path) -> None:
    text = GOOD.replace(
        "{code: 0591-1-1, name: 一格}", "{code: 0591-1, name: 一格}, {code: x, name: 二格, level: county}"
    )
    assert [line.partition("(")[0] for line in faults(tmp_path, text)] == [
        "hierarchy.yaml tree.nodes.0.below.0",
        "hierarchy.yaml tree.nodes.0.below.1",
    ]
    deeper = GOOD.replace("name: 一格}", "name: 一格, below: [{code: y, name: 里面}]}")
    assert "没有配置" in faults(tmp_path, deeper)[0]


INCLUDED = GOOD.partition("tree:")[0] + "tree: {include: nodes.csv}\n"
CSV = "code,name,level,parent_code\n0591,示例县,county,\nv1,柳树村,village,0591\ng1,一格,grid,v1\n"


def test_a_large_tree_is_included_plain_or_packed(tmp_path: Path) -> None:
    (tmp_path / "nodes.csv").write_text(CSV, "utf-8-sig")
    plain = written(tmp_path, INCLUDED)
    (tmp_path / "nodes.csv.gz").write_bytes(gzip.compress(CSV.encode()))
    packed = written(tmp_path, INCLUDED.replace("nodes.csv", "nodes.csv.gz"))
    assert plain.nodes() == packed.nodes()
    assert [node.code for node in plain.nodes()] == ["0591", "v1", "g1"]


def test_the_fingerprint_covers_what_is_included(tmp_path: Path) -> None:
    (tmp_path / "nodes.csv").write_text(CSV, "utf-8")
    first = written(tmp_path, INCLUDED).sha256
    assert written(tmp_path, INCLUDED).sha256 == first
    (tmp_path / "nodes.csv").write_text(CSV.replace("一格", "二格"), "utf-8")
    assert written(tmp_path, INCLUDED).sha256 != first


@pytest.mark.parametrize("path", ["../nodes.csv", "/etc/passwd", "sub/../../nodes.csv", "link.csv", "absent.csv", "."])
def test_an_include_never_leaves_its_folder(tmp_path: Path, path: str) -> None:
    (tmp_path / "nodes.csv").write_text(CSV, "utf-8")
    home = tmp_path / "home"
    home.mkdir()
    (home / "link.csv").symlink_to(tmp_path / "nodes.csv")
    assert "include" in faults(home, INCLUDED.replace("nodes.csv", path))[0]


@pytest.mark.parametrize(
    ("text", "say"),
    [
        (CSV.replace("code,name", "kode,name"), "表头"),
        (CSV + "g1,又一格,grid,v1\n", "第5行:编码 g1 前面已有"),
        (CSV + "g2,二格,grid,v9\n", "第5行:上级 v9 不存在"),
        (CSV + "g2,二格,planet,v1\n", "第5行:没有配置"),
        (CSV + "v2,新村,village,g1\n", "第5行:村不能在网格下面"),
        (CSV + "x,又一个县,county,\n", "第5行:没写上级"),
        (CSV + ",无码,grid,v1\n", "第5行:编码应有"),
        (CSV + f"g2,{'长' * 121},grid,v1\n", "第5行:编码应有"),
        (CSV.replace("0591,示例县", "0592,示例县").replace(",0591", ",0592"), "编码为 0591"),
        ("", "表头"),
        ('code,name,level,parent_code\n"0591', "CSV"),
    ],
)
def test_faults_of_the_included_file_name_their_line(tmp_path: Path, text: str, say: str) -> None:
    (tmp_path / "nodes.csv").write_text(text, "utf-8")
    assert any(say in line for line in faults(tmp_path, INCLUDED))


def test_all_faulty_lines_are_named_together(tmp_path: Path) -> None:
    (tmp_path / "nodes.csv").write_text(CSV + "g1,甲,grid,v1\ng2,乙,grid,v9\ng3,丙,grid,v1\n", "utf-8")
    assert len(faults(tmp_path, INCLUDED)) == 2


PACKED = [b"not packed", gzip.compress(b"\xff\xfe\xff"), gzip.compress(CSV.encode())[:-9]]


# names of their own: a gzip header holds the second it was made in, and two workers would collect different tests
@pytest.mark.parametrize("raw", PACKED, ids=["not packed", "no text inside", "cut short"])
def test_a_packed_file_that_does_not_open(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / "nodes.csv.gz").write_bytes(raw)
    assert faults(tmp_path, INCLUDED.replace("nodes.csv", "nodes.csv.gz"))


def test_settings_are_bounded() -> None:
    with pytest.raises(BadSetting, match="太大"):
        yaml_text.read(b"a: " + b"x" * 1_000_001)
    with pytest.raises(BadSetting, match="UTF-8"):
        yaml_text.read(b"a: \xff")


def test_the_example_in_the_documents_is_good_and_short() -> None:
    path = Path(__file__).parents[2] / "docs/example-hierarchy.yaml"
    file = hierarchy_file.read(path)
    assert [node.name for node in file.nodes()][-2:] == ["三格", "卫健"]
    assert len(path.read_text("utf-8").splitlines()) <= 45


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("hierarchy.yaml", (1, 21, 272, 291, 1_085, 105_000, 50, 0, 0)),
        ("data/town.yaml", (1, 2, 13, 15, 54, 5_702, 1, 0, 0)),
    ],
)
def test_the_sample_counties_have_their_numbers(name: str, counts: tuple[int, ...]) -> None:
    file = hierarchy_file.read(Path(__file__).parents[2] / name)
    levels = [node.level for node in file.nodes()]
    assert tuple(levels.count(level.key) for level in file.county.levels) == counts
