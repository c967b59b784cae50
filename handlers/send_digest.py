"""Tick: what was kept back because its people had enough comes in one message each, if it is still to be done."""

from collections import defaultdict

from handlers import wording
from handlers.domain.directive import ANSWERED, LIVE, Directive
from handlers.domain.fatigue import Held
from handlers.drafts import until_of
from handlers.handing import loud_at
from handlers.letters import ORDINARY, delayed, private
from handlers.ports import Context, Work
from handlers.wording import burden as say
from handlers.wording.marks import numeral


def due(work: Work, ctx: Context) -> bool:
    """Return whether a digest is due."""
    return work.fatigue.any_due(ctx.now)


def run(work: Work, ctx: Context) -> int:
    """Send the digests of some people; returns how many rows that settled."""
    rows = work.fatigue.due(ctx.now)
    of_person: dict[int, list[Held]] = defaultdict(list)
    for row in rows:
        of_person[row.person_id].append(row)
    people = work.people.many(of_person, ctx.day)
    ids = {row.directive_id for row in rows if row.directive_id is not None}
    known = {one: found for one in ids if (found := work.directives.get(one)) is not None}
    letters = []
    for who, theirs in of_person.items():
        wanted = [row for row in theirs if who in people and _wanted(row, known, work)]
        work.fatigue.end([row.id for row in theirs if row not in wanted], "dropped", ctx.now)
        if wanted:
            directives = [known[row.directive_id] for row in wanted if row.directive_id is not None]
            text = say.digest([_line(n, one, ctx) for n, one in enumerate(directives, 1)])
            letter = private(people[who].userid, who, text, ctx.now, priority=ORDINARY)
            letters += delayed([letter], loud_at(people[who], ctx.now, work, ctx))  # nobody may have ticked till night
            work.fatigue.end([row.id for row in wanted], "sent", ctx.now)
    work.outbox.put(letters, ctx.now)
    return len(rows)


def _wanted(row: Held, known: dict[int, Directive], work: Work) -> bool:
    """Return whether it is still to be done: not taken back or replaced meanwhile, not answered by whoever heard it
    elsewhere."""
    one = known.get(row.directive_id) if row.directive_id is not None else None
    if one is None or one.state not in LIVE:
        return False
    owed = work.receipts.of(one.id, row.person_id)
    return owed is None or owed.state not in ANSWERED


def _line(n: int, one: Directive, ctx: Context) -> str:
    return say.digest_line(numeral(n), one.code, wording.brief(one.body), until_of(one, ctx))
