"""日报 and 卡点: loose words become a report that is read back; what cannot be taken as read is asked, not stored."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from handlers import wording
from handlers.domain.daily_text import figure
from handlers.domain.freeze import is_frozen_for
from handlers.domain.place_of_report import place_of
from handlers.domain.plausible import doubts_of, jumps, without
from handlers.domain.reading import Reading, by_grid, grids_of, reading, said_day
from handlers.domain.report import Report, ReportStatus, exact
from handlers.domain.rollup import fold
from handlers.domain.talk import Talk, Topic
from handlers.doubted import question
from handlers.ledger import keep
from handlers.letters import private
from handlers.ports import Context, Say, Turn, Work
from handlers.read_back import day_of, figures, read_back
from nlp.metrics import label_of
from nlp.types import Intent, Utterance

intents = frozenset({Intent.DAILY_REPORT, Intent.CHECKPOINT})

ASK_FOR = timedelta(hours=2)


def handle(turn: Turn, said: Utterance, work: Work, ctx: Context) -> list[Say]:
    """Store each report in the message and read it back, in one answer; at its end the one question left, if any."""
    readings = [read for draft in said.drafts if (read := reading(draft, said_day(draft)))]
    answers: list[str] = []
    read_back_here = [_read_back_last(turn, work, ctx)]
    for one in (grid for read in readings for grid in by_grid(read)):
        answers.append(_take(turn, said, one, work, ctx))
        read_back_here.append(_read_back_last(turn, work, ctx))
    _all_at_once(turn, read_back_here, work, ctx)
    if not answers:
        return [Say(said.ask or wording.not_understood())]
    if said.ask and any(read.values for read in readings):
        answers.append(wording.one_more(said.ask))
    return [Say("\n".join(dict.fromkeys(answers)))]


def _take(turn: Turn, said: Utterance, read: Reading, work: Work, ctx: Context) -> str:
    if merged := grids_of(read):
        return wording.merged_grids([f"{grid}格" if grid.isdigit() else grid for grid in merged])
    place = place_of(read.grid, read.village, turn.person, turn.chat, ctx.tree, ctx.county)
    if place.node_id is None:
        if not place.known:
            return wording.not_there()
        return wording.which_grid(place.choices) if place.choices else wording.no_grid_here()
    day = read.day or ctx.local(turn.inbound.sent_at).date()
    if day > ctx.day:
        return _ask(turn, wording.future_day(), work, ctx)
    if "no_change" in read.flags and not read.values:
        return _same_as_yesterday(turn, place.node_id, day, place.on_behalf, work, ctx)
    if said.ask and not read.values:
        return _ask(turn, said.ask, work, ctx)
    report = make(turn, read, place.node_id, day, place.on_behalf, ctx)
    standing = _standing(report, work)
    found = doubts_of(read.values, standing, ctx.tree.count(place.node_id, "household"))
    asked = question(found[0], read.values, standing, ctx.tree.path_name(place.node_id)) if found else ""
    values = without(read.values, standing, found)
    if found and all(value is None for value in values.values()):
        return _ask(turn, asked, work, ctx)
    report = replace(report, values={**standing, **values})
    notes = _far_from_yesterday(report, work)
    if said.needs_confirm and not said.ask and not notes:
        notes = [wording.unsure()]
    answer = store_and_read_back(turn, report, read.zeroed, work, ctx, notes)
    return f"{answer.text}\n{wording.one_more(asked)}" if asked else answer.text


def _read_back_last(turn: Turn, work: Work, ctx: Context) -> str | None:
    """Return the report of the read-back that waits for an answer here, None when none does."""
    talk = work.talks.last(turn.person.id, turn.place, [Topic.READBACK], ctx.now)
    return str(talk.body["report"]) if talk else None


def _all_at_once(turn: Turn, read_back_here: Sequence[str | None], work: Work, ctx: Context) -> None:
    """Several places in one message are one read-back: 对 confirms them all, 撤回 takes all back. The first of
    *read_back_here* is what waited before the message."""
    made = [one for one in dict.fromkeys(read_back_here) if one not in (None, read_back_here[0])]
    talk = work.talks.last(turn.person.id, turn.place, [Topic.READBACK], ctx.now)
    if talk is not None and len(made) > 1:
        work.talks.put(replace(talk, body={**talk.body, "also": made[:-1]}))


def _far_from_yesterday(report: Report, work: Work) -> list[str]:
    day = report.day - timedelta(days=1)
    before = fold(work.reports.of_day([report.node_id], day, [report.template])).get(replace(report, day=day).key)
    found = jumps(report.values, before.values) if before else ()
    return [wording.jumped(label_of(j.key), figure(exact(j.yesterday)), figure(exact(j.today))) for j in found[:2]]


def make(turn: Turn, read: Reading, node_id: int, day: date, on_behalf: bool, ctx: Context) -> Report:
    """Return the report of a reading; its id is R-0 until it is stored."""
    own = [h.role for h in turn.person.holdings if h.node_id == node_id]
    return Report(
        id="R-0",
        node_id=node_id,
        day=day,
        template=read.template,
        values=read.values,
        flags=read.flags,
        status=ReportStatus.READ,
        reporter_id=turn.person.id,
        reporter_role=own[0] if own else next(iter(sorted(turn.person.roles)), ""),
        message_id=str(turn.inbound.id),
        received_at=turn.inbound.received_at,
        on_behalf=on_behalf,
        definition=ctx.county.definition,
        period=read.period,
        part=read.part,
    )


def store_and_read_back(
    turn: Turn, report: Report, zeroed: tuple[str, ...], work: Work, ctx: Context, notes: Iterable[str] = ()
) -> Say:
    """Store *report* with its counters and return its read-back; the conversation waits for 对 or 2=6."""
    stored, before = keep(report, work, ctx)
    notes = [*notes]
    if before is not None and before.reporter_id != report.reporter_id:
        notes.append(_tell_the_first(before, stored, work, ctx))
    if _too_late(turn, report, work, ctx):
        notes.append(wording.frozen_correction(f"{day_of(report, ctx)}{ctx.county.freeze_at:%H:%M}"))
    text, keys = read_back(stored, zeroed, ctx, notes)
    body = {"report": stored.id, "keys": list(keys)}
    expires = ctx.now + timedelta(hours=24)
    work.talks.put(Talk(turn.person.id, turn.place, Topic.READBACK, None, ctx.now, expires, body))
    work.talks.drop(turn.person.id, turn.place, [Topic.ASKED])
    return Say(text)


def _too_late(turn: Turn, report: Report, work: Work, ctx: Context) -> bool:
    """Return whether the day's paper is without *report*: it came after the hour, or was read after the paper was
    made. What came before the hour and is read in time is in it."""
    if is_frozen_for(report.day, ctx.local(turn.inbound.received_at), ctx.county.freeze_at):
        return True
    if not is_frozen_for(report.day, ctx.local(ctx.now), ctx.county.freeze_at):
        return False
    return not work.dailies.made(report.day).isdisjoint((report.node_id, *ctx.tree.ancestors(report.node_id)))


def _tell_the_first(before: Report, after: Report, work: Work, ctx: Context) -> str:
    """Two people spoke for one place: the later word stands, and the one who spoke first hears it first-hand."""
    earlier = wording.clock(ctx.local(before.received_at))
    changes = "、".join(
        f"{label_of(key)}{figure(before.figure(key))}→{figure(after.figure(key))}"
        for key in before.values
        if before.figure(key) != after.figure(key)
    )
    first = work.people.get(before.reporter_id, ctx.day)
    if changes and first is not None:
        words = wording.reported_over(ctx.tree.path_name(after.node_id), earlier, changes)
        work.outbox.put([private(first.userid, first.id, words, ctx.now)], ctx.now)
    return wording.two_reporters(earlier, changes)


def _standing(report: Report, work: Work) -> Mapping[str, int | float | None]:
    """Return what was said before for the same thing: figures come in pieces (敲门46, then 隔离5户), and a figure
    nobody took back stands. The read-back says them all; 撤回 takes back all."""
    standing = fold(work.reports.of_day([report.node_id], report.day, [report.template])).get(report.key)
    return standing.values if standing else {}


def _ask(turn: Turn, question: str, work: Work, ctx: Context) -> str:
    work.talks.put(Talk(turn.person.id, turn.place, Topic.ASKED, None, ctx.now, ctx.now + ASK_FOR, {"text": turn.text}))
    return question


def _same_as_yesterday(turn: Turn, node_id: int, day: date, on_behalf: bool, work: Work, ctx: Context) -> str:
    """同上: yesterday's figures are read back first and stored only after 对."""
    yesterday = [r for r in work.reports.of_day([node_id], day - timedelta(days=1), ["daily"]) if r.live and not r.part]
    if not yesterday:
        return wording.no_yesterday()
    latest = max(yesterday, key=lambda r: r.order)
    body = {
        "copy": latest.id,
        "day": day.isoformat(),
        "node": node_id,
        "on_behalf": on_behalf,
        "message": turn.inbound.id,
    }
    work.talks.put(Talk(turn.person.id, turn.place, Topic.ASKED, None, ctx.now, ctx.now + ASK_FOR, body))
    return wording.no_change_question(figures(latest.values))


def copy_of(turn: Turn, asked: Talk, work: Work, ctx: Context) -> Report | None:
    """Return the report that 对 makes of yesterday's, None when the question was another one."""
    source = work.reports.get(str(asked.body.get("copy", "R-0")))
    if source is None:
        return None
    return replace(
        source,
        id="R-0",
        day=date.fromisoformat(asked.body["day"]),
        node_id=asked.body["node"],
        status=ReportStatus.CONFIRMED,
        reporter_id=turn.person.id,
        message_id=str(asked.body["message"]),
        received_at=turn.inbound.received_at,
        on_behalf=asked.body["on_behalf"],
        supersedes=None,
        definition=ctx.county.definition,
        flags=source.flags | {"no_change"},
    )
