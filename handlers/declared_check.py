"""What somebody else says of a person after they declared: compared at once, put to them, never held against them.

The same check runs when a declaration comes in; this is for the word that comes later: the worker who keeps the
register wrote something down, or a signed list came in.
"""

from handlers import declared_counts, declared_receipts, tell_household
from handlers.domain.consistency import Statement
from handlers.domain.declared import Asked, Given, Said, Subject
from handlers.domain.declaring import Declaring
from handlers.domain.delivery import Item, Menu
from handlers.domain.menu_choice import Choice
from handlers.ports import Context, Work
from handlers.wording import declared_chat as say

_TABLES = {f"say_table_{word}": str(number) for number, word in enumerate(("abroad", "one", "two", "three", "four"))}
SETTLE = {"say_now": declared_receipts.NOW, "say_other": declared_receipts.OTHER, **_TABLES}
"""What a tap on the question means: the action of the menu's item, and the choice it stands for."""


def check_again(subject: Subject, other: Statement, work: Work, ctx: Context) -> Asked | None:
    """Compare what the person declared last with the new statement; returns the question put to them, None when nothing
    disagrees, they settled the very same before, or the statement is about a later journey.

    The receipt follows the written table at once; the person is told first, where they can be reached.
    """
    declaring = ctx.county.declaring
    said = work.declarations.last([subject.id]).get(subject.id)
    if declaring is None or said is None or said.facts is None or subject.profile is None:
        return None
    if other.away and (other.arrived or other.said_on) > said.day:
        return None
    made_on = max(said.day, other.said_on)
    found = declared_receipts.differences(said.facts, made_on, [other], declaring)
    settled = work.questions.settled(subject.id)
    asked = declared_receipts.ask_differing(said, found, settled, declaring, work, ctx)
    if not asked:
        return None
    _judge_again(said, subject, declaring, work, ctx)
    tell_household.tell(subject, question_menu(asked[0], said, ctx), work, ctx)
    return asked[0]


def question_menu(asked: Asked, said: Said, ctx: Context) -> Menu:
    """Return the question as a menu whose taps settle it."""
    question = declared_receipts.question_of(asked, said.facts)
    day = ctx.local(ctx.now).date()
    actions = {choice: action for action, choice in SETTLE.items()}
    items = tuple(
        Item(words, key=Choice(actions[choice], day, question.key).id)
        for choice, words in question.choices
        if choice in actions
    )
    return Menu(say.please_check(question.say), items, say.no_hurry())


def _judge_again(said: Said, subject: Subject, declaring: Declaring, work: Work, ctx: Context) -> None:
    """Give the receipt anew by the table; one that a clinician gave stays, and whoever has none gets none."""
    standing = work.colours.of([subject.id]).get(subject.id)
    if standing is None or standing.clinician_id is not None:
        return
    open_ones = work.questions.open_of([subject.id])
    differing = [one for asked in open_ones if (one := declared_receipts.disagreement_of(asked)) is not None]
    receipt = declared_receipts.receipt_for(said, differing, declaring, work, ctx)
    if (receipt.colour, receipt.rules) == (standing.receipt.colour, standing.receipt.rules):
        return
    work.colours.give(Given(receipt, said.id, subject.id), ctx.now)
    assert said.facts is not None
    before = declared_counts.metrics_of(said.facts, standing.receipt.colour, declaring.fever)
    after = declared_counts.metrics_of(said.facts, receipt.colour, declaring.fever)
    declared_counts.move(said.day, said.node_id, before, after, work, ctx)
