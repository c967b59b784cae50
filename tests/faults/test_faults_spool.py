"""What is promised by a 200 while the database refuses: whole files, fsynced before the answer, read back once or more
and never less, by whoever comes first."""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from faults_rig import until

from store.accept import Acceptor
from store.engine import Database
from store.inbox import Row, row
from store.spool import Spool, SpoolFull

NOW = datetime(2026, 2, 8, 0, 30, tzinfo=UTC)


def message(key: str) -> Row:
    return row(key, "wecom", "text", "u1", None, f"<xml>{key}</xml>".encode(), NOW, NOW)


def keys(spool: Spool) -> list[str]:
    """Bring everything in, and return what it was."""
    found: list[str] = []
    spool.drain(lambda rows: found.extend(made.key for made in rows))
    return found


def test_file_and_folder_are_synced_before_anybody_is_answered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    fsync, rename = os.fsync, Path.rename

    def noted_fsync(file: int) -> None:
        fsync(file)
        done.append("fsync " + os.path.basename(os.readlink(f"/proc/self/fd/{file}")).rpartition(".")[2])

    def noted_rename(self: Path, target: Path) -> Path:
        done.append("rename")
        return rename(self, target)

    monkeypatch.setattr(os, "fsync", noted_fsync)
    monkeypatch.setattr(Path, "rename", noted_rename)
    away = Database("postgresql://nobody@127.0.0.1:9/none")
    acceptor = Acceptor(away, Spool(tmp_path / "spool"))
    acceptor.offer(message("m1"), 1, lambda _, durable: done.append(f"answered {durable}"))
    until(lambda: "answered True" in done, "an answer", 10)
    acceptor.stop()
    away.close()
    assert done == ["fsync part", "rename", "fsync spool", "answered True"]


@pytest.mark.parametrize("fails", ["fsync", "write"])
def test_a_disk_that_refuses_is_no_promise(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fails: str) -> None:
    def refuse(*_: object) -> int:
        raise OSError(28, "No space left on device")

    spool = Spool(tmp_path / "spool")
    with monkeypatch.context() as broken:
        broken.setattr(os, fails, refuse)
        with pytest.raises(OSError, match="No space"):
            spool.append([message("m1")])
    assert os.listdir(tmp_path / "spool") == []
    spool.append([message("m2")])
    assert keys(spool) == ["m2"]


def test_a_torn_line_is_kept_aside_and_stops_nobody(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    spool.append([message("m1"), message("m2")])
    (written,) = tmp_path.glob("*.spool")
    first, second = written.read_bytes().splitlines(keepends=True)
    written.write_bytes(first + second[: len(second) // 2])
    (tmp_path / "x.part").write_bytes(first)  # its writer died before the promise
    spool.append([message("m3")])
    assert keys(spool) == ["m1", "m3"]
    assert written.with_suffix(".bad").read_bytes().strip() == second[: len(second) // 2]
    assert sorted(path.suffix for path in tmp_path.iterdir()) == [".bad", ".part"]
    os.utime(tmp_path / "x.part", (0, 0))
    spool.append([message("m4")])
    assert keys(spool) == ["m4"]
    assert not (tmp_path / "x.part").exists()


def test_another_key_opens_nothing_and_loses_nothing(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    spool.append([message("m1")])
    (written,) = tmp_path.glob("*.spool")
    written.write_bytes(b"bm90IG91cnM=\n")
    assert keys(spool) == []
    assert written.with_suffix(".bad").read_bytes() == b"bm90IG91cnM=\n"


def test_the_cap_is_kept_by_all_that_share_the_folder(tmp_path: Path) -> None:
    one, other = Spool(tmp_path, cap_bytes=4000), Spool(tmp_path, cap_bytes=4000)
    taken = 0
    with suppress(SpoolFull):
        for taken in range(100):
            one.append([message(f"m{taken}")])
    assert 3 < taken < 100
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) <= 4000
    with pytest.raises(SpoolFull):
        other.append([message("x" * 400)])
    assert len(keys(other)) == taken


def test_what_is_inserted_halfway_is_inserted_again(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    spool.append([message(f"m{n}") for n in range(700)])

    def insert(rows: Sequence[Row]) -> None:
        if len(rows) < 500:
            raise ConnectionError
        seen.extend(made.key for made in rows)

    seen: list[str] = []
    with pytest.raises(ConnectionError):
        spool.drain(insert)
    assert len(seen) == 500
    assert keys(spool) == [f"m{n}" for n in range(700)]


def test_several_write_and_several_bring_in_at_once(tmp_path: Path) -> None:
    written, inserted = threading.Event(), []
    lock = threading.Lock()

    def insert(rows: Sequence[Row]) -> None:
        with lock:
            inserted.extend(made.key for made in rows)

    def write(who: int) -> None:
        spool = Spool(tmp_path)
        for n in range(60):
            spool.append([message(f"{who}-{n}")])

    def bring() -> None:
        spool = Spool(tmp_path)
        while not written.is_set() or spool.size():
            spool.drain(insert)

    writers = [threading.Thread(target=write, args=(who,)) for who in range(3)]
    bringers = [threading.Thread(target=bring) for _ in range(3)]
    for thread in (*writers, *bringers):
        thread.start()
    for thread in writers:
        thread.join()
    written.set()
    for thread in bringers:
        thread.join()
    assert set(inserted) == {f"{who}-{n}" for who in range(3) for n in range(60)}
    assert list(tmp_path.iterdir()) == []
