"""破例 D-17 原因……: whoever sends it says why it cannot wait; nothing of it is kept back then, and the bill says so."""

from dataclasses import replace

from handlers import wording
from handlers.burden_words import BurdenKind, BurdenWord
from handlers.domain.directive import ANSWERED, LIVE, UNSENT, Directive, may_steer
from handlers.domain.fan_out import FanOut, Owed
from handlers.domain.fatigue import Waiver
from handlers.domain.rules import rules_over
from handlers.letters import delayed, letters_of
from handlers.ports import Context, Say, Turn, Work
from handlers.sending import previewed
from handlers.wording import burden as say

intents = frozenset({BurdenKind.WAIVE})
SHORTEST, LONGEST = 2, 120


def handle(turn: Turn, word: BurdenWord, work: Work, ctx: Context) -> list[Say] | None:
    """Answer where it was said; the reason names nobody and is kept as written."""
    if ctx.county.fatigue is None:
        return None
    target = _meant(turn, word, work, ctx)
    if target is None:
        return [Say(wording.no_such_directive(f"D-{word.number}") if word.number else say.nothing_to_waive())]
    if not may_steer(target, turn.person.id):
        return [Say(wording.not_yours_to_steer(target.code))]
    if target.state not in UNSENT | LIVE:
        return [Say(wording.not_open(target.code))]
    if len(word.reason) < SHORTEST:
        return [Say(say.write_reason(target.code))]
    if len(word.reason) > LONGEST:
        return [Say(say.shorter_reason(LONGEST))]
    made = Waiver(target.id, target.scope_id, turn.person.id, word.reason, ctx.now)
    if not work.fatigue.waive(made):
        return [Say(say.waived_already(target.code))]
    freed = _free(target, work, ctx) if target.state in LIVE else 0
    work.audit.note(ctx.now, turn.person.id, "waive cap", target.code, "duty", f"{freed} freed")
    return [Say(say.waived(target.code, freed))]


def _meant(turn: Turn, word: BurdenWord, work: Work, ctx: Context) -> Directive | None:
    """Return the directive named; without a number the one previewed here, else the newest of theirs on its way."""
    if word.number:
        return work.directives.by_number(word.number)
    since = ctx.now - ctx.county.preview_for
    newest = next(iter(work.directives.steered_by(turn.person.id, UNSENT | LIVE, since)), None)
    return previewed(turn.person, turn.place, work, ctx) or newest


def _free(target: Directive, work: Work, ctx: Context) -> int:
    """Send what waits for a digest now; returns to how many people."""
    rows = [row for row in work.fatigue.of_directive(target.id) if row.state == "waiting"]
    people = work.people.many((row.person_id for row in rows), ctx.day)
    owed = []
    for row in rows:
        receipt = work.receipts.of(target.id, row.person_id)
        if receipt is None or receipt.state in ANSWERED:
            continue  # heard of it elsewhere, and said so
        if row.person_id in people:
            owed.append(Owed(row.person_id, people[row.person_id].userid, receipt.node_id))
        if (first := replace(target, issued_at=ctx.now).rung_due_at(receipt.rung)) is not None:
            work.receipts.advance([(receipt.id, receipt.rung, first)])
    plan = FanOut(tuple(owed), (), (), ())
    rules = rules_over(work.modes.current(ctx.now), ctx.tree, ctx.county, target.audience.nodes, ctx.now)
    letters = letters_of(replace(target, reach=None), plan, None, ctx)
    work.outbox.put(delayed(letters, rules.loud_at(ctx.now, ctx.county.tz)), ctx.now)
    work.fatigue.end([row.id for row in rows], "freed", ctx.now)
    return len(owed)
