"""Consent (同意): who said yes to what, in which words, and when they took it back.

PIPL arts. 13–16, 28–31: one purpose, one consent; health is asked for separately and never ticked beforehand; under 14
a parent or guardian speaks; refusing costs nobody help; taking back is as easy as giving. GB/T 45574 6.7 for children.
"""

from dataclasses import dataclass
from enum import StrEnum


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
