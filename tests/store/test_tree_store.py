"""The tree in the database: imported by versions, with ids that stay."""

import time
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from bot import hierarchy_file
from handlers.domain.county import Level
from handlers.domain.errors import BadSetting
from handlers.domain.hierarchy import NodeIn, Tree
from store.engine import Database
from store.models import hierarchy_version, node, node_alias
from store.tree import Imported, TreeRepo
from store.tree_diff import Known, difference

DAY = date(2022, 4, 3)
NOW = datetime(2022, 4, 3, 1, tzinfo=UTC)
LEVELS = (Level("county", "县"), Level("township", "乡镇"), Level("village", "村"), Level("grid", "网格"))
ROWS = (
    NodeIn("35", "示例县", "county", None),
    NodeIn("3501", "清凉镇", "township", "35"),
    NodeIn("350101", "旗山村委会", "village", "3501"),
    NodeIn("35010101", "第01网格", "grid", "350101"),
    NodeIn("3502", "柳桥乡", "township", "35"),
    NodeIn("350201", "分水岭村", "village", "3502"),
    NodeIn("35020101", "第01网格", "grid", "350201"),
)


def import_rows(database: Database, rows: tuple[NodeIn, ...], day: date = DAY, sha256: str = "a") -> Imported:
    with database.begin() as connection:
        return TreeRepo(connection).import_nodes(rows, day, now=NOW, sha256=sha256)


def load(database: Database, day: date = DAY) -> Tree:
    with database.read() as connection:
        return TreeRepo(connection).load(LEVELS, day)


def ids(tree: Tree) -> Mapping[str, int]:
    return {one.code: one.id for one in tree}


def replaced(**changes: NodeIn | None) -> tuple[NodeIn, ...]:
    """Return ROWS with the rows of these codes (written c350101) replaced, or left out where None."""
    rows = {row.code: row for row in ROWS}
    for code, row in changes.items():
        rows.pop(code[1:])
        if row is not None:
            rows[row.code] = row
    return tuple(rows.values())


def test_what_is_imported_is_loaded(database: Database) -> None:
    assert import_rows(database, ROWS) == Imported(7, 0, 0)
    tree = load(database)
    assert [(one.code, one.name, one.level) for one in tree] == [(r.code, r.name, r.level) for r in ROWS]
    assert [tree.node(one.parent_id).code if one.parent_id else None for one in tree] == [r.parent_code for r in ROWS]
    assert ids(load(database, DAY - timedelta(days=400))) == ids(tree)  # the first import was so before it, too


def test_nothing_imported_is_said(database: Database) -> None:
    with pytest.raises(BadSetting, match="导入"):
        load(database)


def test_importing_again_changes_nothing(database: Database) -> None:
    import_rows(database, ROWS)
    before = ids(load(database))
    assert import_rows(database, ROWS, DAY + timedelta(days=1)) == Imported(0, 0, 0)
    assert import_rows(database, tuple(reversed(ROWS)), DAY + timedelta(days=2), "b") == Imported(0, 0, 0)
    assert ids(load(database, DAY + timedelta(days=3))) == before
    with database.read() as connection:
        assert connection.execute(select(func.count()).select_from(node_alias)).scalar_one() == 0
        assert connection.execute(select(hierarchy_version.c.sha256)).scalars().all() == ["a", "b"]
        assert TreeRepo(connection).version() == "b"


def test_a_renamed_village_keeps_its_id_and_its_old_name_finds_it(database: Database) -> None:
    import_rows(database, ROWS)
    before = ids(load(database))
    renamed = replaced(c350101=NodeIn("350101", "旗岭村委会", "village", "3501"))
    assert import_rows(database, renamed) == Imported(0, 1, 0)
    tree = load(database)
    assert ids(tree) == before
    assert tree.node(before["350101"]).name == "旗岭村委会"
    assert [one.id for one in tree.find("旗山")] == [one.id for one in tree.find("旗岭")] == [before["350101"]]
    assert import_rows(database, ROWS) == Imported(0, 1, 0)  # named back
    assert import_rows(database, renamed) == Imported(0, 1, 0)
    assert set(load(database).node(before["350101"]).aliases) == {"旗山村委会", "旗岭村委会"}


