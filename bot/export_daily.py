"""`geying export daily`: the official workbook of one node and day, to a file; with its people for one who may."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.parts import Parts
from bot.post_daily import write_workbook
from handlers import returnee_ledger
from handlers.domain.errors import Refused, UnknownNode
from handlers.domain.hierarchy import Tree
from handlers.domain.people import Person
from handlers.domain.policy import Action
from handlers.freeze_day import composed, with_corrections
from handlers.ports import Context
from store.work import SqlWork


@dataclass(frozen=True, slots=True)
class For:
    """Whom a file with people is for, by account, and who agreed when they are many."""

    userid: str
    agreed_by: str | None = None


def export_day(parts: Parts, wanted: str, day: date, out: Path, given: For | None = None) -> Path:
    """Write the workbook and return its path: as frozen, with corrections; as it stands now when nothing is frozen.

    Without *given* nobody of the returnees stands in it. Raises UnknownNode for a node, or a person who may not have
    it; Refused when so many people need a second person's word.
    """
    context = parts.counties.context()
    node = node_of(context.tree, wanted)
    with parts.store.begin() as work:
        viewer = _viewer(given, node, day, work, context) if given is not None else None
        kept = work.dailies.get(node, day)
        report = with_corrections(kept, node, work, context) if kept else composed(node, day, work, context)
        write_workbook(out, report, node, work, context, viewer=viewer)
        by = viewer.id if viewer is not None else None
        work.audit.note(context.now, by, "export daily", f"node {node} {day}", "report", "ok")
    return out


def _viewer(given: For, node: int, day: date, work: SqlWork, context: Context) -> Person:
    """Return whom the people are for; for more than the county's `confirm_above` a second person has agreed."""
    viewer = _person(given.userid, work, context)
    context.tree.view(viewer, node, Action.EXPORT)
    found = returnee_ledger.tally(node, day, work, context, exact=True) if context.county.declaring else None
    if found is None or found.total is None or found.total <= context.county.confirm_above:
        return viewer
    if given.agreed_by is None:
        raise Refused(f"名单有{found.total}人,要第二个有权同意的人:加 --agreed-by 账号")
    second = _person(given.agreed_by, work, context)
    if second.id == viewer.id or not context.tree.viewable(second, [node], Action.CONFIRM):
        raise Refused("同意的人要另一位,并且有权在这里同意(如镇领导、审核人)")
    work.audit.note(context.now, second.id, "agree export", f"node {node} {day}", returnee_ledger.PURPOSE, "ok")
    return viewer


def _person(userid: str, work: SqlWork, context: Context) -> Person:
    person = work.people.by_userid(userid, context.day)
    if person is None:
        raise UnknownNode(f"花名册里没有这个账号:{userid}")
    return person


def node_of(tree: Tree, wanted: str) -> int:
    """Return the node of a code, a #id or a name; UnknownNode when there is none, or more than one."""
    if wanted.startswith("#") and wanted[1:].isascii() and wanted[1:].isdigit() and tree.has(int(wanted[1:])):
        return int(wanted[1:])
    by_code = tree.by_code(wanted)
    if by_code:
        return by_code.id
    found = tree.find(wanted)
    if len(found) == 1:
        return found[0].id
    names = "、".join(tree.path_name(node.id) for node in found[:3])
    raise UnknownNode(f"没有这个节点:{wanted}" if not found else f"不止一个,请写全:{names}")
