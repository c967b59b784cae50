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
    JOURNEY = "journey"  # who came, from where and when
    CONSENT = "consent"  # the proof that somebody said yes, no, or took it back
    RIGHTS = "rights"  # what somebody asked of us about their own data
    MATTER = "matter"  # what somebody asks help with: a dispute, hardship


class Purpose(StrEnum):
    """What a value may be used for; nothing else."""

    DUTY = "reach the people on duty"
    REPORT = "make and trace the daily report"
    ACCESS = "sign in and account for reading"
    CARE = "look after the people of a household"
    DECLARATION = "take a health declaration and answer it"
    RETURNEES = "keep the ledger of people who came back"
    PROOF = "prove consent and answer for one's rights"
    MATTER = "settle what somebody asked for help with"


class Basis(StrEnum):
    """Lawful basis (PIPL art. 13)."""

    CONSENT = "PIPL 13(1) consent"
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
    DataClass.HEALTH, Purpose.CARE, Basis.EMERGENCY, timedelta(days=30), "the end of living there"
)
CODE = Personal(DataClass.CREDENTIAL, Purpose.CARE, Basis.STATUTORY_DUTY, timedelta(days=30), "the end of the code")

HEALTH = Personal(
    DataClass.HEALTH, Purpose.DECLARATION, Basis.CONSENT, timedelta(days=14), "release: the end of the observation"
)
JOURNEY = Personal(
    DataClass.JOURNEY, Purpose.RETURNEES, Basis.CONSENT, timedelta(days=14), "release: the end of the observation"
)
PERSON = Personal(
    DataClass.JOURNEY, Purpose.DECLARATION, Basis.CONSENT, timedelta(days=14), "release: the end of the last record"
)
PERSON_INDEX = Personal(
    DataClass.JOURNEY,
    Purpose.DECLARATION,
    Basis.CONSENT,
    timedelta(days=14),
    "release: the end of the last record",
    readable_because="a keyed hash: finds the same person of the same household again, and opens nothing",
)
KEY = Personal(
    DataClass.CREDENTIAL,
    Purpose.DECLARATION,
    Basis.CONSENT,
    timedelta(days=14),
    "release: the end of the last record",
)
DESTROY_ON = Personal(
    DataClass.JOURNEY,
    Purpose.DECLARATION,
    Basis.CONSENT,
    timedelta(days=14),
    "release: the end of the observation",
    readable_because="the day its row is to be destroyed: the ageing tick finds the row by it",
)
CARE = Personal(DataClass.HEALTH, Purpose.CARE, Basis.CONSENT, timedelta(days=14), "the closing of the task")
SAID_OF = Personal(DataClass.JOURNEY, Purpose.RETURNEES, Basis.STATUTORY_DUTY, timedelta(days=14), "expiry")
SAID_OF_INDEX = Personal(
    DataClass.JOURNEY,
    Purpose.RETURNEES,
    Basis.STATUTORY_DUTY,
    timedelta(days=14),
    "expiry",
    readable_because="a keyed hash: finds the person of the household a list speaks of, and opens nothing",
)
CONSENT = Personal(
    DataClass.CONSENT,
    Purpose.PROOF,
    Basis.STATUTORY_DUTY,
    timedelta(days=3 * 365),
    "the word said",
    readable_because="the proof of consent: purpose, version and moment beside a number that names nobody",
)
ME_TOKEN = Personal(
    DataClass.CREDENTIAL,
    Purpose.PROOF,
    Basis.CONSENT,
    timedelta(days=1),
    "expiry",
    readable_because="a one-way hash, nothing to decrypt",
)
RIGHTS = Personal(DataClass.RIGHTS, Purpose.PROOF, Basis.STATUTORY_DUTY, timedelta(days=3 * 365), "the answer")
WISH = Personal(
    DataClass.HOUSEHOLD_CONTACT,
    Purpose.CARE,
    Basis.CONSENT,
    timedelta(days=365),
    "the refusal",
    readable_because="a one-way hash of an id WeChat drew at random; every notice is checked against it",
)
VISIT = Personal(
    DataClass.HOUSEHOLD_CONTACT,
    Purpose.CARE,
    Basis.STATUTORY_DUTY,
    timedelta(days=3),
    "the last word",
    readable_because="a one-way hash of an id WeChat drew at random; every message of a resident is looked up by it",
)
SHEET_ANSWER = Personal(
    DataClass.HEALTH, Purpose.DECLARATION, Basis.CONSENT, timedelta(days=8), "arrival: a phone sends for seven days"
)
DECISION = Personal(DataClass.HEALTH, Purpose.CARE, Basis.EMERGENCY, timedelta(days=30), "the end of the isolation")
EPISODE_DAY = Personal(
    DataClass.HEALTH,
    Purpose.CARE,
    Basis.EMERGENCY,
    timedelta(days=30),
    "the end of the isolation",
    readable_because="a day beside a number that names nobody: the days are counted and the asking ends by it",
)
ON_PLAN = Personal(
    DataClass.HOUSEHOLD_CONTACT,
    Purpose.CARE,
    Basis.STATUTORY_DUTY,
    timedelta(days=30),
    "the last day on the plan",
    readable_because="a plan's key beside a household's number: a round is opened for all households in one statement",
)
CONTACTED = Personal(
    DataClass.HOUSEHOLD_CONTACT,
    Purpose.CARE,
    Basis.STATUTORY_DUTY,
    timedelta(days=60),
    "the day of the contact",
    readable_because="whether a household was asked and reached, not what it said; boards count it",
)
LISTED = Personal(
    DataClass.STAFF_CONTACT,
    Purpose.DUTY,
    Basis.STATUTORY_DUTY,
    timedelta(days=30),
    "the day",
    readable_because="whether a worker's list of the day went out, not what stood in it; who ticks next goes by it",
)
ANSWER = Personal(DataClass.HEALTH, Purpose.CARE, Basis.EMERGENCY, timedelta(days=14), "the answer")
NEED = Personal(DataClass.HEALTH, Purpose.CARE, Basis.CONSENT, timedelta(days=14), "the asking")
ASKED = Personal(
    DataClass.HOUSEHOLD_CONTACT,
    Purpose.CARE,
    Basis.STATUTORY_DUTY,
    timedelta(days=60),
    "the asking",
    readable_because="who asked a household what kind of thing, not what it answered: nobody is asked twice by it",
)
LEFT_ALONE = Personal(
    DataClass.HOUSEHOLD_CONTACT,
    Purpose.CARE,
    Basis.CONSENT,
    timedelta(days=365),
    "the wish",
    readable_because="that a household wants to be left alone: every round looks at it, and it says nothing else",
)
WORDS_OF_STAFF = Personal(DataClass.CHAT_TEXT, Purpose.DUTY, Basis.STATUTORY_DUTY, timedelta(days=200), "the word said")
KNOCKED = Personal(
    DataClass.HOUSEHOLD_CONTACT,
    Purpose.CARE,
    Basis.STATUTORY_DUTY,
    timedelta(days=60),
    "the end of the round",
    readable_because="whether somebody was seen at a door and how many live there; coverage is counted from it",
)
MATTER = Personal(
    DataClass.MATTER, Purpose.MATTER, Basis.CONSENT, timedelta(days=180), "the closing, or sooner as its form pack says"
)
MATTER_DAY = Personal(
    DataClass.MATTER,
    Purpose.MATTER,
    Basis.CONSENT,
    timedelta(days=180),
    "the closing, or sooner as its form pack says",
    readable_because="the day its row is to be destroyed: the ageing tick finds the row by it",
)
DAY_OFF = Personal(DataClass.HEALTH, Purpose.DUTY, Basis.CONSENT, timedelta(days=1), "the day off")
