"""A signed official list as read: places, or people with where they came from; it says nothing beyond its expiry."""

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from handlers.domain.receipt_colour import OfficialList


@dataclass(frozen=True, slots=True)
class Named:
    """One person of a list, the *at*-th. `household` is its code, or the door at `place` (a code or a name)."""

    at: int
    place: str | None
    household: str
    name: str = field(repr=False)
    away: bool
    origin: str = field(repr=False)
    arrived: date | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Listed:
    """A list with its people, none for one of places."""

    listed: OfficialList
    kind: Literal["places", "people"]
    people: tuple[Named, ...] = ()
