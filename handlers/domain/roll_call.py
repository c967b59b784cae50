"""A 接龙 pasted back by a relay: which households of a grid answered, rows lost on the way, who is missing.

Two people who post at once drop each other's row, and whoever copies by hand drops a screenful: so every paste is
joined to the ones before it, the later word on a household stands, and a row that was there before is restored.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from nlp.places import scan_places
from nlp.types import Draft

LARGEST = 40  # households of one 接龙; the last row says nothing new beyond a screen
FEVER = 37.3


@dataclass(frozen=True, slots=True)
class RollRow:
    """What one household said. `home` is the address or code as read (3-2-402); no name is kept.

    `highest` °C of those measured in it, None when nobody was; `fine`: said well in words; `symptoms`: codes named.
    """

    home: str
    highest: float | None = None
    fine: bool = False
    symptoms: tuple[str, ...] = ()

    @property
    def unwell(self) -> bool:
        """Return whether somebody there has a fever or a symptom."""
        return bool(self.symptoms) or (self.highest is not None and self.highest >= FEVER)


@dataclass(frozen=True, slots=True)
class RollCall:
    """The rows by household, after joining. `restored`: rows of earlier pastes that this one had lost."""

    rows: Mapping[str, RollRow]
    restored: tuple[str, ...] = ()
    nameless: int = 0


def rows_of(drafts: Iterable[Draft]) -> tuple[dict[str, RollRow], int]:
    """Return the rows by household, and how many rows named none (they cannot be told apart and are not kept)."""
    rows: dict[str, RollRow] = {}
    nameless = 0
    for draft in drafts:
        if draft.type != "temperature":
            continue
        home = draft.get("address")
        if not isinstance(home, str) or not home:
            nameless += 1
            continue
        rows[home] = _joined(rows.get(home), _row(home, draft))
    return dict(list(rows.items())[:LARGEST]), nameless


def joined(now: Mapping[str, RollRow], before: Mapping[str, RollRow], nameless: int = 0) -> RollCall:
    """Return this paste joined to the earlier ones: the later word on a household stands, none is lost."""
    lost = tuple(home for home in before if home not in now)
    return RollCall({**before, **now}, lost, nameless)


def homes_by_address(addresses: Mapping[int, tuple[str, str]]) -> dict[str, int]:
    """Return households by each way a relay may write them: the room as read from the address (3-2-402), the number at
    the end of the code (0005). *addresses* are (code, address) by household id; a way that two share is nobody's."""
    found: dict[str, int | None] = {}
    for household, (code, address) in addresses.items():
        ways = {place.value for place in scan_places(address) if place.key == "address"}
        ways.add(code.rpartition("-")[2])
        for way in ways:
            found[way] = household if found.get(way, household) == household else None
    return {way: household for way, household in found.items() if household is not None}


def _row(home: str, draft: Draft) -> RollRow:
    celsius, symptoms = draft.get("temperature"), draft.get("symptoms")
    return RollRow(
        home,
        float(celsius) if isinstance(celsius, int | float) and not isinstance(celsius, bool) else None,
        draft.get("status") == "normal",
        symptoms if isinstance(symptoms, tuple) else (),
    )


def _joined(one: RollRow | None, other: RollRow) -> RollRow:
    if one is None:
        return other
    known = [celsius for celsius in (one.highest, other.highest) if celsius is not None]
    symptoms = tuple(dict.fromkeys((*one.symptoms, *other.symptoms)))
    return replace(other, highest=max(known, default=None), fine=one.fine and other.fine, symptoms=symptoms)
