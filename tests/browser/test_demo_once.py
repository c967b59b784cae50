"""`make demo ARGS=--once` as it is run: the whole county, its two processes, the journey to its end, the papers."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest
from PIL import Image

from demo.stage import Stage
from demo.story import MORNING

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
@pytest.mark.alone
@pytest.mark.timeout(300)
def test_the_journey_plays_to_its_end(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "demo", "--once", "--folder", str(tmp_path / "demo")]
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    played = subprocess.run(command, cwd=tmp_path, env=environ, capture_output=True, text=True, timeout=280)
    assert played.returncode == 0, played.stdout[-2000:] + played.stderr[-3000:]
    story = played.stdout
    for part in (
        "②空户6户", "我还不认识您", "身份证号", "进入战时", "回「撤」取消", "已记:D-1 收到", "还没收到您的回执",
        "核对码", "黄色凭据", "【待看1】", "谁看过我的信息", "更正 D-2",
        "接力码", "转好了", "疫情防控日报】", "[图片]", "[文件]", "看原文会记审计", "有人看到两次的:0",
        "第1天(2月8日为第0天)", "【打电话1户】", "今天2件", "【上门看看】", "上门✔", "连着5天都好",
        "没事不用回:今天没有问", "隔离有延长", "【先告知1】", "于2月22日解除",
    ):  # fmt: skip
        assert part in story, part
    assert story.index("【先告知1】") < story.index("隔离解除"), "the person hears first"
    assert "11010519491231002X" in story
    assert story.count("11010519491231002X") == 1, "typed once, never said again"
    with Image.open(tmp_path / "out/350125105-2026-02-08.png") as picture:
        assert picture.width >= 900
    book = openpyxl.load_workbook(tmp_path / "out/350125105-2026-02-08.xlsx", read_only=True)
    assert len(book.sheetnames) >= 7
    book.close()


def test_a_taken_port_is_named_and_nothing_is_touched(tmp_path: Path) -> None:
    kept = tmp_path / "demo" / "geying.db"
    kept.parent.mkdir()
    kept.write_text("of a demo that is running")
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        stage = Stage(tmp_path / "demo", "town", port, 0)
        with pytest.raises(SystemExit, match=f"端口 {port} 有别的程序在用"):
            stage.prepare(MORNING)
    assert kept.read_text() == "of a demo that is running"
