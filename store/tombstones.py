"""Tombstones outside the database: which keys were destroyed, so that a copy brought back forgets again.

A file of lines `key id, moment`, only ever added to and fsynced. It holds nothing about anybody. What the database
destroyed is written to it; what it holds and the database still has is destroyed again, before anybody is answered.
"""

import os
import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from store.models import contact, resident
from store.pieces import pieces
from store.work import SqlWork, Store

_LINE = re.compile(r"([0-9a-f]{32}) (\S{1,40})")


class Tombstones:
    """The file of one deployment. Backups keep it apart from the database, and never bring an older one back."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> Mapping[str, str]:
        """Return the moment (ISO 8601) of each key's destruction by its id; a torn last line is left out."""
        try:
            lines = self._path.read_text("ascii", "replace").split("\n")
        except FileNotFoundError:
            return {}
        return {found[1]: found[2] for line in lines if (found := _LINE.fullmatch(line))}

    def add(self, stones: Mapping[str, datetime]) -> int:
        """Write down what is not there yet; durable when this returns. Returns how many were new."""
        known = self.read()
        new = [f"{key_id} {at.isoformat()}\n" for key_id, at in sorted(stones.items()) if key_id not in known]
        if not new:
            return 0
        self._path.parent.mkdir(parents=True, exist_ok=True)
        file = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(file, ("\n" + "".join(new)).encode())  # the first line end closes a torn line of before
            os.fsync(file)
        finally:
            os.close(file)
        folder = os.open(self._path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
        return len(new)


def bring_together(store: Store, stones: Tombstones, now: datetime) -> tuple[int, int]:
    """Write down what the database destroyed, and destroy again what came back; returns (written, people destroyed).

    After a restore this comes before anybody is answered; doing it again changes nothing.
    """
    with store.read() as work:
        inside = work.erasure.stones()
    written = stones.add(inside)
    back = [key_id for key_id in stones.read() if key_id not in inside]
    if not back:
        return written, 0
    with store.begin() as work:
        return written, _again(back, work, now)


def _again(key_ids: list[str], work: SqlWork, now: datetime) -> int:
    count = 0
    for piece in pieces(key_ids, 900):
        r, c = resident.c, contact.c
        whole = select(r.id).where(r.key_id.in_(piece), r.profile.is_not(None))
        for one in work.connection.scalars(whole).all():
            count += work.households.forget(one, "restored", now)
        health = select(r.id).where(r.health_key_id.in_(piece))
        for one in work.connection.scalars(health).all():
            count += work.households.forget_health(one, "restored", now)
        for one in work.connection.scalars(select(c.id).where(c.key_id.in_(piece))).all():
            count += work.households.forget_contact(one, "restored", now)
    return count + work.erasure.reapply(key_ids, now)
