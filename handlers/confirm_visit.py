"""A visit is closed by the household's own digit: asked once, with a question that is due anyway where there is one.

The worker's word stands until then, and as the worker's; 没有 opens it again and tells the worker what to do next.
"""

import re
from collections.abc import Sequence
from datetime import timedelta

from handlers.contact_people import asked_at
from handlers.domain.delivery import Item as MenuItem
from handlers.domain.delivery import Letter, Menu, Purpose, Recipient, label
from handlers.domain.fatigue import RESIDENT, day_began
from handlers.domain.four_ones import Contact, ContactState, One, asked_of, slot_of
from handlers.domain.household import Address, Caller
from handlers.domain.menu_choice import Choice
from handlers.domain.message import Channel
from handlers.domain.need import Item, Need, NeedState
from handlers.domain.rules import mode_at
from handlers.domain.staff import Staff
from handlers.domain.visit_word import UNHEARD, VisitState, VisitWord
from handlers.domain.window import way
from handlers.letters import ORDINARY, delayed, private
from handlers.ports import Context, Work
from handlers.resident_help import loud_at, on_call
from handlers.wording import needs as needs_say
from handlers.wording import visits as say

CAME_YES, CAME_NO = "came_yes", "came_no"
ACTIONS = frozenset({CAME_YES, CAME_NO})
SHOWN_WITHIN = timedelta(hours=12)
_YES = re.compile(r"(?:有人)?(?:来了|来过了?|到了|上门了)[。!\s]*")
_NO = re.compile(r"(?:没有|没来|没到|没有?人(?:来|上门)(?:过)?)[。!\s]*")


# -- the worker's word -------------------------------------------------------------------------------------------------


def said(home: int, by: int, contact: Contact | None, work: Work, ctx: Context, *, items: Sequence[Item] = ()) -> str:
    """Keep that *by* says they were there, with *items* they brought, and have the household asked; returns what the
    worker hears of that, "" when it cannot be asked: their word stands."""
    brought = bool(items)
    earlier = [one for one in work.visit_words.of_day([home], ctx.day) if one.state in UNHEARD]
    contact_id = contact.id if contact is not None else None
    if earlier:
        one = earlier[-1]
        work.visit_words.join(one, contact_id=contact_id, brought=brought, person_id=by)
        one = work.visit_words.get(one.id) or one
        if one.state is VisitState.WAITS or (one.state is VisitState.ASKED and not brought):
            return say.asked(one.state is VisitState.WAITS)
    else:
        one = work.visit_words.add(home, ctx.day, by, ctx.now, contact_id=contact_id, brought=brought)
    if _asked_anyway(home, work, ctx):
        return say.asked(True) if work.visit_words.move(one, VisitState.WAITS, ctx.now) else ""
    return say.asked(False) if _ask(one, items, work, ctx) else ""


def _asked_anyway(home: int, work: Work, ctx: Context) -> bool:
    """Return whether a question to the household is due later today: this one rides on it."""
    four = ctx.county.four_ones
    if four is None:
        return False
    today = work.contacts.of_households([home], ctx.day)
    if any(one.state is ContactState.OPEN and one.kinds & One.MESSAGE for one in today):
        return _address(home, work, ctx) is not None
    put_down, local = {one.slot for one in today}, ctx.local(ctx.now).time()
    ahead = [slot for at in four.times if at > local and (slot := slot_of(at)) not in put_down]
    plans = work.contacts.enrolments([home], ctx.day).get(home, ()) if ahead else ()
    war = bool(plans) and mode_at(work.modes.current(ctx.now), ctx.tree, home, ctx.now) is not None
    due = any(asked_of(four, slot, plans, war=war) & One.MESSAGE for slot in ahead)
    return due and _address(home, work, ctx) is not None


def _address(home: int, work: Work, ctx: Context) -> Address | None:
    addresses = asked_at(work.households.contacts(home, ctx.day))
    return way(addresses, work.windows.standings(addresses, ctx.now)).address


