"""A resident brings a matter of their own: told field by field, read back, handed over only by their 好.

Only whoever is registered as living there is heard for themself; what is said about others is not taken.
"""

import re
from collections.abc import Sequence
from datetime import timedelta
from functools import cached_property

from handlers import matter_flow as flow
from handlers.domain.declared import Profile, Subject
from handlers.domain.delivery import Text
from handlers.domain.household import Caller
from handlers.domain.matter import DRAFT_FOR, EDGES, Agreed, Matter, MatterState, Pack, is_hearsay, told
from handlers.domain.visit import Visit
from handlers.even import even
from handlers.matter_words import is_tip, read_opening
from handlers.ports import Context, Work
from handlers.resident_declares import Put
from handlers.wording import matters as say

ANSWERED_WITHIN = timedelta(minutes=30)
_MINE = re.compile(r"我的(?:事|事项|事情)(?:怎么样了?|到哪了|办得怎样了?)?[??。!\s]*")
_WITHDRAW = re.compile(r"(?:撤回|撤销|取消|不办)(?:了)?事项\s*(?:第|#)?\s*(?P<n>\d{1,9})\s*号?[。!\s]*")


class MatterTalk:
    """One message of a resident, as far as it is about a matter. *callers*: whom their address speaks for; *visit*:
    their conversation as it stood when they spoke; *label* is their address; *put* answers."""

    def __init__(self, callers: Sequence[Caller], label: str, visit: Visit, put: Put, work: Work, ctx: Context) -> None:
        self._callers, self._label, self._visit = callers, label, visit
        self._put, self._work, self._ctx = put, work, ctx

    def said(self, text: str) -> str | None:
        """Take what was said; returns the intent, None when it is about something else."""
        packs, plain = self._ctx.county.matters, even(text).strip()
        if is_tip(plain):
            self._put(Text(say.no_tips()))
            return "matter_hearsay"
        if not packs:
            return None
        if _MINE.fullmatch(plain):
            return self._mine()
        if found := _WITHDRAW.fullmatch(plain):
            return self._withdraw(int(found["n"]))
        if opened := read_opening(plain, packs):
            return self._open(*opened)
        draft = self._draft()
        return None if draft is None else self._go_on(draft, plain)

    # -- who -----------------------------------------------------------------------------------------------------------

    @cached_property
    def _caller(self) -> Caller | None:
        """Return the person of the register who speaks; None for a neighbour, a relative, somebody unknown."""
        own = [c for c in self._callers if c.member_id is not None and self._ctx.tree.has(c.household_id)]
        return own[0] if own else None

    @cached_property
    def _subject(self) -> Subject | None:
        caller = self._caller
        if caller is None or caller.member_id is None:
            return None
        known = self._work.subjects.of_member(caller.member_id)
        if known is not None:
            return known
        day = self._ctx.day
        members = self._work.households.members(caller.household_id, day)
        member = next((one for one in members if one.id == caller.member_id), None)
        if member is None:
            return None
        profile = Profile(member.name, child=member.under_14)
        return self._work.subjects.make(caller.household_id, member.id, profile, self._ctx.now)

    # -- told ----------------------------------------------------------------------------------------------------------

    def _open(self, pack: Pack, rest: str) -> str:
        ctx, caller, subject = self._ctx, self._caller, self._subject
        if is_hearsay(rest):
            self._put(Text(say.no_hearsay()))
            return "matter_hearsay"
        if caller is None or subject is None:
            self._put(Text(say.only_for_oneself()))
            return "matter_not_theirs"
        if subject.profile is not None and subject.profile.child:
            self._put(Text(say.ask_parent()))
            return "matter_not_theirs"
        grid = ctx.tree.parent(caller.household_id)
        assert grid is not None
        first = pack.next_field({})
        body = told(pack, rest, {}, first.key if first else None)
        draft = Matter(
            0, pack.key, grid, caller.household_id, subject.id, MatterState.DRAFT, Agreed.SELF, ctx.now, ctx.now, body,
            contact_id=caller.contact_id, destroy_on=(ctx.now + DRAFT_FOR).astimezone(ctx.county.tz).date(),
        )  # fmt: skip
        return self._ask(self._work.matters.add(draft), pack, new=True)

    def _ask(self, one: Matter, pack: Pack, *, new: bool = False) -> str:
        """Ask the next field, or read all back with who would have it."""
        asked = pack.next_field(one.body)
        self._work.matters.fill(one, one.body, asked.key if asked else None, self._ctx.now)
        self._work.visits.asking(self._label, f"mat{one.id}", self._ctx.now)
        if asked is not None:
            self._put(Text(say.begun(pack, asked) if new else say.ask(pack.title, asked)), about=[one.subject_id])
            return "matter_asked"
        worker = flow.worker_for(pack, one.node_id, self._work, self._ctx)
        if worker is None:
            self._work.alarms.sound("nobody_for_matter", f"matter {one.id}", self._ctx.now)
            self._put(Text(say.nobody_to_work()))
            return "matter_nobody"
        self._put(Text(say.read_back(pack, one.body, worker.name)), about=[one.subject_id])
        return "matter_read_back"

    def _draft(self) -> Matter | None:
        """Return the matter this person was just asked about."""
        asked = self._visit.asked or ""
        if not asked.startswith("mat") or not self._visit.waits_for(asked, self._ctx.now, ANSWERED_WITHIN):
            return None
        one = self._work.matters.get(int(asked[3:]))
        subject = self._subject
        if one is None or subject is None or one.subject_id != subject.id or one.state is not MatterState.DRAFT:
            return None
        return one

    def _go_on(self, one: Matter, text: str) -> str | None:
        pack = flow.pack_of(one, self._ctx)
        if pack is None:
            return None
        word = text.rstrip(EDGES + "!~\uff01")
        if word in say.NO:
            self._end(one)
            self._put(Text(say.dropped()))
            return "matter_dropped"
        if one.asked is None and word in say.YES:
            return self._hand_over(one, pack)
        if is_hearsay(text):
            self._put(Text(say.no_hearsay()))
            return "matter_hearsay"
        first = pack.next_field({})
        field = one.asked or (first.key if first else None)  # said again after the read-back: the first field anew
        return self._ask(self._work.matters.fill(one, told(pack, text, one.body, field), None, self._ctx.now), pack)

    def _hand_over(self, one: Matter, pack: Pack) -> str:
        self._work.visits.asking(self._label, None, self._ctx.now)
        worker = flow.hand_over(one, pack, self._work, self._ctx)
        if worker is None:
            self._put(Text(say.nobody_to_work()))
            return "matter_nobody"
        self._put(Text(say.handed_over_yours(one.id, worker.name)), about=[one.subject_id])
        return "matter_brought"

    def _end(self, one: Matter) -> None:
        self._work.visits.asking(self._label, None, self._ctx.now)
        flow.withdraw(one, flow.pack_of(one, self._ctx), None, self._work, self._ctx)

    # -- shown ---------------------------------------------------------------------------------------------------------

    def _mine(self) -> str:
        subject, lines = self._subject, []
        for one in self._work.matters.of_subjects([subject.id]) if subject else ():
            pack = flow.pack_of(one, self._ctx)
            step = pack.step(one.step) if pack else None
            names = self._work.people.names([one.assignee_id]) if one.assignee_id is not None else {}
            name = names.get(one.assignee_id or 0, "")
            lines.append(say.own_line(one.id, pack.title if pack else one.pack, step.title if step else "", name))
        about = [subject.id] if subject else []
        self._put(Text(say.own(lines, [pack.title for pack in self._ctx.county.matters])), about=about)
        return "matter_mine"

    def _withdraw(self, number: int) -> str:
        one, subject = self._work.matters.get(number), self._subject
        theirs = one is not None and subject is not None and one.subject_id == subject.id
        if one is None or not theirs or one.state is MatterState.DRAFT:
            self._put(Text(say.not_here(number)))
        elif one.state is not MatterState.OPEN:
            self._put(Text(say.over(number)))
        else:
            self._end(one)
            self._put(Text(say.withdrawn(number)))
        return "matter_withdrawn"
