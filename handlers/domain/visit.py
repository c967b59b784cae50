"""A resident's present conversation with us: by which code they came, and what our last answer waits to hear."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Visit:
    """`token`: of the code scanned last, None when none was. `left_at`: stopped following, and did not come back."""

    token: str | None = field(default=None, repr=False)
    came_at: datetime | None = None
    left_at: datetime | None = None
    asked: str | None = None
    asked_at: datetime | None = None

    def waits_for(self, topic: str, now: datetime, within: timedelta) -> bool:
        """Return whether we asked about *topic* at most *within* ago."""
        return self.asked == topic and self.asked_at is not None and now - self.asked_at <= within
