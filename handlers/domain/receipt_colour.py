"""The receipt (凭据) a declaration gets: a colour with its reason, its end and a way to object. It is no pass."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class Colour(StrEnum):
    """Green and yellow come from the written table; red only from a named clinician."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What is handed out. Nothing here can be scanned, runs like a clock, or opens a gate.

    `rules` are the ids of the rules that spoke, `version` the 口径 they stood in. `valid_until` is the last day it says
    anything. `by` names the clinician of a red one.
    """

    id: int
    colour: Colour
    reason: str = field(repr=False)
    next_steps: str = field(repr=False)
    valid_until: date
    ask: str
    rules: tuple[str, ...]
    version: str
    made_at: datetime
    arrived_at: datetime
    by: str | None = None
