"""A household's card of one week for whoever has no WeChat: seven days, the hours they are asked at, boxes to tick."""

from dataclasses import dataclass
from datetime import date, time, timedelta

from handlers.domain.poster import Card

DAYS = 7


@dataclass(frozen=True, slots=True)
class WeekCard:
    """One card: the household's number, code and whom to call as on its other card, and the week. Nobody's name on it.

    `hours` are those of its plans; `why` are (what for, on which basis) of each plan.
    """

    card: Card
    first_day: date
    hours: tuple[time, ...]
    why: tuple[tuple[str, str], ...]

    @property
    def days(self) -> tuple[date, ...]:
        """Return the seven days."""
        return tuple(self.first_day + timedelta(days=number) for number in range(DAYS))
