"""``python -m standin``: the stand-in as a process of its own, until interrupted."""

from __future__ import annotations

import argparse
import json
import signal
import threading
from pathlib import Path

from standin.server import StandIn


def main(argv: list[str] | None = None) -> None:
    """Serve until SIGINT or SIGTERM; the address is the first line on stdout."""
    parser = argparse.ArgumentParser(prog="standin", description="本地企业微信替身 (a local stand-in for WeChat/WeCom)")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8080)
    parser.add_argument("--seed", type=Path, help="JSON file: corps, groups, bots …")
    parser.add_argument("--clock-file", type=Path, help='written as {"offset_s": n} whenever the clock is moved')
    parser.add_argument("--state-file", type=Path, help="keeps the world over a restart")
    given = parser.parse_args(argv)
    seed = json.loads(given.seed.read_text(encoding="utf-8")) if given.seed else {}
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    server = StandIn(seed, given.port, given.clock_file, host=given.host, state_file=given.state_file).start()
    print(server.url, flush=True)
    stop.wait()
    server.stop()


if __name__ == "__main__":
    main()
