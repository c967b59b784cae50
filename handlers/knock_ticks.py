"""Tick: put the rest of a large round down, tell its author at the deadline how it went, close it, and remind whoever
walks that doors where nobody was may be tried again."""

from handlers import fatigue
from handlers.domain.knocking import LATE_FOR, Knock, KnockRound, RoundKind, RoundState, route
from handlers.domain.rules import rules_at
from handlers.knock_places import places_under, walkers
from handlers.knock_progress import of_node
from handlers.letters import delayed, private
from handlers.ports import Context, Work
from handlers.post_up import of_node as posted_at
from handlers.wording import knock_progress as progress
from handlers.wording import knocks as say


def due(work: Work, ctx: Context) -> bool:
    """Return whether a round is to be gone on with."""
    return work.knocks.opening() is not None or bool(work.knocks.due(ctx.now, 1) or work.knocks.again(ctx.now, 1))


def run(work: Work, ctx: Context) -> int:
    """Do what is due, one piece of one opening round at a time; returns how much was done."""
    done = 0
    opening = work.knocks.opening()
    one = work.knocks.get(opening) if opening is not None else None
    if one is not None:
        done += work.knocks.put(one.id, places_under(one.nodes, ctx), ctx.day) or 1
    for ending in work.knocks.due(ctx.now):
        done += _end(ending, work, ctx)
    return done + _again(work, ctx)


def _end(one: KnockRound, work: Work, ctx: Context) -> int:
    """At the deadline its author hears how it went; three days later it closes. Each once, whoever ticks."""
    at_deadline = one.deadline_at is not None and one.due_at == one.deadline_at
    if not at_deadline:
        return int(work.knocks.move(one, RoundState.CLOSED, ended_at=ctx.now))
    assert one.deadline_at is not None
    if not work.knocks.move(one, one.state, due_at=one.deadline_at + LATE_FOR):
        return 0
    author = work.people.get(one.author_id, ctx.day)
    nodes = ctx.tree.viewable(author, one.nodes)[:3] if author is not None else ()
    if author is None or not nodes:  # the post or the place is gone
        return 1
    if one.kind is RoundKind.KNOCK:
        said = "\n".join(of_node(one, node, work, ctx) for node in nodes)
    else:
        said = "\n".join(posted_at(one, node, work, ctx) for node in nodes)
    letter = private(author.userid, author.id, progress.ended(one, said), ctx.now)
    rules = rules_at(work.modes.current(ctx.now), ctx.tree, ctx.county, nodes[0], ctx.now)
    work.outbox.put(delayed([letter], rules.loud_at(ctx.now, ctx.county.tz)), ctx.now)
    return 1


def _again(work: Work, ctx: Context) -> int:
    """One reminder for all the doors of a worker whose time has come."""
    rows = work.knocks.again(ctx.now)
    if not rows:
        return 0
    told = work.knocks.told(row.id for row in rows)
    rounds = {round_id: work.knocks.get(round_id) for round_id in {row.round_id for row in rows}}
    live = [row for row in rows if _is_live(rounds.get(row.round_id)) and _is_there(row, ctx)]
    walking = walkers(list(dict.fromkeys(row.place_id for row in live)), work, ctx)
    mine: dict[tuple[int, str, int], list[Knock]] = {}
    for row in live:
        for person_id, userid in walking[row.place_id]:
            mine.setdefault((person_id, userid, row.round_id), []).append(row)
    enough = fatigue.tired({person_id for person_id, _, _ in mine}, {}, work, ctx)
    for (person_id, userid, round_id), held in mine.items():
        if enough is not None and person_id in enough.people:
            continue  # 敲门 shows the same doors whenever they look
        one = rounds[round_id]
        assert one is not None
        names = {row.household_id: ctx.tree.node(row.household_id).name for row in held}
        text = say.again(one.title, [door.name for door in route(names.items())])
        rules = rules_at(work.modes.current(ctx.now), ctx.tree, ctx.county, held[0].place_id, ctx.now)
        letters = [private(userid, person_id, text, ctx.now)]
        work.outbox.put(delayed(letters, rules.loud_at(ctx.now, ctx.county.tz)), ctx.now)
    return told


def _is_there(row: Knock, ctx: Context) -> bool:
    return ctx.tree.has(row.household_id) and ctx.tree.has(row.place_id)


def _is_live(one: KnockRound | None) -> bool:
    return one is not None and one.state in (RoundState.OPENING, RoundState.OPEN)