def test_a_village_that_moves_to_another_town_keeps_its_id_and_its_grids(database: Database) -> None:
    """As 分水岭村 did: 510811217201 of 柳桥乡 became 510811100215 of 元坝镇."""
    import_rows(database, ROWS)
    before = ids(load(database))
    moved = replaced(
        c350201=NodeIn("350102", "分水岭村", "village", "3501", aliases=("350201",)),
        c35020101=NodeIn("35010201", "第01网格", "grid", "350102", aliases=("35020101",)),
        c3502=None,
    )
    assert import_rows(database, moved, DAY + timedelta(days=1)) == Imported(0, 2, 1)
    tree = load(database, DAY + timedelta(days=1))
    assert ids(tree)["350102"] == before["350201"]
    assert ids(tree)["35010201"] == before["35020101"]
    assert tree.parent(before["350201"]) == before["3501"]
    assert tree.by_code("350201") == tree.by_code("350102")
    assert not tree.has(before["3502"])
    assert import_rows(database, moved, DAY + timedelta(days=2)) == Imported(0, 0, 0)


def test_of_merged_villages_the_first_named_keeps_its_id(database: Database) -> None:
    import_rows(database, ROWS)
    before = ids(load(database))
    merged = replaced(
        c350101=NodeIn("350199", "旗岭社区", "village", "3501", aliases=("350101", "350201")),
        c35010101=NodeIn("35010101", "第01网格", "grid", "350199"),
        c350201=None,
        c35020101=NodeIn("35020101", "第02网格", "grid", "350199"),
    )
    assert import_rows(database, merged) == Imported(0, 2, 1)  # the first grid stays where it was: same id above it
    tree = load(database)
    assert ids(tree)["350199"] == before["350101"]
    assert not tree.has(before["350201"])
    assert tree.parent(before["35020101"]) == before["350101"]
    assert [one.code for one in tree.find("350201")] == ["350199"]


def test_a_grid_that_is_split_is_gone_from_the_day_on_and_there_before(database: Database) -> None:
    import_rows(database, ROWS)
    before = ids(load(database))
    split = replaced(c35010101=NodeIn("35010108", "第08网格", "grid", "350101"))
    split = (*split, NodeIn("35010109", "第09网格", "grid", "350101"))
    assert import_rows(database, split, DAY + timedelta(days=5)) == Imported(2, 0, 1)
    assert ids(load(database, DAY + timedelta(days=4))) == before
    after = load(database, DAY + timedelta(days=5))
    assert after.by_code("35010101") is None
    assert set(ids(after)) - set(before) == {"35010108", "35010109"}
    assert import_rows(database, ROWS, DAY + timedelta(days=9)) == Imported(0, 1, 2)  # undone: the same id again
    assert ids(load(database, DAY + timedelta(days=9))) == before


def test_a_subtree_goes_whole(database: Database) -> None:
    import_rows(database, ROWS)
    assert import_rows(database, ROWS[:4]) == Imported(0, 0, 3)
    assert [one.code for one in load(database)] == [row.code for row in ROWS[:4]]


def test_what_a_roster_added_stays_until_its_place_goes(database: Database) -> None:
    import_rows(database, ROWS)
    with database.begin() as connection:
        repo = TreeRepo(connection)
        assert repo.add_nodes([NodeIn("350101-01", "二格", "grid", "350101")], DAY) == 1
        assert repo.add_nodes([], DAY) == 0
    assert import_rows(database, ROWS, DAY + timedelta(days=1)) == Imported(0, 0, 0)
    assert load(database, DAY + timedelta(days=1)).by_code("350101-01") is not None
    assert import_rows(database, (ROWS[0], *ROWS[4:]), DAY + timedelta(days=2)) == Imported(0, 0, 4)
    assert load(database, DAY + timedelta(days=2)).by_code("350101-01") is None


def test_drift_names_what_an_import_would_do_and_does_nothing(database: Database) -> None:
    import_rows(database, ROWS)
    changed = replaced(
        c350101=NodeIn("350101", "旗岭村委会", "village", "3502"),
        c35010101=None,
        c35020101=NodeIn("x", "新格", "grid", "350201"),
    )
    with database.read() as connection:
        repo = TreeRepo(connection)
        assert repo.drift(ROWS) == ()
        assert repo.drift(changed) == (
            "新增 x 新格",
            "改动 350101 旗山村委会 → 350101 旗岭村委会(上级变了)",
            "撤销 35010101 第01网格",
            "撤销 35020101 第01网格",
        )
        many = (*ROWS, *(NodeIn(f"g{n}", "格", "grid", "350101") for n in range(50)))
        assert len(repo.drift(many)) == 21
    assert len(load(database)) == 7


