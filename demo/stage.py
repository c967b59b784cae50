"""Setting the stage: a fresh database with the sample county, the stand-in and `geying up` as real processes."""

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
from pathlib import Path
from typing import Any

from bot import tree_commands
from bot.demo_seed import bind_bots, seed_of
from bot.parts import Parts
from bot.settings import load
from store.migrate import migrate

ROOT = Path(__file__).parents[1]
COUNTIES = {
    "yongtai": (ROOT / "hierarchy.yaml", ROOT / "data/yongtai"),
    "town": (ROOT / "data/town.yaml", ROOT / "data/town"),
}


class Stage:
    """Two processes and a folder. `start` returns when both answer."""

    def __init__(self, folder: Path, county: str, port: int, far_port: int) -> None:
        self.folder, self.county = folder, county
        self.port, self.far_port = port or free_port(), far_port or free_port()
        self.processes: list[subprocess.Popen[bytes]] = []
        hierarchy, self._data = COUNTIES[county]
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

    def prepare(self, **seed: Any) -> Parts:
        """Make the database and the stand-in's seed from the sample county, anew."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        parts = Parts(load(self.environ, dotenv=None))
        migrate(parts.database)
        now = parts.clock.now()
        path = parts.settings.hierarchy
        county, tree = tree_commands.load_county(path, parts.database, now.date(), now)
        for name in ("roster.csv", "chats.csv"):
            tree_commands.import_roster(self._data / name, parts.database, county, tree, now.date(), now)
        bind_bots(parts)
        made = seed_of(parts, self.url, title=f"{county.name}演示", **seed)
        (self.folder / "seed.json").write_text(json.dumps(made, ensure_ascii=False), "utf-8")
        parts.database.close()
        return parts

    def start(self, *, quiet: bool = True) -> None:
        """Start the stand-in, then us; returns when both answer."""
        out = subprocess.DEVNULL if quiet else None
        self._spawn(
            ["-m", "standin", "--port", str(self.far_port), "--seed", str(self.folder / "seed.json"),
             "--clock-file", str(self.folder / "clock.json")], out
        )  # fmt: skip
        self._answers(f"{self.far_url}/_ctl/idle")
        self._spawn(["-m", "bot", "up", "--port", str(self.port)], out)
        self._answers(f"{self.url}/readyz")

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

    def _spawn(self, arguments: list[str], out: int | None) -> None:
        environ = {**os.environ, **self.environ}
        self.processes.append(
            subprocess.Popen([sys.executable, *arguments], cwd=ROOT, env=environ, stdout=out, start_new_session=True)
        )

    def _answers(self, url: str, timeout_s: float = 30.0) -> None:
        until = time.monotonic() + timeout_s
        while time.monotonic() < until:
            if self.processes[-1].poll() is not None:
                raise RuntimeError(f"{url}:进程已退出({self.processes[-1].returncode})")
            try:
                with urllib.request.urlopen(url, timeout=2) as answer:
                    if answer.status == 200:
                        return
            except (urllib.error.URLError, OSError):
                time.sleep(0.03)
        raise TimeoutError(f"{url} 没有答应")


def free_port() -> int:
    """Return a port that is free on 127.0.0.1 just now."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port: int = door.getsockname()[1]
        return port
