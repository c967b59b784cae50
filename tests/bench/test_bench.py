"""The bench measures what it says: figures judge rightly, load never repeats itself, results are sane."""

import json
import time

import pytest

from bench import __main__ as bench
from bench.callbacks import AES_KEY, CORP, REPORT, TOKEN, callback, write_requests
from bench.figure import Figure, Target
from bench.measure import by_turns, calibration_ms, folder, machine, percentile
from bench.rows import ROWS
from bot.channels.envelope import Envelope


@pytest.mark.parametrize(
    ("target", "ours", "ratio", "met"),
    [
        (Target("≥", 3.0), 1.0, 3.0, True),
        (Target("≥", 3.0), 9.0, 2.9, False),
        (Target("≤", 0.2), 0.1, 0.3, False),
        (Target("≤", 5.0), 5.1, None, False),
        (Target("≤", 5.0), 5.0, None, True),
    ],
)
def test_a_target_speaks_of_the_ratio_where_there_is_a_peer(target, ours, ratio, met):
    peer = None if ratio is None else 1.0
    assert Figure("n", "项", "ms", ours, 3, peer, ratio, target).met is met


def test_a_figure_without_a_target_promises_nothing():
    assert Figure("n", "项", "ms", 1.0, 3).row(16.0)["met"] is None


def test_measuring_takes_turns():
    order = []
    first, second = by_turns(3, lambda: order.append("a") or 1.0, lambda: order.append("b") or 2.0)
    assert (order, first, second) == (list("ababab"), [1.0] * 3, [2.0] * 3)


def test_every_request_of_a_load_is_a_message_of_its_own(tmp_path):
    length = write_requests(tmp_path / "load", 200, "127.0.0.1:1")
    data = (tmp_path / "load").read_bytes()
    assert len(data) == 200 * length
    envelope, ids, now = Envelope(TOKEN, (AES_KEY,), CORP), set(), time.time()
    for at in range(0, len(data), length):
        head, _, body = data[at : at + length].partition(b"\r\n\r\n")
        query = dict(pair.split("=") for pair in head.split(b" ")[1].decode().partition("?")[2].split("&"))
        opened = envelope.open(query, body, now)
        assert opened.fresh
        assert opened.fields["Content"] == REPORT
        ids.add(opened.fields["MsgId"])
    assert len(ids) == 200


def test_a_callback_is_as_long_as_the_platforms():
    _, body = callback(int(time.time()))
    assert len(REPORT) == 133
    assert 900 <= len(body) <= 1100


def test_the_machine_is_told_without_a_name_or_a_path():
    import socket

    facts = json.dumps(machine())
    assert socket.gethostname() not in facts
    assert "/" not in facts


def test_folders_lie_on_the_projects_disk_and_go_away():
    with folder() as where:
        assert where.is_dir()
    assert not where.exists()


def test_percentiles_and_calibration():
    assert percentile(list(range(1, 101)), 0.99) == 99
    assert calibration_ms() > 0.5


def test_a_row_nobody_knows_is_refused_by_name(capsys):
    with pytest.raises(SystemExit):
        bench.main(["reader", "nonsense"])
    assert "nonsense" in capsys.readouterr().err


def test_a_row_that_breaks_is_told_and_the_others_run(monkeypatch, tmp_path, capsys):
    def breaks(_tell):
        raise OSError("disk away")

    good = next(row for row in ROWS if row.name == "envelope")
    broken = type(good)("broken", "坏的一行", breaks)
    monkeypatch.setattr(bench, "ROWS", (broken, type(good)("good", "好的一行", lambda _tell: [FIGURE])))
    assert bench.main(["--out", str(tmp_path / "r.json")]) == 1
    assert "disk away" in capsys.readouterr().out
    assert [row["name"] for row in json.loads((tmp_path / "r.json").read_text())["rows"]] == ["n"]


FIGURE = Figure("n", "项", "ms", 9.0, 3, target=Target("≤", 5.0))


def test_a_missed_target_is_shown_and_is_no_error(monkeypatch, tmp_path, capsys):
    row = type(ROWS[0])("good", "好的一行", lambda _tell: [FIGURE])
    monkeypatch.setattr(bench, "ROWS", (row,))
    assert bench.main(["--out", str(tmp_path / "r.json")]) == 0
    assert "✗" in capsys.readouterr().out


@pytest.mark.slow
@pytest.mark.alone
def test_rows_run_and_write_sane_results(tmp_path, capsys):
    out = tmp_path / "r.json"
    assert bench.main(["envelope", "planner", "--out", str(out)]) == 0
    results = json.loads(out.read_text())
    rows = {row["name"]: row for row in results["rows"]}
    assert set(rows) == {"callback_cpu", "planner_1401", "planner_10000"}
    assert (rows["planner_1401"]["ours"], rows["planner_10000"]["ours"]) == (2, 10)
    envelope = rows["callback_cpu"]
    assert 1.0 < envelope["ratio"] < 20.0
    assert envelope["peer"] / envelope["ours"] == pytest.approx(envelope["ratio"], rel=0.3)
    assert {"cores", "memory_mb", "python", "fsync_ms"} <= set(results["machine"])
    assert results["calibration"]["loop_ms"] > 0
    for row in results["rows"]:
        fields = {"name", "words", "ours", "peer", "ratio", "target", "met", "unit", "rounds", "calibration_ms", "note"}
        assert set(row) == fields
