"""What should have been and what was, counted from what people saw and said; nothing here reads a table of ours.

A household that was told of its isolation is to be asked in every round from the next day on until it is told of the
end, or until five days in a row of nothing let it be; asked on its phone, or through whoever calls or looks in.
"""

import hashlib
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

Asking = tuple[str, date, int]  # household, day, slot
NINE, FOUR_PM = 540, 960
QUIET_AFTER = 5


def slot_of(local: datetime, war: bool) -> int | None:
    """Return the round that a question at that local time belongs to."""
    if local.time() < time(9):
        return None
    return FOUR_PM if war and local.time() >= time(16) else NINE


@dataclass
class Quiet:
    """How many days in a row there was nothing, as the rule counts them."""

    days: int = 0
    last: date | None = None
    since: datetime | None = None

    def answered(self, local: datetime, well: bool, war: bool, *, told: bool = True) -> None:
        """Count an answer that was taken. *told*: the household hears with it whether it need speak no more; what a
        worker says of it does not tell it, unless the worker did."""
        day = local.date()
        if not well:
            self.days, self.last, self.since = 0, day, None
        elif self.since is None:
            if self.last != day:
                self.days = self.days + 1 if self.last == day - timedelta(days=1) else 1
                self.last = day
            if told and self.days >= QUIET_AFTER and not war:
                self.since = local

    def hears(self, local: datetime) -> None:
        """Note that whoever rang was asked to say so, and said it: that is heard whatever becomes of our answer."""
        self.since = self.since or local


@dataclass
class Ledger:
    """Everything that was seen. Moments are local."""

    told: dict[str, datetime] = field(default_factory=dict)
    ended: dict[str, datetime] = field(default_factory=dict)
    quiet: dict[str, Quiet] = field(default_factory=lambda: defaultdict(Quiet))
    asked: Counter[Asking] = field(default_factory=Counter)
    reached: set[Asking] = field(default_factory=set)  # somebody was asked to call or look in
    listed: Counter[tuple[str, date]] = field(default_factory=Counter)  # worker, day: the list of the morning
    cards: Counter[tuple[str, str]] = field(default_factory=Counter)  # order, person
    owed: dict[str, set[str]] = field(default_factory=dict)  # order: whom it is for
    pressed: set[tuple[str, str]] = field(default_factory=set)
    receipts: dict[str, int] = field(default_factory=dict)
    reports: dict[tuple[str, date], dict[str, int]] = field(default_factory=lambda: defaultdict(dict))
    frozen: dict[tuple[str, date], list[int | None]] = field(default_factory=lambda: defaultdict(list))  # each post
    summed: dict[tuple[str, date], int] = field(default_factory=dict)  # what the lead was told in the evening
    rounds: list[tuple[date, int]] = field(default_factory=list)
    excused: set[tuple[date, int]] = field(default_factory=set)  # rounds around a restore, or with nobody ticking
    worked: list[datetime] = field(default_factory=list)  # when somebody ticked to the end, in order
    seen: list[str] = field(default_factory=list)
    answers: int = 0

    def saw(self, at: float, who: str, text: str) -> None:
        self.seen.append(f"{int(at)} {who} {text}")

    def due(self, code: str, day: date, slot: int) -> bool:
        """Return whether the household was to be asked in that round."""
        told, starts_at = self.told.get(code), datetime.combine(day, time(slot // 60, slot % 60))
        if told is None or told.date() >= day:
            return False
        ended, quiet = self.ended.get(code), self.quiet[code].since
        if ended is not None and not self._ticked(starts_at, ended.replace(tzinfo=None)):
            return False  # told of the end before anybody could have asked
        return not (quiet is not None and quiet.replace(tzinfo=None) < starts_at)

    def _ticked(self, since: datetime, until: datetime) -> bool:
        """Return whether somebody ticked at *since* or later, and before *until*."""
        at = bisect_left(self.worked, since)
        return at < len(self.worked) and self.worked[at] < until

    # -- the sums ------------------------------------------------------------------------------------------------------

    def close_round(self, homes: list[str], day: date, slot: int) -> tuple[list[Asking], int]:
        """Return who was to be asked in the round and whom nobody asked, and how many such are excused."""
        wanted = [(code, day, slot) for code in homes if self.due(code, day, slot)]
        missing = [one for one in wanted if not self.asked[one] and one not in self.reached]
        return ([], len(missing)) if (day, slot) in self.excused else (missing, 0)

    def untold(self, homes: Iterable[str]) -> list[object]:
        """Return the households that never heard of their decision: nobody asks there, and nothing would be missed."""
        return [(code, "not told") for code in homes if code not in self.told]

    def checkins(self) -> int:
        """Return how often a household was asked in a round, on its phone or through somebody; once a round each. Those
        of the day they were told count as well, though nobody had to ask them yet."""
        return len({*self.asked, *self.reached})

    def twice(self) -> list[object]:
        """Return what somebody was told or asked more than once."""
        return [key for seen in (self.asked, self.cards, self.listed) for key, n in seen.items() if n > 1]

    def missing(self) -> list[object]:
        """Return the orders somebody never got, receipts and reports that are not counted, and days that were not
        frozen, or frozen with two figures. A post whose answer was lost may stand there twice, with one figure."""
        lost: list[object] = [
            (order, userid) for order, people in self.owed.items() for userid in people if not self.cards[order, userid]
        ]
        for order, counted in self.receipts.items():
            said = sum(1 for o, _ in self.pressed if o == order)
            if said > counted:
                lost += [(order, "receipts", said - counted)]
        for key, grids in self.reports.items():
            wanted = sum(grids.values())
            if self.summed.get(key) != wanted:
                lost.append((*key, "reports", self.summed.get(key), wanted))
            if len(set(self.frozen[key])) != 1:
                lost.append((*key, "not frozen once", self.frozen[key]))
        return lost

    def said_again(self) -> int:
        """Return how many posts of a daily report stand in a group once more: their first answer was lost."""
        return sum(len(found) - 1 for found in self.frozen.values() if found)

    def hash(self) -> str:
        """Return one word for all that people saw, and when."""
        return hashlib.sha256("\n".join(sorted(self.seen)).encode()).hexdigest()
