"""事项: what somebody asks help with about themselves, by a form pack: who works on it, its steps, how long it stays.

A matter about another adult needs that person's say; what one hears about others is not taken. Whoever brought it hears
how it went, at the close and when it stands still.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

EDGES = " \t\n,.;:\uff0c\u3002\uff1b\uff1a\u3001"
RETAIN_AT_MOST = timedelta(days=180)
DRAFT_FOR = timedelta(days=1)
"""A matter that was begun and not handed over is destroyed after so long."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One field of a pack: its label, the question, and how many characters of an answer are kept."""

    key: str
    title: str
    ask: str
    limit: int = 200
    required: bool = True


@dataclass(frozen=True, slots=True)
class PackStep:
    """One step: the words that say it is done; `closes`: with it the matter ends; `tell`: what the person hears too."""

    key: str
    title: str
    words: tuple[str, ...]
    closes: bool = False
    tell: str = ""


@dataclass(frozen=True, slots=True)
class Pack:
    """One kind of matter, as its YAML states it. `to`: the roles that may work on it, whoever is first named first;
    `sees`: roles that may read it besides."""

    key: str
    title: str
    words: tuple[str, ...]
    fields: tuple[Asked, ...]
    steps: tuple[PackStep, ...]
    to: tuple[str, ...]
    purpose: str
    basis: str
    retain: timedelta
    stall_after: timedelta
    sees: tuple[str, ...] = ()

    def field(self, key: str) -> Asked | None:
        """Return the field of that key."""
        return next((one for one in self.fields if one.key == key), None)

    def step(self, key: str | None) -> PackStep | None:
        """Return the step of that key."""
        return next((one for one in self.steps if one.key == key), None)

    def next_field(self, body: Mapping[str, str]) -> Asked | None:
        """Return the first required field that is not answered yet."""
        return next((one for one in self.fields if one.required and not body.get(one.key)), None)

    def said(self, words: str) -> tuple[PackStep, str] | None:
        """Return the step that *words* begin with, and the rest of them; the longest word wins.

        >>> pack = Pack("p", "P", (), (), (PackStep("a", "受理", ("受理", "受理了")),), (), "", "", *[timedelta()] * 2)
        >>> pack.said("受理了 明天谈")[1], pack.said("看看")
        ('明天谈', None)
        """
        found = [(word, step) for step in self.steps for word in (step.title, *step.words) if words.startswith(word)]
        if not found:
            return None
        word, step = max(found, key=lambda one: len(one[0]))
        return step, words[len(word) :].strip(EDGES + "了")


class MatterState(StrEnum):
    """Where a matter stands."""

    DRAFT = "draft"  # being told; nobody else sees it
    OPEN = "open"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"  # by the person, or whoever brought it
    ERASED = "erased"


class Told(StrEnum):
    """How the person hears of a step; sent is not seen."""

    SENT = "sent"
    BY_BRINGER = "by bringer"  # no channel reaches them: whoever brought it tells them
    BY_WORKER = "by worker"  # whoever looks after them is asked to have them call
    BY_HAND = "by hand"  # whoever works on it tells them


class Agreed(StrEnum):
    """How the person said that it may be brought."""

    SELF = "self"
    FACE = "face"
    PHONE = "phone"
    GUARDIAN = "guardian"


@dataclass(frozen=True, slots=True)
class Matter:
    """One matter. `body`: its fields as told; {} when erased. `destroy_on`: the day what was told goes."""

    id: int
    pack: str
    node_id: int
    household_id: int | None
    subject_id: int
    state: MatterState
    agreed: Agreed
    opened_at: datetime
    moved_at: datetime
    body: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), repr=False)
    step: str | None = None
    asked: str | None = None
    brought_by: int | None = None
    contact_id: int | None = None
    assignee_id: int | None = None
    rung: int = 0
    due_at: datetime | None = None
    destroy_on: date | None = None


_HEARSAY = re.compile(
    r"(?:举报|检举|告发|揭发|告密)(?!了?(?:我|俺|咱))|传言|可疑|形迹"
    r"|(?:听说|据说|听人讲|有人(?:说|讲)|别人(?:说|讲|告诉))(?!.{0,4}(?:我|俺|咱))"
)
_AGREED = (
    (Agreed.GUARDIAN, re.compile(r"监护人(?:当面|电话)?(?:同意|要求)")),
    (Agreed.PHONE, re.compile(r"本人(?:电话(?:里)?)(?:同意|要求|说好了)|电话(?:里)?本人同意")),
    (Agreed.FACE, re.compile(r"本人(?:当面)?(?:同意|要求|说好了|托我)")),
)


def is_hearsay(text: str) -> bool:
    """Return whether the words tell on others or pass on what one heard; what is said of oneself is one's own matter.

    >>> is_hearsay("我要举报楼上"), is_hearsay("听说他家欠钱"), is_hearsay("楼上漏水泡了我家,想谈谈")
    (True, True, False)
    >>> is_hearsay("有人说我偷东西"), is_hearsay("他举报我占地"), is_hearsay("邻居说不赔")
    (False, False, False)
    """
    return bool(_HEARSAY.search(text))


def agreement(text: str) -> tuple[Agreed, str] | None:
    """Return how the person agreed, and the words without that; None when nothing says so.

    >>> agreement("本人同意 邻居漏水"), agreement("邻居漏水")
    ((<Agreed.FACE: 'face'>, '邻居漏水'), None)
    """
    for kind, pattern in _AGREED:
        if found := pattern.search(text):
            return kind, f"{text[: found.start()]} {text[found.end() :]}".strip(EDGES)
    return None


def told(pack: Pack, text: str, body: Mapping[str, str], first: str | None) -> dict[str, str]:
    """Return the fields with what *text* says added: by its labels, what stands before them to the field *first*."""
    kept = dict(body)
    labels: dict[str, str] = {one.title: one.key for one in pack.fields}
    pattern = re.compile(
        r"(?:^|[\s,,;;。])(" + "|".join(map(re.escape, sorted(labels, key=len, reverse=True))) + r")[\s::]+"
    )
    found = list(pattern.finditer(text))
    head = text[: found[0].start()] if found else text
    pieces: list[tuple[str | None, str]] = [(first, head)]
    ends: Sequence[int] = [*(one.start() for one in found[1:]), len(text)]
    pieces += [(labels[one[1]], text[one.end() : end]) for one, end in zip(found, ends, strict=False)]
    for key, words in pieces:
        asked = pack.field(key) if key else None
        if asked is not None and (words := words.strip(EDGES)):
            kept[asked.key] = words[: asked.limit]
    return kept
