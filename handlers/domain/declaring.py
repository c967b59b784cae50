"""How a county takes declarations: its thresholds, timers, table of rules and orders. All of it is from its files."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from types import MappingProxyType

from handlers.domain.consent import ConsentPurpose, Order
from handlers.domain.privacy import Basis
from handlers.domain.receipt_colour import RuleTable

FEVER = Decimal("37.3")
"""In °C, from here on: national home-monitoring notice, 2020; a county may set its own."""


@dataclass(frozen=True, slots=True)
class Checklist:
    """What a checkpoint does with everybody who comes (一测二问三记四留), as the county words it."""

    title: str = ""
    items: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CodeRules:
    """How often the codes of places are replaced by themselves, and how long the old print is read after that."""

    rotate_every: timedelta
    grace: timedelta


@dataclass(frozen=True, slots=True)
class Declaring:
    """The settings of `declaration:` in `hierarchy.yaml`, and the written table they name.

    A temperature from `fever` (°C) on is a task for the village doctor: taken within `doctor_within`, else the lead
    hears of it after `lead_after`, both from the declaration. From `urgent` (°C) on, and for `urgent_symptoms`, nobody
    waits for the morning. What disagrees and is not set right is a welfare call after `welfare_after`. A request about
    one's own data is answered within `answer_within`.
    """

    table: RuleTable
    fever: Decimal = FEVER
    urgent: Decimal = Decimal("39.0")
    urgent_symptoms: frozenset[str] = frozenset({"breathless", "chest_tightness"})
    doctor_within: timedelta = timedelta(minutes=30)
    lead_after: timedelta = timedelta(minutes=60)
    measure_again_after: timedelta = timedelta(hours=4)
    welfare_after: timedelta = timedelta(hours=24)
    answer_within: timedelta = timedelta(days=7)
    ask: str = "村医务室或您的网格员"
    bases: Mapping[ConsentPurpose, Basis] = field(default_factory=lambda: MappingProxyType({}))
    orders: tuple[Order, ...] = ()
    checklist: Checklist = Checklist()
    codes: CodeRules | None = None
    issuers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def basis(self, purpose: ConsentPurpose) -> Basis:
        """Return what the county relies on for *purpose*: consent unless it says otherwise."""
        return self.bases.get(purpose, Basis.CONSENT)
