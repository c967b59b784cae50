"""Who declared and what was said, as the store gives it back: under a person's own key, gone when the key is gone."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from handlers.domain.consent import Speaker, Way
from handlers.domain.facts import Facts
from handlers.domain.receipt_colour import Receipt


class SaidState(StrEnum):
    """Where a declaration stands; only LIVE counts."""

    LIVE = "live"
    SUPERSEDED = "superseded"  # the same person said it anew
    WITHDRAWN = "withdrawn"  # consent was taken back
    ERASED = "erased"


@dataclass(frozen=True, slots=True)
class Profile:
    """Who somebody is to us, and no more. `child`: under 14; None is not known."""

    name: str = field(repr=False)
    phone: str = field(default="", repr=False)
    child: bool | None = None

    def as_json(self) -> dict[str, Any]:
        """Return what the store seals."""
        kept = {"name": self.name, "phone": self.phone or None, "child": self.child}
        return {key: value for key, value in kept.items() if value is not None}

    @classmethod
    def of_json(cls, kept: Mapping[str, Any]) -> "Profile":
        """Return the profile that was kept."""
        return cls(kept["name"], kept.get("phone", ""), kept.get("child"))


@dataclass(frozen=True, slots=True)
class Subject:
    """Somebody who declared. `profile` None: erased. `member_id` is of the household register, None when not there."""

    id: int
    household_id: int | None
    member_id: int | None
    profile: Profile | None

    @property
    def name(self) -> str:
        """Return the name, "" once it was erased."""
        return self.profile.name if self.profile else ""


@dataclass(frozen=True, slots=True)
class Said:
    """One declaration of one person. `facts` None: erased. `destroy_on` is the day it is destroyed at the latest."""

    id: int
    sheet_id: int
    row: str
    subject_id: int
    node_id: int
    day: date
    said_by: Speaker
    facts: Facts | None
    state: SaidState
    supersedes: int | None
    destroy_on: date | None
    made_at: datetime
    arrived_at: datetime


@dataclass(frozen=True, slots=True)
class SheetKept:
    """A sheet that is here. `digest` says whether another with its key says the same."""

    id: int
    key: str
    digest: str
    place_id: int
    household_id: int | None
    way: Way
    worker_id: int | None
    made_at: datetime
    arrived_at: datetime


@dataclass(frozen=True, slots=True)
class Given:
    """A receipt with whose it is and what it answers; `lifted`: a red one that was taken back or ran out."""

    receipt: Receipt
    declaration_id: int
    subject_id: int
    clinician_id: int | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that was put to somebody: which table, or what disagrees. `body` holds the two statements."""

    id: int
    declaration_id: int
    subject_id: int
    kind: str
    body: Mapping[str, Any] = field(repr=False)
    state: str
    asked_at: datetime
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Looked:
    """One time that somebody looked at, or used, what is held about a person."""

    at: datetime
    person_id: int | None
    action: str
    purpose: str
