"""登记: the worker who keeps the register notes where somebody of a household came from, or that they were here.

It is one statement beside others: nobody is coloured by it. Where it disagrees with what the person declared, the
person is asked which is right.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from handlers import declared_check
from handlers.care_words import CareKind, CareWord
from handlers.domain.consistency import Source, Statement
from handlers.domain.doors import doors
from handlers.domain.errors import Refused
from handlers.domain.hierarchy import Node
from handlers.domain.household import masked
from handlers.domain.policy import Action
from handlers.domain.returnees import places_named
from handlers.domain.roster_fields import Unfit, clean, person_name
from handlers.ports import Context, Say, Turn, Work
from handlers.read_sheet import BACK_AT_MOST
from handlers.wording import care as words
from nlp.dates import scan_days
from nlp.normalize import normalize

intents = frozenset({CareKind.FACT})
_FROM = re.compile(r"从(?P<origin>.{2,20}?)(?:回|返|来|到家)")
KEPT = timedelta(days=42)
"""The incubation twice: longer than any receipt looks back."""


@dataclass(frozen=True, slots=True)
class _Fact:
    away: bool
    origin: str
    arrived: date | None


def handle(turn: Turn, word: CareWord, work: Work, ctx: Context) -> list[Say] | None:
    """Answer in private: others read along in a group, and a name is nobody's business there."""
    if ctx.county.declaring is None:
        return None
    return [_noted(turn, word, work, ctx)]


def _noted(turn: Turn, word: CareWord, work: Work, ctx: Context) -> Say:
    home = _home(turn, word.args["door"], ctx)
    try:
        name = person_name(word.args["name"])
    except Unfit as unfit:
        raise Refused(words.fact_how(unfit.say)) from unfit
    fact = _read(word.args["what"], turn, ctx)
    places, _ = places_named(fact.origin, ctx.county.province)
    said = Statement(Source.HOUSEHOLD, ctx.day, fact.away, fact.origin, tuple(sorted(places)), fact.arrived)
    work.statements.add(home.id, name, said, ctx.day + KEPT, said_by_id=turn.person.id)
    subject = work.subjects.find(home.id, name)
    whom = f"subject:{subject.id}" if subject else f"node {home.id}"
    work.audit.note(ctx.now, turn.person.id, "note", whom, "declaration", "kept")
    asked = declared_check.check_again(subject, said, work, ctx) if subject is not None else None
    known = subject is not None or any(member.name == name for member in work.households.members(home.id, ctx.day))
    # what is said back stays as long as a letter does: nothing of it may outlive whoever it is about
    what = _words(fact, named=subject is not None)
    said_back = words.fact_kept(ctx.tree.path_name(home.id), masked(name), what, known, asked is not None)
    return Say(said_back, private=True, about=(subject.id,) if subject else ())


def _home(turn: Turn, door: str, ctx: Context) -> Node:
    """Return the one household meant among those whose register the person keeps; Refused when it cannot be told."""
    held = ctx.tree.viewable(turn.person, turn.person.nodes(), Action.KEEP)
    found = {node.id: node for place in held for node in doors(ctx.tree, place, door)}
    if len(found) == 1:
        return next(iter(found.values()))
    raise Refused(words.which_door(door, [ctx.tree.path_name(node_id) for node_id in found][:4]))


def _read(what: str, turn: Turn, ctx: Context) -> _Fact:
    plain = normalize(clean(what)).text
    if word_of_here(plain):
        return _Fact(False, "", None)
    days = list(scan_days(plain, turn.inbound.sent_at))
    if len(days) > 1:
        raise Refused(words.fact_how("只写一个到的日子"))
    arrived = days[0].day if days else None
    if arrived is not None and not ctx.day - BACK_AT_MOST <= arrived <= ctx.day:
        raise Refused(words.fact_how("到的日子要在最近两个月里"))
    named = _FROM.search(plain)
    origin = named["origin"].strip(" ,。") if named else ""
    places, _ = places_named(origin, ctx.county.province)
    if not origin or not places:
        raise Refused(words.fact_how("从哪里回来要写到市"))
    return _Fact(True, origin, arrived)


def word_of_here(plain: str) -> bool:
    """Return whether the words say that somebody was here all the time.

    >>> word_of_here("一直在家"), word_of_here("没出过远门"), word_of_here("从武汉回来一直在家")
    (True, True, False)
    """
    if "从" in plain:
        return False
    return any(mark in plain for mark in ("一直在", "没出", "没外出", "没离开", "没有外出", "没有离开", "没去过外地"))


def _words(fact: _Fact, *, named: bool) -> str:
    if not fact.away:
        return "一直在本地"
    day = f"{fact.arrived.month}月{fact.arrived.day}日" if fact.arrived else ""
    return f"{day}从{fact.origin if named else '外地'}回来"
