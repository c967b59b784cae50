"""补录: a paper card's days go where an answer of the day would have gone, marked as typed in later, by whom and when.

Nothing that stands there is overwritten: what differs is kept beside it and told. A day to come, a temperature that
cannot be, a household of another grid are refused one by one; the rest of the block is taken.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from handlers import read_wellbeing
from handlers.catch_up_words import EVENING, MORNING, CardLine, DayWords, read_catch_up
from handlers.contact_people import people_of
from handlers.domain.declared import Subject
from handlers.domain.doors import doors
from handlers.domain.four_ones import Contact, Enrolment, FourOnes, One, slot_of
from handlers.domain.hierarchy import HOUSEHOLD, Node
from handlers.domain.household import masked
from handlers.domain.people import Person
from handlers.domain.policy import Action
from handlers.domain.wellbeing import AnswerState, Wellbeing
from handlers.duty_words import DutyKind, DutyWord
from handlers.ports import Context, Say, Turn, Work
from handlers.take_answer import How, Taken, count_quiet, settle, take
from handlers.wording import catch_up as say
from handlers.wording.four_ones import reading

intents = frozenset({DutyKind.CATCH_UP})
VIA = "catch_up"
OLDEST_DAYS = 14
_GLUED = re.compile(r"(?P<door>\S*\d[室户号]?)(?P<name>[一-鿿]{2,4})")


def handle(turn: Turn, word: DutyWord, work: Work, ctx: Context) -> list[Say] | None:
    """Answer in private; None where there are no four ones."""
    if ctx.county.four_ones is None:
        return None
    lines = read_catch_up(turn.text, ctx.day)
    if not lines:
        return [Say(say.how(), private=True)]
    typed = CatchUp(turn.person, ctx.county.four_ones, work, ctx, inbox_id=turn.inbound.id)
    typed.take_all(lines)
    return [Say(say.told(typed.taken, typed.faults, typed.days), private=True, about=tuple(typed.about))]


@dataclass
class CatchUp:
    """One block of lines of one worker, and what became of it."""

    person: Person
    four: FourOnes
    work: Work
    ctx: Context
    inbox_id: int | None = None
    taken: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    about: set[int] = field(default_factory=set)
    days: int = 0

    def take_all(self, lines: Iterable[CardLine]) -> None:
        """Take the lines one by one; one that cannot be taken holds up none of the others."""
        for line in lines:
            door, who = line.door, line.who
            if not self._at(door) and (glued := _GLUED.fullmatch(door)):  # 3-101王样花
                door, who = glued["door"], f"{glued['name']} {who}"
            home = self._home(door)
            if home is not None:
                self.take(home, who, line.days)

    def take(self, home: Node, who: str, days: Sequence[DayWords]) -> None:
        """Take the days of one household whose node passed the gate."""
        if not days:
            self.faults.append(say.no_days(home.name))
            return
        people = people_of(home.id, self.work, self.ctx)
        if not people:
            self.faults.append(say.nobody(home.name))
            return
        told = [one for word in days for one in self._day(home, who, word, people)]
        if told:
            self.taken.append(say.taken(home.name, told))
            what = f"node:{home.id}"
            self.work.audit.note(self.ctx.now, self.person.id, "catch up", what, "care", f"{len(told)} days")

    def _at(self, door: str) -> dict[int, Node]:
        tree = self.ctx.tree
        held = tree.viewable(self.person, self.person.nodes(), Action.SEE_HEALTH)
        return {node.id: node for place in held for node in doors(tree, place, door) if node.level == HOUSEHOLD}

    def _home(self, door: str) -> Node | None:
        found = self._at(door)
        if len(found) == 1:
            return next(iter(found.values()))
        self.faults.append(say.which_door(door[:24], [self.ctx.tree.path_name(one) for one in found][:4]))
        return None

    def _day(self, home: Node, who: str, word: DayWords, people: tuple[Subject, ...]) -> list[str]:
        place, today = home.name, self.ctx.day
        if word.on is None:
            return self._fault(say.no_such_day(place, word.typed))
        if word.on > today:
            return self._fault(say.not_yet(place, word.on))
        if today - word.on > timedelta(days=OLDEST_DAYS):
            return self._fault(say.too_old(place, word.on, OLDEST_DAYS))
        plans = self.work.contacts.enrolments([home.id], word.on).get(home.id, ())
        if not plans:
            return self._fault(say.no_plan(place, word.on))
        read = read_wellbeing.read(word.said, self.ctx.now) if word.said else read_wellbeing.Read()
        if read.wrong:
            return self._fault(say.not_a_temperature(place, word.on, read.wrong))
        if not read.told:
            return self._fault(say.not_read(place, word.on, word.said))
        said = read.told[0].said
        whom = _whom(people, f"{who} {word.said}", said)
        if not whom:
            return self._fault(say.whose(place, word.on, [masked(one.name) for one in people]))
        slots = self._slots(plans)
        contact = self._contact(home.id, word.on, word.part, slots, {one.id for one in whom})
        part = word.part or (EVENING if contact.slot != slots[0] else "")
        return self._keep(contact, part, whom, people, said)

    def _fault(self, words: str) -> list[str]:
        self.faults.append(words)
        return []

    def _keep(
        self, contact: Contact, part: str, whom: Sequence[Subject], people: tuple[Subject, ...], said: Wellbeing
    ) -> list[str]:
        work, ctx, several = self.work, self.ctx, len(people) > 1
        told = []
        for subject in whom:
            one = take(contact, subject, said, f"p{self.person.id}", VIA, work, ctx, inbox_id=self.inbox_id)
            self.about.add(subject.id)
            self.days += one.how is not How.SAME
            name = masked(subject.name) if several else ""
            told.append(_told(one, say.one_day(contact.day, part, f"{name}{reading(said)}")))
        work.contacts.steps([(contact.id, VIA, "", self.person.id)], ctx.now)
        if not settle(contact, people, work, ctx) and contact.day == ctx.day:
            count_quiet(contact, work, ctx)
        return told

    def _contact(self, home: int, on: date, part: str, slots: Sequence[int], whom: set[int]) -> Contact:
        """Return the contact of the part of the day named, else the first of the day that says nothing of them; made
        where the round of that day never came so far."""
        mine = [one for one in self.work.contacts.of_households([home], on) if one.day == on]
        if part:
            wanted = slots[0] if part == MORNING else slots[-1]
            found = [one for one in mine if one.slot == wanted]
        else:
            found = [one for one in mine if not self._said(one, whom)] or mine
            wanted = slots[0]
        if found:
            return found[0]
        return self.work.contacts.answered_early(home, on, wanted, One.MESSAGE, self.ctx.now)

    def _slots(self, plans: Sequence[Enrolment]) -> list[int]:
        """Return the hours of the plans; of one that asks once a day the county's other hour too, for an evening."""
        keys = {one.plan for one in plans}
        held = {slot_of(at) for plan in self.four.plans if plan.key in keys for at in plan.war or plan.peace}
        return sorted(held if len(held) > 1 else held | {slot_of(at) for at in self.four.times})

    def _said(self, one: Contact, whom: set[int]) -> bool:
        standing = (a for a in self.work.answers.of_contact(one.id) if a.state is AnswerState.STANDING)
        return any(answer.subject_id in whom for answer in standing)


def _whom(people: Sequence[Subject], words: str, said: Wellbeing) -> Sequence[Subject]:
    named = [one for one in people if one.name and one.name in words]
    return named or (people if len(people) == 1 or said.celsius is None else ())


def _told(one: Taken, words: str) -> str:
    earlier = reading(one.earlier.said) if one.earlier and one.earlier.said else ""
    match one.how:
        case How.SAME:
            return say.same(words)
        case How.DIFFERS:
            return say.stays(words, earlier)
        case How.CORRECTED | How.MORE:
            return say.beside(words, earlier)
    return words
