"""帮助 纸卡: what to say about one thing; the short help is `duty`'s."""

from handlers.duty_words import DutyKind, DutyWord
from handlers.ports import Context, Say, Turn, Work
from handlers.wording import duty_help as say

intents = frozenset({DutyKind.HELP})


def handle(turn: Turn, word: DutyWord, work: Work, ctx: Context) -> list[Say] | None:
    """Answer where it was asked; None for a topic that is somebody else's, and where there are no four ones."""
    text = say.of(word.what)
    return [Say(text)] if text is not None and ctx.county.four_ones is not None else None
