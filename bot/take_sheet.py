"""A sheet that waited in the inbox: read, handed in, answered under its phone's key; then its words are destroyed."""

import json
from dataclasses import dataclass, field
from datetime import datetime

from bot import sheet_outcome
from bot.web.sheet_form import Filled, NotAForm, read_form, unsealed
from handlers.declare_health import submit
from handlers.domain.consent import Way
from handlers.domain.declaration import Answer, FieldFault, Sheet
from handlers.domain.doors import doors
from handlers.domain.errors import Refused, UnknownNode
from handlers.domain.hierarchy import HOUSEHOLD
from handlers.domain.message import Channel
from handlers.domain.place_code import PlaceCode
from handlers.ports import Context
from handlers.wording import declaration_page as say
from store.inbox import Row, row
from store.messages import Kept
from store.sheet_answers import name_of
from store.work import SqlWork

KIND = "sheet"
_PREFIX = f"{Channel.PAGE.value}:"
_DOORS_OFFERED = 4


@dataclass(frozen=True, slots=True)
class Waiting:
    """A sheet on its way: the code it came by, and the form as posted."""

    token: str = field(repr=False)
    form: str = field(repr=False)


def row_of(token: str, key: str, form: bytes, made_at: datetime | None, now: datetime) -> Row:
    """Return the inbox row of a posted form; the same form under the same key is the same row."""
    body = json.dumps([token, form.decode("ascii")]).encode()
    return row(_PREFIX + name_of(key, unsealed(form)), Channel.PAGE.value, KIND, None, None, body, made_at or now, now)


def name_in(key: str) -> str:
    """Return the sheet's name in the key of its inbox row.

    >>> name_in("page:abc")
    'abc'
    """
    return key.removeprefix(_PREFIX)


def take_sheet(kept: Kept, work: SqlWork, ctx: Context) -> str:
    """Hand the sheet in, in the transaction of *work*, and keep its answer for the phone. Returns what became of it."""
    waiting = Waiting(*json.loads(kept.body))
    name = name_in(kept.key)
    try:
        filled = read_form(waiting.form.encode("ascii"))
    except NotAForm:  # it was read once already, at the door
        return "not a form"
    outcome = _outcome(filled, waiting, name, kept.received_at, work, ctx)
    work.sheet_answers.put(name, filled.key, outcome, ctx.now)
    return f"sheet {outcome['state']}"


def _outcome(
    filled: Filled, waiting: Waiting, name: str, arrived_at: datetime, work: SqlWork, ctx: Context
) -> dict[str, object]:
    code = work.codes.read(waiting.token, arrived_at)
    if code is None:
        return dict(sheet_outcome.gone())
    home, faults = _household(filled, code, ctx)
    faults += filled.faults
    try:
        if faults:
            answer = Answer(faults=tuple(faults))
        else:
            sheet = Sheet(
                key=name, place_id=code.node_id, people=filled.people, made_at=filled.made_at or arrived_at,
                way=Way.PAGE, household_id=home, asks=filled.asks,
            )  # fmt: skip
            answer = submit(sheet, work, ctx)
    except Refused as refusal:
        return dict(sheet_outcome.refused(refusal.say))
    except UnknownNode:
        return dict(sheet_outcome.gone())
    return dict(sheet_outcome.of_answer(answer, waiting.form))


def _household(filled: Filled, code: PlaceCode, ctx: Context) -> tuple[int | None, list[FieldFault]]:
    """Return the household whose door was written at a gate, None for none; no list of doors is ever shown."""
    if not filled.door or not ctx.tree.has(code.node_id) or ctx.tree.node(code.node_id).level == HOUSEHOLD:
        return None, []
    found = doors(ctx.tree, code.node_id, filled.door[:60])
    if len(found) == 1:
        return found[0].id, []
    if not found:
        return None, [FieldFault(None, "door", say.door_unknown())]
    if len(found) <= _DOORS_OFFERED:
        return None, [FieldFault(None, "door", say.door_which(), tuple(ctx.tree.path_name(n.id) for n in found))]
    return None, [FieldFault(None, "door", say.door_unknown())]
