"""Column types and the statement each column makes about the people behind it.

Every column is made by `plain` or `personal`; a column made any other way fails the build
(`tests/test_house.py`). Class, purpose, basis and retention come from
`handlers.domain.privacy`, which is also what `docs/privacy.md` and the sunset job read.
"""

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Column, DateTime, LargeBinary, String
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from handlers.domain.privacy import NOT_PERSONAL, Personal
from handlers.domain.report import exact
from store.cipher import FieldCipher

_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))  # json.dumps would make one for every value


class UtcDateTime(TypeDecorator[datetime]):
    """An aware datetime, kept in UTC; a naive one is refused (SQLite would drop the zone in silence)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a datetime without a zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Sealed(TypeDecorator[str]):
    """Text encrypted at rest (AES-256-GCM); the key is set once a process by `store.cipher`."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        return None if value is None else FieldCipher.current().seal(value.encode())

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str | None:
        return None if value is None else FieldCipher.current().open(bytes(value)).decode()


class SealedJson(TypeDecorator[Any]):
    """A JSON value encrypted at rest."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> bytes | None:
        if value is None:
            return None
        return FieldCipher.current().seal(_JSON.encode(value).encode())

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> Any:
        return None if value is None else json.loads(FieldCipher.current().open(bytes(value)))


class SealedBytes(TypeDecorator[bytes]):
    """Bytes encrypted at rest: a key wrapped by the data key."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        return None if value is None else FieldCipher.current().seal(value)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        return None if value is None else FieldCipher.current().open(bytes(value))


class PersonSealed(TypeDecorator[bytes]):
    """What is encrypted under one person's own key before it comes here (`store.person_keys`), and opened after."""

    impl = LargeBinary
    cache_ok = True

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        return None if value is None else bytes(value)


class PhoneSealed(TypeDecorator[bytes]):
    """What is encrypted under a key that a phone has and we do not (`store.sheet_answers`)."""

    impl = LargeBinary
    cache_ok = True

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        return None if value is None else bytes(value)


SEALED = (Sealed, SealedJson, SealedBytes, PersonSealed, PhoneSealed)


class Exact(TypeDecorator[int | Decimal]):
    """A figure to the last decimal, as text: a float would make sums depend on their order."""

    impl = String(40)
    cache_ok = True

    def process_bind_param(self, value: int | Decimal | None, dialect: Dialect) -> str | None:
        return None if value is None else str(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> int | Decimal | None:
        return None if value is None else exact(Decimal(value))


def plain(name: str, *args: Any, **kwargs: Any) -> Column[Any]:
    """Return a column that says nothing about a person."""
    return Column(name, *args, info={"about": NOT_PERSONAL}, **kwargs)


def personal(name: str, kind: Any, about: Personal, **kwargs: Any) -> Column[Any]:
    """Return a column that says something about a person: sealed, or with a stated reason why it is not."""
    sealed = kind in SEALED or isinstance(kind, SEALED)
    if not sealed and not about.readable_because:
        raise ValueError(f"{name}: a personal column is sealed, or says why it cannot be")
    return Column(name, kind, info={"about": about}, **kwargs)
