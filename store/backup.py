"""A whole copy of the database, taken while everything runs, and brought back into an empty place.

SQLite copies through its own backup interface, which sees one consistent state; PostgreSQL through `pg_dump` and
`pg_restore`. Personal fields stay sealed in the copy: it opens only with the data key, which is never in it. The
tombstones are not in it either: they stay where they are, so that whoever was erased since is erased again.
"""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from alembic.script import ScriptDirectory
from sqlalchemy import update

from handlers.domain.errors import Refused
from store.engine import Database
from store.migrate import config, current
from store.models import parcel
from store.outbox_claims import Claims

RECOGNISED_FOR = timedelta(minutes=30)
"""How long the platform knows a repeat by itself (duplicate_check_interval)."""
_SQLITE = b"SQLite format 3\x00"
_NEWER = "这份备份来自更新的版本,请先升级格应再恢复"


def save(database: Database, target: Path) -> int:
    """Copy the database to *target*, durable and readable by us alone when this returns; returns its size in bytes.

    Raises Refused when the file is there already, or PostgreSQL's tools are not.
    """
    if target.exists():
        raise Refused(f"{target} 已经有了,换个名字,旧的备份不覆盖")
    target.parent.mkdir(parents=True, exist_ok=True)
    with _complete(target) as made:
        if database.sqlite:
            _copy_sqlite(str(database.url.database), made)
        else:
            _run(database, "pg_dump", ["--format=custom", "--no-owner", "--no-acl", f"--file={made}"])
    return target.stat().st_size


def bring_back(database: Database, source: Path) -> None:
    """Make an empty database what *source* holds.

    Raises Refused when the database is not empty, or the file is no whole copy, or one of a newer version than ours.
    """
    if current(database) is not None:
        raise Refused("库里已经有东西,没有动它:先把它移开(SQLite 改个文件名,PostgreSQL 另建一个空库),再恢复")
    known = {step.revision for step in ScriptDirectory.from_config(config(database)).walk_revisions()}
    if not database.sqlite:
        _run(database, "pg_restore", ["--no-owner", "--no-acl", "--exit-on-error", "--single-transaction", str(source)])
        if current(database) not in known:
            raise Refused(f"{_NEWER};这个库已经写进了备份,请另建一个空库")
    else:
        if _checked(source) not in known:
            raise Refused(_NEWER)
        database.close()
        place = Path(str(database.url.database))
        for left in ("", "-wal", "-shm"):
            place.with_name(place.name + left).unlink(missing_ok=True)
        with _complete(place) as made:
            shutil.copyfile(source, made)


def let_pass(database: Database, now: datetime) -> int:
    """Give up what waited in the copy to be sent, unless it is so new that the platform knows a repeat.

    It may have gone out after the copy was taken, and nobody is to be told twice. Returns how many messages.
    """
    old = (parcel.c.state.in_(("queued", "held", "flying")), parcel.c.created_at < now - RECOGNISED_FOR)
    with database.begin() as connection:
        values = {"expires_at": now, "state": "queued", "owner": None, "lease_until": None}
        count = connection.execute(update(parcel).where(*old).values(values)).rowcount
        Claims(connection).expire(now)
    return count


@contextmanager
def _complete(target: Path) -> Iterator[Path]:
    """Yield a file of our own beside *target*, which takes the name only when it is whole and on the disk."""
    made = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        os.close(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        yield made
        for path, flags in ((made, os.O_RDWR), (target.parent, os.O_RDONLY)):
            file = os.open(path, flags)
            os.fsync(file)
            os.close(file)
            if path is made:
                made.rename(target)
    finally:
        made.unlink(missing_ok=True)


def _copy_sqlite(source: str, target: Path) -> None:
    here, there = sqlite3.connect(f"file:{source}?mode=ro", uri=True, timeout=30), sqlite3.connect(target)
    try:
        here.backup(there, pages=2_000, sleep=0.01)  # in steps: whoever writes meanwhile is not held up
        there.execute("PRAGMA journal_mode=DELETE")
        found = there.execute("PRAGMA quick_check").fetchone()[0]
    finally:
        here.close()
        there.close()
    if found != "ok":
        raise Refused(f"库里有坏页,备份没有写成:{found}")


def _checked(source: Path) -> str | None:
    """Return the revision of the copy; Refused when it is no whole one."""
    with source.open("rb") as file:
        if file.read(len(_SQLITE)) != _SQLITE:
            raise Refused(f"{source.name} 不是这种库的备份")
    copy = sqlite3.connect(f"file:{source}?mode=ro&immutable=1", uri=True)
    try:
        found = copy.execute("PRAGMA integrity_check").fetchone()[0]
        row = copy.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.DatabaseError as error:
        raise Refused(f"{source.name} 坏了:{error}") from error
    finally:
        copy.close()
    if found != "ok":
        raise Refused(f"{source.name} 坏了:{found}")
    return None if row is None else str(row[0])


def _run(database: Database, program: str, options: Sequence[str]) -> None:
    """Run one of PostgreSQL's tools; the password goes by its environment, not where every user of the machine sees
    it."""
    found = shutil.which(program)
    if found is None:
        raise Refused(f"没有 {program}:请装 postgresql-client")
    password = {"PGPASSWORD": database.url.password} if isinstance(database.url.password, str) else {}
    url = database.url.set(drivername="postgresql", password=None).render_as_string(hide_password=False)
    done = subprocess.run(  # noqa: S603 - the program is PostgreSQL's, the options are ours
        [found, f"--dbname={url}", *options],
        env={**os.environ, **password},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        said = done.stderr.strip().splitlines() or [f"返回 {done.returncode}"]
        raise Refused(f"{program} 没有做成:{said[-1]}")
