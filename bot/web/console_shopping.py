"""The shopping sheet as a page and as a file, for whoever cannot open the one sent in chat."""

import tempfile
from pathlib import Path

from flask import make_response
from werkzeug.wrappers import Response

from bot.paper_orders import write_sheet
from bot.web.guard import Visit
from handlers.domain.four_ones import FourOnes
from handlers.domain.need import NeedState
from handlers.domain.shops import bags, by_shop
from handlers.shopping_list import Lists, by_door, taken_on, waiting_for
from store.work import SqlWork

_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def show(visit: Visit) -> Response:
    """Show what the person took on per shop and per building, and how much waits for somebody."""
    context = visit.context
    with visit.parts.store.begin() as work:
        mine, lists = _mine(visit, work)
        open_now = sum(one.state is NeedState.OPEN for one in waiting_for(visit.person, work, context))
        if mine:
            visit.note(work, "read", f"needs of {mine} lists", "care")
    shops = (context.county.four_ones or FourOnes((), ())).shops
    return visit.page("shopping", shops=by_shop(lists, shops), bags=bags(lists), waiting=open_now)


def workbook(visit: Visit) -> Response:
    """Return the same as a workbook; nothing of it stays with us."""
    context = visit.context
    with visit.parts.store.begin() as work:
        needs = taken_on(visit.person, work, context)
        visit.note(work, "export needs", f"{len(needs)} lists", "care")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sheet.xlsx"
        write_sheet(path, needs, context)
        answer = make_response(path.read_bytes())
    answer.headers["Content-Type"] = _TYPE
    answer.headers["Content-Disposition"] = f'attachment; filename="shopping-{context.day}.xlsx"'
    return answer


def _mine(visit: Visit, work: SqlWork) -> tuple[int, Lists]:
    needs = taken_on(visit.person, work, visit.context)
    return len(needs), by_door(needs, visit.context)
