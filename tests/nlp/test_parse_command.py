"""`geying parse`: one answer a line, in order, with the keys that callers count on; a bad line harms no other."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from town import ROOT

from bot.cli import main

KEYS = {"id", "intent", "records", "confidence", "needs_confirm", "ask", "readback"}
ROSTER = ROOT / "data/town/roster.csv"


def line(name: str, text: str) -> str:
    told = {"id": name, "text": text, "sent_at": "2026-02-08T15:20:00+08:00", "channel": "group"}
    return json.dumps(told | {"sender_role": "gridworker"}, ensure_ascii=False)


def parsed(lines: list[str], *options: str) -> tuple[list[dict[str, object]], int]:
    told = CliRunner().invoke(main, ["parse", *options], input="\n".join(lines) + "\n", env={"GEYING_DATABASE_URL": ""})
    return [json.loads(answer) for answer in told.stdout.splitlines()], told.exit_code


def test_one_answer_a_line_in_order_without_any_setting() -> None:
    answers, code = parsed([line("b", "三格今天敲了46 空5"), line("a", "收到"), line("c", "早上好")])
    assert code == 0
    assert [one["id"] for one in answers] == ["b", "a", "c"]
    assert all(set(one) == KEYS for one in answers)
    first = answers[0]
    assert first["records"] == [
        {"type": "daily", "grid": "3", "date": "2026-02-08", "households_visited": 46, "households_absent": 5}
    ]
    assert first["readback"] == "①走访46户 ②空户5户"


@pytest.mark.parametrize(
    "bad", ["{", "[]", '"x"', '{"id": "b"}', '{"id": "b", "text": 5, "sent_at": "now"}', "[" * 9000]
)
def test_a_bad_line_says_so_and_the_rest_is_read(bad: str) -> None:
    answers, code = parsed([bad, line("a", "敲门46")])
    assert code == 1
    assert set(answers[0]) == {"id", "error"}
    assert answers[1]["intent"] == "daily_report"


def test_places_the_roster_does_not_have_are_asked() -> None:
    said = [line("in", "旗山村三格敲门46"), line("out", "旗山村九十格敲门46"), line("far", "火星村敲门46")]
    answers, code = parsed(said, "--roster", str(ROSTER))
    assert code == 0
    assert (answers[0]["needs_confirm"], answers[0]["ask"]) == (False, None)
    assert answers[1]["needs_confirm"] is True
    assert answers[1]["ask"] == "花名册里没有“90格”,是哪一格?"
    assert "火星村" in str(answers[2]["ask"])


def test_a_file_that_is_no_roster_is_named(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("a,b\n1,2\n", "utf-8")
    told = CliRunner().invoke(main, ["parse", "--roster", str(tmp_path / "x.csv")], input="")
    assert told.exit_code == 1
    assert "没找到" in told.stderr