def _ask(one: VisitWord, items: Sequence[Item], work: Work, ctx: Context) -> bool:
    """Ask by itself; False when nobody can be: no channel, quiet hours, or enough messages today. What was brought is
    what they asked for: of that they hear all the same."""
    to = _address(one.household_id, work, ctx)
    if to is None:
        return False
    shown = label(Channel(to.channel), to.address)
    later = loud_at(one.household_id, work, ctx) > ctx.now
    if not items and (later or _had_enough(one.household_id, shown, work, ctx)):
        return False
    words = say.question(items, [] if items else _purposes(one.household_id, work, ctx))
    menu = Menu(words, menu_items(one, ctx), "")
    recipient = (Recipient(to.address, node_id=one.household_id),)
    work.outbox.put([Letter(Purpose.NOTICE, Channel(to.channel), menu, recipient, ctx.now, ORDINARY)], ctx.now)
    work.visits.asking(shown, f"came{one.id}", ctx.now)
    return one.state is VisitState.ASKED or work.visit_words.move(one, VisitState.ASKED, ctx.now)


def _had_enough(home: int, shown: str, work: Work, ctx: Context) -> bool:
    rules = ctx.county.fatigue
    if rules is None:
        return False
    cap = rules.cap([RESIDENT], war=mode_at(work.modes.current(ctx.now), ctx.tree, home, ctx.now) is not None)
    had = work.fatigue.had_at([shown], day_began(ctx.now, ctx.county.tz)).get(shown, 0)
    return cap is not None and had >= cap


def _purposes(home: int, work: Work, ctx: Context) -> list[tuple[str, str]]:
    four, plans = ctx.county.four_ones, work.contacts.enrolments([home], ctx.day).get(home, ())
    found = [four.plan(on.plan) for on in plans] if four is not None else []
    return [(plan.purpose, plan.basis) for plan in found if plan is not None]


def with_answer(home: int, shown: str, work: Work, ctx: Context) -> str:
    """Return the question for whoever just spoke of something else before the one it was to ride on came, "" for none:
    they are here, and it needs no message of its own."""
    words = work.visit_words.of_day([home], ctx.day)
    one = next((word for word in words if word.state is VisitState.WAITS), None)
    if one is None or not work.visit_words.move(one, VisitState.ASKED, ctx.now):
        return ""
    work.visits.asking(shown, f"came{one.id}", ctx.now)
    return say.question(items_of(one, work, ctx), [])


def items_of(one: VisitWord, work: Work, ctx: Context) -> list[Item]:
    """Return what was brought and is not confirmed."""
    if not one.brought:
        return []
    waiting = work.needs.waiting([one.household_id], ctx.now)
    return [item for need in waiting if need.state is NeedState.DELIVERED for item in need.items]


def menu_items(one: VisitWord, ctx: Context) -> tuple[MenuItem, MenuItem]:
    """Return the two answers to tap."""
    key = f"v{one.id}"
    yes, no = Choice(CAME_YES, ctx.day, key).id, Choice(CAME_NO, ctx.day, key).id
    return MenuItem(say.CAME, key=yes), MenuItem(say.NOT, key=no)


# -- the household's ---------------------------------------------------------------------------------------------------


def typed(text: str, shown: str, callers: Sequence[Caller], work: Work, ctx: Context) -> str | None:
    """Return the answer to what somebody of the household typed, None when it is about something else. A digit answers
    only the question that was shown last: 1 and 2 the one of the visit, 3 and 4 the one it rode on."""
    yes = text in ("1", "3") or bool(_YES.fullmatch(text))
    if not yes and text not in ("2", "4") and not _NO.fullmatch(text):
        return None
    visit = work.visits.get(shown)
    topic = visit.asked or ""
    if not visit.waits_for(topic, ctx.now, SHOWN_WITHIN):
        return None
    homes = {caller.household_id for caller in callers}
    one = None
    if topic.startswith("came") and text not in ("3", "4"):
        one = work.visit_words.get(int(topic[4:]))
    elif topic.startswith("one") and text in ("3", "4"):
        words = work.visit_words.of_day(homes, ctx.day)
        one = next((word for word in words if word.asked_with == int(topic[3:])), None)
    return heard(one, work, ctx, yes=yes) if one is not None and one.household_id in homes else None


