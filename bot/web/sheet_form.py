"""The form of a declaration as a browser posts it, read into a sheet. One format, with script and without: the words
that lie on a phone until there is a net are the very words that are posted.

A person's fields are called `<row>.<field>`. A row is the handle that `form_of` gave (m12, s5), or n1, n2 … for
somebody not listed. Nothing typed is lost: what does not fit is a fault, and the form comes back as it was.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import NamedTuple
from urllib.parse import parse_qsl

from handlers.domain.consent import Speaker
from handlers.domain.declaration import PEOPLE_LIMIT, FieldFault, Journey, PersonSheet
from handlers.wording import declaration_page as say

FIELDS_LIMIT = 900
NEW = "n"
KEY = re.compile(r"[0-9A-Za-z_-]{22,43}")
"""128 random bits or more, made by the phone, or by us for a browser without script."""
_ROW = re.compile(r"[msn][0-9]{1,11}")
_CHILD = "child"
_SPEAKERS = {
    "self": Speaker.SELF,
    "family": Speaker.FAMILY,
    "neighbour": Speaker.NEIGHBOUR,
    _CHILD: Speaker.FAMILY,
}
_DAYS = {"0": "今天", "1": "昨天", "2": "前天"}
_QUIET = frozenset({"by", "agreed"})  # chosen beforehand, or by us: no sign that a row is meant
_OF_PERSON = ("name", "phone", "origin", "arrived", "transit_at", "temperature", "agreed")


class Head(NamedTuple):
    """What a door needs of a form before it is durable; as in `Filled`."""

    key: str
    seal: str
    made_at: datetime | None


class NotAForm(Exception):
    """What came is not one of our forms at all."""


@dataclass(frozen=True, slots=True)
class Filled:
    """A form as posted. `made_at` None: the phone's clock said nothing that can be read."""

    key: str = field(repr=False)
    seal: str = field(repr=False)
    made_at: datetime | None
    door: str
    asks: str = field(repr=False)
    people: tuple[PersonSheet, ...] = field(repr=False)
    faults: tuple[FieldFault, ...]


def fields_of(body: bytes) -> Mapping[str, tuple[str, ...]]:
    """Return the fields of a posted form, each with all its values; NotAForm for what a browser would not send."""
    try:
        pairs = parse_qsl(
            body.decode("ascii"), keep_blank_values=True, strict_parsing=True, errors="strict",
            max_num_fields=FIELDS_LIMIT,
        )  # fmt: skip
    except ValueError as error:  # not ASCII, not UTF-8 beneath, too many, no equals sign
        raise NotAForm from error
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return {name: tuple(values) for name, values in found.items()}


def read_form(body: bytes) -> Filled:
    """Return the form; NotAForm when it has no key of ours."""
    values = fields_of(body)
    form = _Form(values)
    key = form.one("key")
    if not KEY.fullmatch(key):
        raise NotAForm
    rows = _rows(values)
    return Filled(
        key=key,
        seal=form.one("t"),
        made_at=form.moment("made"),
        door=(form.one("door_offer") or form.one("door")).strip(),
        asks=form.one("asks"),
        people=tuple(form.person(row) for row in rows),
        faults=tuple(fault for row in rows for fault in form.contradictions(row)),
    )


def read_head(body: bytes) -> Head:
    """Return a form's key, seal and moment; NotAForm for what `read_form` would not take either.

    What people wrote is not looked at: whoever handles the sheet reads it whole.
    """
    form = _Form(fields_of(body))
    key = form.one("key")
    if not KEY.fullmatch(key):
        raise NotAForm
    return Head(key, form.one("t"), form.moment("made"))


def unsealed(body: bytes) -> bytes:
    """Return a posted form without its seal, which is renewed when a page lay open for long: the sheet is the same.

    >>> unsealed(b"t=1.a&on=m1&key=k"), unsealed(b"on=m1&key=k")
    (b'on=m1&key=k', b'on=m1&key=k')
    """
    return body.partition(b"&")[2] if body.startswith(b"t=") else body


def _rows(values: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the rows that are meant: those ticked, and new ones in which something was written or chosen."""
    ticked = list(values.get("on", ()))
    touched = {name.partition(".")[0] for name, said in values.items() if _meant(name) and any(said)}
    touched -= set(values.get("boxed", ())) - set(ticked)  # its box was emptied again
    new = sorted((row for row in touched if _ROW.fullmatch(row)), key=lambda row: int(row[1:]))
    rows = [row for row in dict.fromkeys([*ticked, *new]) if _ROW.fullmatch(row)]
    return rows[: PEOPLE_LIMIT + 1]  # one more than may be: whoever counts them says so


def _meant(name: str) -> bool:
    row, dot, of = name.partition(".")
    return bool(dot) and row.startswith(NEW) and of not in _QUIET


@dataclass(frozen=True, slots=True)
class _Form:
    values: Mapping[str, tuple[str, ...]]

    def one(self, name: str) -> str:
        """Return a field's value, "" when it is not there."""
        return next(iter(self.values.get(name, ())), "")

    def moment(self, name: str) -> datetime | None:
        """Return a moment the phone wrote as milliseconds since 1970."""
        text = self.one(name)
        if not (text.isascii() and text.isdigit() and len(text) <= 14):
            return None
        return datetime.fromtimestamp(int(text) / 1000, UTC)

    def person(self, row: str) -> PersonSheet:
        """Return what the form says of one person, as typed."""
        by = self.one(f"{row}.by") or "self"
        child = by == _CHILD
        consents = frozenset(text for text in self.values.get(f"{row}.c", ()) if text)
        typed = {name: self.one(f"{row}.{name}") for name in _OF_PERSON}
        return PersonSheet(
            row=row,
            who=None if row.startswith(NEW) else row,
            name=typed["name"],
            phone=typed["phone"],
            # whoever ticks says so in the words of the tick; nobody is asked who says yes to nothing
            under_14=True if child else False if consents else None,
            said_by=_SPEAKERS.get(by, Speaker.SELF),
            guardian=child,
            journey=self._journey(row, typed),
            symptoms=self._symptoms(row),
            temperature=typed["agreed"] or typed["temperature"],
            temperature_agreed=typed["agreed"],
            consents=consents,
        )

    def _journey(self, row: str, typed: Mapping[str, str]) -> Journey:
        away = {"no": False, "yes": True}.get(self.one(f"{row}.away"), True if typed["origin"].strip() else None)
        if not away:
            return Journey(away)
        direct = self.one(f"{row}.transit") == "none"
        return Journey(
            away=True,
            origin=typed["origin"],
            arrived=typed["arrived"] or _DAYS.get(self.one(f"{row}.day"), ""),
            transport=self.one(f"{row}.transport"),
            transit=say.DIRECT if direct else typed["transit_at"],
            category=self.one(f"{row}.category"),
        )

    def _symptoms(self, row: str) -> tuple[str, ...] | None:
        chosen = tuple(code for code in self.values.get(f"{row}.s", ()) if code)
        return chosen or (() if self.one(f"{row}.well") else None)

    def contradictions(self, row: str) -> Iterator[FieldFault]:
        """Yield what the form says two ways: neither is taken for the other."""
        if self.one(f"{row}.away") == "no" and self.one(f"{row}.origin").strip():
            yield FieldFault(row, "away", say.here_or_away())
        if self.one(f"{row}.well") and any(self.values.get(f"{row}.s", ())):
            yield FieldFault(row, "symptoms", say.well_or_not())
        if self.one(f"{row}.transit") == "none" and self.one(f"{row}.transit_at").strip():
            yield FieldFault(row, "transit", say.direct_or_not())
