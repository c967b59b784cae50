"""一户一问: every question a household is asked, by whom and what for; nobody asks again what was just answered.

A second asker has the answer of the ledger within its purpose: the same one, or one that the first asker's basis
allows. Any other is refused with the reason, and the household is left in peace all the same.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from handlers.domain.four_ones import One, Plan, Whom


class Question(StrEnum):
    """What is asked."""

    HEALTH = "health"
    NEEDS = "needs"


QUESTIONS = {
    Question.HEALTH.value: One.CALL | One.MESSAGE,
    Question.NEEDS.value: One.NEEDS,
}
"""The kinds of contact that ask each question; looking in (上门) is a visit and not a question."""


class AskState(StrEnum):
    """What became of an ask."""

    ASKED = "asked"
    ANSWERED = "answered"
    LEDGER = "ledger"  # not asked again: the answer of the source row serves this asker as well
    REFUSED = "refused"  # not asked again, and the answer is not this asker's to have


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks: a plan with its department, purpose and basis. `allows`: the other purposes that the basis
    lets its answers serve."""

    key: str
    title: str
    department: str
    purpose: str
    basis: str
    allows: tuple[str, ...] = ()

    @classmethod
    def of_plan(cls, plan: Plan) -> "Asker":
        """Return a plan as the one who asks."""
        return cls(plan.key, plan.title, plan.department, plan.purpose, plan.basis, plan.allows)

    def serves(self, other: "Asker") -> bool:
        """Return whether what was answered to this asker may be used by the *other*.

        >>> mine = Asker("a", "甲", "卫健", "健康监测", "隔离决定", ("代购",))
        >>> mine.serves(Asker("b", "乙", "社区", "代购", "同意")), mine.serves(Asker("c", "丙", "派出所", "摸排", "?"))
        (True, False)
        """
        return other.purpose == self.purpose or other.purpose in self.allows


@dataclass(frozen=True, slots=True)
class Ask:
    """One row of the ledger. `source_id` is the row whose answer serves, or would have."""

    id: int
    household_id: int
    question: str
    asker: Asker
    contact_id: int | None
    state: AskState
    at: datetime
    answered_at: datetime | None = None
    source_id: int | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether to ask (ASKED), or what the ledger does instead, and from which row."""

    state: AskState
    source: Ask | None = None


def judge(asker: Asker, question: str, rows: Iterable[Ask], now: datetime, again_after: timedelta) -> Verdict:
    """Return what comes of an asker wanting a question answered, of a household whose ledger rows are *rows*.

    Who was answered by the household itself may ask again at its own next hour; only a second asker is kept from it.
    """
    fresh = [
        row
        for row in rows
        if row.question == question and row.state is AskState.ANSWERED and row.answered_at is not None
        and now - row.answered_at < again_after
    ]  # fmt: skip
    if not fresh or any(row.asker.key == asker.key for row in fresh):
        return Verdict(AskState.ASKED)
    newest = sorted(fresh, key=lambda row: (row.answered_at or row.at, row.id), reverse=True)
    serving = next((row for row in newest if row.asker.serves(asker)), None)
    return Verdict(AskState.LEDGER, serving) if serving else Verdict(AskState.REFUSED, newest[0])


@dataclass(frozen=True, slots=True)
class Merged:
    """A contact's questions after the ledger was asked: the kinds still to be asked, and a row for each asker."""

    kinds: One
    rows: tuple[tuple[str, Asker, Verdict], ...]

    @property
    def outcome(self) -> AskState | None:
        """Return how the whole contact ends when nothing is left to ask, None while something is."""
        states = {verdict.state for _, _, verdict in self.rows}
        if self.kinds or not states:
            return None
        return AskState.LEDGER if AskState.LEDGER in states else AskState.REFUSED


def merge(kinds: One, plans: Iterable[Plan], rows: Iterable[Ask], now: datetime, again_after: timedelta) -> Merged:
    """Return what of a contact is still asked when several *plans* want it: one of them that asks, asks for all.

    Where somebody is isolated, the plan of the decision is never left without an answer it may use: it asks itself.
    """
    held, known = tuple(plans), tuple(rows)
    left, found = kinds, []
    for question, asking in QUESTIONS.items():
        wanting = [plan for plan in held if plan.kinds & kinds & asking]
        verdicts = [
            (asker := Asker.of_plan(plan), _due(plan, judge(asker, question, known, now, again_after)))
            for plan in wanting
        ]
        if any(verdict.state is AskState.ASKED for _, verdict in verdicts):
            verdicts = [(asker, Verdict(AskState.ASKED)) for asker, _ in verdicts]
        elif verdicts:
            left &= ~asking
        found += [(question, asker, verdict) for asker, verdict in verdicts]
    return Merged(left, tuple(found))


def _due(plan: Plan, found: Verdict) -> Verdict:
    return Verdict(AskState.ASKED) if found.state is AskState.REFUSED and plan.whom is Whom.ISOLATION else found
