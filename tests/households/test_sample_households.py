"""The sample register is what its script makes, reads without a fault, and nobody in it can be a real person."""

import csv
import io
from datetime import date
from pathlib import Path

import pytest

from bot import hierarchy_file, household_file
from demo.households import COLUMNS, family, rows_of
from handlers.domain.hierarchy import Tree
from handlers.domain.household import Age
from handlers.domain.household_plan import plan
from handlers.domain.household_planned import HouseholdPlan

DATA = Path(__file__).parents[2] / "data"
TOPS = ("350125105204", "35012510400301001")


@pytest.fixture(scope="module")
def made() -> HouseholdPlan:
    file = hierarchy_file.read(DATA / "town.yaml")
    rows = file.nodes()
    ids = {row.code: number for number, row in enumerate(rows, start=1)}
    plain = ((ids[r.code], r.code, r.name, r.level, ids.get(r.parent_code or ""), r.branch) for r in rows)
    tree = Tree.of_rows(plain, file.county.levels, {})
    read = household_file.read(DATA / "town/households.csv", file.county)
    return plan(read, tree, file.county.care, date(2026, 2, 8), frozenset(), allow_sample_phones=True)


def test_the_file_is_what_the_script_makes() -> None:
    nodes = hierarchy_file.read(DATA / "town.yaml").nodes()
    out = io.StringIO()
    table = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    table.writeheader()
    table.writerows(row for top in TOPS for row in rows_of(nodes, top))
    assert (DATA / "town/households.csv").read_text("utf-8") == out.getvalue()
    assert family("x") == family("x") != family("y")


def test_it_reads_without_a_fault_and_has_every_kind_of_household(made: HouseholdPlan) -> None:
    assert made.errors == made.nodes == ()
    assert (len(made.households), made.people, made.proxies) == (506, 1513, 94)
    people = [person for one in made.households for person in one.members.values()]
    assert {person.age for person in people} == set(Age)
    needs = {key for person in people if person.health for key in person.health.vulnerable}
    assert {"alone", "pregnant", "infant", "dialysis"} <= needs
    assert any(one.in_group is None for one in made.households)


def test_nobody_in_it_can_be_real(made: HouseholdPlan) -> None:
    for one in made.households:
        for person in (*one.members.values(), *one.proxies.values()):
            assert person.name[1] in "测样例拟仿模演虚"
            assert all(phone.startswith("104") for phone in person.phones)
