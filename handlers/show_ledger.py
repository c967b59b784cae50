"""台账: who came back, in numbers; no name is ever said here. The four official tables come with the workbook."""

from handlers import declared_counts, returnee_ledger
from handlers.care_words import CareKind, CareWord
from handlers.ports import Context, Say, Turn, Work
from handlers.wording import ledger as say

intents = frozenset({CareKind.LEDGER})


def handle(turn: Turn, word: CareWord, work: Work, ctx: Context) -> list[Say] | None:
    """Answer with the numbers of the group's node, else of the sender's own, those too small left out; in private to
    whoever looks after these people, as they are."""
    declaring = ctx.county.declaring
    about = declared_counts.asked_about(turn, ctx)
    if declaring is None or about is None:
        return None
    node, exact = about
    found = returnee_ledger.tally(node, ctx.day, work, ctx, exact=exact)
    name = ctx.tree.path_name(node) or ctx.county.name
    if found is None:
        return [Say(say.nobody(name))]
    parts = returnee_ledger.below(node, ctx.day, work, ctx, exact=exact)
    named = [(ctx.tree.name_within(part, node), count) for part, count in parts.items()]
    return [Say(say.ledger(name, found, named, declaring.table.observe_days))]
