"""A resident answers a contact of the four ones: read, read back, corrected by saying it again; nothing is overwritten.

The household is known by the address that is bound to it. A bare 1 answers only the question that was shown last.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import cached_property

from handlers import care, confirm_visit, measure_again, needs_said, read_wellbeing, say_later
from handlers.contact_people import people_of, spokesperson
from handlers.domain.declared import Subject
from handlers.domain.delivery import Text
from handlers.domain.four_ones import SPOKEN_FOR, Contact, Enrolment, FourOnes, One, slot_of
from handlers.domain.household import Caller, masked
from handlers.domain.isolation import Episode
from handlers.domain.message import Inbound
from handlers.domain.threshold import LIFELINE_WITHIN, TaskKind, Tell
from handlers.domain.visit import Visit
from handlers.domain.wellbeing import AnswerState, Wellbeing
from handlers.ports import Context, Work
from handlers.read_wellbeing import Read, Told
from handlers.resident_declares import Put
from handlers.resident_help import call
from handlers.take_answer import How, Taken, count_quiet, settle, take
from handlers.wording import four_ones as say

WELL, TROUBLE = "one_well", "one_trouble"
ACTIONS = frozenset({WELL, TROUBLE}) | confirm_visit.ACTIONS
SHOWN_WITHIN = timedelta(hours=12)
_TROUBLE = re.compile(r"(?:我家|家里|我)?有事(?:找你们|要说)?[。!!\s]*")
_MINE, _EARLIER = re.compile(r"1|(?:以)?我的(?:为准)?"), re.compile(r"2|(?:以)?(?:前面|刚才|之前)的?(?:为准)?")
_ENDED_AGO = timedelta(days=3)


class ContactTalk:
    """One message of a resident, as far as it is about a contact. *callers*: whom their address speaks for; *visit*:
    their conversation as it stood when they spoke; *label* is their address; *put* answers."""

    def __init__(
        self, inbound: Inbound, callers: Sequence[Caller], label: str, place_id: int | None, visit: Visit,
        put: Put, work: Work, ctx: Context,
    ) -> None:  # fmt: skip
        self._inbound, self._label, self._place, self._visit = inbound, label, place_id, visit
        self._put, self._work, self._ctx = put, work, ctx
        self._callers = tuple(
            c for c in callers if (c.may_answer or c.member_id is not None) and ctx.tree.has(c.household_id)
        )

    # -- who and what ------------------------------------------------------------------------------------------------

    @cached_property
    def _plans(self) -> Mapping[int, tuple[Enrolment, ...]]:
        """Return what the callers' households are on today."""
        return self._work.contacts.enrolments({caller.household_id for caller in self._callers}, self._ctx.day)

    @cached_property
    def _home(self) -> int | None:
        """Return the household meant: the one on a plan, of several the one whose door they came by."""
        chosen = [home for home in {caller.household_id for caller in self._callers} if home in self._plans]
        if len(chosen) > 1 and self._place in chosen:
            return self._place
        return min(chosen, default=None)

    @cached_property
    def _contacts(self) -> Sequence[Contact]:
        home, since = self._home, self._ctx.day - timedelta(days=1)
        return () if home is None else self._work.contacts.of_households([home], since)

    @cached_property
    def _people(self) -> tuple[Subject, ...]:
        """Return whom the contact is about, () where there is no household."""
        return () if self._home is None else people_of(self._home, self._work, self._ctx)

    @property
    def home(self) -> int | None:
        """Return the household the message is about, None when none on a plan is."""
        return self._home

    @property
    def callers(self) -> tuple[Caller, ...]:
        """Return whom the address is bound to."""
        return self._callers

    @property
    def asked(self) -> bool:
        """Return whether somebody of the household was asked how they are today, or yesterday."""
        return self._ctx.county.four_ones is not None and bool(self._contacts)

    def _speaker(self) -> str:
        return next((f"c{caller.contact_id}" for caller in self._callers if caller.household_id == self._home), "c0")

    # -- said and tapped -----------------------------------------------------------------------------------------------

    def said(self, text: str) -> str | None:
        """Take what was said; returns the intent, None when it is about something else."""
        four = self._ctx.county.four_ones
        if four is None:
            return None
        if (came := confirm_visit.typed(text, self._label, self._callers, self._work, self._ctx)) is not None:
            self._put(Text(came))
            return "one_came"
        if self._home is None:
            return self._elsewhere(text)
        if _TROUBLE.fullmatch(text):
            return self._trouble()
        chosen = self._choose(text)
        if chosen is not None:
            return chosen
        if text in ("1", "2"):
            return self._number(text)
        later = say_later.said(
            text, self._inbound.sent_at, self._home, self._contacts, self._put, self._work, self._ctx
        )
        if later is not None:
            return later
        again = measure_again.words_of(text)
        read = read_wellbeing.read(again or text, self._inbound.sent_at)
        return self._answer(read, text, four, again=again is not None)

    def tapped(self, action: str) -> str | None:
        """Do what an item of a question stands for; its day was looked at before."""
        four = self._ctx.county.four_ones
        if action in confirm_visit.ACTIONS and four is not None:
            came = confirm_visit.tapped(action, self._callers, self._work, self._ctx)
            if came is not None:
                self._put(Text(came))
            return "one_came" if came is not None else None
        if action not in ACTIONS or four is None or self._home is None:
            return None
        if action == TROUBLE:
            return self._trouble()
        return self._answer(Read((Told("", Wellbeing(well=True)),), everybody=True), "", four)

    def _number(self, text: str) -> str | None:
        """A bare number answers the question that was shown last, and no other."""
        shown = [one for one in self._contacts if one.day == self._ctx.day and self._visit.asked == f"one{one.id}"]
        if not shown or not self._visit.waits_for(f"one{shown[-1].id}", self._ctx.now, SHOWN_WITHIN):
            return None
        return self.tapped(WELL if text == "1" else TROUBLE)

    def _elsewhere(self, text: str) -> str | None:
        """Somebody who is not of the household, or whose isolation is over, is told so in a word; nothing is kept."""
        place = self._place
        if not self._callers and place is not None and self._ctx.tree.has(place):
            on = self._work.contacts.enrolments([place], self._ctx.day)
            if on and read_wellbeing.read(text, self._inbound.sent_at).told:
                self._put(Text(say.not_of_household()))
                return "one_not_theirs"
        if (wished := self._wished(text)) is not None:
            return wished
        ended = self._ended()
        if ended is not None and ended.span is not None and read_wellbeing.read(text, self._inbound.sent_at).told:
            self._put(Text(say.after_end(ended.span.ended_on)))
            return "one_after_end"
        return None

    def _wished(self, text: str) -> str | None:
        """What a household on no plan says of things: a wish is taken from every household we know by its address."""
        homes = {caller.household_id for caller in self._callers}
        home = self._place if self._place in homes else next(iter(homes), None) if len(homes) == 1 else None
        if home is None or not (needs_said.about_things(text) or self._work.needs.waiting([home], self._ctx.now)):
            return None
        subject = spokesperson(home, self._work, self._ctx)
        answer = needs_said.said(home, subject, text, self._inbound.id, self._work, self._ctx)
        if answer is None:
            return None
        self._put(Text(answer), about=[subject.id])
        return "one_needs"

    def _ended(self) -> Episode | None:
        homes = {caller.household_id for caller in self._callers}
        found = [one for home in homes for one in self._work.isolations.of_household(home) if one.span is not None]
        last = [
            one for one in found if one.span and one.span.ended_on and self._ctx.day - one.span.ended_on <= _ENDED_AGO
        ]
        return last[-1] if last else None

    def _trouble(self) -> str:
        home = self._home
        assert home is not None
        called = call(home, say.says_trouble(self._ctx.tree.path_name(home)), self._work, self._ctx)
        self._put(Text(say.trouble(called)))
        self._work.visits.asking(self._label, "help", self._ctx.now)  # what is typed next goes on word for word
        return "one_trouble"

    # -- an answer -----------------------------------------------------------------------------------------------------

    def _answer(self, said: Read, text: str, four: FourOnes, *, again: bool = False) -> str | None:
        things = self._things(text) if text else None
        if said.wrong and things is None:
            self._put(Text(say.not_a_temperature(said.wrong)))
            return "one_unread"
        if said.wrong or not said.told:
            return things
        people = self._people
        rows = self._whose(said, people)
        if rows is None:
            self._put(Text(say.whose(masked(subject.name) for subject in people)))
            return "one_whose"
        day = next((one.on for one in said.told if one.on), None)
        contact = self._contact(day, four)
        if contact is None:
            assert day is not None
            self._put(Text(say.no_question(day)))
            return "one_no_question"
        return self._keep(contact, people, rows, said, again=again)

    def _whose(self, said: Read, people: Sequence[Subject]) -> list[tuple[Subject, Wellbeing]] | None:
        """Return whom each thing was said of, None when that cannot be told: a temperature is one person's."""
        if not people:
            return None
        own = next((c.member_id for c in self._callers if c.household_id == self._home), None)
        rows: list[tuple[Subject, Wellbeing]] = []
        for one in said.told:
            named = [subject for subject in people if subject.name and subject.name in one.who]
            mine = [s for s in people if one.who in ("我", "本人") and own is not None and s.member_id == own]
            alone = list(people) if len(people) == 1 else []
            everybody = list(people) if said.everybody and one.said.celsius is None else []
            whom = named or mine or alone or everybody
            if not whom:
                return None
            rows += [(subject, one.said) for subject in whom]
        measured = {(subject.id, said.celsius) for subject, said in rows if said.celsius is not None}
        if len(measured) > len({subject_id for subject_id, _ in measured}):
            return None  # 我妈36.5 我36.4, where one person is asked about
        return rows

    def _contact(self, day: object, four: FourOnes) -> Contact | None:
        """Return the contact that is answered: today's that was asked, of the round to come when none was; of another
        day only when there was one."""
        today = self._ctx.day
        if day is not None and day != today:
            asked = [one for one in self._contacts if one.day == day]
            return asked[-1] if asked else None
        now = self._ctx.local(self._ctx.now).time()
        mine = {one.slot: one for one in self._contacts if one.day == today}
        waiting = [one for one in mine.values() if one.state not in SPOKEN_FOR]
        if waiting:
            return waiting[-1]
        ahead = [slot_of(at) for at in four.times if at > now and slot_of(at) not in mine]
        recent = [one for one in mine.values() if self._recent(one)]
        if recent or (mine and not ahead):
            return (recent or sorted(mine.values(), key=lambda one: one.slot))[-1]
        slot = ahead[0] if ahead else slot_of(four.times[-1])
        home = self._home
        assert home is not None
        return self._work.contacts.answered_early(home, today, slot, One.MESSAGE, self._ctx.now)

    def _recent(self, one: Contact) -> bool:
        said = self._work.answers.of_contact(one.id)
        return bool(said) and self._ctx.now - said[-1].said_at <= timedelta(minutes=30)

    def _keep(
        self, contact: Contact, people: tuple[Subject, ...], rows: Sequence[tuple[Subject, Wellbeing]], said: Read, *,
        again: bool,
    ) -> str:  # fmt: skip
        work, ctx, via, who = self._work, self._ctx, self._inbound.channel.value, self._speaker()
        kept: list[tuple[Subject, Taken]] = []
        answers = work.answers.of_contact(contact.id)
        for subject, one in rows:
            taken = take(
                contact, subject, one, who, via, work, ctx, inbox_id=self._inbound.id, again=again, beside=answers
            )
            kept.append((subject, taken))
            answers = taken.after(answers)
        lines = self._read_back(kept, said.ask, several=len(people) > 1)
        if contact.day != ctx.day:
            lines = [say.yesterday(contact.day, "".join(lines))]
        lines += self._fetched(kept)
        if again and sum(measure_again.by_themselves(subject, one, work, ctx) for subject, one in rows):
            lines.append(say.doctor_sees())
        on_plans = self._plans.get(contact.household_id, ()) if contact.day == ctx.day else None
        missing = settle(contact, people, work, ctx, answers=answers, on_plans=on_plans)
        if missing:
            lines.append(say.still_missing(missing))
        quiet = count_quiet(contact, work, ctx, told=True, answers=answers, on_plans=on_plans) if not missing else None
        if quiet is not None:
            lines.append(say.quiet_now(quiet))
        differs = any(one.how is How.DIFFERS for _, one in kept)  # its own 1 and 2 were shown just now
        visit = "" if missing or differs else confirm_visit.with_answer(contact.household_id, self._label, work, ctx)
        lines += [visit] if visit else []
        self._put(Text("\n".join(lines)), about=[subject.id for subject, _ in rows])
        return "one_answered"

    def _read_back(self, kept: Sequence[tuple[Subject, Taken]], ask: str | None, *, several: bool) -> list[str]:
        lines, new = [], []
        for subject, one in kept:
            name = masked(subject.name) if several else ""
            now, earlier = one.answer.said or Wellbeing(), one.earlier.said if one.earlier else None
            at = say.at(self._ctx.local(one.earlier.said_at)) if one.earlier else ""
            if one.how is How.NEW or earlier is None:
                new.append((name, now))
            elif one.how is How.SAME:
                lines.append(say.same(name))
            elif one.how is How.CORRECTED:
                lines.append(say.corrected(name, earlier, now))
            elif one.how is How.MORE:
                lines.append(say.more(name, at, now))
            else:
                self._work.visits.asking(self._label, f"dif{one.answer.id}", self._ctx.now)
                lines.append(say.differs(name, at, earlier, now))
        return ([say.taken(new, ask=ask)] if new else []) + lines

    def _fetched(self, kept: Sequence[tuple[Subject, Taken]]) -> list[str]:
        """Say who comes when somebody does."""
        task = next((one.task for _, one in kept if one.task is not None), None)
        if task is None:
            return []
        doctors = care.people_for(Tell.DOCTOR, task, self._work, self._ctx)
        name = self._work.people.names([doctors[0][0]]).get(doctors[0][0], "") if doctors else ""
        return [say.doctor_told(name) if name else say.nobody_yet()]

    def _choose(self, text: str) -> str | None:
        """Settle which of two answers holds; the other stays as it was said."""
        asked = self._visit.asked or ""
        mine, earlier = _MINE.fullmatch(text), _EARLIER.fullmatch(text)
        if not asked.startswith("dif") or not (mine or earlier):
            return None
        new = self._work.answers.get(int(asked[3:]))
        if new is None or new.state is not AnswerState.DIFFERS or new.said is None:
            return None
        others = [
            one
            for one in self._work.answers.of_contact(new.contact_id)
            if one.subject_id == new.subject_id and one.state is AnswerState.STANDING
        ]
        for one in others if mine else ():
            self._work.answers.set_state(one.id, AnswerState.SUPERSEDED)
        self._work.answers.set_state(new.id, AnswerState.STANDING if mine else AnswerState.SUPERSEDED)
        self._work.visits.asking(self._label, None, self._ctx.now)
        holds = new.said if mine else next((one.said for one in reversed(others) if one.said), new.said)
        self._put(Text(say.chosen(holds)), about=[new.subject_id])
        return "one_chosen"

    def _things(self, text: str) -> str | None:
        """Take what is said of things: asked for, come, or not all of it."""
        home, people = self._home, self._people
        assert home is not None
        answer = needs_said.said(home, people[0], text, self._inbound.id, self._work, self._ctx) if people else None
        if answer is None:
            return None
        self._put(Text(answer), about=[people[0].id])
        return "one_needs"

    # -- somebody in danger --------------------------------------------------------------------------------------------

    def lifeline(self, words: str, *, told: bool) -> bool:
        """断药、透析、见红、喘不上气: a task that climbs every few minutes until somebody takes it; never a form.

        *told*: the words went to somebody already. Returns whether somebody was fetched here.
        """
        home, declaring = self._home or self._place, self._ctx.county.declaring
        if home is None or declaring is None or self._work.households.get(home) is None:
            return False
        called = not told and call(home, say.says_danger(self._ctx.tree.path_name(home), words), self._work, self._ctx)
        people = self._people if home == self._home else people_of(home, self._work, self._ctx)
        own = next((c.member_id for c in self._callers if c.household_id == home), None)
        speaking = (one for one in people if own is not None and one.member_id == own)
        subject = next(speaking, people[0] if people else None)
        grid = self._ctx.tree.parent(home) if self._ctx.tree.has(home) else None
        if subject is None or grid is None:
            return called
        care.open_task(
            TaskKind.LIFELINE, subject, grid, declaring, self._work, self._ctx, urgent=True, note=words,
            within=LIFELINE_WITHIN,
        )  # fmt: skip
        return True
