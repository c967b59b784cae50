"""删除我的信息: asked once more, then done; who it is about is whoever the address is bound to, and nobody else."""

from datetime import timedelta

from handlers.answer_contact import ContactTalk
from handlers.domain.delivery import Text, label
from handlers.domain.household import Address, Caller, masked
from handlers.domain.message import RESIDENT, Channel, Inbound
from handlers.domain.privacy import DECISION
from handlers.domain.rights import RequestState, RightKind
from handlers.erase_person import erase, nobody_left
from handlers.ports import Context, Work
from handlers.resident_declares import Put
from handlers.rights_grants import due_at
from handlers.wish_words import Wish
from handlers.wording import burden as say

TOPIC, WITHIN = "erase", timedelta(minutes=30)


class EraseFromChat:
    """One word of a resident about erasing. *label* is their address as the store knows it; *put* answers."""

    def __init__(
        self, inbound: Inbound, sender: str, label: str, ones: ContactTalk, put: Put, work: Work, ctx: Context
    ) -> None:
        self._inbound, self._sender, self._label, self._ones = inbound, sender, label, ones
        self._put, self._work, self._ctx = put, work, ctx

    def said(self, wish: Wish) -> str:
        """Ask whether they are sure, or do it; returns the intent."""
        whose = self._whose()
        if whose is None:
            self._put(Text(say.cannot_tell_who()))
        elif wish is Wish.ERASE:
            self._work.visits.asking(self._label, TOPIC, self._ctx.now)
            self._put(Text(say.sure_to_erase(masked(self._name(whose)), isolated=self._isolated(whose))))
        elif wish is Wish.KEEP:
            if self._waits:
                self._work.visits.asking(self._label, None, self._ctx.now)
            self._put(Text(say.kept_all()))
        elif not self._waits:
            self._put(Text(say.nothing_to_confirm()))
        else:
            self._put(Text(self._erase(whose)))
        return wish.value

    @property
    def _waits(self) -> bool:
        return self._work.visits.get(self._label).waits_for(TOPIC, self._ctx.now, WITHIN)

    def _whose(self) -> Caller | None:
        """Return whom the address is bound to: one person of the register, or one who answers for a household."""
        callers = self._ones.callers
        members = {caller.member_id: caller for caller in callers if caller.member_id is not None}
        if len(members) == 1:
            return next(iter(members.values()))
        return callers[0] if len(callers) == 1 else None

    def _name(self, whose: Caller) -> str:
        contacts = self._work.households.contacts(whose.household_id, self._ctx.day)
        return next((one.name for one in contacts if one.id == whose.contact_id), "")

    def _isolated(self, whose: Caller) -> bool:
        subject = self._work.subjects.of_member(whose.member_id) if whose.member_id is not None else None
        return subject is not None and self._work.erasure.isolated(subject.id)

    def _erase(self, whose: Caller) -> str:
        work, ctx = self._work, self._ctx
        work.visits.asking(self._label, None, ctx.now)
        subject = work.subjects.of_member(whose.member_id) if whose.member_id is not None else None
        kept, number = False, ""
        addresses = self._addresses(whose)
        if subject is not None:
            number = self._number(subject.id)
            request = work.rights.ask(subject.id, RightKind.ERASE, ctx.now, due_at(ctx))
            work.audit.note(ctx.now, None, "erase", f"subject:{subject.id}", "proof", "chat")
            work.rights.answer(request, RequestState.DONE, ctx.now)
            kept = erase(subject, work, ctx)
        elif whose.member_id is not None:
            work.households.forget(whose.member_id, "asked", ctx.now)
            nobody_left(whose.household_id, work, ctx)
        else:
            work.households.forget_contact(whose.contact_id, "asked", ctx.now)
        for one in addresses:
            work.erasure.forget_talk(one.channel, one.address, label(Channel(one.channel), one.address), ctx.now)
        if not kept:
            return say.erased_all()
        work.wishes.put(whose.household_id, (), ctx.now)
        return say.erased_but_decision(number, say.kept_until(DECISION.retain_after.days))

    def _addresses(self, whose: Caller) -> frozenset[Address]:
        """Return where they speak with us: what they typed there goes too."""
        contacts = self._work.households.contacts(whose.household_id, self._ctx.day)
        theirs = [one for contact in contacts if contact.id == whose.contact_id for one in contact.addresses]
        channels = {channel.value for channel in RESIDENT}
        here = Address(self._inbound.channel.value, self._sender)
        return frozenset([here, *(one for one in theirs if one.channel in channels)])

    def _number(self, subject_id: int) -> str:
        """Return issuer and number of the decision that runs, "" when none does."""
        running = [one for one in self._work.isolations.of_subject(subject_id) if one.open]
        for one in running[-1:]:
            papers = [each.paper for each in self._work.isolations.decisions(one.id) if each.paper is not None]
            if papers:
                return f"{papers[-1].issuer} {papers[-1].number}"
        return ""
