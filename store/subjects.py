"""People who declared: found again by household and name without opening anything, known by name to who may see it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, select, update
from sqlalchemy.exc import NoResultFound

from handlers.domain.declared import Profile, Subject
from store.cipher import FieldCipher
from store.models import subject
from store.person_keys import PersonKeys
from store.pieces import pieces
from store.prepared import Prepared, among

_S = subject.c
_OF_MEMBERS = Prepared(
    select(subject).where(among(_S.member_id, "members"), _S.erased_at.is_(None)).order_by(_S.id.desc())
)
_MAKE = Prepared(
    insert(subject).returning(_S.id), ("key_id", "household_id", "member_id", "profile", "name_index", "made_at")
)
_HEALTH_KEY = Prepared(select(_S.health_key_id).where(_S.id == bindparam("subject")))
_PUT_HEALTH_KEY = Prepared(update(subject).where(_S.id == bindparam("subject")), ("health_key_id",))


def name_index(household_id: int | None, name: str) -> str:
    """Return the look-up index of a person in a household: keyed, so that it says nothing by itself."""
    return FieldCipher.current().index(f"subject:{household_id or 0}:{name}")


class SubjectRepo:
    """Reads and writes subjects within the caller's transaction."""

    def __init__(self, connection: Connection, keys: PersonKeys) -> None:
        self._connection, self._keys = connection, keys

    def find(self, household_id: int | None, name: str) -> Subject | None:
        """Return the person of that name in that household, None when nobody declared so; a traveller is nobody's."""
        if household_id is None:
            return None
        same = (subject.c.household_id == household_id) & (subject.c.name_index == name_index(household_id, name))
        return self._one(same & subject.c.erased_at.is_(None))

    def of_member(self, member_id: int) -> Subject | None:
        """Return the person of the household register, None when nothing was ever declared about them."""
        return self.of_members([member_id]).get(member_id)

    def of_members(self, member_ids: Iterable[int]) -> Mapping[int, Subject]:
        """Return the people of the household register by their number there; those of whom nothing was ever declared
        are left out."""
        wanted = list(dict.fromkeys(member_ids))
        rows = _OF_MEMBERS.all(self._connection, members=wanted) if wanted else []
        self._keys.load(row.profile for row in rows)
        return {row.member_id: self._subject(row) for row in rows}  # of several the first

    def get(self, subject_id: int) -> Subject | None:
        """Return the person; None when there is none, erased ones with `profile` None."""
        return self._one(subject.c.id == subject_id)

    def many(self, ids: Iterable[int]) -> Mapping[int, Subject]:
        """Return the people of these ids; absent ones are left out."""
        found: dict[int, Subject] = {}
        for piece in pieces(ids, 900):
            rows = self._connection.execute(select(subject).where(subject.c.id.in_(piece))).all()
            self._keys.load(row.profile for row in rows)
            found.update((row.id, self._subject(row)) for row in rows)
        return found

    def of_household(self, household_id: int) -> tuple[Subject, ...]:
        """Return who declared in that household and is not erased, by the order they first did."""
        mine = (subject.c.household_id == household_id) & subject.c.erased_at.is_(None)
        rows = self._connection.execute(select(subject).where(mine).order_by(subject.c.id)).all()
        self._keys.load(row.profile for row in rows)
        return tuple(self._subject(row) for row in rows)

    def make(self, household_id: int | None, member_id: int | None, profile: Profile, now: datetime) -> Subject:
        """Add somebody, with a key of their own."""
        key_id = self._keys.make(now)
        values: dict[str, Any] = {
            "key_id": key_id,
            "household_id": household_id,
            "member_id": member_id,
            "profile": self._keys.seal(key_id, profile.as_json()),
            "name_index": name_index(household_id, profile.name),
            "made_at": now,
        }
        made = _MAKE.scalar(self._connection, **values)
        return Subject(int(made), household_id, member_id, profile)

    def put_profile(self, subject_id: int, profile: Profile) -> None:
        """Write the profile anew (a phone was given, a name set right)."""
        row = self._connection.execute(select(subject).where(subject.c.id == subject_id)).one()
        values = {
            "profile": self._keys.seal(row.key_id, profile.as_json()),
            "name_index": name_index(row.household_id, profile.name),
        }
        self._connection.execute(update(subject).where(subject.c.id == subject_id).values(**values))

    def key(self, subject_id: int) -> str:
        """Return the id of the key that seals who they are and where they came from."""
        chosen = select(subject.c.key_id).where(subject.c.id == subject_id)
        return str(self._connection.execute(chosen).scalar_one())

    def health_key(self, subject_id: int, now: datetime | None = None) -> str | None:
        """Return the id of the key that seals their health; with *now* one is made when there is none."""
        found = _HEALTH_KEY.first(self._connection, subject=subject_id)
        if found is None:
            raise NoResultFound(f"no subject {subject_id}")
        key_id = found.health_key_id
        if now is None or self._keys.alive(key_id):
            return None if key_id is None else str(key_id)
        made = self._keys.make(now)
        _PUT_HEALTH_KEY.run(self._connection, subject=subject_id, health_key_id=made)
        return made

    def _one(self, condition: Any) -> Subject | None:
        row = self._connection.execute(select(subject).where(condition).order_by(subject.c.id).limit(1)).one_or_none()
        return self._subject(row) if row else None

    def _subject(self, row: Row[Any]) -> Subject:
        kept = self._keys.open(row.profile)
        return Subject(row.id, row.household_id, row.member_id, Profile.of_json(kept) if kept else None)
