"""Real processes to kill, hang and start again: ours by name, and the stand-in as the far side.

A `Deployment` is a folder, an environment and the processes in it. It can be told to let one of them die by SIGKILL at
a named point (`store.failpoints`) and start it again; `Far` is the stand-in's remote control. Nothing here knows what
is being tested.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

from services import free_port

ROOT = Path(__file__).parents[2]
COMMANDS = {"up": ["up"], "serve": ["serve"], "worker": ["worker"], "jobs": ["jobs"]}
DOORS = ("up", "serve")
PATIENCE_S = 45.0

Found = TypeVar("Found")


def until(look: Callable[[], Found | None], what: str, within_s: float = PATIENCE_S, every_s: float = 0.05) -> Found:
    """Return what *look* finds, asking until it finds something that is true."""
    end = time.monotonic() + within_s
    while time.monotonic() < end:
        found = look()
        if found:
            return found
        time.sleep(every_s)
    raise AssertionError(f"not within {within_s:g} s: {what}")


class Process:
    """One process of ours with all its children: they live and die together."""

    def __init__(self, arguments: list[str], environ: Mapping[str, str], log: Path) -> None:
        self._log = log.open("ab")
        self.popen = subprocess.Popen(
            [sys.executable, *arguments],
            cwd=ROOT,
            env={**os.environ, **environ},
            stdout=self._log,
            stderr=self._log,
            start_new_session=True,
        )

    @property
    def alive(self) -> bool:
        return self.popen.poll() is None

    def signal(self, number: int) -> None:
        """Send *number* to the process and its children."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.popen.pid, number)

    def kill(self) -> None:
        """The power goes: SIGKILL for everybody, and nobody is left when this returns."""
        self.signal(signal.SIGKILL)
        self.popen.wait(10)
        until(self.gone, "a killed process group")
        self._log.close()

    def bury(self) -> None:
        """Let go of a process that somebody else ended."""
        self.popen.wait(10)
        self._log.close()

    def stop(self, within_s: float = 15.0) -> float:
        """Ask it to end, once, as systemd would; returns how many seconds that took."""
        began = time.monotonic()
        self.popen.terminate()
        try:
            self.popen.wait(within_s)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"still there {within_s:g} s after SIGTERM") from None
        took = time.monotonic() - began
        until(self.gone, "the children of a stopped process")
        self._log.close()
        return took

    def gone(self) -> bool:
        """Whether nobody of the group runs; who is dead and not yet buried does not count."""
        return not any(group == self.popen.pid and state != "Z" for state, group in _states())


class Far:
    """The stand-in as a process of its own, and its controls over HTTP."""

    def __init__(self, folder: Path) -> None:
        self.clock_file = folder / "clock.json"
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        arguments = ["-m", "standin", "--port", str(self.port), "--clock-file", str(self.clock_file)]
        self._process = Process(arguments, {}, folder / "far.log")
        until(lambda: answers(f"{self.url}/_ctl/idle"), "the stand-in")

    def control(self, path: str, body: dict[str, Any] | None = None, timeout_s: float = 60.0) -> Any:
        """Return the answer of one control call."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}/_ctl/{path}", data, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=timeout_s) as answer:
            return json.load(answer)

    def state(self, part: str) -> Any:
        """Return one part of the stand-in's books."""
        return self.control(f"state?part={part}")[part]

    def plant(self, seed: dict[str, Any], now: str) -> None:
        """Begin a new world at the moment *now* (ISO)."""
        self.control("seed", seed)
        self.control("fault", {"clear": True})
        self.control("clock", {"now": now})

    def forward(self, seconds: float) -> None:
        """Move the clock of both sides."""
        self.control("clock", {"advance_s": seconds})

    def say(self, userid: str, text: str, *, wait: bool = False) -> dict[str, Any]:
        """Somebody writes to the app."""
        act = {"kind": "member_text", "to": "app", "userid": userid, "text": text, "wait": wait}
        answer: dict[str, Any] = self.control("act", act)
        return answer

    def click(self, userid: str, task_id: str, key: str, *, wait: bool = False) -> dict[str, Any]:
        """Somebody presses a button of a card."""
        act = {"kind": "member_click", "userid": userid, "task_id": task_id, "key": key, "wait": wait}
        answer: dict[str, Any] = self.control("act", act)
        return answer

    def phone(self, userid: str) -> list[dict[str, Any]]:
        """Return what stands on somebody's phone outside groups."""
        found: list[dict[str, Any]] = self.control(f"inbox?userid={userid}")["messages"]
        return found

    def heard(self, userid: str, holds: str, within_s: float = PATIENCE_S) -> str:
        """Return the newest words of ours on that phone that hold *holds*; waits for them."""

        def look() -> str | None:
            ours = [str(m.get("text") or "") for m in self.phone(userid) if m["from"]["kind"] != "member"]
            return next((text for text in reversed(ours) if holds in text), None)

        return until(look, f"{userid} hears {holds}", within_s)

    def calls(self) -> int:
        """Return how many messages, posts and answers we have asked the platform to carry."""
        return sum(n["total"] for path, n in self.state("calls").items() if not path.endswith("gettoken"))

    def idle(self) -> bool:
        """Return whether every callback was answered or given up."""
        return bool(self.control("idle")["idle"])

    def stop(self) -> None:
        self._process.kill()


