"""Load from wrk: one thread, 32 kept-alive connections, every request a message of its own."""

import json
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bench.callbacks import write_requests

CONNECTIONS = 32
SCRIPT = Path(__file__).with_name("load.lua")


@dataclass(frozen=True, slots=True)
class Load:
    """What one round of load met: answers with 200, others, and how long they took."""

    answers: int
    refused: int
    broken: int
    seconds: float
    p50_ms: float
    p99_ms: float
    max_ms: float

    @property
    def good(self) -> int:
        """Return how many were answered 200."""
        return self.answers - self.refused

    @property
    def rate(self) -> float:
        """Return the answers with 200 in a second."""
        return self.good / self.seconds


Write = Callable[[Path, int, str], int]
"""Writes so many requests, all of one length, for a host to a file; returns the length."""


def press(port: int, seconds: int, requests: Path, most: int, write: Write = write_requests) -> Load:
    """Send up to *most* requests for *seconds* to a server on *port*; *requests* is the file to write them in."""
    if shutil.which("wrk") is None:
        raise FileNotFoundError("wrk 没有安装(tests/system.sh 会装)")
    address = f"127.0.0.1:{port}"
    length = write(requests, most, address)
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--timeout", "10s", "-s", str(SCRIPT)]
    command += [f"http://{address}", "--", str(requests), str(length)]
    said = subprocess.run(command, check=True, capture_output=True, text=True, timeout=seconds + 60).stdout
    load = Load(**json.loads(said.strip().splitlines()[-1]))
    if load.answers >= most - 2 * CONNECTIONS:
        raise RuntimeError(f"the file of {most} requests was too short for {seconds} s")
    return load
