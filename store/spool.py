"""The spool: where accepted messages wait, sealed and fsynced, while the database refuses.

One file a batch, a line a row: base64 of the sealed row. A file is written under another name, fsynced, renamed, and
its folder fsynced, before anybody is told that the batch is safe; so whatever is called `.spool` is whole, and any
process may read it back, whoever wrote it. Its rows are inserted under their unique keys, and only then is it removed:
a crash at any point repeats harmlessly. What was being written when its process died was never acknowledged and is
thrown away; a line that does not open (the disk, or another key) is kept aside in a `.bad` file.
"""

import base64
import json
import os
import secrets
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from handlers.domain.errors import Unreadable
from store.cipher import FieldCipher
from store.failpoints import reach
from store.inbox import Row

_BODY = Row._fields.index("body")
CAP_BYTES = 256 * 1024 * 1024
ROWS_AT_ONCE = 500
COUNT_EVERY_S = 1.0  # counting a thousand files for each batch would cost more than writing it
TORN_AFTER_S = 60.0  # no batch takes this long to write: whoever began it is dead


class SpoolFull(Exception):
    """The cap is reached; nothing was written."""


class Spool:
    """Append here, read back with `drain`. Thread-safe, and several processes may share a folder."""

    def __init__(self, folder: Path, cap_bytes: int = CAP_BYTES) -> None:
        self._folder, self._cap = folder, cap_bytes
        folder.mkdir(parents=True, exist_ok=True)
        self._lock = threading.Lock()
        self._bytes, self._counted_at = 0, float("-inf")

    def append(self, rows: Sequence[Row]) -> None:
        """Return once all *rows* lie fsynced on disk; OSError or SpoolFull when they do not."""
        data = b"".join(_line(row) for row in rows)
        with self._lock:
            if self._about() + len(data) > self._cap:
                raise SpoolFull
            self._write(data)
            self._bytes += len(data)
        reach("spool.synced")

    def room(self) -> bool:
        """Return whether more could be taken."""
        with self._lock:
            return self._about() < self._cap

    def size(self) -> int:
        """Return the bytes waiting."""
        found = 0
        for path in self._folder.glob("*.spool"):
            with suppress(FileNotFoundError):  # another process has just brought it in
                found += path.stat().st_size
        return found

    def drain(self, insert: Callable[[Sequence[Row]], None]) -> int:
        """Hand every waiting row to *insert*, remove what was taken, and return how many rows that was."""
        taken = 0
        for paths, rows in self._loads():
            for first in range(0, len(rows), ROWS_AT_ONCE):
                insert(rows[first : first + ROWS_AT_ONCE])
            reach("spool.drained")
            for path in paths:
                path.unlink(missing_ok=True)
            taken += len(rows)
        self._sweep()
        return taken

    def _loads(self) -> Iterator[tuple[list[Path], list[Row]]]:
        """Yield files with their rows, small ones together: an outage leaves thousands of them."""
        paths: list[Path] = []
        rows: list[Row] = []
        for path in sorted(self._folder.glob("*.spool")):
            with suppress(FileNotFoundError):  # another process was faster
                rows += self._rows(path)
                paths.append(path)
            if len(rows) >= ROWS_AT_ONCE:
                yield paths, rows
                paths, rows = [], []
        if paths:
            yield paths, rows

    def _about(self) -> int:
        """Return the bytes waiting, counted a moment ago."""
        now = time.monotonic()
        if now - self._counted_at > COUNT_EVERY_S:
            self._bytes, self._counted_at = self.size(), now
        return self._bytes

    def _write(self, data: bytes) -> None:
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
        whole = self._folder / f"{stamp}-{secrets.token_hex(4)}.spool"
        part = whole.with_suffix(".part")
        try:
            file = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            try:
                _write_all(file, data)
                reach("spool.written")
                os.fsync(file)
            finally:
                os.close(file)
            part.rename(whole)
            self._sync_folder()
        except OSError:
            for left in (part, whole):  # half a batch must not look accepted
                with suppress(OSError):
                    left.unlink(missing_ok=True)
            raise

    def _sync_folder(self) -> None:
        folder = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def _sweep(self) -> None:
        for part in self._folder.glob("*.part"):
            with suppress(FileNotFoundError):
                if time.time() - part.stat().st_mtime > TORN_AFTER_S:
                    part.unlink()

    def _rows(self, path: Path) -> Iterator[Row]:
        for line in path.read_bytes().split(b"\n"):
            if not line:
                continue
            try:
                yield _row(line)
            except (Unreadable, ValueError, KeyError):
                with path.with_suffix(".bad").open("ab") as bad:
                    bad.write(line + b"\n")


def _write_all(file: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(file, view) :]


def _line(row: Row) -> bytes:
    made = [v.isoformat() if isinstance(v, datetime) else v for v in row]
    made[_BODY] = base64.b64encode(row.body).decode()
    return base64.b64encode(FieldCipher.current().seal(json.dumps(made, ensure_ascii=False).encode())) + b"\n"


def _row(line: bytes) -> Row:
    key, channel, kind, sender, chat, body, sent_at, received_at = json.loads(
        FieldCipher.current().open(base64.b64decode(line, validate=True))
    )
    sealed = base64.b64decode(body)
    moments = datetime.fromisoformat(sent_at), datetime.fromisoformat(received_at)
    return Row(key, channel, kind, sender, chat, sealed, *moments)
