"""A resident declares in a chat: one tap or a few words, and settles what disagrees with one tap.

What is taken is what the page would take, by the same checks; what cannot be taken here is taken there.
"""

import re
from collections.abc import Iterable
from datetime import date
from functools import cached_property
from typing import Protocol

from handlers import declared_chat
from handlers.declare_health import settle_asked
from handlers.declared_chat import Ready, Told
from handlers.declared_check import SETTLE, question_menu
from handlers.declared_people import SUBJECT
from handlers.domain.declaration import PersonAnswer
from handlers.domain.delivery import Item, Menu, Text
from handlers.domain.errors import Refused, UnknownNode
from handlers.domain.hierarchy import HOUSEHOLD
from handlers.domain.household import Address
from handlers.domain.menu_choice import Choice
from handlers.domain.message import Inbound
from handlers.ports import Context, Work
from handlers.wording import declared_chat as say
from nlp.types import Intent
from nlp.understand import understand

ALL_WELL, NOT_COMPLETE = "all_well", "resident_first_time"
DECLARED, SETTLED, WHOSE, WELL_OR_NOT, FAULTS = (
    f"resident_{what}" for what in ("declared", "settled", "whose", "well_or_not", "faults")
)
DECLARING = frozenset({DECLARED, SETTLED, WHOSE, WELL_OR_NOT, FAULTS, NOT_COMPLETE})
"""Intents of messages that say how somebody is."""


class Put(Protocol):
    """Answers, and notes which people (subjects) the answer is about."""

    def __call__(self, content: Menu | Text, *, about: Iterable[int] = ()) -> None: ...


_QUESTION = re.compile(r"q[0-9]{1,9}")


class ChatDeclaring:
    """One message of a resident, as far as it declares. *page* is the link where the same is done; *put* answers."""

    def __init__(
        self,
        inbound: Inbound,
        sender: str,
        node_id: int | None,
        page: str,
        put: Put,
        work: Work,
        ctx: Context,
    ) -> None:
        self._inbound, self._node, self._page, self._put = inbound, node_id, page, put
        self._address = Address(inbound.channel.value, sender)
        self._work, self._ctx = work, ctx

    @cached_property
    def known(self) -> Ready | None:
        """Return who may be declared again from this address, here."""
        tree, at = self._ctx.tree, self._node
        home = at if at is not None and tree.has(at) and tree.node(at).level == HOUSEHOLD else None
        return declared_chat.ready(self._inbound.channel, self._address.address, home, self._work, self._ctx)

    def item(self, day: date, token: str) -> Item | None:
        """Return the item of the menu that says: all well, as last time; None where nobody may say so."""
        known = self.known
        if known is None:
            return None
        words = say.all_well_item([row.label for row in known.rows], known.others)
        return Item(words, key=Choice(ALL_WELL, day, token).id)

    def said(self, text: str) -> str | None:
        """Take what was said of how they are; returns the intent, None when the words are nothing of the kind.

        `NOT_COMPLETE`: they are, and nothing was taken or answered: the page comes first.
        """
        text, asks = declared_chat.parted(text, self._inbound.sent_at)
        said = understand(text, self._inbound.sent_at, channel="direct", sender_role="resident")
        if said.intent is not Intent.CHECKIN_REPLY and not declared_chat.is_same(text):
            return None
        if self.known is None:
            return NOT_COMPLETE
        told = declared_chat.told(text, said, self.known)
        if told is None:
            return None
        if not told.whom:
            self._put(Text(say.whose()))
            return WHOSE
        if told.symptoms is None:
            self._put(Text(say.well_or_not(told.temperature)))
            return WELL_OR_NOT
        return self._hand_in(told, self.known, asks)

    def tapped(self, action: str, key: str) -> str | None:
        """Do what an item of ours stands for; None when it is none, or stands for nothing (any more)."""
        if action in SETTLE:
            return self._settle(key, SETTLE[action])
        if action != ALL_WELL or self.known is None:
            return None
        return self._hand_in(Told(tuple(row.who for row in self.known.rows), (), ""), self.known)

    def _hand_in(self, told: Told, known: Ready, asks: str = "") -> str:
        try:
            answer = declared_chat.declare(told, known, self._address, self._inbound, self._work, self._ctx, asks=asks)
        except Refused as refusal:
            self._put(Text(refusal.say))
            return "resident_refused"
        if answer.faults:
            self._put(Text(say.one_more(answer.faults[0].say, self._page)))
            return FAULTS
        link = f"{self._ctx.base_url.rstrip('/')}/me/{answer.me_token}" if answer.me_token else self._page
        spoken_of = [self._subject(who) for who in told.whom]
        self._put(Text(say.receipts(answer, link)), about=[one for one in spoken_of if one is not None])
        self._ask(answer.people)
        return DECLARED

    def _subject(self, handle: str) -> int | None:
        number = int(handle[1:])
        if handle.startswith(SUBJECT):
            return number
        found = self._work.subjects.of_member(number)
        return found.id if found else None

    def _ask(self, people: Iterable[PersonAnswer]) -> None:
        """Put what disagrees beside the receipt, one tap for each."""
        for question in (question for one in people for question in one.questions):
            asked = self._work.questions.get(int(question.key[1:]))
            said = self._work.declarations.get(asked.declaration_id) if asked else None
            if asked is not None and said is not None:
                self._put(question_menu(asked, said, self._ctx), about=[asked.subject_id])

    def _settle(self, key: str, choice: str) -> str:
        """Take the answer to a question, from whoever may give it; for all others alike there is no such question."""
        work, ctx = self._work, self._ctx
        asked = work.questions.get(int(key[1:])) if _QUESTION.fullmatch(key) else None
        said = work.declarations.get(asked.declaration_id) if asked else None
        subject = work.subjects.get(asked.subject_id) if asked else None
        callers = work.households.of_address(self._address.channel, self._address.address, ctx.day)
        theirs = subject is not None and declared_chat.may_settle(callers, subject.household_id, subject.member_id)
        try:
            if asked is None or said is None or not theirs:
                raise UnknownNode("no such question")
            answer = settle_asked(asked, said, choice, work, ctx)
        except (Refused, UnknownNode):
            self._put(Text(say.not_yours()))
            return "resident_not_yours"
        self._put(Text(say.now_reads(answer)), about=[asked.subject_id])
        self._ask(answer.people)
        return SETTLED
