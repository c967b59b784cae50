"""`geying export daily`: the official workbook of one node and day, to a file."""

from datetime import date
from pathlib import Path

from bot.parts import Parts
from bot.post_daily import write_workbook
from handlers.domain.errors import UnknownNode
from handlers.domain.hierarchy import Tree
from handlers.freeze_day import composed, with_corrections


def export_day(parts: Parts, wanted: str, day: date, out: Path) -> Path:
    """Write the workbook and return its path: as frozen, with corrections; as it stands now when nothing is frozen."""
    context = parts.counties.context()
    node = node_of(context.tree, wanted)
    with parts.store.begin() as work:
        kept = work.dailies.get(node, day)
        report = with_corrections(kept, node, work, context) if kept else composed(node, day, work, context)
        write_workbook(out, report, node, work, context)
        work.audit.note(context.now, None, "export daily", f"node {node} {day}", "report", "ok")
    return out


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
