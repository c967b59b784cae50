"""The rows about declaring, at sizes that fit a test: what they count is there, and no form comes twice."""

import shutil
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs

import pytest

from bench.rows import declare, posters
from bench.servers import environ_of
from bench.sheets import forms, prepare
from bot.web.form_seal import FormSeals
from bot.web.sheet_form import read_form


@pytest.mark.slow
@pytest.mark.alone
def test_every_form_of_a_load_is_a_sheet_of_its_own(tmp_path: Path) -> None:
    now = datetime.now(UTC)
    settings, tokens = prepare(environ_of(tmp_path, 9), now)
    assert len(set(tokens)) == len(tokens) > 5_000
    write = forms(settings, tokens, now)
    lengths = {write(tmp_path / name, 300, "127.0.0.1:9") for name in ("one", "two")}
    (length,) = lengths
    data = (tmp_path / "one").read_bytes() + (tmp_path / "two").read_bytes()
    seals, keys, codes = FormSeals(settings.secret_key, settings.base_url), set(), set()
    for at in range(0, len(data), length):
        head, _, body = data[at : at + length].partition(b"\r\n\r\n")
        token = head.split(b" ")[1].decode().removeprefix("/d/")
        filled = read_form(body)
        assert seals.good(f"/d/{token}", filled.seal, now)
        assert filled.faults == ()
        (one,) = filled.people
        assert (one.name, one.symptoms, one.temperature) == ("王样花", (), "36.5")
        assert parse_qs(body.decode())["n1.c"] == ["declare@1", "health@1", "care@1"]
        keys.add(filled.key)
        codes.add(token)
    assert len(keys) == len(codes) == 600


@pytest.mark.slow
@pytest.mark.alone
@pytest.mark.skipif(shutil.which("wrk") is None, reason="wrk is not here")
def test_the_row_counts_what_was_committed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(declare, "ROUNDS", 2)
    monkeypatch.setattr(declare, "SECONDS", 1)
    rate, slowest = declare.run(lambda said: None)
    assert (rate.name, slowest.name) == ("declare_hello", "declare_p99")
    assert rate.ours > 0
    assert rate.ratio is not None
    assert rate.target is not None


@pytest.mark.slow
@pytest.mark.alone
def test_the_row_prints_posters(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posters, "COUNT", 20)
    monkeypatch.setattr(posters, "ROUNDS", 1)
    (figure,) = posters.run(lambda said: None)
    assert 0 < figure.ours < 60
