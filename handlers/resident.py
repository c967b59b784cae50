"""Residents on 微信客服 and 公众号: a code is scanned, a short menu answers, one tap is enough.

Whoever speaks here is in no roster. The place is known by the code they scanned, or because their address is bound to a
household; a code that opens nothing is answered alike, whatever is wrong with it. The declaration itself is made on the
page whose link stands in the menu.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cached_property
from typing import NamedTuple

from handlers import check_trust, read_wellbeing
from handlers.answer_contact import ACTIONS, ContactTalk
from handlers.declared_check import SETTLE
from handlers.domain.delivery import Item, Letter, Menu, Purpose, Recipient, Text, label
from handlers.domain.household import Address, Caller
from handlers.domain.menu_choice import Choice
from handlers.domain.message import RESIDENT, Channel, Inbound
from handlers.domain.place_code import check_digits, page_link
from handlers.domain.resident_said import KF_HINT, Said, What, read
from handlers.domain.visit import Visit
from handlers.domain.window import Opening, Standing
from handlers.erase_from_chat import EraseFromChat
from handlers.leave_alone import LeaveAlone
from handlers.letters import REPLY, URGENT
from handlers.ports import Context, Work
from handlers.resident_declares import DECLARING, NOT_COMPLETE, ChatDeclaring
from handlers.resident_help import call
from handlers.resident_matters import MatterTalk
from handlers.wish_words import Wish, read_wish
from handlers.wording import declared_chat as chat
from handlers.wording import four_ones
from handlers.wording import residents as say
from nlp.privacy import find_private
from nlp.understand import understand

HINT = "kf_hint"
PRIVATE = "private_data"
MATTERS = frozenset({"matter_asked", "matter_read_back", "matter_hearsay", "matter_not_theirs", "matter_dropped"})
UNKEPT = DECLARING | MATTERS
"""Intents of messages that say how somebody is: what was taken of them is kept under that person's key."""
WELCOME_WITHIN = timedelta(seconds=18)  # the platform says 20
HELP, HUMAN, MINE = "help", "human", "mine"
AGAIN_AFTER = timedelta(minutes=10)
WORDS_WITHIN = timedelta(minutes=30)
WORDS_LIMIT = 300
GREETING = 4  # characters: 你好, 在吗; anything longer that was not read said something
_SPOKEN = {"1": HELP, say.HELP: HELP, "帮忙": HELP, "2": HUMAN, say.HUMAN: HUMAN, "转人工": HUMAN, "人工": HUMAN}
_SPOKEN |= {"3": MINE, say.MINE: MINE}
_NOT_PRIVATE = frozenset({"plate"})  # 要帮忙 may name one's own
_CLOSES = frozenset({"4", "5", "6", "10"})  # kf msg_send_fail: session over, closed, too many, refused


class Place(NamedTuple):
    """A place whose code still opens."""

    node_id: int
    token: str
    name: str


def is_theirs(inbound: Inbound) -> bool:
    """Return whether the message is a resident's, or says that residents spoke."""
    return inbound.channel in RESIDENT or (
        inbound.channel is Channel.WECOM_APP and inbound.sender is None and inbound.fields.get("Event") == KF_HINT
    )


def at_once(said: Said, base_url: str) -> str | None:
    """Return what a 公众号 answers inside the 200, None when nothing is ready: it needs no look at the database, and
    whoever handles the same message later says nothing more."""
    if said.what is not What.CAME:
        return None
    if said.token is None:
        return say.no_place()
    return say.at_once(check_digits(said.token), page_link(base_url, said.token))


def handle(inbound: Inbound, work: Work, ctx: Context) -> str:
    """Handle one message of a resident; returns the intent, for the inbox."""
    said = read(inbound)
    if said.what is What.HINT:
        if said.key:
            work.pulls.ask(said.key, said.about or None, ctx.now)
        return HINT
    if inbound.sender is None:
        return "resident_nobody"
    return _Conversation(inbound, inbound.sender, said, work, ctx).go_on()


