"""What somebody may ask of us about their own data (PIPL 44–50), and by when it is answered."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class RightKind(StrEnum):
    """What was asked."""

    ACCESS = "access"  # everything that is held, who looked and why
    COPY = "copy"
    CORRECT = "correct"
    ERASE = "erase"
    WITHDRAW = "withdraw"
    EXPLAIN = "explain"


class RequestState(StrEnum):
    """Where a request stands."""

    OPEN = "open"
    DONE = "done"
    REFUSED = "refused"  # always with a reason (PIPL 50)


@dataclass(frozen=True, slots=True)
class RightsRequest:
    """One request. `due_at` is when it is answered at the latest; later than that sounds an alarm."""

    id: int
    subject_id: int
    kind: RightKind
    state: RequestState
    asked_at: datetime
    due_at: datetime
    answered_at: datetime | None = None
    answered_by: int | None = None
    reason: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Grant:
    """What a /me token opens: what one sheet said, or, once it is known to be they, all that is held of one person."""

    sheet_id: int | None
    subject_id: int | None
    expires_at: datetime

    @property
    def whole(self) -> bool:
        """Return whether everything about the person may be shown."""
        return self.subject_id is not None
