"""A frozen daily report becomes paper: text, workbook and picture, posted to the leaders' group of its node."""

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from bot.channels.inbound import text_of
from bot.county import Counties
from bot.papers.rows import ReturneeRow, SourceLine, checkpoint_rows, returnee_row
from bot.process import fields_of
from handlers import returnee_ledger
from handlers.domain.daily_json import of_json
from handlers.domain.daily_value import DailyReport
from handlers.domain.delivery import Content, File, Letter, Picture, Purpose, Recipient, Text
from handlers.domain.errors import Refused
from handlers.domain.message import Channel
from handlers.domain.people import Person
from handlers.domain.policy import Action
from handlers.domain.report import CHECKPOINT
from handlers.domain.rollup import fold
from handlers.letters import CHANNEL_OF, ORDINARY
from handlers.ports import Context, Source
from handlers.returnee_ledger import Cohort, Returnee
from store.work import SqlWork, Store


class DailyPoster:
    """Renders and posts what was frozen. Files first, then letters: a crash makes them again."""

    def __init__(self, store: Store, counties: Counties, folder: Path) -> None:
        self._store, self._counties, self._folder = store, counties, folder

    def run(self) -> int:
        """Post every frozen report not yet posted; returns how many."""
        with self._store.read() as work:
            waiting = work.dailies.unposted()
        for daily_id, node_id, day, frozen, text in waiting:
            self._post(daily_id, node_id, day, of_json(frozen), text)
        return len(waiting)

    def _post(self, daily_id: int, node_id: int, day: date, report: DailyReport, text: str) -> None:
        context = self._counties.context()
        workbook = self._folder / f"{context.tree.node(node_id).code}-{day}.xlsx"
        picture = workbook.with_suffix(".png")
        with self._store.read() as work:
            write_workbook(workbook, report, node_id, work, context, for_group=True)
            write_picture(picture, report, returnee_ledger.cohort_of(node_id, day, work, context))
        name = f"{report.node_name}疫情防控日报{day.month}月{day.day}日.xlsx"
        contents: list[Content] = [Text(text), Picture(str(picture)), File(str(workbook), name)]
        with self._store.begin() as work:
            letters = [
                Letter(Purpose.POST, channel, content, (Recipient(address, chat_id=chat_id),), context.now, ORDINARY)
                for chat_id, channel, address in leaders_group(node_id, work)
                for content in contents
            ]
            work.outbox.put(letters, context.now)
            work.dailies.posted(daily_id, context.now)


def leaders_group(node_id: int, work: SqlWork) -> list[tuple[int, Channel, str]]:
    """Return the group of the node itself that can take a post: (chat id, channel, address), one or none."""
    chats = [chat for chat in work.chats.of_nodes([node_id]) if chat.channel in CHANNEL_OF and chat.active]
    chats.sort(key=lambda chat: (chat.channel != "appchat", chat.id))
    return [(chat.id, CHANNEL_OF[chat.channel], chat.address) for chat in chats[:1]]


def write_workbook(
    path: Path,
    report: DailyReport,
    node_id: int,
    work: SqlWork,
    context: Context,
    *,
    for_group: bool = False,
    people: Sequence[ReturneeRow] | None = None,
    given_to: str = "",
) -> None:
    """Write the five tables, the summary and the sources of *report*.

    A group's file holds nothing that people typed, and no person. *people* are those of the four tables, for whom
    `people_for` let have them (*given_to*); None: the tables say where they are.
    """
    from bot.papers.xlsx import write_daily_workbook

    ids = {source for line in report.lines if line.cell for source in line.cell.sources}
    ids |= {source for b in report.branches for cell in b.tally.values.values() for source in cell.sources}
    below = context.tree.above_households(node_id)
    said = [r for r in work.reports.of_day(below, report.day, [CHECKPOINT]) if r.received_at <= report.as_of]
    reporters = work.people.names({r.reporter_id for r in said})
    path.parent.mkdir(parents=True, exist_ok=True)
    write_daily_workbook(
        path,
        report,
        None if for_group else people,
        checkpoint_rows(fold(said).values(), reporters),
        sources_of(ids, work, context, withheld=for_group),
        given_to=given_to,
    )


def people_for(
    viewer: Person, node_id: int, day: date, work: SqlWork, context: Context, agreed: Person | None = None
) -> list[ReturneeRow]:
    """Return the people of the four tables for one who may have them; each is noted as looked at.

    Raises UnknownNode when the viewer may not export there; Refused when they are more than the county's
    `confirm_above` and no second person, who may confirm there, *agreed*.
    """
    context.tree.view(viewer, node_id, Action.EXPORT)
    found = returnee_ledger.tally(node_id, day, work, context, exact=True) if context.county.declaring else None
    if found is not None and (found.total or 0) > context.county.confirm_above:
        if agreed is None:
            raise Refused(f"名单有{found.total}人,要第二个有权同意的人:加 --agreed-by 账号")
        if agreed.id == viewer.id or not context.tree.viewable(agreed, [node_id], Action.CONFIRM):
            raise Refused("同意的人要另一位,并且有权在这里同意(如镇领导、审核人)")
        work.audit.note(context.now, agreed.id, "agree export", f"node {node_id} {day}", returnee_ledger.PURPOSE, "ok")
    work.audit.note(context.now, viewer.id, "export people", f"node {node_id} {day}", returnee_ledger.PURPOSE, "ok")
    return returnee_rows(returnee_ledger.rows(node_id, day, viewer, work, context), work, context)


def returnee_rows(found: Iterable[Returnee], work: SqlWork, context: Context) -> list[ReturneeRow]:
    """Return the people of the ledger as rows of the official tables; those from abroad stand in none of the four."""
    people = list(found)
    homes = work.households.many({one.household_id for one in people if one.household_id is not None})
    return [
        returnee_row(one, home.name if (home := homes.get(one.household_id or 0)) else None, context.tree)
        for one in people
    ]


def write_picture(path: Path, report: DailyReport, cohort: Cohort | None = None) -> None:
    """Draw *report* for a group: one glance on a phone. *cohort*: who came how many days ago, too few left out."""
    from bot.papers.picture import draw_daily

    path.parent.mkdir(parents=True, exist_ok=True)
    if cohort is None:
        draw_daily(path, report)
    else:
        draw_daily(path, report, cohort=cohort.by_day, observe_days=cohort.observe_days)


def sources_of(ids: set[str], work: SqlWork, context: Context, *, withheld: bool = False) -> dict[str, SourceLine]:
    """Return the source line of each report: message, place, role, time, slots, and the text while it exists."""
    return {
        report_id: source_line(source, context, withheld) for report_id, source in work.reports.sources(ids).items()
    }


def source_line(source: Source, context: Context, withheld: bool = False) -> SourceLine:
    """Return one report as a row of the sources, with those it went on from."""
    made = source.report
    earlier = () if withheld else tuple(source_line(before, context, withheld) for before in source.earlier)
    return SourceLine(
        made.id,
        made.message_id,
        context.tree.path_name(made.node_id) if context.tree.has(made.node_id) else f"#{made.node_id}",
        made.reporter_role,
        made.received_at,
        made.values,
        text_of(Channel(source.channel), fields_of(Channel(source.channel), source.raw))
        if source.raw and source.channel and not withheld
        else None,
        made.on_behalf,
        withheld=withheld,
        earlier=earlier,
    )
