"""体温接龙 pasted back: joined to the day's earlier pastes, answered to the relay alone with who is still missing.

In a group only counts are said. What is kept are codes and readings, sealed, with the conversation and as long as it.
"""

from datetime import datetime, timedelta

from handlers import wording
from handlers.domain.place_of_report import place_of
from handlers.domain.roll_call import RollCall, RollRow, homes_by_address, joined, rows_of
from handlers.domain.talk import Talk, Topic
from handlers.ports import Context, Say, Turn, Work
from nlp.types import Intent, Utterance

intents = frozenset({Intent.TEMPERATURE_ROLL})

SHOWN = 40  # households named to the relay


def handle(turn: Turn, said: Utterance, work: Work, ctx: Context) -> list[Say] | None:
    """Take the rows; None when the message holds no household (it is then passed on as said)."""
    now, nameless = rows_of(said.drafts)
    if not now:
        return None
    place = place_of(_named("grid", said), _named("village", said), turn.person, turn.chat, ctx.tree, ctx.county)
    if place.node_id is None:
        return [Say(wording.which_grid(place.choices) if place.choices else wording.no_grid_here(), private=True)]
    call = joined(now, _before(turn, place.node_id, work, ctx), nameless)
    body = {"rows": [[r.home, r.highest, r.fine, list(r.symptoms)] for r in call.rows.values()]}
    work.talks.put(Talk(turn.person.id, "1:1", Topic.ROLL, place.node_id, ctx.now, _midnight(ctx), body))
    answers = [Say(_told(place.node_id, call, work, ctx), private=True)]
    if turn.in_group:
        answers.append(Say(wording.roll_counted(len(now))))
    return answers


def _named(key: str, said: Utterance) -> str | None:
    return next((value for draft in said.drafts if isinstance(value := draft.get(key), str)), None)


def _before(turn: Turn, node_id: int, work: Work, ctx: Context) -> dict[str, RollRow]:
    talk = work.talks.last(turn.person.id, "1:1", [Topic.ROLL], ctx.now)
    if talk is None or talk.subject_id != node_id:
        return {}
    return {row[0]: RollRow(row[0], row[1], row[2], tuple(row[3])) for row in talk.body["rows"]}


def _told(node_id: int, call: RollCall, work: Work, ctx: Context) -> str:
    households = ctx.tree.within(node_id, "household")
    known = {h.id: (h.code, h.address or "") for h in work.households.many(households).values()}
    by_way = homes_by_address(known)
    answered = {by_way[home] for home in call.rows if home in by_way}
    strange = [home for home in call.rows if home not in by_way]
    unwell = [row.home for row in call.rows.values() if row.unwell]
    unmeasured = [r.home for r in call.rows.values() if r.highest is None and not r.fine and not r.symptoms]
    missing = [known[h][0].rpartition("-")[2] for h in households if h in known and h not in answered]
    return wording.roll_taken(
        ctx.tree.path_name(node_id),
        len(call.rows),
        call.restored,
        unwell,
        unmeasured,
        strange,
        call.nameless,
        missing[:SHOWN],
        len(missing),
    )


def _midnight(ctx: Context) -> datetime:
    local = ctx.local(ctx.now)
    return (local.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)).astimezone(ctx.now.tzinfo)
