"""A directive (指令): what a leader sends down the tree, from preview to the last receipt."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum


class Kind(StrEnum):
    """What a directive is to an earlier one. A CANCEL names what it cancels; it can never go out as NEW."""

    NEW = "new"
    UPDATE = "update"
    CANCEL = "cancel"


class State(StrEnum):
    """Where a directive stands.

    PREVIEW → (SECOND →) HELD → SENDING → ISSUED → CLOSED; DROPPED before it went out, CANCELLED or SUPERSEDED after.
    """

    PREVIEW = "preview"
    SECOND = "second"
    HELD = "held"
    SENDING = "sending"
    ISSUED = "issued"
    CLOSED = "closed"
    DROPPED = "dropped"
    CANCELLED = "cancelled"
    SUPERSEDED = "superseded"


def number_of(code: str) -> int:
    """Return the number in a visible code.

    >>> number_of("D-17")
    17
    """
    return int(code.removeprefix("D-"))


CONFIRM_WITHIN = timedelta(minutes=10)
UNSENT = frozenset({State.PREVIEW, State.SECOND, State.HELD})
LIVE = frozenset({State.SENDING, State.ISSUED})


class ReceiptState(StrEnum):
    """What one person has said to a directive. BLOCKED is an answer: 做不了, with the reason."""

    WAITING = "waiting"
    ACKNOWLEDGED = "acknowledged"
    BLOCKED = "blocked"
    DONE = "done"
    RELEASED = "released"


ANSWERED = frozenset({ReceiptState.ACKNOWLEDGED, ReceiptState.BLOCKED, ReceiptState.DONE})


@dataclass(frozen=True, slots=True)
class Audience:
    """Who is meant: everybody posted at or below `nodes`, from `level` down, holding one of `roles` (any if empty).

    `households`: the gridworkers are also asked to relay to the household groups, which no bot can enter.
    """

    nodes: tuple[int, ...]
    level: str | None = None
    roles: tuple[str, ...] = ()
    households: bool = False

    def as_json(self) -> dict[str, object]:
        """Return what the store keeps."""
        return {
            "nodes": list(self.nodes),
            "level": self.level,
            "roles": list(self.roles),
            "households": self.households,
        }

    @classmethod
    def of_json(cls, kept: Mapping[str, object]) -> "Audience":
        """Return the audience that was kept."""
        nodes, roles = kept["nodes"], kept["roles"]
        assert isinstance(nodes, list)
        assert isinstance(roles, list)
        level = kept["level"]
        return cls(tuple(nodes), str(level) if level else None, tuple(roles), bool(kept["households"]))


@dataclass(frozen=True, slots=True)
class Reach:
    """How many would get it: staff cards, group posts, human relays; and whom nothing reaches."""

    people: int
    cards: int
    posts: int
    relays: int
    unreachable: int = 0
    calls: int = 0
    person_times: int = 0
    seconds: int = 0


@dataclass(frozen=True, slots=True)
class Directive:
    """One directive. `ladder` is the copy made when it was issued: (minutes after issue, whom to tell)."""

    id: int
    number: int | None
    kind: Kind
    refers_to: int | None
    author_id: int
    confirmer_id: int | None
    scope_id: int
    body: str = field(repr=False)
    audience: Audience
    ladder: tuple[tuple[int, str], ...]
    compulsory: bool
    urgent: bool
    drill: bool
    state: State
    reach: Reach | None
    created_at: datetime
    due_at: datetime | None = None
    deadline_at: datetime | None = None
    issued_at: datetime | None = None
    ended_at: datetime | None = None
    reviewed_at: datetime | None = None

    @property
    def code(self) -> str:
        """Return the visible code (D-17), 草稿 before it has one."""
        return f"D-{self.number}" if self.number else "草稿"

    def told(self, rung: int, whom: str) -> bool:
        """Return whether somebody whose chase stands at *rung* was already taken past the step that tells *whom*."""
        return any(tell == whom for _, tell in self.ladder[:rung])

    def tells_by(self, whom: str, now: datetime) -> bool:
        """Return whether the ladder may have told *whom* by now: its step for them is due."""
        due = (self.rung_due_at(rung) for rung, (_, tell) in enumerate(self.ladder) if tell == whom)
        return any(at is not None and at <= now for at in due)

    def rung_due_at(self, rung: int) -> datetime | None:
        """Return when the ladder's *rung* is due, None past its end or before the directive was issued."""
        if self.issued_at is None or rung >= len(self.ladder):
            return None
        return self.issued_at + timedelta(minutes=self.ladder[rung][0])


def may_steer(directive: Directive, person_id: int) -> bool:
    """Return whether 发/撤/作废 from this person counts: only from the author or the confirmer."""
    return person_id in (directive.author_id, directive.confirmer_id)


def after_go(draft: Directive, *, confirm_above: int, hold: timedelta, now: datetime) -> Directive:
    """Return the draft after the author's 发: held, sent at once, or waiting for a second person.

    An urgent one in declared war goes at once and is reviewed after; above *confirm_above* people anything else waits.
    """
    people = draft.reach.people if draft.reach else 0
    if draft.urgent and draft.compulsory:
        return replace(draft, state=State.HELD, due_at=now)
    if people > confirm_above and draft.confirmer_id is None:
        return replace(draft, state=State.SECOND, due_at=now + CONFIRM_WITHIN)
    return replace(draft, state=State.HELD, due_at=now + hold)


def close_at(directive: Directive) -> datetime:
    """Return when a directive that went out stops waiting for anybody: a day after its deadline, else on its third
    day, while its cards can still be told so; a cancel a day after it was said."""
    began = directive.issued_at or directive.created_at
    if directive.kind is Kind.CANCEL:
        return began + timedelta(days=1)
    if directive.deadline_at is None:
        return began + timedelta(hours=70)
    return max(directive.deadline_at, began) + timedelta(days=1)


def needs_review(directive: Directive, confirm_above: int) -> bool:
    """Return whether it went out on one person's word although it was large, and a second must look at it."""
    people = directive.reach.people if directive.reach else 0
    return directive.confirmer_id is None and people > confirm_above and directive.reviewed_at is None


@dataclass(frozen=True, slots=True)
class Receipt:
    """What one person owes on one directive, and where the ladder stands with them."""

    id: int
    directive_id: int
    person_id: int
    node_id: int
    state: ReceiptState
    rung: int = 0
    due_at: datetime | None = None
    answered_at: datetime | None = None
    via: str | None = None
    blocker: str | None = field(default=None, repr=False)
