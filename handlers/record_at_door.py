"""代录: a worker at the door, or on the phone, writes down what somebody without a phone says; it is labelled so.

The number or the link on the household's card says which household. Who has said yes before need not again; for the
others the worker reads the notice out first, and 同意 stands in the words for each text.
"""

import hashlib
import re

from handlers.care_words import CareKind, CareWord
from handlers.declare_health import declaring_of, submit
from handlers.declared_chat import parted
from handlers.declared_form import form_of
from handlers.declared_people import SUBJECT
from handlers.domain.consent import Speaker, Way
from handlers.domain.declaration import Answer, Form, FormRow, Journey, PersonSheet, Sheet
from handlers.domain.doors import doors
from handlers.domain.errors import Refused
from handlers.domain.hierarchy import HOUSEHOLD, Node
from handlers.domain.place_code import token_of
from handlers.domain.policy import Action
from handlers.note_household import word_of_here
from handlers.ports import Context, Say, Turn, Work
from handlers.wording import care as words
from handlers.wording import declared_chat as say
from nlp.types import Intent
from nlp.understand import understand

intents = frozenset({CareKind.AT_DOOR})
_GROWN = re.compile(r"成年|满14岁?|大人|老人家?")
_AGREES = re.compile(r"(?<!不)(?:都)?同意")
_FROM = re.compile(r"(?P<day>[^\s,。从]{0,10})从(?P<origin>.{2,20}?)(?:回来|回家|回村|返乡|返回)")


def handle(turn: Turn, word: CareWord, work: Work, ctx: Context) -> list[Say] | None:
    """Answer in private; None where no declarations are taken."""
    if ctx.county.declaring is None:
        return None
    home = _home(turn, word.args["door"], work, ctx)
    form = form_of(home.id, None, work, ctx, known=True)
    names = _names(home.id, form, work, ctx)
    rest = word.args["what"]
    rows = [row for row in form.rows if names.get(row.who) and names[row.who] in rest]
    if not rows and len(form.rows) == 1:
        rows = list(form.rows)
    if not rows:
        return [Say(words.at_door_who(len(form.rows)), private=True)]
    for row in rows:
        rest = rest.replace(names[row.who], " ")
    sheet = _sheet(rows, rest, home, turn, ctx)
    if isinstance(sheet, str):
        return [Say(sheet, private=True)]
    answer = submit(sheet, work, ctx)
    about = [subject for row in rows if (subject := _subject(row.who, work)) is not None]
    return [Say(_told(answer, rows, ctx), private=True, about=tuple(about))]


def _home(turn: Turn, door: str, work: Work, ctx: Context) -> Node:
    """Return the household of the card's number, its link, or the door; Refused when it is none of the worker's."""
    held = ctx.tree.viewable(turn.person, turn.person.nodes(), Action.SEE_HEALTH)
    token = token_of(door)
    code = work.codes.read(token, ctx.now) if token else None
    found: dict[int, Node] = {}
    if code is not None and ctx.tree.has(code.node_id):
        node = ctx.tree.node(code.node_id)
        if node.level == HOUSEHOLD and ctx.tree.viewable(turn.person, [node.id], Action.SEE_HEALTH):
            found = {node.id: node}
    elif token is None:
        found = {node.id: node for place in held for node in doors(ctx.tree, place, door)}
    if len(found) != 1:
        raise Refused(words.which_door("这张卡" if token else door, [ctx.tree.path_name(one) for one in found][:4]))
    return next(iter(found.values()))


def _names(home: int, form: Form, work: Work, ctx: Context) -> dict[str, str]:
    members = {f"m{member.id}": member.name for member in work.households.members(home, ctx.day)}
    return {f"{SUBJECT}{subject.id}": subject.name for subject in work.subjects.of_household(home)} | members


def _sheet(rows: list[FormRow], rest: str, home: Node, turn: Turn, ctx: Context) -> Sheet | str:
    """Return what was said as a sheet, or what to say first. A temperature is one person's."""
    at = turn.inbound.sent_at
    rest, asks = parted(rest, at)
    agreed = bool(_AGREES.search(rest))
    journey = _journey(rest)
    said = understand(_FROM.sub(" ", _AGREES.sub(" ", rest)), at, channel="direct", sender_role="resident")
    slots = {slot.key: slot for slot in said.drafts[0].slots} if said.intent is Intent.CHECKIN_REPLY else {}
    celsius = slots.get("temperature")
    typed = said.text[celsius.start : celsius.end].strip() if celsius is not None else ""
    listed = slots["symptoms"].value if "symptoms" in slots else () if "status" in slots else None
    if typed and len(rows) > 1:
        return say.whose()
    texts = declaring_of(ctx).table.consents.values()
    people = tuple(
        PersonSheet(
            row=row.who,
            who=row.who,
            under_14=row.under_14 if row.under_14 is not None else False if _GROWN.search(rest) else None,
            said_by=Speaker.WORKER,
            journey=journey or (row.last.journey if row.last else Journey()),
            symptoms=listed if isinstance(listed, tuple) else None,
            temperature=typed,
            consents=frozenset(text.id for text in texts) if agreed else frozenset(),
        )
        for row in rows
    )
    key = hashlib.sha256(f"{turn.inbound.channel} {turn.inbound.key}".encode()).hexdigest()[:40]
    return Sheet(
        key=key, place_id=home.id, people=people, made_at=at, way=Way.DOOR, household_id=home.id,
        worker_id=turn.person.id, known=True, asks=asks,
    )  # fmt: skip


def _journey(rest: str) -> Journey | None:
    if word_of_here(rest):
        return Journey(away=False)
    came = _FROM.search(rest)
    return Journey(True, came["origin"], came["day"], "", "无") if came else None


def _told(answer: Answer, rows: list[FormRow], ctx: Context) -> str:
    if answer.faults:
        return words.at_door_first([fault.say for fault in answer.faults])
    nothing = [one for one in answer.people if one.receipt is None]
    if nothing and not all("health" in row.granted for row in rows):
        return words.at_door_notice(declaring_of(ctx).table.notice.format(county=ctx.county.name))
    return say.written_down(answer)


def _subject(handle: str, work: Work) -> int | None:
    if handle.startswith(SUBJECT):
        return int(handle[1:])
    found = work.subjects.of_member(int(handle[1:]))
    return found.id if found else None
