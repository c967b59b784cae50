"""`make demo`: the whole county on this machine; `make demo ARGS=--once` plays the main journey and exits."""

import argparse
import signal
import sys
import time
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from demo.cast import Cast, cast_of
from demo.doors import Doors, doors_of
from demo.far import Far
from demo.fourteen import Fourteen
from demo.guide import phone
from demo.player import Player
from demo.stage import COUNTIES, ROOT, Stage
from demo.story import MORNING, play


def main() -> int:
    """Run the demo; returns the exit code."""
    options = _options()
    played = options.once or options.picture
    ports = (0, 0) if played else (options.port, options.port + 10)
    stage = Stage(Path(options.folder), options.county, *ports)
    stage.base()  # once after an install; from then on it is there
    if options.prepare:
        return 0
    began = time.monotonic()
    stage.prepare(MORNING if played else _this_morning())
    try:
        stage.start()
        ready = time.monotonic() - began
        if played:
            far = Far(stage.far_url)
            cast, doors = play(stage, far, ready)
            if options.picture:
                _take(far, stage.url, cast, doors, options.picture)
            return 0
        print(f"格应演示已就绪({ready:.1f} 秒),用浏览器打开:{stage.url}")
        print("四级群、手机、时钟、故障按钮都在这一页,上面有五步上手。Ctrl-C 结束。")
        if options.fourteen:
            _follow(stage, options.fourteen)
        _wait_for_the_end()
        return 0
    finally:
        stage.stop()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make demo", description="格应演示")
    parser.add_argument("--once", action="store_true", help="不开浏览器,演一遍主线后退出")
    parser.add_argument(
        "--fourteen", type=float, nargs="?", const=4.0, metavar="SECONDS", help="跟着一户人家过十四天,几秒一天(默认 4)"
    )
    parser.add_argument("--picture", type=Path, metavar="PNG", help="演一遍后给页面拍张照(要 Chromium 和测试的依赖)")
    parser.add_argument("--prepare", action="store_true", help="只备好样例库")
    parser.add_argument("--county", choices=sorted(COUNTIES), default="yongtai")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--folder", default=str(ROOT / "var" / "demo"))
    return parser.parse_args()


def _follow(stage: Stage, seconds: float) -> None:
    """Play one household's fourteen days on the page that is open, so many seconds a day."""
    parts, far = stage.parts(), Far(stage.far_url)
    cast, doors = cast_of(parts), doors_of(parts)
    print(f"住户的手机:{phone(doors.stays_name, doors.stays_kf, stage.far_url)}")
    time.sleep(2 * seconds)
    try:
        Fourteen(Player(far, cast), parts, doors, lambda _day: time.sleep(seconds)).play()
    finally:
        parts.close()


def _take(far: Far, url: str, cast: Cast, doors: Doors, path: Path) -> None:
    from demo.picture import take  # needs a browser, which the demo itself does not

    for written in take(far, url, cast, doors, path):
        print(f"已写 {written}({written.stat().st_size // 1024} KB)")


def _this_morning() -> datetime:
    """Return 08:30 of today in the county: a day's work lies ahead, whenever the demo is started."""
    return datetime.now(ZoneInfo("Asia/Shanghai")).replace(hour=8, minute=30, second=0, microsecond=0)


def _wait_for_the_end() -> None:
    ended = []
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.append(True))
    while not ended:
        time.sleep(0.2)


if __name__ == "__main__":
    sys.exit(main())
