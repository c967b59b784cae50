"""日报 and 卡点: loose words become a report that is read back; what cannot be taken as read is asked, not stored."""

from dataclasses import replace
from datetime import date, timedelta

from handlers import wording
from handlers.domain.daily_text import figure
from handlers.domain.freeze import is_frozen_for
from handlers.domain.metric import base
from handlers.domain.place_of_report import place_of
from handlers.domain.reading import Reading, reading, said_day
from handlers.domain.report import Report, ReportStatus
from handlers.domain.rollup import fold
from handlers.domain.talk import Talk, Topic
from handlers.ledger import keep
from handlers.letters import private
from handlers.ports import Context, Say, Turn, Work
from handlers.read_back import day_of, read_back
from nlp.metrics import label_of, unit_of
from nlp.types import Intent, Utterance

intents = frozenset({Intent.DAILY_REPORT, Intent.CHECKPOINT})

ASK_FOR = timedelta(hours=2)
LARGEST = 10_000_000  # no county counts more of anything; a longer number is a slip or a code


def handle(turn: Turn, said: Utterance, work: Work, ctx: Context) -> list[Say]:
    """Store each report in the message and read it back, or ask the one question that stands in the way."""
    answers: list[Say] = []
    for draft in said.drafts:
        read = reading(draft, said_day(draft))
        if read is not None:
            answers.append(_take(turn, said, read, work, ctx))
    return answers or [Say(said.ask or wording.not_understood())]


def _take(turn: Turn, said: Utterance, read: Reading, work: Work, ctx: Context) -> Say:
    place = place_of(read.grid, read.village, turn.person, turn.chat, ctx.tree, ctx.county)
    if place.node_id is None:
        if not place.known:
            return Say(wording.not_there())
        return Say(wording.which_grid(place.choices) if place.choices else wording.no_grid_here())
    day = read.day or ctx.local(turn.inbound.sent_at).date()
    problem = _problem(read, place.node_id, day, ctx)
    if problem or (said.ask and not read.values):
        return _ask(turn, problem or said.ask or "", work, ctx)
    if "no_change" in read.flags and not read.values:
        return _same_as_yesterday(turn, place.node_id, day, place.on_behalf, work, ctx)
    report = _joined(make(turn, read, place.node_id, day, place.on_behalf, ctx), work)
    answer = store_and_read_back(turn, report, read.zeroed, work, ctx)
    return Say(f"{answer.text}\n{said.ask}补一句就行,如:敲门46。") if said.ask else answer


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


def store_and_read_back(turn: Turn, report: Report, zeroed: tuple[str, ...], work: Work, ctx: Context) -> Say:
    """Store *report* with its counters and return its read-back; the conversation waits for 对 or 2=6."""
    stored, before = keep(report, work, ctx)
    notes = []
    if before is not None and before.reporter_id != report.reporter_id:
        notes.append(_tell_the_first(before, stored, work, ctx))
    if is_frozen_for(report.day, ctx.local(ctx.now), ctx.county.freeze_at):
        notes.append(wording.frozen_correction(f"{day_of(report, ctx)}{ctx.county.freeze_at:%H:%M}"))
    text, keys = read_back(stored, zeroed, ctx, notes)
    body = {"report": stored.id, "keys": list(keys)}
    expires = ctx.now + timedelta(hours=24)
    work.talks.put(Talk(turn.person.id, turn.place, Topic.READBACK, None, ctx.now, expires, body))
    work.talks.drop(turn.person.id, turn.place, [Topic.ASKED])
    return Say(text)


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


def _joined(report: Report, work: Work) -> Report:
    """Return *report* with what was said before it and not again now: figures come in pieces (敲门46, then 隔离5户),
    and a figure nobody took back stands. The read-back says them all; 撤回 takes back all."""
    standing = fold(work.reports.of_day([report.node_id], report.day, [report.template])).get(report.key)
    if standing is None:
        return report
    return replace(report, values={**standing.values, **report.values})


def _problem(read: Reading, node_id: int, day: date, ctx: Context) -> str | None:
    if day > ctx.day:
        return wording.future_day()
    households = ctx.tree.count(node_id, "household")
    for key, value in read.values.items():
        if value is not None and not 0 <= value <= LARGEST:
            return wording.bad_number(label_of(key))
        if value is not None and households and unit_of(key) == "户" and not _cumulative(key) and value > households:
            return wording.over_roster(label_of(key), f"{value:g}户", ctx.tree.path_name(node_id), households)
    return None


def _cumulative(key: str) -> bool:
    return key != base(key) and key.endswith("_cum")


def _ask(turn: Turn, question: str, work: Work, ctx: Context) -> Say:
    work.talks.put(Talk(turn.person.id, turn.place, Topic.ASKED, None, ctx.now, ctx.now + ASK_FOR, {"text": turn.text}))
    return Say(question)


def _same_as_yesterday(turn: Turn, node_id: int, day: date, on_behalf: bool, work: Work, ctx: Context) -> Say:
    """同上: yesterday's figures are read back first and stored only after 对."""
    yesterday = [r for r in work.reports.of_day([node_id], day - timedelta(days=1), ["daily"]) if r.live and not r.part]
    if not yesterday:
        return Say(wording.no_yesterday())
    latest = max(yesterday, key=lambda r: r.order)
    body = {
        "copy": latest.id,
        "day": day.isoformat(),
        "node": node_id,
        "on_behalf": on_behalf,
        "message": turn.inbound.id,
    }
    work.talks.put(Talk(turn.person.id, turn.place, Topic.ASKED, None, ctx.now, ctx.now + ASK_FOR, body))
    figures = "、".join(f"{label_of(k)}{'未报' if v is None else f'{v:g}'}" for k, v in latest.values.items())
    return Say(wording.no_change_question(figures))


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
