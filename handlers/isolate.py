"""隔离: a lead enters a written decision; it is read back, the person hears of it first, and it can be taken back."""

from datetime import date, timedelta

from handlers import tell_decision
from handlers.days import read_days, span_days
from handlers.domain.declared import Subject
from handlers.domain.doors import doors
from handlers.domain.errors import Refused
from handlers.domain.household import masked
from handlers.domain.isolation import Decision, DecisionKind, DecisionState, Episode, Paper, Span, faults
from handlers.domain.policy import Action
from handlers.domain.roster_fields import Unfit
from handlers.isolation_words import IsolationKind, IsolationWord
from handlers.person_at_home import person_at_home
from handlers.ports import Context, Say, Turn, Work
from handlers.resident_help import on_call
from handlers.wording import isolation as say
from handlers.wording import not_allowed

intents = frozenset(IsolationKind)
PURPOSE = "isolation"
_NEEDED = {
    DecisionKind.OPEN: ("issuer", "number", "basis", "appeal", "start", "until"),
    DecisionKind.EXTEND: ("issuer", "number", "basis", "appeal", "until"),
    DecisionKind.END: ("issuer", "number", "basis", "appeal"),
}
_KINDS = {
    IsolationKind.OPEN: DecisionKind.OPEN,
    IsolationKind.EXTEND: DecisionKind.EXTEND,
    IsolationKind.END: DecisionKind.END,
}


def handle(turn: Turn, word: IsolationWord, work: Work, ctx: Context) -> list[Say] | None:
    """Answer in private, whatever the place: who is isolated is nobody else's business."""
    if word.kind is IsolationKind.LIST:
        return [_list(turn, work, ctx)]
    if word.kind is IsolationKind.OPEN:
        return [_open(turn, word, work, ctx)]
    found = work.isolations.get(word.number)
    action = Action.SEE_HEALTH if word.kind is IsolationKind.TOLD else Action.ISOLATE
    if found is None or not _theirs(turn, found.node_id, action, ctx):
        return [Say(say.not_here(word.number), private=True)]
    answer = {
        IsolationKind.EXTEND: _decide,
        IsolationKind.END: _decide,
        IsolationKind.TOLD: _told,
        IsolationKind.UNDO: _undo,
    }[word.kind]
    return [Say(answer(turn, word, found, work, ctx), private=True, about=(found.subject_id,))]


def _theirs(turn: Turn, node_id: int, action: Action, ctx: Context) -> bool:
    """Return whether the person may do it there; who may enter decisions may also say that they told somebody."""
    if not ctx.tree.has(node_id):
        return False
    wanted = {action, Action.ISOLATE}
    return any(ctx.tree.viewable(turn.person, [node_id], one) for one in wanted)


def _open(turn: Turn, word: IsolationWord, work: Work, ctx: Context) -> Say:
    held = ctx.tree.viewable(turn.person, turn.person.nodes(), Action.ISOLATE)
    if not held:
        raise Refused(not_allowed("录入隔离决定"))
    found = {node.id: node for place in held for node in doors(ctx.tree, place, word.door)}
    if len(found) != 1:
        names = [ctx.tree.path_name(node_id) for node_id in found][:4]
        return Say(say.which_door(word.door, names), private=True)
    home = next(iter(found))
    grid = ctx.tree.parent(home)
    assert grid is not None
    paper = _paper(DecisionKind.OPEN, word, turn, None, ctx)
    subject = _subject(home, word.name, work, ctx)
    standing = next((one for one in work.isolations.of_subject(subject.id) if one.open), None)
    if standing is not None and standing.span is not None:
        return Say(say.open_already(standing.id, say.stands(standing.span, ctx.day)), private=True)
    made = work.isolations.open(subject.id, home, grid, paper, turn.person.id, ctx.now)
    return Say(_entered(turn, made, paper, work, ctx), private=True, about=(subject.id,))


def _subject(home: int, said: str, work: Work, ctx: Context) -> Subject:
    try:
        return person_at_home(home, said, work, ctx)
    except Unfit as unfit:
        raise Refused(say.cannot([unfit.say])) from unfit


def _decide(turn: Turn, word: IsolationWord, found: Episode, work: Work, ctx: Context) -> str:
    kind = _KINDS[word.kind]
    if found.span is None:
        return say.not_here(found.id)
    if not found.open:
        return say.ended_already(found.id)
    paper = _paper(kind, word, turn, found.span, ctx)
    made = work.isolations.decide(found, kind, paper, turn.person.id, ctx.now)
    return _entered(turn, made, paper, work, ctx)


