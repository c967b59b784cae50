"""申报汇总: how many declared today, how many are unwell and with what, here and in each part; numbers only.

What is too small to be shown upwards is left out for everybody but those who look after these very people.
"""

from handlers import declared_counts
from handlers.care_words import CareKind, CareWord
from handlers.declared_counts import DECLARATION, FEVER, MEASURED, PEOPLE
from handlers.domain.counters import NOTHING
from handlers.domain.declaration import SYMPTOMS
from handlers.ports import Context, Say, Turn, Work
from handlers.wording import ledger as say

intents = frozenset({CareKind.TOTALS})


def handle(turn: Turn, word: CareWord, work: Work, ctx: Context) -> list[Say] | None:
    """Answer with the numbers of the group's node, else of the sender's own."""
    declaring = ctx.county.declaring
    about = declared_counts.asked_about(turn, ctx)
    if declaring is None or about is None:
        return None
    node, exact = about
    counts = {
        metric: _counts(node, metric, exact, work, ctx)
        for metric in (PEOPLE, MEASURED, FEVER, *(f"symptom_{code}" for code in SYMPTOMS))
    }
    name = ctx.tree.path_name(node) or ctx.county.name
    if node not in counts[PEOPLE]:
        return [Say(say.nobody_declared(name))]
    parts = declared_counts.parts_of(node, ctx)
    silent = [ctx.tree.name_within(part, node) for part in parts if part not in counts[PEOPLE]]
    fevers = [
        (ctx.tree.name_within(part, node), counts[FEVER].get(part, 0)) for part in parts if part in counts[PEOPLE]
    ]
    symptoms = [(words, counts[f"symptom_{code}"].get(node, 0)) for code, words in SYMPTOMS.items()]
    return [
        Say(
            say.declared(
                name,
                counts[PEOPLE][node],
                counts[MEASURED].get(node, 0),
                str(declaring.fever),
                counts[FEVER].get(node, 0),
                symptoms,
                fevers,
                silent,
            )
        )
    ]


def _counts(node: int, metric: str, exact: bool, work: Work, ctx: Context) -> dict[int, int | None]:
    """Return the count of the node and of its parts, those that nobody spoke for left out."""
    if not exact:
        return dict(declared_counts.totals(node, ctx.day, metric, work, ctx))
    nodes = [node, *declared_counts.parts_of(node, ctx)]
    found = work.reports.counters(nodes, ctx.day, DECLARATION, {metric, PEOPLE})
    spoken = [one for one in nodes if (one, PEOPLE) in found and found[one, PEOPLE].said]
    return {one: declared_counts.total(found.get((one, metric), NOTHING)) for one in spoken}
