"""The plain form for a new directive: whom, what, until when; it ends where a leader's chat message ends."""

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType

from flask import redirect, request
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from bot.web.console_directive import PLACE, seen
from bot.web.guard import Visit, number
from handlers import wording
from handlers.domain.errors import Refused, UnknownNode
from handlers.domain.hierarchy import Node
from handlers.domain.policy import Action
from handlers.domain.talk import Talk, Topic
from handlers.issue_directive import draft_directive, show
from nlp.dates import read_deadline
from nlp.order import Order
from nlp.privacy import find_private

LONGEST = 600  # signs; with its heading and hint it still fits one message of the platform (2,048 bytes)
_FURTHEST = timedelta(days=60)
_MOST_PLACES = 60
_OFFERED = 400
_SPLIT = re.compile(r"[、,,;;\s]+")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}", re.ASCII)
# what is asked for → level and role as the reader of a chat message gives them
AUDIENCES = MappingProxyType(
    {
        "village": ("村和网格的全体工作人员", "village", None),
        "lead": ("村(社区)负责人、网格长", "village", "lead"),
        "gridworker": ("网格员", "grid", "gridworker"),
        "household": ("住户(由网格员人工转发到住户群)", "household", None),
        "all": ("全体工作人员", None, None),
    }
)


@dataclass(slots=True)
class Form:
    """What was typed, and what is wrong with it by field; shown again until nothing is."""

    nodes: list[int] = field(default_factory=list)
    places: str = ""
    audience: str = "village"
    body: str = ""
    deadline: str = ""
    urgent: bool = False
    drill: bool = False
    faults: dict[str, str] = field(default_factory=dict)


def form(visit: Visit) -> Response:
    """Show the form, empty, or filled with one's own draft (`?from=`)."""
    given = request.args.get("from")
    return _page(visit, _of_draft(visit, number(given)) if given else Form())


def preview(visit: Visit) -> Response:
    """Make a draft of what was typed and show its preview, exactly as chat would; or the form with its faults."""
    typed = _typed(request.form)
    nodes, until = _nodes(visit, typed), _until(visit, typed)
    _body(typed)
    if typed.faults:
        return _page(visit, typed, 400)
    _, level, role = AUDIENCES[typed.audience]
    order = Order(typed.body, level, role, (), until, typed.urgent, typed.drill)
    try:
        with visit.parts.store.begin() as work:
            draft = draft_directive(visit.person, order, nodes, work, visit.context)
            said = show(draft, PLACE, work, visit.context)
            now = visit.context.now
            # the preview's own words stay with the conversation, so that the page shows them and nothing newer
            kept = Talk(
                visit.person.id, PLACE, Topic.PREVIEW, draft.id, now, now + visit.context.county.preview_for,
                {"said": said},
            )  # fmt: skip
            work.talks.put(kept)
    except Refused as refusal:
        typed.faults["places"] = refusal.say
        return _page(visit, typed, 400)
    return redirect(f"/console/directive/{draft.id}", code=303)


def cleaned(text: str) -> str:
    """Return *text* composed (NFC), its line ends alike, without invisible signs that change how a text reads.

    >>> cleaned("今晚\\u202e排查\\r\\n全部\\x07 ")
    '今晚排查\\n全部'
    """
    plain = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " "))
    return "".join(c for c in plain if c == "\n" or unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co")).strip()


def _typed(given: MultiDict[str, str]) -> Form:
    audience = given.get("audience", "")
    return Form(
        nodes=[number(text) for text in given.getlist("node")[:_MOST_PLACES]],
        places=cleaned(given.get("places", ""))[:500],
        audience=audience if audience in AUDIENCES else "village",
        body=cleaned(given.get("body", "")),
        deadline=given.get("deadline", "").strip(),
        urgent="urgent" in given,
        drill="drill" in given,
    )


def _body(typed: Form) -> None:
    kinds = [kind for kind, _, _ in find_private(typed.body)]
    if not typed.body:
        typed.faults["body"] = "请写要通知的内容。"
    elif len(typed.body) > LONGEST:
        typed.faults["body"] = f"现在{len(typed.body)}字,请删到{LONGEST}字以内,或分两条发。"
    elif kinds:
        typed.faults["body"] = "内容里有身份证号、电话名单、名单文件或车牌,不能群发,请去掉再发。"


def _until(visit: Visit, typed: Form) -> datetime | None:
    """Return the deadline of the field; when that is empty, the one the text itself names."""
    now = visit.context.now
    if not typed.deadline:
        return read_deadline(typed.body, now) if typed.body else None
    at = _moment(typed.deadline, visit)
    if at is None or not now < at <= now + _FURTHEST:
        typed.faults["deadline"] = "截止时间要在现在以后、60天以内。"
    return at


def _moment(text: str, visit: Visit) -> datetime | None:
    try:
        local = datetime.fromisoformat(text) if _MOMENT.fullmatch(text) else None
    except ValueError:
        return None
    return local.replace(tzinfo=visit.context.county.tz).astimezone(visit.context.now.tzinfo) if local else None


def _nodes(visit: Visit, typed: Form) -> tuple[int, ...]:
    """Return the nodes meant: ticked ones and named ones, the whole of one's own when there are none."""
    own = visit.nodes(Action.ISSUE)
    found = [visit.node(node_id, Action.ISSUE).id for node_id in typed.nodes]
    for name in [part for part in _SPLIT.split(typed.places) if part][:_MOST_PLACES]:
        known = {n.id: n for top in own for n in visit.context.tree.find(name, top) if visit.may(Action.ISSUE, n.id)}
        if not known:
            typed.faults["places"] = f"“{name}”:{wording.not_there()}"
        elif len(known) > 1:
            typed.faults["places"] = wording.which_place([visit.context.tree.path_name(n) for n in known])
        else:
            found += known
    return tuple(dict.fromkeys(found)) or own[:1]


def _of_draft(visit: Visit, directive_id: int) -> Form:
    with visit.parts.store.begin() as work:
        draft = seen(visit, work, directive_id)
        if draft.author_id != visit.person.id:
            raise UnknownNode(f"directive {directive_id}")
        visit.note(work, "read", f"directive {draft.id}", "duty")
    at = draft.deadline_at
    return Form(
        nodes=list(draft.audience.nodes),
        body=draft.body,
        deadline=f"{visit.context.local(at):%Y-%m-%dT%H:%M}" if at else "",
        urgent=draft.urgent,
        drill=draft.drill,
    )


def _page(visit: Visit, typed: Form, status: int = 200) -> Response:
    own = [visit.node(n, Action.ISSUE) for n in visit.nodes(Action.ISSUE)]
    return visit.page(
        "directive_new", status, typed=typed, audiences=AUDIENCES, longest=LONGEST,
        own=own, below=_below(visit, own), offered=_offered(visit, own),
        now=visit.context.local(visit.context.now),
    )  # fmt: skip


def _below(visit: Visit, own: list[Node]) -> list[Node]:
    """Return the places right below one's own: what is ticked."""
    tree, level = visit.context.tree, visit.context.county.report_level
    return [visit.node(child) for top in own for child in tree.children(top.id) if tree.count(child, level)]


def _offered(visit: Visit, own: list[Node]) -> list[str]:
    """Return the names a field of names proposes: villages for a county or a town, grids for a village."""
    tree = visit.context.tree
    levels = [level.key for level in visit.context.county.levels if level.staff and not level.side]
    for level in reversed(levels):
        ids = [n for top in own for n in tree.descendants(top.id, level)]
        if 0 < len(ids) <= _OFFERED:
            return [tree.path_name(n) for n in ids]
    return []
