"""Who holds what it claimed, and whether it still lives: every claiming process keeps a file of its name locked.

The kernel lets go of the lock when the process ends, however it ends. So a lock that can be had says that its owner is
dead, and one that cannot, that he lives, even where he stands still. Only of processes of this machine that share the
folder can anything be said; what any other process claimed waits for the end of its lease.
"""

import fcntl
import os
import secrets
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

_NEW = ".new"


class Owner:
    """This process's name on what it claims, and the lock that goes with it until `release`."""

    def __init__(self, folder: Path) -> None:
        self.name = f"{os.getpid()}-{secrets.token_hex(4)}"
        self._path = folder / self.name
        self._file: int | None = None
        with suppress(OSError):  # without a lock nobody can tell that we died, and leases do what they do anyway
            folder.mkdir(parents=True, exist_ok=True)
            self._file = _locked(self._path)

    def release(self) -> None:
        """Give the name up: nothing is claimed under it any more."""
        if self._file is not None:
            self._path.unlink(missing_ok=True)
            os.close(self._file)
            self._file = None


def dead(folder: Path) -> tuple[str, ...]:
    """Return the names of the owners that surely ended without giving theirs up."""
    if not folder.is_dir():
        return ()
    return tuple(sorted(path.name for path in folder.iterdir() if path.suffix != _NEW and _ended(path)))


def alive(folder: Path) -> tuple[str, ...]:
    """Return the names of the owners that surely live on this machine."""
    gone = set(dead(folder))
    if not folder.is_dir():
        return ()
    return tuple(sorted(path.name for path in folder.iterdir() if path.suffix != _NEW and path.name not in gone))


def bury(folder: Path, names: Iterable[str]) -> None:
    """Forget these dead owners, once what they held was taken from them."""
    for name in names:
        (folder / name).unlink(missing_ok=True)


def _locked(path: Path) -> int:
    """Return an open, locked file; it bears its name only once it is locked."""
    new = path.with_suffix(_NEW)
    file = os.open(new, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        new.rename(path)
    except OSError:
        os.close(file)
        new.unlink(missing_ok=True)
        raise
    return file


def _ended(path: Path) -> bool:
    try:
        file = os.open(path, os.O_RDWR)
    except OSError:
        return False
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    finally:
        os.close(file)
    return True
