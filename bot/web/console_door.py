"""The page a worker gets who scans a household's card while signed in: 好 is one tap, the rest is two."""

from flask import redirect, request
from werkzeug.wrappers import Response

from bot.web.guard import Visit
from handlers.domain.hierarchy import Node
from handlers.door_visit import Found, Recorded, at_door, record

LONGEST = 200


def show(visit: Visit, node: Node, said: Recorded | None = None) -> Response:
    """Show the household, or where it is not one the households on paper below."""
    with visit.parts.store.begin() as work:
        found = at_door(visit.person, node.id, work, visit.context)
        codes = work.codes.of_node(node.id) if found else ()
        if found:
            visit.note(work, "read", f"node:{node.id} at the door", "care")
    if found is None:
        return redirect(f"/console/catch-up?node={node.id}", code=303)
    place = visit.context.tree.path_name(node.parent_id) if node.parent_id is not None else ""
    token = next((code.token for code in codes if not code.replaced), None)
    return visit.page("door", at=found, place=place, said=said, token_of_code=token)


def take(visit: Visit, node: Node) -> Response:
    """Write down what was tapped and show the page again, with what was said back."""
    form = request.form
    if form.get("found") not in tuple(Found):
        return show(visit, node)
    who = form.get("who", "")
    with visit.parts.store.begin() as work:
        said = record(
            visit.person, node.id, Found(form["found"]), form.get("typed", "")[:LONGEST],
            int(who) if who.isascii() and who.isdigit() and len(who) < 10 else None, work, visit.context,
        )  # fmt: skip
    return show(visit, node, said)
