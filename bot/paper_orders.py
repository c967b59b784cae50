"""Papers asked for in chat: made from the rows as they stand, sent to whoever asked, and gone once they are sent.

The file is made first and the letter after, in a transaction that takes the order: a crash makes it again. Whoever may
not have it any more gets nothing. What is in a file may be about people: it is readable by its owner alone, and the
letter goes with whom it speaks of when they are erased.
"""

from collections.abc import Iterable
from pathlib import Path

from bot.county import Counties
from bot.papers.whole import whole_file
from bot.qr_prints import Prints
from handlers.domain.delivery import File, Letter, Purpose, Recipient
from handlers.domain.duty_days import PaperKind, PaperOrder
from handlers.domain.errors import GeyingError
from handlers.domain.four_ones import Enrolment, FourOnes
from handlers.domain.hierarchy import HOUSEHOLD
from handlers.domain.message import Channel
from handlers.domain.need import Need
from handlers.domain.policy import Action
from handlers.domain.poster import Card
from handlers.domain.week_card import WeekCard
from handlers.letters import REPLY
from handlers.paper_homes import enrolled, on_paper, plans_of
from handlers.ports import Context
from handlers.shopping_list import by_door, taken_on
from handlers.wording import needs as shopping_words
from handlers.wording import week_cards as words
from store.work import SqlWork, Store


class PaperMaker:
    """Makes the papers of one deployment; in two processes at once each is sent once."""

    def __init__(self, store: Store, counties: Counties, folder: Path) -> None:
        self._store, self._counties, self._folder = store, counties, folder / "asked"

    def run(self) -> int:
        """Make what was asked for and let go what was sent; returns how many were made."""
        now = self._counties.now()
        with self._store.read() as work:
            waiting, over = work.paper_orders.waiting(), work.paper_orders.over(now)
        if over:
            for number in over:
                for path in self._folder.glob(f"{number}.*"):
                    path.unlink(missing_ok=True)
            with self._store.begin() as work:
                work.paper_orders.forget(over)
        if not waiting:
            return 0
        context = self._counties.context()
        return sum(self._make(order, context) for order in waiting)

    def _make(self, order: PaperOrder, context: Context) -> int:
        self._folder.mkdir(parents=True, exist_ok=True)
        try:
            if order.kind is PaperKind.SHOPPING:
                return self._shopping(order, context)
            return self._week_cards(order, context)
        except GeyingError as error:  # the post ended, the household left: there is nothing to send
            with self._store.begin() as work:
                work.alarms.sound("paper_not_made", f"order {order.id} {type(error).__name__}", context.now)
                work.paper_orders.take(order.id, context.now)
            return 0
        except OSError as error:  # the disk refuses: made at the next tick, and the others are not held up
            with self._store.begin() as work:
                work.alarms.sound("paper_not_made", f"order {order.id} {type(error).__name__}", context.now)
            return 0

    def _shopping(self, order: PaperOrder, context: Context) -> int:
        with self._store.read() as work:
            needs = shopping_of(order.person_id, work, context)
        path = self._folder / f"{order.id}.xlsx"
        if needs:
            write_sheet(path, needs, context)
        name = shopping_words.file_name(context.day)
        return self._send(order, path if needs else None, name, {one.subject_id for one in needs}, context)

    def _week_cards(self, order: PaperOrder, context: Context) -> int:
        with self._store.begin() as work:
            person = work.people.get(order.person_id, context.day)
            if person is None or order.node_id is None:
                cards: list[WeekCard] = []
            else:
                context.tree.view(person, order.node_id, Action.KEEP)
                cards = week_cards(order.node_id, work, context, every=order.kind is PaperKind.WEEK_CARD)
        path = self._folder / f"{order.id}.pdf"
        if cards:
            write_week_cards(path, cards)
        place = context.tree.path_name(order.node_id) if order.node_id and cards else ""
        return self._send(order, path if cards else None, words.file_name(place, context.day), (), context)

    def _send(self, order: PaperOrder, path: Path | None, name: str, about: Iterable[int], context: Context) -> int:
        with self._store.begin() as work:
            person = work.people.get(order.person_id, context.day)
            if not work.paper_orders.take(order.id, context.now) or path is None or person is None:
                return 0
            to = (Recipient(person.userid, person_id=person.id),)
            letter = Letter(Purpose.REPLY, Channel.WECOM_APP, File(str(path), name), to, context.now, REPLY)
            parcels = work.outbox.put([letter], context.now)
            for subject_id in about:
                work.erasure.mention(subject_id, parcels)
            work.paper_orders.sent(order.id, parcels[-1])
            what = f"order {order.id} {order.kind.value}"
            work.audit.note(context.now, person.id, "paper sent", what, "care", "ok")
        return 1


def shopping_of(person_id: int, work: SqlWork, context: Context) -> tuple[Need, ...]:
    """Return what somebody took on to buy, () for whoever has no post any more."""
    person = work.people.get(person_id, context.day)
    return taken_on(person, work, context) if person is not None else ()


def write_sheet(path: Path, needs: Iterable[Need], context: Context) -> None:
    """Write the shopping sheet of these lists."""
    from bot.papers.shopping import write_shopping  # here: xlsxwriter is for whoever makes a sheet

    four = context.county.four_ones or FourOnes((), ())
    write_shopping(path, by_door(needs, context), four.shops, context.day)


def write_week_cards(path: Path, cards: list[WeekCard]) -> None:
    """Draw the cards, whole or not at all, for their owner's eyes."""
    from bot.papers.week_card import draw_week_cards  # here: the drawing is slow to load

    with whole_file(path) as part:
        draw_week_cards(cards, part)


def week_cards(node_id: int, work: SqlWork, context: Context, *, every: bool = False) -> list[WeekCard]:
    """Return the cards of the households at or under the node that are on a plan: those no message reaches, or *every*
    one. Codes that are not there yet are issued."""
    four = context.county.four_ones
    if four is None:
        return []
    node = context.tree.node(node_id)
    nodes = (node_id,) if node.level == HOUSEHOLD else context.tree.above_households(node_id)
    held = enrolled(nodes, work, context) if every else on_paper(nodes, work, context)
    prints = Prints(work, context)
    codes = prints.codes(held)
    cards = prints.cards(tuple(held), codes)
    return [_card(card, plans, four, context) for card, plans in zip(cards, held.values(), strict=True)]


def _card(card: Card, held: Iterable[Enrolment], four: FourOnes, context: Context) -> WeekCard:
    plans = plans_of(held, four)
    hours = sorted({hour for plan in plans for hour in plan.war or plan.peace}) or list(four.times)
    why = tuple(dict.fromkeys((plan.purpose, plan.basis) for plan in plans))
    return WeekCard(card, context.day, tuple(hours), why)
