"""A resident wants nothing more, or only to speak when something is the matter, or to be asked again as before.

A word is enough. What rests on the household's own consent ends altogether; what rests on a written decision goes on
without the daily question. Declared war asks again for as long as it lasts, and says so.
"""

from collections.abc import Sequence
from datetime import timedelta
from functools import cached_property

from handlers import withdraw_consent
from handlers.answer_contact import ContactTalk
from handlers.domain.consent import Way
from handlers.domain.delivery import Text
from handlers.domain.four_ones import Enrolment, One, Whom
from handlers.domain.household import Caller
from handlers.domain.message import Channel
from handlers.domain.rules import mode_at
from handlers.erase_person import leave_alone
from handlers.letters import ORDINARY, private
from handlers.ports import Context, Work
from handlers.resident_declares import Put
from handlers.resident_help import on_call
from handlers.wish_words import Wish
from handlers.wording import burden as say

_WAY = {Channel.KF: Way.KF, Channel.OFFICIAL_ACCOUNT: Way.OFFICIAL_ACCOUNT}


class LeaveAlone:
    """One wish of a resident. *ones*: the same message as far as it is about contacts; *put* answers."""

    def __init__(self, channel: Channel, ones: ContactTalk, put: Put, work: Work, ctx: Context) -> None:
        self._channel, self._ones, self._put, self._work, self._ctx = channel, ones, put, work, ctx

    def said(self, wish: Wish) -> str:
        """Do what is wished; returns the intent."""
        if wish is Wish.RESUME:
            self._put(Text(self._resume()))
        elif self._ones.home is None or not self._on:
            self._put(Text(self._nothing_planned(wish)))
        else:
            self._put(Text(self._stop() if wish is Wish.STOP else self._quiet()))
        return wish.value

    @cached_property
    def _on(self) -> Sequence[Enrolment]:
        home = self._ones.home
        return self._work.contacts.enrolments([home], self._ctx.day).get(home, ()) if home is not None else ()

    def _titles(self, keys: Sequence[str]) -> list[str]:
        four = self._ctx.county.four_ones
        return [plan.title for key in keys if four is not None and (plan := four.plan(key)) is not None]

    def _quiet(self) -> str:
        home = self._ones.home
        assert home is not None
        leave_alone(home, self._work, self._ctx)
        self._work.wishes.put(home, (), self._ctx.now)
        return say.quiet_by_wish(self._still_called(()), war=self._at_war(home))

    def _stop(self) -> str:
        """Plans that rest on consent end; a plan of a decision goes on without its question."""
        home, four = self._ones.home, self._ctx.county.four_ones
        assert home is not None
        assert four is not None
        consented = {plan.key for plan in four.of(Whom.ENROLLED)}
        left = [on.plan for on in self._on if on.plan in consented]
        for key in left:
            self._work.contacts.release(home, key, self._ctx.day - timedelta(days=1))  # not once more today
        leave_alone(home, self._work, self._ctx)
        if left:
            self._tell_worker(home, left)
        self._work.wishes.put(home, left, self._ctx.now)
        isolated = len(left) < len(self._on)
        called, war = self._still_called(left), self._at_war(home)
        return say.stopped(isolated=isolated, left=self._titles(left), called=called, war=war)

    def _at_war(self, home: int) -> bool:
        modes = self._work.modes.current(self._ctx.now)
        return mode_at(modes, self._ctx.tree, home, self._ctx.now) is not None

    def _still_called(self, left: Sequence[str]) -> list[str]:
        """Return the titles of the plans that go on calling: what was said is of messages, and a call is how somebody
        finds out that an old person alone fell."""
        four = self._ctx.county.four_ones
        stay = [on.plan for on in self._on if on.plan not in left]
        return self._titles([key for key in stay if four and (plan := four.plan(key)) and One.CALL in plan.kinds])

    def _tell_worker(self, home: int, left: Sequence[str]) -> None:
        found = on_call(home, self._work, self._ctx)
        person = self._work.people.get(found, self._ctx.day) if found is not None else None
        if person is not None:
            text = say.worker_told_stopped(self._ctx.tree.path_name(home), self._titles(left))
            letter = private(person.userid, person.id, text, self._ctx.now, priority=ORDINARY)
            self._work.outbox.put([letter], self._ctx.now)

    def _nothing_planned(self, wish: Wish) -> str:
        """Nobody asks this household: what may still ring are calls about what was declared."""
        own = self._own
        if not own or wish is not Wish.STOP:
            return say.nothing_sent()
        stood = 0
        for caller in own:
            subject = self._work.subjects.of_member(caller.member_id) if caller.member_id is not None else None
            if subject is not None:
                stood += withdraw_consent.call_no_more(subject, _WAY[self._channel], self._work, self._ctx)
        return say.stopped_plain(stood)

    @property
    def _own(self) -> list[Caller]:
        return [caller for caller in self._ones.callers if caller.member_id is not None]

    def _resume(self) -> str:
        """Ask as before: the plans that were left, and the daily question of those that went on."""
        four, work, ctx = self._ctx.county.four_ones, self._work, self._ctx
        homes = {caller.household_id for caller in self._ones.callers}
        found: list[str] = []
        for home in sorted(homes) if four is not None else ():
            left = work.wishes.get(home)
            for key in left or ():
                if four is not None and four.plan(key) is not None:
                    work.contacts.enrol(home, key, ctx.day, ctx.now)
                    found.append(key)
            for on in work.contacts.enrolments([home], ctx.day).get(home, ()):
                if on.exception_only:
                    work.contacts.put_quiet(home, on.plan, normal_days=0, day=ctx.day, exception_only=False)
                    found.append(on.plan)
            work.wishes.drop(home)
        return say.resumed(self._titles(tuple(dict.fromkeys(found)))) if found else say.nothing_to_resume()
