"""The id behind an item of a menu: what it does, for which day, for which place.

A tap on an old menu still comes, whenever somebody scrolls up, so the day stands in the id and is looked at. The id is
the resident's word, not a proof: the place in it counts only as far as its token is good.
"""

import re
from dataclasses import dataclass
from datetime import date

_ID = re.compile(r"([a-z_]{1,20})\.(\d{4})(\d\d)(\d\d)\.([0-9A-Za-z_-]{0,64})", re.ASCII)
ID_BYTES = 128


@dataclass(frozen=True, slots=True)
class Choice:
    """What an item stands for. `token` is the place's, "" when the menu was for nobody in particular."""

    action: str
    day: date
    token: str = ""

    @property
    def id(self) -> str:
        """Return the id as it goes out with the menu, at most 128 bytes.

        >>> Choice("help", date(2026, 2, 8), "tok").id
        'help.20260208.tok'
        """
        return f"{self.action}.{self.day:%Y%m%d}.{self.token}"


def read_choice(text: str) -> Choice | None:
    """Return what a tapped id stands for, None when it is none of ours.

    >>> read_choice("help.20260208.tok"), read_choice("101"), read_choice("help.20261399.x")
    (Choice(action='help', day=datetime.date(2026, 2, 8), token='tok'), None, None)
    """
    found = _ID.fullmatch(text)
    if found is None:
        return None
    try:
        day = date(int(found[2]), int(found[3]), int(found[4]))
    except ValueError:
        return None
    return Choice(found[1], day, found[5])
