"""Setting the stage: a fresh database with the sample county, the stand-in and `geying up` as real processes."""

import hashlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot import tree_commands
from bot.account_commands import set_password
from bot.demo_seed import bind_bots, seed_of
from bot.household_commands import import_households
from bot.parts import Parts
from bot.settings import load
from demo.cast import cast_of
from demo.doors import doors_of, list_regions
from demo.fourteen import bind
from demo.guide import PASSWORD, guide_of, links_of
from handlers.ports import Context
from store.migrate import migrate

ROOT = Path(__file__).parents[1]
COUNTIES = {
    "yongtai": (ROOT / "hierarchy.yaml", ROOT / "data/yongtai"),
    "town": (ROOT / "data/town.yaml", ROOT / "data/town"),
}
HOUSEHOLDS = ROOT / "data/town/households.csv"  # its households are in both counties

SINCE = datetime(2026, 1, 1, tzinfo=UTC)  # the sample people hold their posts from this day


class Stage:
    """Two processes and a folder. `start` returns when both answer."""

    def __init__(self, folder: Path, county: str, port: int, far_port: int) -> None:
        self.folder, self.county = folder, county
        self.port, self.far_port = port or free_port(), far_port or free_port()
        self.processes: list[subprocess.Popen[bytes]] = []
        hierarchy, _ = COUNTIES[county]
        self.environ = {
            "GEYING_DEMO": "1",
            "GEYING_DATABASE_URL": f"sqlite:///{folder / 'geying.db'}",
            "GEYING_HIERARCHY": str(hierarchy),
            "GEYING_VAR": str(folder),
            "GEYING_PORT": str(self.port),
            "GEYING_BASE_URL": self.url,
            "GEYING_WECOM_API_BASE": self.far_url,
            "GEYING_CLOCK_FILE": str(folder / "clock.json"),
        }

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def far_url(self) -> str:
        return f"http://127.0.0.1:{self.far_port}"

    def prepare(self, start: datetime, **seed: Any) -> None:
        """Lay a fresh database and the stand-in's seed; *start* is where both clocks begin. SystemExit when somebody
        else has one of the ports: it may be a demo that is running in this very folder.
        """
        for port in (self.port, self.far_port):
            if not _is_free(port):
                raise SystemExit(f"端口 {port} 有别的程序在用。换一个再试:make demo ARGS='--port {port + 100}'")
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        shutil.copyfile(self.base(), self.folder / "geying.db")
        offset = start.timestamp() - time.time()
        (self.folder / "clock.json").write_text(json.dumps({"offset_s": offset}), "utf-8")
        parts = self.parts()
        cast = cast_of(parts)
        list_regions(parts)
        doors = doors_of(parts)
        bind(parts, doors)
        page = {"guide": guide_of(cast, doors, self.url, self.far_url), "links": links_of(cast, doors, self.url)}
        made = seed_of(parts, self.url, title=f"{parts.counties.county.name}演示", **page, **seed)
        (self.folder / "seed.json").write_text(json.dumps(made, ensure_ascii=False), "utf-8")
        parts.database.close()

    def parts(self) -> Parts:
        """Return our parts over the demo's database, as an operator's command has them."""
        return Parts(load(self.environ, dotenv=None))

    def base(self) -> Path:
        """Return the database with the sample county and nothing else; made once a version of data and schema."""
        hierarchy, data = COUNTIES[self.county]
        sources = [hierarchy, *sorted(data.iterdir()), *sorted((ROOT / "store/migrations/versions").glob("*.py"))]
        sources += [HOUSEHOLDS, ROOT / "demo/guide.py", Path(__file__)]
        digest = hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()[:12]
        path = self.folder.parent / f"base-{self.county}-{digest}.db"
        if not path.exists():
            part = path.with_suffix(".part")
            part.unlink(missing_ok=True)
            _build(part, hierarchy, data, self.environ)
            part.replace(path)
        return path

    def start(self) -> None:
        """Start the stand-in and us; returns when both answer. What they print is dropped; stderr is ours."""
        far = self._spawn(
            ["-m", "standin", "--port", str(self.far_port), "--seed", str(self.folder / "seed.json"),
             "--clock-file", str(self.folder / "clock.json")]
        )  # fmt: skip
        ours = self._spawn(["-m", "bot", "up", "--port", str(self.port)])
        _wait_for(far, f"{self.far_url}/_ctl/idle")
        _wait_for(ours, f"{self.url}/readyz")

    def stop(self) -> None:
        """End both processes, kindly first."""
        for process in reversed(self.processes):
            process.send_signal(signal.SIGTERM)
        for process in self.processes:
            try:
                process.wait(8)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _spawn(self, arguments: list[str]) -> "subprocess.Popen[bytes]":
        command = [sys.executable, *arguments]
        environ = {**os.environ, **self.environ}
        process = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=subprocess.DEVNULL, start_new_session=True)
        self.processes.append(process)
        return process


def _wait_for(process: "subprocess.Popen[bytes]", url: str, timeout_s: float = 60.0) -> None:
    """Return when *url* answers 200; RuntimeError when the process ended first, TimeoutError when it is too slow."""
    until = time.monotonic() + timeout_s
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError(f"{url}:进程已退出({process.returncode})")
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.03)
    raise TimeoutError(f"{url} 没有答应")


def _build(path: Path, hierarchy: Path, data: Path, environ: dict[str, str]) -> None:
    parts = Parts(load({**environ, "GEYING_DATABASE_URL": f"sqlite:///{path}"}, dotenv=None))
    migrate(parts.database)
    county, tree = tree_commands.load_county(hierarchy, parts.database, SINCE.date(), SINCE)
    for name in ("roster.csv", "chats.csv"):
        outcome = tree_commands.import_roster(data / name, parts.database, county, tree, SINCE.date(), SINCE)
        assert not outcome.plan.errors, outcome.plan.errors[:3]
    homes = import_households(HOUSEHOLDS, parts.store, Context(SINCE, county, tree))
    assert homes.saved is not None, homes.plan.errors[:3]
    bind_bots(parts)
    wrong = set_password(parts, cast_of(parts).lead.userid, PASSWORD)
    assert wrong is None, wrong
    with parts.database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    parts.database.close()
    for rest in ("-wal", "-shm"):
        path.with_name(path.name + rest).unlink(missing_ok=True)


def _is_free(port: int) -> bool:
    with socket.socket() as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def free_port() -> int:
    """Return a port that is free on 127.0.0.1 just now."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port: int = door.getsockname()[1]
        return port
