"""Codes replaced by themselves: the old print is read for its grace, the leads hear of it once, and nobody else."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from bot import declaring_part, tree_commands
from bot.parts import Parts
from bot.settings import load
from handlers import rotate_codes
from handlers.domain.declaring import CodeRules
from handlers.domain.errors import BadSetting
from handlers.domain.place_code import CodeKind
from handlers.ports import Context
from store.migrate import migrate
from store.models import delivery, parcel

pytestmark = pytest.mark.long

DATA = Path(__file__).parents[2] / "data"
NOW = datetime(2026, 2, 8, 1, tzinfo=UTC)
VILLAGE = "350125105204"
RULES = CodeRules(timedelta(days=90), timedelta(days=14))


@pytest.fixture
def town(tmp_path: Path) -> Iterator[SimpleNamespace]:
    """The small town, with a clock that is moved."""
    clock = SimpleNamespace(at=NOW, now=lambda: clock.at, epoch=lambda: clock.at.timestamp())
    environ = {
        "GEYING_DEMO": "1", "GEYING_DATABASE_URL": f"sqlite:///{tmp_path / 'geying.db'}",
        "GEYING_HIERARCHY": str(DATA / "town.yaml"), "GEYING_VAR": str(tmp_path / "var"),
        "GEYING_BASE_URL": "https://geying.example",
    }  # fmt: skip
    made = Parts(load(environ, dotenv=None), clock)
    migrate(made.database)
    day = date(2026, 2, 8)
    county, tree = tree_commands.load_county(DATA / "town.yaml", made.database, day, NOW)
    tree_commands.import_roster(DATA / "town/roster.csv", made.database, county, tree, day, NOW)
    yield SimpleNamespace(parts=made, clock=clock)
    made.close()


def context(town: SimpleNamespace, rules: CodeRules | None = RULES) -> Context:
    made = town.parts.counties.context()
    assert made.county.declaring is not None
    county = replace(made.county, declaring=replace(made.county.declaring, codes=rules))
    return replace(made, county=county)


def rotated(town: SimpleNamespace, rules: CodeRules | None = RULES) -> int:
    with town.parts.store.begin() as work:
        return rotate_codes.run(work, context(town, rules))


def letters(town: SimpleNamespace) -> list[tuple[str, str]]:
    with town.parts.database.read() as connection:
        joined = select(delivery.c.address, parcel.c.body).join(parcel, parcel.c.id == delivery.c.parcel_id)
        return [(row.address, row.body["text"]) for row in connection.execute(joined.order_by(parcel.c.id))]


def test_after_their_time_codes_are_new_and_the_old_print_has_a_grace(town: SimpleNamespace) -> None:
    tree = context(town).tree
    place = tree.by_code(VILLAGE)
    assert place is not None
    grids = tree.within(place.id, "grid")[:3]
    with town.parts.store.begin() as work:
        old = work.codes.issue_many(((grid, CodeKind.NODE) for grid in grids), NOW)
    assert rotated(town) == 0
    town.clock.at = NOW + timedelta(days=90)
    assert rotated(town, None) == 0  # a county that did not say how often
    assert rotated(town) == 3
    assert rotated(town) == 0
    with town.parts.store.read() as work:
        for grid in grids:
            new = work.codes.of_node(grid)[0]
            assert new.token != old[grid].token
            assert work.codes.read(old[grid].token, town.clock.at + timedelta(days=13)) is not None
            assert work.codes.read(old[grid].token, town.clock.at + timedelta(days=15)) is None
            assert work.codes.read(new.token, town.clock.at + timedelta(days=15)) is not None
    told = letters(town)
    assert len({address for address, _ in told}) == len(told)  # each lead once
    assert all("旧海报还能扫到5月23日" in text for _, text in told)


def test_a_code_that_runs_out_soon_is_replaced_in_time(town: SimpleNamespace) -> None:
    place = context(town).tree.by_code(VILLAGE)
    assert place is not None
    with town.parts.store.begin() as work:
        old = work.codes.issue(place.id, CodeKind.NODE, NOW, timedelta(days=30))
    town.clock.at = NOW + timedelta(days=17)
    assert rotated(town) == 1
    with town.parts.store.read() as work:
        assert work.codes.read(work.codes.of_node(place.id)[0].token, NOW + timedelta(days=400)) is not None
        assert work.codes.read(old.token, NOW + timedelta(days=29)) is not None
        assert work.codes.read(old.token, NOW + timedelta(days=30)) is None


def test_a_revoked_code_is_not_brought_back(town: SimpleNamespace) -> None:
    place = context(town).tree.by_code(VILLAGE)
    assert place is not None
    with town.parts.store.begin() as work:
        work.codes.issue(place.id, CodeKind.NODE, NOW)
        work.codes.revoke(place.id, "丢了", NOW)
    town.clock.at = NOW + timedelta(days=100)
    assert rotated(town) == 0
    assert letters(town) == []


def test_the_ticker_looks_when_the_county_says_so(town: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    place = context(town).tree.by_code(VILLAGE)
    assert place is not None
    with town.parts.store.begin() as work:
        work.codes.issue(place.id, CodeKind.NODE, NOW)
    town.clock.at = NOW + timedelta(days=91)
    assert town.parts.ticks.rotate() == 0  # data/town.yaml says nothing of it
    made = context(town)
    monkeypatch.setattr(town.parts.counties, "context", lambda: made)
    assert town.parts.ticks.rotate() == 1


@pytest.mark.parametrize(("every", "grace"), [("30d", "30d"), ("30d", "12h")])
def test_a_grace_that_makes_no_sense_is_named(every: str, grace: str) -> None:
    part = declaring_part.DeclaringPart.model_validate(
        {"rules": "rules/declaration.yaml", "codes": {"rotate_every": every, "grace": grace}}
    )
    with pytest.raises(BadSetting, match="grace"):
        declaring_part.declaring(part, DATA / "town.yaml")