def _entered(turn: Turn, made: Decision, paper: Paper, work: Work, ctx: Context) -> str:
    found, subject = work.isolations.get(made.episode_id), work.subjects.get(made.subject_id)
    assert found is not None
    assert found.span is not None
    assert subject is not None
    work.audit.note(ctx.now, turn.person.id, f"isolation {made.kind}", f"subject:{subject.id}", PURPOSE, "entered")
    reached = tell_decision.first(made, work, ctx)
    worker = None if reached else on_call(found.household_id, work, ctx)
    name = work.people.names([worker]).get(worker, "") if worker is not None else ""
    place = ctx.tree.path_name(found.household_id)
    back = say.entered(found.id, place, masked(subject.name), made.kind, paper, found.span, ctx.day)
    return f"{back}{say.how_told(reached, name)}{say.undo_how(found.id)}"


def _paper(kind: DecisionKind, word: IsolationWord, turn: Turn, span: Span | None, ctx: Context) -> Paper:
    """Return the paper as entered; Refused names all that is missing or cannot be, at once."""
    said = word.said
    start = _day(said.get("start", ""), turn)
    until = _day(said.get("until", ""), turn)
    first = start or (span.started_on if span else None)
    if until is None and first is not None and (days := span_days(said.get("until", ""))):
        until = first + timedelta(days=days)
    if until is not None and first is not None and until < first:  # a bare date ahead is read as last year's
        until = _next_year(until)
    if kind is DecisionKind.END:
        until = until or ctx.day
    known = {**said, "start": start, "until": until}
    absent = [key for key in _NEEDED[kind] if not known.get(key)]
    if absent:
        raise Refused(say.missing(absent))
    paper = Paper(said["issuer"], said["number"], said["basis"], said["appeal"], start, until)
    if wrong := faults(kind, paper, span, ctx.day):
        raise Refused(say.cannot(wrong))
    return paper


def _day(words: str, turn: Turn) -> date | None:
    found = read_days(words, turn.inbound.sent_at) if words else None
    return found[0] if found else None


def _next_year(day: date) -> date:
    return day + timedelta(days=366 if (day + timedelta(days=366)).day == day.day else 365)


def _told(turn: Turn, word: IsolationWord, found: Episode, work: Work, ctx: Context) -> str:
    """The worker told the person: only now do others hear."""
    waiting = [one for one in work.isolations.decisions(found.id) if one.state is DecisionState.CALLING]
    for one in waiting:
        work.audit.note(ctx.now, turn.person.id, "isolation told", f"subject:{found.subject_id}", PURPOSE, "phone")
        tell_decision.then(one, "phone", work, ctx)
    return say.told_now(found.id) if waiting else say.told_before(found.id)


def _undo(turn: Turn, word: IsolationWord, found: Episode, work: Work, ctx: Context) -> str:
    """Take the last decision back; the old row stays, and whoever was told of it is told that it is void."""
    standing = [one for one in work.isolations.decisions(found.id) if one.state is not DecisionState.UNDONE]
    last = standing[-1] if standing else None
    if last is None or not work.isolations.move(last, DecisionState.UNDONE, ctx.now):
        return say.nothing_to_undo(found.id)
    work.audit.note(ctx.now, turn.person.id, "isolation undo", f"subject:{found.subject_id}", PURPOSE, last.kind)
    stopped = last.state is DecisionState.CALLING or work.isolations.recall(last, ctx.now)
    told = not stopped and tell_decision.correct(last, work, ctx)
    tell_decision.settle(found.id, work, ctx)
    return say.undone(found.id, told)


def _list(turn: Turn, work: Work, ctx: Context) -> Say:
    """List who is isolated where the person may see health or enters decisions; every look is noted."""
    nodes = {n for held in turn.person.nodes() for n in ctx.tree.above_households(held)}
    mine = {n for action in (Action.SEE_HEALTH, Action.ISOLATE) for n in ctx.tree.viewable(turn.person, nodes, action)}
    found = work.isolations.open_at(sorted(mine), 40)
    subjects = work.subjects.many(one.subject_id for one in found)
    lines = []
    for one in found:
        assert one.span is not None
        work.audit.note(ctx.now, turn.person.id, "look", f"subject:{one.subject_id}", PURPOSE, "list")
        last = work.isolations.decisions(one.id)[-1]
        place, name = ctx.tree.path_name(one.household_id), masked(subjects[one.subject_id].name)
        lines.append(say.line(one.id, place, name, one.span, ctx.day, last))
    return Say(say.listed(lines), private=True, about=tuple(one.subject_id for one in found))