def tapped(action: str, callers: Sequence[Caller], work: Work, ctx: Context) -> str | None:
    """Return the answer to a tap of today; None when the household was asked nothing of the kind."""
    words = work.visit_words.of_day({caller.household_id for caller in callers}, ctx.day)
    asked = [one for one in words if one.state not in (VisitState.SAID, VisitState.WAITS)]
    return heard(asked[-1], work, ctx, yes=action == CAME_YES) if asked else None


def heard(one: VisitWord, work: Work, ctx: Context, *, yes: bool) -> str:
    """Take the household's word: it closes the visit, or opens it again and the worker hears what to do next."""
    to = VisitState.CONFIRMED if yes else VisitState.DENIED
    if one.state is to or not work.visit_words.move(one, to, ctx.now):
        return say.confirmed()
    if one.contact_id is not None:
        work.contacts.steps([(one.contact_id, "confirmed" if yes else "denied", "", None)], ctx.now)
    return _closed(one, work, ctx) if yes else say.denied(_again(one, work, ctx))


def all_came(home: int, work: Work, ctx: Context) -> None:
    """Let 收到啦 stand for the visit that brought it."""
    for one in work.visit_words.of_day([home], ctx.day):
        if one.brought and one.state in UNHEARD:
            work.visit_words.move(one, VisitState.CONFIRMED, ctx.now)


def not_come(home: int, work: Work, ctx: Context) -> None:
    """Let 没收到 stand for the visit that is said to have brought it; the lists are opened by whoever heard it."""
    for one in work.visit_words.of_day([home], ctx.day):
        if one.brought and one.contact_id is None and one.state is not VisitState.DENIED:
            work.visit_words.move(one, VisitState.DENIED, ctx.now)


def _closed(one: VisitWord, work: Work, ctx: Context) -> str:
    closed = [need for need in _delivered(one, work, ctx) if work.needs.move(need, NeedState.CLOSED, ctx.now)]
    items = [item for need in closed for item in need.items]
    return needs_say.closed(items) if items else say.confirmed()


def _delivered(one: VisitWord, work: Work, ctx: Context) -> list[Need]:
    waiting = work.needs.waiting([one.household_id], ctx.now) if one.brought else ()
    return [need for need in waiting if need.state is NeedState.DELIVERED]


def _again(one: VisitWord, work: Work, ctx: Context) -> bool:
    """Open the visit and the lists again, and tell whoever said they were there; returns whether somebody was told."""
    four, home = ctx.county.four_ones, one.household_id
    staff = Staff(work.people.holders(ctx.day), work.people.leaves(ctx.day))
    who = staff.answering(one.person_id) or on_call(home, work, ctx)
    for need in _delivered(one, work, ctx):
        work.needs.move(need, NeedState.CLAIMED, ctx.now)
    contact = work.contacts.get(one.contact_id) if one.contact_id is not None else None
    if contact is not None and four is not None:
        again, states = ctx.now + four.visit_within, [ContactState.ANSWERED]
        work.contacts.move([contact.id], states, ContactState.VISITING, again, owner_id=who)
        _uncount(contact, work, ctx)
    if who is None or not ctx.tree.has(home):
        return False
    place, door = ctx.tree.path_name(home), ctx.tree.node(home).name
    text = say.says_not(place, door, brought=one.brought, visit=contact is not None)
    letter = private(staff.userids[who], who, text, ctx.now)
    work.outbox.put(delayed([letter], loud_at(home, work, ctx)), ctx.now)
    return True


def _uncount(contact: Contact, work: Work, ctx: Context) -> None:
    """A day on which nothing is known after all is no day without anything."""
    for on in work.contacts.enrolments([contact.household_id], ctx.day).get(contact.household_id, ()):
        if on.normal_on == contact.day and not on.exception_only:
            before, days = contact.day - timedelta(days=1), max(on.normal_days - 1, 0)
            work.contacts.put_quiet(on.household_id, on.plan, normal_days=days, day=before, exception_only=False)
