"""核酸点在哪, 怎么申报, 几点交: answered from the county's own written answers, with who says so and since when."""

from handlers import wording
from handlers.ports import Context, Say, Turn, Work
from nlp.faq import answer_to
from nlp.types import Intent, Utterance

intents = frozenset({Intent.HELP, Intent.HEALTH_QUESTION, Intent.CHATTER})


def handle(turn: Turn, said: Utterance, work: Work, ctx: Context) -> list[Say] | None:
    """Answer; None when nothing was written for it, and when somebody tells of themselves (a person hears that)."""
    if said.drafts or said.alarms:
        return None
    found = answer_to(turn.text, ctx.county.faq)
    if found is None:
        return None
    return [Say(wording.faq_answer(found.answer, found.source, f"{found.as_of.month}月{found.as_of.day}日"))]
