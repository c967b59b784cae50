"""Class, purpose, basis and retention of what is kept about people; the law this file answers to is named beside it.

PIPL (个人信息保护法, 2021) arts. 6 and 19: the least, for as long as needed. The retention job and `docs/privacy.md`
read these values; a personal column without one does not build.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class DataClass(StrEnum):
    """How harmful a leak would be."""

    STAFF_CONTACT = "staff contact"  # name, phone, account of somebody on duty
    HOUSEHOLD_CONTACT = "household contact"  # who lives where, and how they are reached
    HEALTH = "health"  # sensitive (PIPL 28): sealed under a key of the person's own
    CHAT_TEXT = "chat text"  # what somebody typed to the bot: may hold anything
    CREDENTIAL = "credential"  # password hashes, session keys, one-time URLs
    AUDIT = "audit"  # who looked at what


class Purpose(StrEnum):
    """What a value may be used for; nothing else."""

    DUTY = "reach the people on duty"
    REPORT = "make and trace the daily report"
    ACCESS = "sign in and account for reading"
    CARE = "look after the people of a household"


class Basis(StrEnum):
    """Lawful basis (PIPL art. 13)."""

    STATUTORY_DUTY = "PIPL 13(3) statutory duty"
    EMERGENCY = "PIPL 13(4) public-health emergency"


@dataclass(frozen=True, slots=True)
class Personal:
    """What a column says about people. `retain_after` counts from the event named in `retain_from`."""

    data_class: DataClass
    purpose: Purpose
    basis: Basis
    retain_after: timedelta
    retain_from: str
    readable_because: str = ""


NOT_PERSONAL = None

STAFF = Personal(
    DataClass.STAFF_CONTACT, Purpose.DUTY, Basis.STATUTORY_DUTY, timedelta(days=180), "the end of the last role"
)
STAFF_KEY = Personal(
    DataClass.STAFF_CONTACT,
    Purpose.DUTY,
    Basis.STATUTORY_DUTY,
    timedelta(days=180),
    "the end of the last role",
    readable_because="an account id assigned by the corp; every callback is looked up by it",
)
TEXT = Personal(DataClass.CHAT_TEXT, Purpose.REPORT, Basis.STATUTORY_DUTY, timedelta(days=7), "arrival")
SENT_TEXT = Personal(DataClass.CHAT_TEXT, Purpose.DUTY, Basis.STATUTORY_DUTY, timedelta(days=30), "creation")
SECRET = Personal(DataClass.CREDENTIAL, Purpose.ACCESS, Basis.STATUTORY_DUTY, timedelta(days=1), "expiry")
SECRET_HASH = Personal(
    DataClass.CREDENTIAL,
    Purpose.ACCESS,
    Basis.STATUTORY_DUTY,
    timedelta(days=1),
    "the end of the account",
    readable_because="a one-way hash, nothing to decrypt",
)
LOOKED = Personal(
    DataClass.AUDIT,
    Purpose.ACCESS,
    Basis.STATUTORY_DUTY,
    timedelta(days=200),
    "the reading",
    readable_because="ids only; an auditor must be able to verify the chain without the data key",
)
HOUSEHOLD = Personal(
    DataClass.HOUSEHOLD_CONTACT, Purpose.CARE, Basis.STATUTORY_DUTY, timedelta(days=180), "the end of living there"
)
HOUSEHOLD_COUNT = Personal(
    DataClass.HOUSEHOLD_CONTACT,
    Purpose.CARE,
    Basis.STATUTORY_DUTY,
    timedelta(days=180),
    "the end of the household",
    readable_because="a number of people without their names, summed for a grid's totals",
)
HOUSEHOLD_KEY = Personal(
    DataClass.HOUSEHOLD_CONTACT,
    Purpose.CARE,
    Basis.STATUTORY_DUTY,
    timedelta(days=180),
    "the end of living there",
    readable_because="a keyed one-way index, by which whoever writes to us is found; nothing to decrypt",
)
RESIDENT_HEALTH = Personal(
    DataClass.HEALTH,
    Purpose.CARE,
    Basis.EMERGENCY,
    timedelta(days=30),
    "the end of living there",
    readable_because="sealed under the person's own key, which the column type does not hold",
)
CODE = Personal(DataClass.CREDENTIAL, Purpose.CARE, Basis.STATUTORY_DUTY, timedelta(days=30), "the end of the code")
