"""A declaration (申报): what one household says about its people, once, on one sheet; and the answer to it.

A sheet is what a page, a chat or a worker at the door hands in. It is kept as typed until it is checked; what cannot
be taken is answered field by field, all at once, and nothing that was typed is lost. There is no place for an identity
number, a plate, a face or a position.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

from handlers.domain.consent import ConsentText, Speaker, Way
from handlers.domain.household import Address
from handlers.domain.receipt_colour import Receipt

LATE_AFTER = timedelta(minutes=10)
"""A sheet that arrives this long after it was made waited on the phone for a net; both moments are kept."""
KEPT_ON_PHONE = timedelta(days=7)
"""A sheet older than this says nothing of today any more: the household is asked again, with its answers filled in."""
PEOPLE_LIMIT = 20
TEXT_LIMIT = 60
HELP_LIMIT = 300


class Transport(StrEnum):
    """How somebody came."""

    TRAIN = "train"
    PLANE = "plane"
    COACH = "coach"
    CAR = "car"
    SHARED_CAR = "shared_car"
    SHIP = "ship"
    OTHER = "other"


class Category(StrEnum):
    """Why somebody came, as the ledgers ask it (人员类别)."""

    STUDENT = "student"
    WORK = "work"
    FAMILY = "family"
    BUSINESS = "business"
    PASSING = "passing"
    OTHER = "other"


SYMPTOMS: Mapping[str, str] = MappingProxyType(
    {
        "fever": "发热",
        "cough": "干咳",
        "fatigue": "乏力",
        "runny_nose": "流鼻涕",
        "nasal_congestion": "鼻塞",
        "sore_throat": "嗓子疼",
        "headache": "头疼",
        "dizziness": "头晕",
        "diarrhea": "腹泻",
        "vomiting": "呕吐",
        "nausea": "恶心",
        "chest_tightness": "胸闷",
        "breathless": "气促",
        "muscle_ache": "肌肉酸痛",
        "chills": "畏寒",
        "loss_of_smell": "闻不到气味",
    }
)
"""The fixed list: the codes of the reader, in the order the page shows them."""
TRANSPORTS: Mapping[Transport, str] = MappingProxyType(
    {
        Transport.TRAIN: "火车",
        Transport.PLANE: "飞机",
        Transport.COACH: "客车",
        Transport.CAR: "自驾",
        Transport.SHARED_CAR: "拼车",
        Transport.SHIP: "轮船",
        Transport.OTHER: "其他",
    }
)
CATEGORIES: Mapping[Category, str] = MappingProxyType(
    {
        Category.STUDENT: "学生",
        Category.WORK: "务工",
        Category.FAMILY: "探亲",
        Category.BUSINESS: "出差",
        Category.PASSING: "路过",
        Category.OTHER: "其他",
    }
)


@dataclass(frozen=True, slots=True)
class Journey:
    """Where somebody came from, as typed. `away` False: was here all the time; None: not answered.

    `arrived` is 2020-01-22 or words (昨天, 1月22日); `transport` and `category` are codes; `transit` names where the
    journey was broken, 无 when it was not.
    """

    away: bool | None = None
    origin: str = ""
    arrived: str = ""
    transport: str = ""
    transit: str = ""
    category: str = ""


@dataclass(frozen=True, slots=True)
class PersonSheet:
    """One person on a sheet. `row` is the page's own key of the row, unique on the sheet.

    `who` is the handle `form_of` gave; None for somebody not listed, who is then named. `under_14` None: not answered,
    and taken from the register when it is known there. `said_by` is whose words these are; `guardian` says that a child
    is spoken for by a parent or guardian. `symptoms`: codes, () is 无, None not answered. `temperature` is as typed,
    `temperature_agreed` the repaired reading somebody said yes to. `consents`: the texts ticked, by id.
    """

    row: str
    who: str | None = None
    name: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    under_14: bool | None = None
    said_by: Speaker = Speaker.SELF
    guardian: bool = False
    journey: Journey = field(default=Journey(), repr=False)
    symptoms: tuple[str, ...] | None = field(default=None, repr=False)
    temperature: str = field(default="", repr=False)
    temperature_agreed: str = field(default="", repr=False)
    consents: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Sheet:
    """One handing-in. `key` is made once by the page (128 bits): the same key is the same sheet, however often sent.

    `place_id` is the node whose code was scanned, as the code said it, never a field of the page. `household_id` None:
    a traveller at a gate. `worker_id` is the worker who wrote it down at the door. `known`: whoever hands it in is
    known to belong to the household (a bound address, the household's own link, a worker); others are told nothing
    that was said before. `asks` are words for help, taken whatever was refused. `made_at` is when it was filled in
    (aware UTC, by the phone's clock), `way` how it came. `said_from`: the address it was said from in a chat, None for
    a page; whoever was spoken for hears of it at their own.
    """

    key: str
    place_id: int
    people: tuple[PersonSheet, ...]
    made_at: datetime
    way: Way = Way.PAGE
    household_id: int | None = None
    worker_id: int | None = None
    known: bool = False
    asks: str = field(default="", repr=False)
    said_from: Address | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class FieldFault:
    """What cannot be taken as it is. `row` None: the sheet itself; `field` is a name of `PersonSheet` or `Journey`.

    `say` is what to tell (Chinese, kind, says what to do). `offer`: the reading or table somebody may agree to with one
    tap; it comes back in the same field (for a temperature in `temperature_agreed`).
    """

    row: str | None
    field: str
    say: str
    offer: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PersonAnswer:
    """What one person gets. `receipt` None: health consent was not given, so nothing of health was kept and there is no
    colour; help is there all the same. `notes` are told to the person: what disagrees, which table, who calls."""

    row: str
    label: str
    receipt: Receipt | None
    notes: tuple[str, ...] = ()
    questions: tuple["Question", ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """One thing the person may set right with one tap: `key` goes to `settle` with one of `choices` (code, words)."""

    key: str
    say: str
    choices: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a sheet: faults (and then nothing was kept), or one answer a person.

    `again`: this sheet was here before and this is the answer it had. `me_token` opens /me for what this sheet said; it
    is handed out once, with the first answer. `help` says what became of the words for help, None when there were none.
    """

    people: tuple[PersonAnswer, ...] = ()
    faults: tuple[FieldFault, ...] = ()
    again: bool = False
    me_token: str | None = None
    help: str | None = None

    @property
    def taken(self) -> bool:
        """Return whether the sheet is kept."""
        return not self.faults


@dataclass(frozen=True, slots=True)
class FormRow:
    """One person the page lists. `label` is masked (王**); `last` is what was said last, to be sent again with three
    taps, None when nothing was or when whoever looks is not known to belong here. `granted`: the purposes somebody
    consented to in the present version, so that they are shown and not asked again."""

    who: str
    label: str
    under_14: bool | None = None
    last: PersonSheet | None = None
    last_at: datetime | None = None
    granted: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Form:
    """What a page shows. `place_name` is printed on the poster too, so that a swapped poster is seen.

    `household` is the household's number or address, never a name; None at a gate before one was picked. `earliest`
    and `today` bound the days of arrival. `consents` are never ticked beforehand.
    """

    place_id: int
    place_name: str
    household_id: int | None
    household: str | None
    rows: tuple[FormRow, ...]
    consents: tuple[ConsentText, ...]
    notice: str
    today: date
    earliest: date
    fever_celsius: Decimal
    ask: str
    symptoms: Mapping[str, str] = field(default_factory=lambda: SYMPTOMS)
    transports: Mapping[Transport, str] = field(default_factory=lambda: TRANSPORTS)
    categories: Mapping[Category, str] = field(default_factory=lambda: CATEGORIES)
