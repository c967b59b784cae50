"""The spool: where accepted messages wait, sealed and fsynced, while the database refuses.

One file a process run, a line a row: base64 of the sealed row. A file is closed before it is read back, its rows
are inserted under their unique keys, and only then is it removed; so a crash at any point repeats harmlessly.
A torn last line (the process died while writing) was never acknowledged and is skipped; any other line that does
not open is kept aside in a `.bad` file.
"""

import base64
import json
import os
import secrets
import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from handlers.domain.errors import Unreadable
from store.cipher import FieldCipher
from store.inbox import Row

_BODY = Row._fields.index("body")
CAP_BYTES = 256 * 1024 * 1024


class SpoolFull(Exception):
    """The cap is reached; nothing was written."""


class Spool:
    """Append here, read back with `drain`. Thread-safe; one instance a process."""

    def __init__(self, folder: Path, cap_bytes: int = CAP_BYTES) -> None:
        self._folder, self._cap = folder, cap_bytes
        folder.mkdir(parents=True, exist_ok=True)
        self._lock = threading.Lock()
        self._file: int | None = None
        self._path: Path | None = None

    def append(self, rows: Sequence[Row]) -> None:
        """Return once all *rows* lie fsynced on disk; OSError or SpoolFull when they do not."""
        data = b"".join(_line(row) for row in rows)
        with self._lock:
            if self.size() + len(data) > self._cap:
                raise SpoolFull
            if self._file is None:
                self._open()
            assert self._file is not None
            start = os.lseek(self._file, 0, os.SEEK_END)
            try:
                _write_all(self._file, data)
                os.fsync(self._file)
            except OSError:
                os.ftruncate(self._file, start)  # half a batch must not look accepted
                raise

    def size(self) -> int:
        """Return the bytes waiting."""
        return sum(path.stat().st_size for path in self._folder.glob("*.spool"))

    def drain(self, insert: Callable[[Sequence[Row]], None]) -> int:
        """Hand every waiting row to *insert*, remove what was taken, and return how many rows that was."""
        with self._lock:
            self._close()
            paths = sorted(self._folder.glob("*.spool"))
        taken = 0
        for path in paths:
            rows = list(self._rows(path))
            for first in range(0, len(rows), 500):
                insert(rows[first : first + 500])
            path.unlink(missing_ok=True)
            taken += len(rows)
        return taken

    def _rows(self, path: Path) -> Iterator[Row]:
        data = path.read_bytes()
        whole, _, _torn = data.rpartition(b"\n")
        for line in whole.split(b"\n"):
            if not line:
                continue
            try:
                yield _row(line)
            except (Unreadable, ValueError, KeyError):
                with path.with_suffix(".bad").open("ab") as bad:
                    bad.write(line + b"\n")

    def _open(self) -> None:
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
        self._path = self._folder / f"{stamp}-{secrets.token_hex(4)}.spool"
        self._file = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)
        folder = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def _close(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = self._path = None


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
