"""What stands on a poster, a label and a household's card: values, without how they are drawn."""

from dataclasses import dataclass
from datetime import date

from handlers.domain.place_code import CodeKind


@dataclass(frozen=True, slots=True)
class Poster:
    """A poster of one place. `above` says in which town and village it is; `link` is what the code opens.

    `asker` is who asks, `contact` whom to call; `kept` says for how long, in words. `serial` counts the prints.
    """

    kind: CodeKind
    name: str
    above: str
    link: str
    check: str
    serial: int
    asker: str
    contact: str
    kept: str
    printed_on: date
    code: str


@dataclass(frozen=True, slots=True)
class Card:
    """A household's card: no name of anybody who lives there. `worker` is the gridworker with the phone to call."""

    number: str
    code: str
    place: str
    link: str
    check: str
    serial: int
    worker_title: str
    worker: str
    phone: str
    printed_on: date
