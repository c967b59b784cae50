"""Consent (同意): who said yes to what, in which words, and when they took it back.

PIPL arts. 13–16, 28–31: one purpose, one consent; health is asked for separately and never ticked beforehand; under 14
a parent or guardian speaks; refusing costs nobody help; taking back is as easy as giving. GB/T 45574 6.7 for children.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from handlers.domain.privacy import Basis


class ConsentPurpose(StrEnum):
    """What somebody may say yes to, each by itself."""

    DECLARE = "declare"  # who, from where and when: to register and to keep the ledgers
    HEALTH = "health"  # symptoms and temperature: sensitive, separate (PIPL 28–29)
    CARE = "care"  # to be called by the village doctor or the gridworker about what was said


class Speaker(StrEnum):
    """Whose words a statement is. Everything but SELF is labelled wherever it is shown."""

    SELF = "self"
    FAMILY = "family"
    NEIGHBOUR = "neighbour"
    WORKER = "worker"  # the person spoke, a worker wrote it down at the door or on the phone


class Way(StrEnum):
    """How words came to us."""

    PAGE = "page"
    KF = "kf"
    OFFICIAL_ACCOUNT = "official_account"
    PHONE = "phone"
    PAPER = "paper"
    DOOR = "door"
    GROUP = "group"  # others read along: nothing personal is taken there


class ConsentState(StrEnum):
    """The last word somebody said for one purpose."""

    NOT_ASKED = "not asked"
    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Age(StrEnum):
    """What matters of an age: whether somebody speaks for themselves (PIPL 31)."""

    CHILD = "under 14"
    GROWN = "14 and over"
    UNKNOWN = "unknown"


class Why(StrEnum):
    """Why something may, or may not, be kept and used."""

    CONSENTED = "consented in the present words"
    ORDERED = "an order in force covers it, and names its basis"
    NOT_ASKED = "nobody was asked"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    OUTDATED = "consented to older words"
    NEEDS_GUARDIAN = "a child is spoken for by a parent or guardian"
    NOT_THEIRS = "a neighbour cannot consent to health"
    AGE_UNKNOWN = "not known whether a child"
    IN_PUBLIC = "others read along"
    NO_ORDER = "the basis needs an order in force that names it"


@dataclass(frozen=True, slots=True)
class ConsentText:
    """One text somebody may say yes to. `id` names purpose and version (health@1); a changed text is a new version."""

    purpose: ConsentPurpose
    version: int
    title: str
    body: str

    @property
    def id(self) -> str:
        """Return what a tick stands for.

        >>> ConsentText(ConsentPurpose.HEALTH, 1, "", "").id
        'health@1'
        """
        return f"{self.purpose}@{self.version}"


@dataclass(frozen=True, slots=True)
class Consent:
    """One word said for one purpose; the newest counts. `said_by`: whose words; `guardian`: a child's parent spoke."""

    purpose: ConsentPurpose
    version: int
    state: ConsentState
    said_by: Speaker
    guardian: bool
    way: Way
    at: datetime
    sheet_id: int | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """An order that allows purposes without consent. `text` is its document number; both days are included."""

    basis: Basis
    purposes: frozenset[ConsentPurpose]
    text: str
    first_day: date
    last_day: date

    def covers(self, purpose: ConsentPurpose, day: date) -> bool:
        """Return whether the order allows *purpose* on *day*; one without a document number allows nothing."""
        return bool(self.text.strip()) and purpose in self.purposes and self.first_day <= day <= self.last_day


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether something may be done, on which basis, and why or why not."""

    allowed: bool
    why: Why
    basis: Basis | None = None


def decide(
    purpose: ConsentPurpose,
    age: Age,
    said: Consent | None,
    version: int,
    way: Way,
    day: date,
    *,
    basis: Basis = Basis.CONSENT,
    orders: Iterable[Order] = (),
) -> Decision:
    """Return whether what somebody says for *purpose* may be kept and used.

    *basis* is what the county relies on for the purpose; anything but consent needs an order in force that names it,
    and without one consent is all there is. *said* is the last word of the person for the purpose, *version* the
    present one of the text.
    """
    if way is Way.GROUP:
        return Decision(False, Why.IN_PUBLIC)
    if age is Age.UNKNOWN:
        return Decision(False, Why.AGE_UNKNOWN)
    if basis is not Basis.CONSENT:
        ordered = any(order.basis is basis and order.covers(purpose, day) for order in orders)
        if ordered:
            return Decision(True, Why.ORDERED, basis)
        if said is None or said.state is not ConsentState.GRANTED:
            return Decision(False, Why.NO_ORDER)
    return _by_consent(purpose, age, said, version)


def _by_consent(purpose: ConsentPurpose, age: Age, said: Consent | None, version: int) -> Decision:
    if said is None or said.state is ConsentState.NOT_ASKED:
        return Decision(False, Why.NOT_ASKED)
    if said.state is ConsentState.REFUSED:
        return Decision(False, Why.REFUSED)
    if said.state is ConsentState.WITHDRAWN:
        return Decision(False, Why.WITHDRAWN)
    if said.way is Way.GROUP:
        return Decision(False, Why.IN_PUBLIC)
    if age is Age.CHILD and not said.guardian:
        return Decision(False, Why.NEEDS_GUARDIAN)
    if said.said_by is Speaker.NEIGHBOUR and purpose is ConsentPurpose.HEALTH:
        return Decision(False, Why.NOT_THEIRS)
    if said.version < version:
        return Decision(False, Why.OUTDATED)
    return Decision(True, Why.CONSENTED, Basis.CONSENT)


def newest(said: Iterable[Consent]) -> Mapping[ConsentPurpose, Consent]:
    """Return the last word for each purpose; of two at one moment the later in *said*."""
    found: dict[ConsentPurpose, Consent] = {}
    for consent in said:
        held = found.get(consent.purpose)
        if held is None or consent.at >= held.at:
            found[consent.purpose] = consent
    return found


def may_ask_again(said: Consent | None, version: int) -> bool:
    """Return whether the question may be put by us: never again after a no to these very words (PIPL 16; C4).

    Whoever comes back by themselves still sees the box, unticked.
    """
    if said is None:
        return True
    return said.state is ConsentState.GRANTED or said.version < version