class Deployment:
    """Our processes over one database, by name: `up` alone, or `serve`, `worker` and `jobs`."""

    def __init__(self, folder: Path, environ: Mapping[str, str]) -> None:
        self.folder, self.environ = folder, dict(environ)
        self.processes: dict[str, Process] = {}
        self.restarted_at: float | None = None
        self.start_s = 0.0  # what the machine needed to start the one that died
        self.on_death: Callable[[], None] = lambda: None
        self._guard: threading.Thread | None = None
        self._over = threading.Event()

    @property
    def url(self) -> str:
        return self.environ["GEYING_BASE_URL"]

    def start(self, *names: str, crash_at: Mapping[str, str] | None = None) -> None:
        """Start these processes; returns when those with doors answer. *crash_at*: where which of them dies."""
        for name in names:
            extra = {}
            if crash_at and name in crash_at:
                self._note.unlink(missing_ok=True)
                extra = {"GEYING_CRASH_AT": crash_at[name], "GEYING_CRASH_ONCE": str(self._note)}
            arguments = ["-m", "bot", *COMMANDS[name]]
            self.processes[name] = Process(arguments, {**self.environ, **extra}, self.log(name))
        for name in names:
            if name in DOORS:
                self.ready(name)

    def ready(self, name: str, within_s: float = PATIENCE_S) -> None:
        """Wait until the doors of that process are open."""

        def look() -> bool:
            assert self.processes[name].alive, self.log(name).read_text("utf-8", "replace")[-2000:]
            return answers(f"{self.url}/healthz")

        until(look, f"{name} answers", within_s, 0.02)

    def guard(self, name: str, *, respawned: bool = False) -> None:
        """From now on: when *name* dies at its point, its whole process group is killed and started again (unless its
        own supervisor is to do that, *respawned*)."""
        self._over.clear()
        self.restarted_at = None
        self._guard = threading.Thread(target=self._stand_guard, args=(name, respawned), daemon=True)
        self._guard.start()

    def _stand_guard(self, name: str, respawned: bool) -> None:
        while not self._note.exists():
            if self._over.wait(0.005):
                return
        if not respawned:
            self.processes[name].kill()
        self.on_death()
        self.restarted_at = time.monotonic()
        if not respawned:
            self.start(name)
            self.start_s = time.monotonic() - self.restarted_at

    def died(self) -> bool:
        """Return whether the guarded process died at its point, and wait until it is back."""
        self._over.set()
        if self._guard:
            self._guard.join(PATIENCE_S)
            assert not self._guard.is_alive()
            self._guard = None
        return self._note.exists()

    @property
    def _note(self) -> Path:
        return self.folder / "died"

    def log(self, name: str) -> Path:
        """Return the file with everything *name* printed."""
        return self.folder / f"{name}.log"

    def said(self) -> str:
        """Return everything our processes printed."""
        return "".join(path.read_text("utf-8", "replace") for path in sorted(self.folder.glob("*.log")))

    def cut(self, *names: str) -> None:
        """Kill these processes, and start them again."""
        for name in names:
            self.processes[name].kill()
        self.start(*names)

    def kill(self) -> None:
        """End everything, unkindly."""
        self._over.set()
        for process in self.processes.values():
            process.signal(signal.SIGCONT)
            if process.alive:
                process.kill()
        self.processes.clear()


def answers(url: str) -> bool:
    """Return whether *url* answers 200 at once."""
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _states() -> Iterator[tuple[str, int]]:
    """Yield state and process group of every process there is."""
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            state, _parent, group = path.read_text().rpartition(")")[2].split()[:3]
            yield state, int(group)


@contextlib.contextmanager
def hung(process: subprocess.Popen[bytes]) -> Iterator[None]:
    """Let a server stand still (SIGSTOP), with its children, and go on afterwards."""
    number = children(process.pid)
    for pid in number:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in number:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)


def children(pid: int) -> list[int]:
    """Return *pid* and every process below it."""
    found = [pid]
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text().split():
            found += children(int(child))
    return found
