"""清单: what a checkpoint does with everybody who comes, in the words of the county. No plates, no faces."""

from handlers.care_words import CareKind, CareWord
from handlers.ports import Context, Say, Turn, Work
from handlers.wording import care as say

intents = frozenset({CareKind.CHECKLIST})


def handle(turn: Turn, word: CareWord, work: Work, ctx: Context) -> list[Say]:
    """Answer where it was asked: a group of a checkpoint may read it."""
    declaring = ctx.county.declaring
    if declaring is None or not declaring.checklist.items:
        return [Say(say.no_checklist())]
    return [Say(say.checklist(declaring.checklist.title, declaring.checklist.items))]
