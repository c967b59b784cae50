"""Whatever is typed or uploaded ends in a value or in a refusal with words, never in another error."""

import contextlib
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tree_samples import LEVELS, SMALL

from bot import hierarchy_file, roster_file, yaml_text
from handlers.domain.county import County
from handlers.domain.errors import BadSetting, GeyingError
from handlers.domain.hierarchy import Tree
from handlers.domain.roster import RowIn, plan
from handlers.domain.roster_fields import Unfit, mobiles, node_code, person_name, user_id
from handlers.domain.roster_places import PlaceText

TREE = Tree(SMALL, LEVELS)
WORDS = st.lists(
    st.sampled_from(
        ["清凉", "旗山", "村", "镇", "三格", "第", "1", "网格", "-", " ", "同上", "基础", "户", "十", "百", "３"]
    ),
    max_size=12,
).map("".join)
TEXTS = st.text(max_size=60) | WORDS


@given(TEXTS, st.none() | st.sampled_from([1, 2, 4, 9]))
def test_a_search_only_ever_gives_nodes_of_the_place(text: str, under: int | None) -> None:
    for node in TREE.find(text, under):
        assert TREE.contains(under or 1, node.id)


@pytest.mark.parametrize("read", [mobiles, node_code, person_name, user_id], ids=lambda read: read.__name__)
@given(text=st.text(max_size=80))
def test_a_cell_is_taken_or_refused(read: Callable[[str], object], text: str) -> None:
    with contextlib.suppress(Unfit):
        assert read(text) is not None


CELLS = (
    st.text(max_size=12) | WORDS | st.sampled_from(["网格员", "村支书", "同上", "系统管理员", "yt_a", "104000000011"])
)


@given(st.lists(st.tuples(*[CELLS] * 11), max_size=8), st.booleans())
def test_a_roster_of_anything_gives_a_plan_whose_parts_fit(rows: list[tuple[str, ...]], grow: bool) -> None:
    roles = hierarchy_file.read(Path(__file__).parents[2] / "docs/example-hierarchy.yaml").county.roles
    county = County("示例县", "35", "", LEVELS, roles=roles)
    labels = (("乡镇", ("township",)), ("村", ("village",)), ("网格", ("base_grid", "grid")))
    taken = [
        RowIn(
            n,
            tuple(PlaceText(label, text, levels) for (label, levels), text in zip(labels, row, strict=False)),
            *row[3:],
        )
        for n, row in enumerate(rows)
    ]
    made = plan(taken, TREE, county, allow_sample_phones=True, grow=grow)
    known = {node.code for node in TREE} | {node.code for node in made.nodes}
    assert grow or not made.nodes
    assert {holding.node_code for holding in made.holdings} | {chat.node_code for chat in made.chats} <= known
    assert {holding.userid for holding in made.holdings} == {person.userid for person in made.people}
    assert {error.row for error in made.errors}.isdisjoint({person.row for person in made.people})
    assert all(error.say and error.column for error in made.errors)


@given(st.binary(max_size=200) | st.text(alphabet="abc:-[]{}&*?!#|> \n\t'\"%@,", max_size=80).map(str.encode))
def test_settings_of_anything_are_read_or_refused(raw: bytes) -> None:
    with contextlib.suppress(BadSetting):
        yaml_text.read(raw)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(raw=st.binary(max_size=300) | st.text(max_size=80).map(lambda text: f"姓名,账号,村\n{text}".encode()))
def test_a_file_of_anything_is_read_or_refused(tmp_path: Path, county: County, raw: bytes) -> None:
    path = tmp_path / "r"
    path.write_bytes(raw)
    with contextlib.suppress(GeyingError):
        roster_file.read(path, county)


def _workbook() -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    sheet = book.active
    assert sheet is not None
    sheet.append(["姓名", "账号", "村"])
    sheet.append(["周样明", "yt_1", "旗山"])
    book.save(out)
    book.close()
    return out.getvalue()


WORKBOOK = _workbook()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(
    part=st.sampled_from(zipfile.ZipFile(io.BytesIO(WORKBOOK)).namelist()),
    at=st.integers(0, 3_000),
    new=st.binary(max_size=20),
)
def test_a_damaged_workbook_is_read_or_refused(tmp_path: Path, county: County, part: str, at: int, new: bytes) -> None:
    path = tmp_path / "r.xlsx"
    with zipfile.ZipFile(io.BytesIO(WORKBOOK)) as old, zipfile.ZipFile(path, "w") as damaged:
        for name in old.namelist():
            raw = old.read(name)
            damaged.writestr(name, raw[:at] + new + raw[at + len(new) :] if name == part else raw)
    with contextlib.suppress(GeyingError):
        roster_file.read(path, county)
