"""The register's row of the bench runs, at sizes that fit a test."""

import pytest

from bench.rows import households


@pytest.mark.slow
@pytest.mark.alone
@pytest.mark.postgresql
def test_the_row_finds_what_it_asks_for(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("SMALL", 400), ("LARGE", 12_000), ("KNOWN", 100), ("ROUNDS", 100)):
        monkeypatch.setattr(households, name, value)
    said: list[str] = []
    found = households.run(said.append)
    assert [figure.name for figure in found] == [
        "household_by_code", "place_code_read", "household_of_address", "household_members",
        "declared_totals", "declared_totals_county",
    ]  # fmt: skip
    for figure in found:
        assert 0 < figure.ours < 1_000
        assert figure.peer is not None
        assert figure.ratio is not None
        assert 0.2 < figure.ratio < 5
    assert "12,000 户:place_code" in said
