"""How somebody said they are: a temperature, symptoms, or only well or unwell. Unknown is None, and never no."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from handlers.domain.declaring import Declaring
from handlers.domain.facts import Facts
from handlers.domain.threshold import Alert, TaskKind, alert


@dataclass(frozen=True, slots=True)
class Wellbeing:
    """One person's state as said once. `symptoms` () is 无; `well` is what was said in general, 好着 or 不舒服."""

    celsius: Decimal | None = field(default=None, repr=False)
    symptoms: tuple[str, ...] | None = field(default=None, repr=False)
    well: bool | None = field(default=None, repr=False)

    def as_json(self) -> dict[str, Any]:
        """Return what the store seals; unknown is left out."""
        kept = {"celsius": None if self.celsius is None else str(self.celsius), "well": self.well}
        if self.symptoms is not None:
            kept["symptoms"] = list(self.symptoms)  # type: ignore[assignment]
        return {key: value for key, value in kept.items() if value is not None}

    @classmethod
    def of_json(cls, kept: Mapping[str, Any]) -> "Wellbeing":
        """Return what was kept.

        >>> Wellbeing.of_json(Wellbeing(Decimal("36.5"), (), True).as_json()) == Wellbeing(Decimal("36.5"), (), True)
        True
        """
        celsius, symptoms = kept.get("celsius"), kept.get("symptoms")
        return cls(
            None if celsius is None else Decimal(celsius),
            None if symptoms is None else tuple(symptoms),
            kept.get("well"),
        )

    @property
    def says_something(self) -> bool:
        """Return whether anything was said at all."""
        return self.celsius is not None or self.symptoms is not None or self.well is not None


def needs_somebody(said: Wellbeing, declaring: Declaring) -> Alert | None:
    """Return what the village doctor is called for, None when all is well: a fever, a symptom, 不舒服.

    >>> usual = Declaring(None)
    >>> needs_somebody(Wellbeing(Decimal("36.4")), usual), needs_somebody(Wellbeing(well=False), usual)
    (None, Alert(kind=<TaskKind.UNWELL: 'unwell'>, urgent=False))
    """
    found = alert(Facts(None, celsius=said.celsius, symptoms=said.symptoms), declaring)
    if found is None and (said.symptoms or said.well is False):
        return Alert(TaskKind.UNWELL, False)
    return found


class AnswerState(StrEnum):
    """Where an answer stands; nothing is overwritten, the earlier row stays."""

    STANDING = "standing"
    SUPERSEDED = "superseded"  # whoever said it said it anew
    DIFFERS = "differs"  # somebody else of the household said otherwise: both stay until one is chosen
    ERASED = "erased"


@dataclass(frozen=True, slots=True)
class Answer:
    """What one person said, or was said of them, in one contact. `speaker`: the contact's id, or p and the worker's.

    `said` None: erased.
    """

    id: int
    contact_id: int
    subject_id: int
    day: date
    said: Wellbeing | None
    speaker: str
    via: str
    state: AnswerState
    said_at: datetime