class _Conversation:
    """One message, and whom it is from."""

    def __init__(self, inbound: Inbound, sender: str, said: Said, work: Work, ctx: Context) -> None:
        self._inbound, self._sender, self._said, self._work, self._ctx = inbound, sender, said, work, ctx
        self._channel = inbound.channel
        self._label = label(inbound.channel, sender)

    def go_on(self) -> str:
        said = self._said
        match said.what:
            case What.CAME:
                return self._came()
            case What.TAPPED | What.SAID | What.SHOWED:
                self._heard(Opening.WORD)
                return self._spoke()
            case What.PRESSED:
                self._heard(Opening.DEED)
                return self._chosen(said.choice.action if said.choice else said.key)
            case What.LEFT:
                return self._left()
            case What.NOT_ARRIVED:
                self._work.outbox.not_arrived(self._label, said.about, self._ctx.now)
                if said.why in _CLOSES:
                    self._work.windows.shut([self._label], self._ctx.now)
                return "resident_not_arrived"
            case What.NOTICES:
                self._work.visits.allow(self._label, said.allowed)
                self._work.visits.refuse(self._label, said.refused, self._inbound.sent_at)
                return "resident_notices"
        return "resident_nothing"

    # -- coming and going ------------------------------------------------------------------------------------------

    def _came(self) -> str:
        said, at = self._said, self._inbound.sent_at
        self._work.visits.came(self._channel, self._label, said.token, at)
        if self._channel is Channel.OFFICIAL_ACCOUNT:
            self._work.windows.heard(self._channel, self._label, Opening.DEED, at)
            return "resident_came"  # answered at the door already
        if said.welcome and self._ctx.now - at < WELCOME_WITHIN:
            self._put(self._menu(), endpoint=said.welcome, until=at + WELCOME_WITHIN)
        elif self._standing() is Standing.OPEN:
            self._put(self._menu())
        return "resident_came"

    def _left(self) -> str:
        now = self._ctx.now
        self._work.visits.left(self._channel, self._label, now)
        self._work.windows.shut([self._label], now)
        self._work.households.end_address(self._channel.value, self._sender, now)
        return "resident_left"

    # -- speaking --------------------------------------------------------------------------------------------------

    def _spoke(self) -> str:
        said, text = self._said, self._said.text.strip()
        if said.what is What.SHOWED:
            self._put(Text(say.words_only()))
            return "resident_showed"
        kinds = [kind for kind, _, _ in find_private(text) if kind not in _NOT_PRIVATE]
        alarmed = said.what is What.SAID and self._alarm(text, say.hidden() if kinds else text[:WORDS_LIMIT])
        if kinds:
            self._put(Text(say.keep_private(kinds)))
            return PRIVATE
        wish = read_wish(text) if said.what is What.SAID else None
        if wish is not None:
            return self._wish(wish)
        matter = self._matter(text) if said.what is What.SAID and not alarmed else None
        if matter is not None:
            return matter
        one = self._ones.said(text) if said.what is What.SAID else None
        if one is not None:
            return one
        declared = self._declaring.said(text) if said.what is What.SAID else None
        if declared == NOT_COMPLETE and not alarmed:
            self._put(self._menu(chat.not_complete()))
        if declared is not None or alarmed:
            return declared or "resident_alarm"
        if said.choice is not None:
            if said.choice.day != self._ctx.local(self._inbound.sent_at).date():
                self._put(self._menu(say.tap_expired(said.choice.day)))
                return "resident_late_tap"
            return self._chosen(said.choice.action)
        if text in _SPOKEN:
            return self._chosen(_SPOKEN[text])
        visit, place = self._work.visits.get(self._label), self._place
        if said.what is What.SAID and check_trust.asks(text):
            self._put(Text(check_trust.check(text, self._work, self._ctx)))
            return "resident_trust"
        asked = any(visit.waits_for(topic, self._ctx.now, WORDS_WITHIN) for topic in (HELP, HUMAN))
        if said.what is What.SAID and asked and place is not None:
            told = call(place.node_id, say.says(place.name, text[:WORDS_LIMIT]), self._work, self._ctx)
            self._put(Text(say.passed_on() if told else say.nobody_on_duty()))
            return "resident_words"
        unread = said.what is What.SAID and len(text) > GREETING and self._ones.home is not None
        self._put(self._menu(four_ones.not_read() if unread else ""))
        return "resident_menu"

    def _wish(self, wish: Wish) -> str:
        inbound, work, ctx = self._inbound, self._work, self._ctx
        if wish in (Wish.ERASE, Wish.SURE, Wish.KEEP):
            return EraseFromChat(inbound, self._sender, self._label, self._ones, self._put, work, ctx).said(wish)
        return LeaveAlone(self._channel, self._ones, self._put, work, ctx).said(wish)

    def _alarm(self, text: str, shown: str) -> bool:
        """Somebody may be ill or in danger: say whom to call first, and fetch somebody, whatever else was meant."""
        alarms = understand(text, self._inbound.sent_at, channel="direct", sender_role="resident").alarms
        if not alarms or (alarms == ("fever",) and self._ones.asked):
            return False  # a temperature that was asked for goes to the village doctor
        place, work, ctx = self._place, self._work, self._ctx
        work.alarms.sound("person_in_need", f"inbox {self._inbound.id}", ctx.now)
        called = place is not None and call(place.node_id, say.is_in_need(place.name, shown), work, ctx)
        if "medical_emergency" in alarms:
            called = self._ones.lifeline(shown, told=called) or called
        self._put(Text(say.emergency(called)))
        return True

    def _chosen(self, action: str) -> str:
        """Do what an item stands for; what nobody knows (any more) is answered by the menu."""
        one = self._ones.tapped(action)
        if one is not None:
            return one
        declared = self._declaring.tapped(action, self._said.choice.token if self._said.choice else "")
        if declared is not None:
            return declared
        place = self._place
        if action == MINE:
            packs = [(pack.title, pack.words[-1]) for pack in self._ctx.county.matters]
            self._put(Text(say.mine(packs)))
            return "resident_mine"
        if place is None or action not in (HELP, HUMAN):
            self._put(self._menu())
            return "resident_menu"
        if self._work.visits.get(self._label).waits_for(action, self._ctx.now, AGAIN_AFTER):
            self._put(Text(say.called_already()))
            return f"resident_{action}"
        words = say.asks_for_help if action == HELP else say.asks_for_somebody
        if not call(place.node_id, words(place.name, self._channel.value), self._work, self._ctx):
            self._put(Text(say.nobody_on_duty()))
            return f"resident_{action}"
        self._work.visits.asking(self._label, action, self._ctx.now)
        self._put(Text(say.help_called() if action == HELP else say.human_called()))
        return f"resident_{action}"

    @cached_property
    def _declaring(self) -> ChatDeclaring:
        place = self._place
        page = page_link(self._ctx.base_url, place.token) if place is not None else self._ctx.base_url
        node_id = place.node_id if place is not None else None
        return ChatDeclaring(self._inbound, self._sender, node_id, page, self._put, self._work, self._ctx)

    @cached_property
    def _ones(self) -> ContactTalk:
        node_id = self._place.node_id if self._place is not None else None
        return ContactTalk(
            self._inbound, self._callers, self._label, node_id, self._visit, self._put, self._work, self._ctx
        )

    def _matter(self, text: str) -> str | None:
        """A matter of their own; an answer to a question of today is that answer."""
        if self._ones.asked and read_wellbeing.read(text, self._inbound.sent_at).told:
            return None
        return MatterTalk(self._callers, self._label, self._visit, self._put, self._work, self._ctx).said(text)

    # -- what is known and said ------------------------------------------------------------------------------------

    def _heard(self, opening: Opening) -> None:
        at = self._inbound.sent_at
        self._visit = self._work.visits.seen(self._channel, self._label, at)
        self._work.windows.heard(self._channel, self._label, opening, at)

    def _token(self) -> str | None:
        tapped = None if self._said.choice and self._said.choice.action in {*SETTLE, *ACTIONS} else self._said.token
        return tapped or self._visit.token

    @cached_property
    def _visit(self) -> Visit:
        """Return the conversation as it stood when the message came; what is asked from here on is in the database."""
        return self._work.visits.get(self._label)

    @cached_property
    def _callers(self) -> tuple[Caller, ...]:
        """Return whom their address speaks for."""
        return self._work.households.of_address(self._channel.value, self._sender, self._ctx.day)

    @cached_property
    def _place(self) -> Place | None:
        """Return the place of the code they came by, else that of the one household their address is bound to."""
        token = self._token()
        if token is None:
            token = self._bound()
        code = self._work.codes.read(token, self._ctx.now) if token else None
        if code is None:
            return None
        return Place(code.node_id, code.token, self._name(code.node_id))

    def _bound(self) -> str | None:
        homes = {caller.household_id for caller in self._callers}
        codes = self._work.codes.of_node(homes.pop()) if len(homes) == 1 else ()
        return codes[0].token if codes else None

    def _name(self, node_id: int) -> str:
        return self._ctx.tree.path_name(node_id) if self._ctx.tree.has(node_id) else ""

    def _menu(self, before: str = "") -> Menu | Text:
        """Return the kind menu of the place, or what to do first when no code opens one."""
        place = self._place
        if place is None:
            words = say.no_place() if self._token() is None else say.bad_code()
            return Text("\n".join(line for line in (before, words) if line))
        day, base = self._ctx.local(self._ctx.now).date(), self._ctx.base_url
        well = self._declaring.item(day, place.token)
        items = (
            Item(say.DECLARE, url=page_link(base, place.token)),
            *((well,) if well else ()),
            Item(say.HELP, key=Choice(HELP, day, place.token).id),
            Item(say.MINE, key=Choice(MINE, day, place.token).id),
            Item(say.HUMAN, key=Choice(HUMAN, day, place.token).id),
        )
        return Menu(before or say.menu_head(place.name, check_digits(place.token)), items, say.menu_tail())

    def _standing(self) -> Standing:
        address = Address(self._channel.value, self._sender)
        return self._work.windows.standings([address], self._ctx.now)[address]

    def _put(
        self,
        content: Menu | Text,
        *,
        endpoint: str | None = None,
        until: datetime | None = None,
        about: Iterable[int] = (),
    ) -> None:
        """Answer; *about* are the people (subjects) the answer speaks of: it goes when they are erased."""
        place = self._place
        if isinstance(content, Menu):  # a bare number answers what was shown last
            self._work.visits.asking(self._label, None, self._ctx.now)
        to = (Recipient(self._sender, node_id=place.node_id if place else None),)
        priority = URGENT if endpoint else REPLY
        letter = Letter(
            Purpose.REPLY, self._channel, content, to, self._ctx.now, priority, until, endpoint=endpoint
        )  # fmt: skip
        parcels = self._work.outbox.put([letter], self._ctx.now)
        for subject_id in dict.fromkeys(about):
            self._work.erasure.mention(subject_id, parcels)
