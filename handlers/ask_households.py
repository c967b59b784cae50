"""Tick: contacts that are due. A household is asked at its moment; who does not answer is called, then somebody else
calls, then the village doctor looks in. Each step is noted with its reason, and none is held against anybody."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property

from handlers import ask_again_at_war, asks, care, confirm_visit
from handlers.contact_people import asked_at, people_of, phones
from handlers.domain.ask_ledger import AskState, Merged
from handlers.domain.delivery import Item, Letter, Menu, Purpose, Recipient, label
from handlers.domain.errors import GeyingError
from handlers.domain.fatigue import RESIDENT, day_began
from handlers.domain.four_ones import UNSETTLED, Contact, ContactState, Enrolment, FourOnes, One, window
from handlers.domain.household import Address, Relation
from handlers.domain.household import Contact as Relative
from handlers.domain.menu_choice import Choice
from handlers.domain.message import Channel
from handlers.domain.mode import Mode
from handlers.domain.rules import mode_at, rules_at
from handlers.domain.silence import Evidence, silence
from handlers.domain.staff import Staff
from handlers.domain.threshold import Tell
from handlers.domain.visit_word import VisitState, VisitWord
from handlers.domain.window import way
from handlers.letters import ORDINARY, private
from handlers.ports import Context, Work
from handlers.resident_help import on_call_of
from handlers.take_answer import to_be_told
from handlers.wording import four_ones as say
from handlers.wording import silence as silence_words
from handlers.wording import visits as visit_words

AT_ONCE = 300
AGAIN_AFTER = timedelta(minutes=10)
WELL, TROUBLE = "one_well", "one_trouble"
_S = ContactState


def due(work: Work, ctx: Context) -> bool:
    """Return whether anything is due."""
    return ctx.county.four_ones is not None and work.contacts.any_due(ctx.now)


def run(work: Work, ctx: Context) -> int:
    """Do what is due, a bounded number; returns how many contacts moved."""
    four = ctx.county.four_ones
    claimed = work.contacts.claim(ctx.now, AT_ONCE) if four else ()
    if four is None or not claimed:
        return 0
    _Round(claimed, four, work, ctx).run()
    return len(claimed)


@dataclass
class _Round:
    """The contacts of one tick, with what is known of their households; read once for all of them."""

    claimed: Sequence[Contact]
    four: FourOnes
    work: Work
    ctx: Context
    relatives: Mapping[int, tuple[Relative, ...]] = field(init=False)
    plans: Mapping[int, tuple[Enrolment, ...]] = field(init=False)
    ledger: Mapping[int, Merged] = field(init=False)
    again: Mapping[int, str] = field(init=False)
    silent: Mapping[int, Evidence] = field(init=False)
    visited: Mapping[int, VisitWord] = field(default_factory=dict)
    asked: list[asks.Row] = field(default_factory=list)
    steps: list[tuple[int, str, str, int | None]] = field(default_factory=list)
    lists: dict[int, list[tuple[Contact, str, str]]] = field(default_factory=lambda: defaultdict(list))

    def run(self) -> None:
        homes = [one.household_id for one in self.claimed]
        self.relatives = self.work.households.contacts_of(homes, self.ctx.day)
        self.plans = self.work.contacts.enrolments(homes, self.ctx.day)
        opening = [one for one in self.claimed if one.state is _S.OPEN]
        self.again = ask_again_at_war.reasons(opening, self.plans, self.work, self.ctx)
        silent = [one.household_id for one in self.claimed if one.state in (_S.ASKED, _S.CALLING)]
        self.silent = self.work.silences.of(silent, self.ctx.day) if silent else {}
        self.ledger = asks.merged(opening, self.plans, self.four, self.work, self.ctx)
        asking = [one for one in map(self._left, self.claimed) if self._safely(one)]
        self._ask(asking)
        self._send_lists()
        self.work.asks.note(self.asked, self.ctx.now)
        self.work.contacts.steps(self.steps, self.ctx.now)

    def _left(self, one: Contact) -> Contact:
        """Return the contact with what is still to be asked in it."""
        return replace(one, kinds=self.ledger[one.id].kinds) if one.id in self.ledger else one

    def _safely(self, one: Contact) -> bool:
        """Return whether the household is to be asked now; anything else that is due about it is done here. One that
        cannot be read does not hold up the others: it is looked at again later, and an alarm says so."""
        try:
            return self._look(one)
        except GeyingError as error:
            self.work.alarms.sound("contact_failed", f"contact {one.id} {type(error).__name__}", self.ctx.now)
            self.work.contacts.move([one.id], UNSETTLED, one.state, self.ctx.now + AGAIN_AFTER)
            return False

    def _look(self, one: Contact) -> bool:
        if one.household_id not in self.plans or not self.ctx.tree.has(one.household_id):
            self._end(one, _S.DROPPED)
        elif one.state is _S.OPEN and self._too_late(one):
            self._end(one, _S.LATE)
        elif self._loud_at(one) > self.ctx.now:
            self.work.contacts.move([one.id], [one.state], one.state, self._loud_at(one))
        elif one.state is _S.OPEN and not one.kinds and not self.ledger[one.id].rows:
            self._end(one, _S.DROPPED)  # meanwhile they said that they speak when something is the matter
        elif one.state is _S.OPEN and self.ledger[one.id].outcome is not None:
            self._spare(one, self.ledger[one.id])
        elif one.state is _S.OPEN and (One.MESSAGE in one.kinds or not one.kinds & (One.CALL | One.VISIT)):
            return True
        elif one.state is _S.OPEN:
            self._call(one, "planned") if One.CALL in one.kinds else self._visit(one, "visit")
        elif one.state is _S.ASKED:
            self._call(one, "no_answer")
        elif one.state is _S.CALLING:
            self._call(one, "not_called") if one.rung < 2 else self._visit(one, "no_answer")
        elif one.state is _S.VISITING:
            self._tell_lead(one)
        else:
            self._end(one, one.state)  # settled meanwhile: nothing is due about it
        return False

    # -- when --------------------------------------------------------------------------------------------------------

    @cached_property
    def _modes(self) -> tuple[Mode, ...]:
        return self.work.modes.current(self.ctx.now)

    @cached_property
    def _staff(self) -> Staff:
        return Staff(self.work.people.holders(self.ctx.day), self.work.people.leaves(self.ctx.day))

    @cached_property
    def _on_call(self) -> Mapping[int, int | None]:
        """Who looks after each household that nobody was asked to call yet."""
        return on_call_of((one.household_id for one in self.claimed if one.owner_id is None), self.work, self.ctx)

    def _too_late(self, one: Contact, at: datetime | None = None) -> bool:
        _, ends_at = window(self.four, one.day, one.slot, self.ctx.county.tz)
        return (at or self.ctx.now) >= ends_at + self.four.spread

    def _loud_at(self, one: Contact) -> datetime:
        rules = rules_at(self._modes, self.ctx.tree, self.ctx.county, one.household_id, self.ctx.now)
        return rules.loud_at(self.ctx.now, self.ctx.county.tz)

    def _end(self, one: Contact, state: ContactState) -> None:
        self.work.contacts.move([one.id], [one.state], state, None)
        self.steps.append((one.id, state.value, "", None))

    def _spare(self, one: Contact, found: Merged) -> None:
        """Somebody else was just answered: nobody rings again, whether that answer may be used here or not."""
        self.asked += asks.rows_of(one, found, (AskState.LEDGER, AskState.REFUSED))
        self._end(one, _S(str(found.outcome)))

    def _put_down(self, one: Contact) -> None:
        """Note on whose behalf the household is asked, where it is asked just now."""
        if one.id in self.ledger:
            self.asked += asks.rows_of(one, self.ledger[one.id], AskState)

    # -- asking ------------------------------------------------------------------------------------------------------

    def _ask(self, asking: Sequence[Contact]) -> None:
        theirs = {one.id: asked_at(self.relatives.get(one.household_id, ())) for one in asking}
        everyone = [address for addresses in theirs.values() for address in addresses]
        standings = self.work.windows.standings(everyone, self.ctx.now)
        tired = self._tired(asking, theirs)
        letters: list[Letter] = []
        words = self.work.visit_words.of_day((one.household_id for one in asking), self.ctx.day) if asking else ()
        self.visited = {one.household_id: one for one in words if one.state is VisitState.WAITS}
        for one in asking:
            found = way([to for to in theirs[one.id] if to not in tired], standings).address
            if found is None and (last := way(theirs[one.id], standings).address) is not None:
                if self._put_off(one):
                    continue
                found = last
            if found is None:
                self._call(one, "unreachable")
                continue
            letters.append(self._letter(one, found))
            if (visit := self.visited.get(one.household_id)) is not None:
                self.work.visit_words.move(visit, VisitState.ASKED, self.ctx.now, asked_with=one.id)
            self.work.visits.asking(label(Channel(found.channel), found.address), f"one{one.id}", self.ctx.now)
            again = self.ctx.now + self.four.answer_within
            self.work.contacts.move([one.id], [_S.OPEN], _S.ASKED, again, asked_at=self.ctx.now)
            self.steps.append((one.id, "asked", found.channel[:12], None))
            self._put_down(one)
        self.work.outbox.put(letters, self.ctx.now)

    def _tired(self, asking: Sequence[Contact], theirs: Mapping[int, list[Address]]) -> frozenset[Address]:
        """Return the addresses that had enough messages today: somebody else of the household is asked."""
        rules = self.ctx.county.fatigue
        if rules is None:
            return frozenset()
        labels = {to: label(Channel(to.channel), to.address) for addresses in theirs.values() for to in addresses}
        had = self.work.fatigue.had_at(labels.values(), day_began(self.ctx.now, self.ctx.county.tz))
        found = set()
        for one in asking:
            war = mode_at(self._modes, self.ctx.tree, one.household_id, self.ctx.now) is not None
            cap = rules.cap([RESIDENT], war=war)
            found |= {to for to in theirs[one.id] if cap is not None and had.get(labels[to], 0) >= cap}
        return frozenset(found)

    def _put_off(self, one: Contact) -> bool:
        """Everybody of the household had enough today: they are asked at the next digest. False where that comes too
        late: the one question of the day is not left out, they are asked now."""
        rules = self.ctx.county.fatigue
        assert rules is not None
        again = rules.next_digest(self.ctx.now, self.ctx.county.tz)
        if self._too_late(one, again):
            return False
        self.work.contacts.move([one.id], [one.state], one.state, again)
        self.steps.append((one.id, "put_off", "had_enough", None))
        return True

    def _letter(self, one: Contact, to: Address) -> Letter:
        local, key = self.ctx.local(self.ctx.now), f"c{one.id}"
        words = say.question(
            local,
            [(who.purpose, who.basis) for _, who, ended in self.ledger[one.id].rows if ended.state is AskState.ASKED],
            needs=bool(one.kinds & One.NEEDS),
            late=one.late,
            health=bool(one.kinds & ~One.NEEDS),
            again=self.again.get(one.id, ""),
        )
        items: tuple[Item, ...] = (
            Item(say.FINE, key=Choice(WELL, self.ctx.day, key).id),
            Item(say.TROUBLE, key=Choice(TROUBLE, self.ctx.day, key).id),
        )
        if (visit := self.visited.get(one.household_id)) is not None:
            words = f"{words}\n{visit_words.beside(confirm_visit.items_of(visit, self.work, self.ctx))}"
            items += confirm_visit.menu_items(visit, self.ctx)
        menu = Menu(words, items, say.question_tail())
        recipient = (Recipient(to.address, node_id=one.household_id),)
        return Letter(Purpose.NOTICE, Channel(to.channel), menu, recipient, self.ctx.now, ORDINARY)

    # -- calling, somebody else, looking in --------------------------------------------------------------------------

    def _call(self, one: Contact, why: str) -> None:
        owner, before = self._worker(one), one.owner_id
        if owner is None:
            self._visit(one, why)
            return
        again = self.ctx.now + self.four.call_within
        self.work.contacts.move(
            [one.id], [one.state], _S.CALLING, again, owner_id=owner, rung=one.rung + 1, **_first_asked(one, self.ctx)
        )
        self.steps.append((one.id, "call" if one.rung == 0 else "substitute", why, owner))
        if one.state is _S.OPEN:
            self._put_down(one)
        self.lists[owner].append((one, why, self.work.people.names([before]).get(before, "") if before else ""))

    def _worker(self, one: Contact) -> int | None:
        """Return who calls: whoever looks after the household; after them whoever stands in for them, or leads."""
        if one.owner_id is None:
            return self._on_call.get(one.household_id)
        grid = self.ctx.tree.parent(one.household_id)
        if grid is None:
            return None
        beside = self._staff.beside(one.owner_id, grid)
        if beside is not None and beside != one.owner_id:
            return beside
        return self._staff.lead_over(grid, self.ctx.tree, but={one.owner_id})

    def _why(self, one: Contact, why: str) -> str:
        """Return the reason in words: of no answer, which of the silences it is, as far as the rows prove it."""
        found = self.silent.get(one.household_id)
        if why != "no_answer" or found is None:
            return say.WHY[why]
        return silence_words.why(silence(found), found.busy_until)

    def _send_lists(self) -> None:
        """One letter a worker, however many households wait."""
        until = say.at(self.ctx.local(self.ctx.now + self.four.call_within))
        people = self.work.people.many(self.lists, self.ctx.day)
        for owner, rows in self.lists.items():
            if owner not in people:
                continue
            lines = []
            for n, (one, why, before) in enumerate(rows, 1):
                numbers = phones(self.relatives.get(one.household_id, ()))
                place = self.ctx.tree.node(one.household_id).name
                said = self._why(one, why) + say.instead(before)
                lines.append(say.call_line(n, place, said, numbers, well_for=self._well_for(one)))
            letter = private(people[owner].userid, owner, say.calls(lines, until), self.ctx.now)
            self.work.outbox.put([letter], self.ctx.now)

    def _well_for(self, one: Contact) -> int | None:
        """Return after how many days without anything a household that only hears us by phone is to be told so."""
        if mode_at(self._modes, self.ctx.tree, one.household_id, self.ctx.now) is not None:
            return None
        return to_be_told(self.plans.get(one.household_id, ()), one.day, self.four)

    def _visit(self, one: Contact, why: str) -> None:
        """The village doctor looks in; a neighbour on file is named to them. Nobody did anything wrong."""
        names = [c.name for c in self.relatives.get(one.household_id, ()) if c.relation is Relation.NEIGHBOUR]
        again = self.ctx.now + self.four.visit_within
        people = people_of(one.household_id, self.work, self.ctx)
        grid = self.ctx.tree.parent(one.household_id)
        doctor = self._doctor(people[0].id if people else None, one, grid)
        text = say.please_visit(self.ctx.tree.path_name(one.household_id), self._why(one, why), names)
        owner = doctor[0] if doctor else one.owner_id
        self.work.contacts.move(
            [one.id], [one.state], _S.VISITING, again, owner_id=owner, rung=one.rung + 1, **_first_asked(one, self.ctx)
        )
        self.steps.append((one.id, "visit", why, owner))
        if doctor is None:
            self.work.alarms.sound("nobody_to_look", f"contact {one.id}", self.ctx.now)
            return
        self.work.outbox.put([private(doctor[1], doctor[0], text, self.ctx.now)], self.ctx.now)

    def _doctor(self, subject_id: int | None, one: Contact, grid: int | None) -> tuple[int, str] | None:
        if grid is None:
            return None
        for told in (Tell.DOCTOR, Tell.LEAD):
            found = care.nearest(told, grid, self.work, self.ctx)
            if found:
                return found[0]
        return None

    def _tell_lead(self, one: Contact) -> None:
        """Looked in on by nobody in time: the lead hears of the place, once; it stays on the list until it is done."""
        grid = self.ctx.tree.parent(one.household_id)
        lead = self._staff.lead_over(grid, self.ctx.tree, but={one.owner_id or 0}) if grid is not None else None
        self.work.contacts.move([one.id], [one.state], one.state, None)
        self.steps.append((one.id, "lead", "no_answer", lead))
        if lead is not None:
            text = say.please_visit(self.ctx.tree.path_name(one.household_id), say.WHY["no_answer"], [])
            self.work.outbox.put([private(self._staff.userids[lead], lead, text, self.ctx.now)], self.ctx.now)


def _first_asked(one: Contact, ctx: Context) -> dict[str, datetime]:
    return {} if one.asked_at is not None else {"asked_at": ctx.now}
