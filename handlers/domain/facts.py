"""What a declaration says once it is read: the declared facts of one person, as they are sealed and judged.

Unknown is None and is never taken for no: nobody asked, or nobody measured.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from handlers.domain.returnees import Table


@dataclass(frozen=True, slots=True)
class Facts:
    """One person's declared facts. `places` and `passed` are full names, the widest first (湖北省, 武汉市).

    `away` False: was here all the time; None: not told. `table` None: not to be told yet, or abroad (`overseas`), or
    not away.
    """

    away: bool | None
    origin: str = field(default="", repr=False)
    transit: str = field(default="", repr=False)
    places: tuple[str, ...] = ()
    passed: tuple[str, ...] = ()
    table: Table | None = None
    overseas: bool = False
    arrived: date | None = None
    transport: str | None = None
    category: str | None = None
    symptoms: tuple[str, ...] | None = field(default=None, repr=False)
    celsius: Decimal | None = field(default=None, repr=False)

    def as_json(self) -> dict[str, Any]:
        """Return what the store seals; unknown is left out."""
        kept: dict[str, Any] = {
            "origin": self.origin,
            "transit": self.transit,
            "places": list(self.places),
            "passed": list(self.passed),
            "table": self.table.value if self.table else None,
            "overseas": self.overseas,
            "arrived": self.arrived.isoformat() if self.arrived else None,
            "transport": self.transport,
            "category": self.category,
            "celsius": None if self.celsius is None else str(self.celsius),
        }
        said = {key: value for key, value in kept.items() if value}
        if self.symptoms is not None:  # () is an answer: 无
            said["symptoms"] = list(self.symptoms)
        return {"away": self.away, **said}

    @classmethod
    def of_json(cls, kept: Mapping[str, Any]) -> "Facts":
        """Return the facts that were kept.

        >>> Facts.of_json(Facts(True, "武汉", celsius=Decimal("36.5"), symptoms=()).as_json()).symptoms
        ()
        """
        symptoms, celsius, arrived = kept.get("symptoms"), kept.get("celsius"), kept.get("arrived")
        return cls(
            away=kept["away"],
            origin=kept.get("origin", ""),
            transit=kept.get("transit", ""),
            places=tuple(kept.get("places", ())),
            passed=tuple(kept.get("passed", ())),
            table=Table(kept["table"]) if kept.get("table") else None,
            overseas=bool(kept.get("overseas")),
            arrived=date.fromisoformat(arrived) if arrived else None,
            transport=kept.get("transport"),
            category=kept.get("category"),
            symptoms=None if symptoms is None else tuple(symptoms),
            celsius=None if celsius is None else Decimal(celsius),
        )

    def without_health(self) -> "Facts":
        """Return the facts without what needs consent of its own."""
        return Facts(
            self.away,
            self.origin,
            self.transit,
            self.places,
            self.passed,
            self.table,
            self.overseas,
            self.arrived,
            self.transport,
            self.category,
        )