@pytest.mark.parametrize(
    "rows",
    [
        (*ROWS, NodeIn("9", "孤村", "village", "8")),
        (*ROWS, NodeIn("8", "甲", "village", "9"), NodeIn("9", "乙", "village", "8")),
        ROWS[1:],  # the county is gone, its towns hang in the air
    ],
)
def test_rows_that_are_no_tree_leave_everything_as_it_was(database: Database, rows: tuple[NodeIn, ...]) -> None:
    import_rows(database, ROWS)
    before = ids(load(database))
    with pytest.raises(BadSetting):
        import_rows(database, rows, DAY + timedelta(days=1), "b")
    assert ids(load(database, DAY + timedelta(days=1))) == before
    with database.read() as connection:
        assert TreeRepo(connection).version() == "a"


def test_a_fault_in_the_middle_leaves_nothing_half_imported(database: Database) -> None:
    import_rows(database, ROWS)

    def cut_short() -> None:
        with database.begin() as connection:
            assert TreeRepo(connection).import_nodes(ROWS[:4], DAY, now=NOW, sha256="b").closed == 3
            raise RuntimeError("power cut before the commit")

    with pytest.raises(RuntimeError, match="power"):
        cut_short()
    assert len(load(database)) == 7
    with database.read() as connection:
        assert connection.execute(select(func.count()).where(node.c.valid_to.is_not(None))).scalar_one() == 0


@pytest.mark.slow
def test_the_whole_county_is_imported_and_loaded(database: Database) -> None:
    file = hierarchy_file.read(Path(__file__).parents[2] / "hierarchy.yaml")
    with database.begin() as connection:
        done = TreeRepo(connection).import_nodes(file.nodes(), DAY, now=NOW, sha256=file.sha256)
    assert done.new == 106_720
    started = time.perf_counter()
    with database.read() as connection:
        tree = TreeRepo(connection).load(file.county.levels, DAY)
        took_s = time.perf_counter() - started
        assert TreeRepo(connection).drift(file.nodes()) == ()
    assert tree.count(tree.root.id, "household") == 105_000
    assert [one.code for one in tree.find("丘演")] == ["350125102210"]  # its name of 2019
    assert took_s < 4  # 0.5 s on a quiet core; the bound only catches a change of order


# -- the difference by itself ------------------------------------------------------------------------------------------


@st.composite
def counties(draw: st.DrawFn) -> list[NodeIn]:
    """Draw a county of up to twelve nodes under a root, codes out of a small pool, so that two draws overlap."""
    rows = [NodeIn("r", "县", "county", None)]
    for code in draw(st.lists(st.sampled_from("abcdefghijkl"), max_size=12, unique=True)):
        above = draw(st.sampled_from(rows))
        rows.append(NodeIn(code, draw(st.sampled_from(["甲", "乙", "丙"])), "village", above.code))
    return draw(st.permutations(rows))


def applied(known: list[Known], rows: list[NodeIn]) -> list[Known]:
    """Return the nodes as they stand after the import."""
    found = difference(rows, known, {}, "hierarchy")
    after = {one.id: one for one in known}
    assert not after.keys() & {one.id for one in found.new}
    after |= {one.id: one for one in (*found.new, *found.changed)}
    after |= {
        one.id: Known(one.id, one.code, one.name, one.level, one.parent_id, one.branch, one.origin, "gone")
        for one in found.closed
    }
    made = {one.id for one in known if one.valid_to is None}
    for one in found.new:
        assert one.parent_id is None or one.parent_id in made | {changed.id for changed in found.changed}
        made.add(one.id)
    return list(after.values())


@given(counties(), counties())
def test_after_an_import_the_database_says_what_the_file_says(first: list[NodeIn], second: list[NodeIn]) -> None:
    known = applied([], first)
    ids_before = {one.code: one.id for one in known}
    known = applied(known, second)
    code_of = {one.id: one.code for one in known}
    standing = {
        (one.code, one.name, code_of[one.parent_id] if one.parent_id else None) for one in known if one.valid_to is None
    }
    assert standing == {(row.code, row.name, row.parent_code) for row in second}
    assert all(ids_before[one.code] == one.id for one in known if one.code in ids_before)
    again = difference(second, known, {}, "hierarchy")
    assert (again.new, again.changed, again.closed, again.lines()) == ((), (), (), ())
