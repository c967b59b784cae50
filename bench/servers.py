"""The servers of a comparison, each a real process on a port of 127.0.0.1."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from demo.stage import ROOT, free_port

STARTED_WITHIN_S = 30.0


@contextmanager
def running(command: list[str], environ: Mapping[str, str], port: int, path: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run *command*; yields when *path* on *port* answers anything at all, ends the process in the end."""
    process = subprocess.Popen(
        [sys.executable, *command], cwd=ROOT, env={**os.environ, **environ},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        _answers(process, f"http://127.0.0.1:{port}{path}")
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def gunicorn(module: str, environ: Mapping[str, str]) -> Iterator[int]:
    """Run a peer of `bench.peers` under gunicorn, 2 workers of 8 threads; yields its port."""
    port = free_port()
    command = ["-m", "gunicorn", "-k", "gthread", "-w", "2", "--threads", "8", "-b", f"127.0.0.1:{port}", module]
    with running(command, environ, port, "/"):
        yield port


def environ_of(folder: Path, port: int) -> dict[str, str]:
    """Return the environment of our server on *port* with all it keeps in *folder*."""
    return {
        "GEYING_DEMO": "1",
        "GEYING_DATABASE_URL": f"sqlite:///{folder / 'geying.db'}",
        "GEYING_HIERARCHY": str(ROOT / "data/town.yaml"),
        "GEYING_VAR": str(folder),
        "GEYING_BASE_URL": f"http://127.0.0.1:{port}",
    }


@contextmanager
def geying(folder: Path, *, verb: str = "serve", port: int | None = None) -> Iterator[int]:
    """Run our server as it is deployed, on the database in *folder*, an empty one where there is none; yields its port,
    which may be chosen beforehand."""
    port = port or free_port()
    environ = environ_of(folder, port)
    with running(["-m", "bot", verb, "--port", str(port)], environ, port, "/healthz"):
        yield port


def _answers(process: subprocess.Popen[bytes], url: str) -> None:
    until = time.monotonic() + STARTED_WITHIN_S
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError(f"{url}: the process ended with {process.returncode}")
        try:
            urllib.request.urlopen(url, timeout=2).close()
            return
        except urllib.error.HTTPError:
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    raise TimeoutError(url)
