"""对, 2=6, 更正, 撤回: the one-character corrections of a read-back. The old value stays; the new one supersedes it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from handlers import wording
from handlers.domain.plausible import LARGEST, doubts_of
from handlers.domain.policy import Action
from handlers.domain.report import Report, ReportStatus
from handlers.domain.talk import Talk, Topic
from handlers.doubted import question
from handlers.ledger import restate
from handlers.ports import Context, Say, Turn, Work
from handlers.take_report import copy_of, store_and_read_back
from nlp.command import Command, CommandKind
from nlp.metrics import label_of, metric_of
from nlp.numerals import read_numeral
from nlp.types import Intent, Utterance

intents = frozenset({CommandKind.FIX, CommandKind.CONFIRM, CommandKind.DENY, CommandKind.WITHDRAW, Intent.CORRECTION})

_CODE = re.compile(r"R-\d{1,9}")
LOOK_BACK = timedelta(hours=36)


def handle(turn: Turn, command: Command, work: Work, ctx: Context) -> list[Say]:
    """Answer a correction in fixed words."""
    if command.kind is CommandKind.CONFIRM:
        return _confirm(turn, work, ctx)
    report, keys, also = _current(turn, work, ctx)
    if report is None:
        return [] if command.kind is CommandKind.DENY else [Say(wording.nothing_to_correct())]
    if command.kind is CommandKind.DENY:
        return [Say("哪里不对?回「序号=数」,如 2=6;整份不要回「撤回」。")]
    if command.kind is CommandKind.WITHDRAW:
        return _withdraw(turn, [*also, report], work, ctx)
    if also:
        return [Say(wording.which_of_several(_places([*also, report], ctx)))]
    return _fix(turn, report, keys, command.args, work, ctx)


def read(turn: Turn, said: Utterance, work: Work, ctx: Context) -> list[Say]:
    """Answer a correction in free words: 更正 刚才隔离写错了是6不是5."""
    report, _keys, also = _current(turn, work, ctx)
    if report is None:
        return [Say(wording.nothing_to_correct())]
    if any(draft.type == "retraction" for draft in said.drafts):
        return _withdraw(turn, [*also, report], work, ctx)
    if also:
        return [Say(wording.which_of_several(_places([*also, report], ctx)))]
    changes = {}
    for draft in said.drafts:
        field, value = draft.get("field"), draft.get("value")
        if isinstance(field, str) and isinstance(value, int | float):
            changes[_key_like(field, report) or field] = value
    if not changes:
        return [Say(said.ask or "要改哪一项?回「序号=数」,如 2=6。")]
    return [_replace(turn, report, changes, work, ctx)]


def _current(turn: Turn, work: Work, ctx: Context) -> tuple[Report | None, list[str], list[Report]]:
    """Return the report last read back to this person here, else their latest, with its numbering; and those that were
    read back together with it."""
    quoted = _quoted(turn, work, ctx)
    if quoted is not None:
        return quoted, list(quoted.values), []
    talk = work.talks.last(turn.person.id, turn.place, [Topic.READBACK], ctx.now)
    report = work.reports.get(str(talk.body["report"])) if talk else None
    if talk and report and report.live:
        return report, [str(key) for key in talk.body["keys"]], _together(talk, work)
    report = work.reports.last_by(turn.person.id, ctx.now - LOOK_BACK)
    return (report, list(report.values), []) if report else (None, [], [])


def _together(talk: Talk, work: Work) -> list[Report]:
    found = (work.reports.get(str(one)) for one in talk.body.get("also", ()))
    return [report for report in found if report is not None and report.live]


def _places(reports: Iterable[Report], ctx: Context) -> list[str]:
    return [ctx.tree.path_name(report.node_id) for report in reports]


def _quoted(turn: Turn, work: Work, ctx: Context) -> Report | None:
    """Return the standing report whose read-back is quoted, when it is theirs to correct."""
    named = _CODE.search(turn.quoted)
    report = work.reports.get(named[0]) if named else None
    if report is None or not report.live:
        return None
    own = report.reporter_id == turn.person.id or bool(ctx.tree.viewable(turn.person, [report.node_id], Action.CORRECT))
    return report if own else None


def _confirm(turn: Turn, work: Work, ctx: Context) -> list[Say]:
    talk = work.talks.last(turn.person.id, turn.place, [Topic.READBACK, Topic.ASKED], ctx.now)
    if talk is None:
        return []
    if talk.topic is Topic.ASKED:
        return _confirm_asked(turn, talk, work, ctx)
    last = work.reports.get(str(talk.body["report"]))
    reports = [*_together(talk, work), *([last] if last is not None and last.live else [])]
    for report in reports:
        if report.status is ReportStatus.READ:
            restate(report, ReportStatus.CONFIRMED, work, ctx)
    if not reports:
        return []
    work.talks.drop(turn.person.id, turn.place, [Topic.READBACK])
    return [Say(wording.confirmed(_places(reports, ctx)))]


def _confirm_asked(turn: Turn, asked: Talk, work: Work, ctx: Context) -> list[Say]:
    copied = copy_of(turn, asked, work, ctx)
    if copied is None:
        return [Say("请把那个数再说一遍,我按新的记。")]
    return [store_and_read_back(turn, copied, (), work, ctx)]


def _withdraw(turn: Turn, reports: Sequence[Report], work: Work, ctx: Context) -> list[Say]:
    for report in reports:
        restate(report, ReportStatus.WITHDRAWN, work, ctx)
    work.talks.drop(turn.person.id, turn.place, [Topic.READBACK])
    return [Say(wording.withdrawn([report.id for report in reports]))]


def _fix(
    turn: Turn, report: Report, keys: list[str], changes: Mapping[str, str], work: Work, ctx: Context
) -> list[Say]:
    made: dict[str, int | float] = {}
    numbered: dict[str, int | float] = {}
    for item, words in changes.items():
        value = read_numeral(words) if words not in ("无", "没有") else 0
        if value is None or not 0 <= value <= LARGEST:
            return [Say(wording.bad_number(item))]
        if item.isdigit():
            if not 1 <= int(item) <= len(keys):
                return [Say(wording.no_such_item(item, len(keys)))]
            numbered[item] = value
            made[keys[int(item) - 1]] = value
        else:
            key = metric_of(item)
            if key is None:
                return [Say(wording.bad_number(item))]
            meant = _key_like(key, report) or key
            other = next((n for n, said in numbered.items() if said == value and keys[int(n) - 1] != meant), None)
            if other is not None:  # 5=6 隔离是六户, and the fifth is not 隔离: one of the two is a slip
                return [Say(wording.which_item(other, label_of(keys[int(other) - 1]), item))]
            if made.get(meant, value) != value:  # 5=6 隔离改7, and the fifth is 隔离
                return [Say(wording.two_numbers(item, made[meant], value))]
            made[meant] = value
    return [_replace(turn, report, made, work, ctx)]


def _key_like(key: str, report: Report) -> str | None:
    """隔离改6 after 隔离5户 means the households: the key in the report that shares the label's stem."""
    if key in report.values:
        return key
    stem = key.rpartition("_")[0]
    return next((said for said in report.values if said.rpartition("_")[0] == stem), None)


def _replace(turn: Turn, report: Report, changes: Mapping[str, int | float], work: Work, ctx: Context) -> Say:
    """Store the report as changed, or ask when what is changed cannot stand: a slip of the finger is one as well."""
    found = doubts_of(changes, report.values, ctx.tree.count(report.node_id, "household"))
    if found:
        return Say(question(found[0], changes, report.values, ctx.tree.path_name(report.node_id)))
    corrected = replace(
        report,
        id="R-0",
        values={**report.values, **changes},
        status=ReportStatus.READ,
        reporter_id=turn.person.id,
        message_id=str(turn.inbound.id),
        received_at=turn.inbound.received_at,
        supersedes=report.id,
    )
    return store_and_read_back(turn, corrected, (), work, ctx)
