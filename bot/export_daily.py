"""`geying export daily`: the official workbook of one node and day, to a file; with its people for one who may."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.parts import Parts
from bot.post_daily import people_for, write_workbook
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
        viewer = _person(given.userid, work, context) if given is not None else None
        second = _person(given.agreed_by, work, context) if given is not None and given.agreed_by else None
        if viewer is not None and not context.tree.viewable(viewer, [node], Action.EXPORT):
            raise Refused(f"{given.userid if given else ''} 在这里无权要名单")
        people = people_for(viewer, node, day, work, context, second) if viewer is not None else None
        kept = work.dailies.get(node, day)
        report = with_corrections(kept, node, work, context) if kept else composed(node, day, work, context)
        by, name = (viewer.id, viewer.name) if viewer is not None else (None, "")
        write_workbook(out, report, node, work, context, people=people, given_to=name)
        work.audit.note(context.now, by, "export daily", f"node {node} {day}", "report", "ok")
    return out


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
