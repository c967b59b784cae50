"""A directive's page: the preview, the minute before it goes, who may still say something, receipts and sending."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from werkzeug.wrappers import Response

from bot.web.guard import Visit
from handlers.domain.daily_text import reasons
from handlers.domain.directive import ANSWERED, LIVE, UNSENT, Directive, ReceiptState, State, may_steer, needs_review
from handlers.domain.errors import UnknownNode
from handlers.domain.policy import Action
from handlers.domain.talk import Topic
from handlers.issue_directive import until_of, where_of
from store.work import SqlWork

PLACE = "console"  # the conversation these pages are, for what is kept of conversations
_PLACES_NAMED = 60


@dataclass(frozen=True, slots=True)
class May:
    """What the visitor may do with the directive as it stands: the buttons of the page, and what the guard lets in."""

    go: bool = False
    stop: bool = False
    void: bool = False
    confirm: bool = False
    review: bool = False


@dataclass(frozen=True, slots=True)
class Progress:
    """How far it has come: people by what they said, letters by what became of them, reasons for 做不了, places that
    have not answered."""

    total: int
    answered: int
    receipts: tuple[tuple[str, int], ...]
    sending: tuple[tuple[str, tuple[tuple[str, int], ...]], ...]
    blockers: tuple[tuple[str, int], ...]
    silent: tuple[str, ...]
    more: int
    reminded: int


def show(visit: Visit, directive_id: int) -> Response:
    """Show one directive to its author, to whoever may confirm it, and to whoever sees all the places it speaks to."""
    with visit.parts.store.begin() as work:  # its text is shown: the reading is noted with the reading
        directive = seen(visit, work, directive_id)
        visit.note(work, "read", f"directive {directive.id}", "duty")
        values = _values(visit, directive, work)
    return visit.page("directive", directive=directive, allowed=allowed(visit, directive), **values)


def seen(visit: Visit, work: SqlWork, directive_id: int) -> Directive:
    """Return the directive when the visitor may see it; a draft is its author's alone. Else UnknownNode."""
    found = visit.directive(work, directive_id)
    if found.number is None and found.author_id != visit.person.id:
        raise UnknownNode(f"directive {directive_id}")
    return found


def _values(visit: Visit, directive: Directive, work: SqlWork) -> dict[str, Any]:
    context = visit.context
    author = work.people.get(directive.author_id, context.day)
    named = author is not None and visit.may(Action.SEE_PEOPLE, directive.scope_id)
    refers = work.directives.get(directive.refers_to) if directive.refers_to else None
    out = directive.state not in UNSENT and directive.state is not State.DROPPED
    return {
        "preview": preview_of(visit, directive, work),
        "where": where_of(directive.audience, context),
        "until": until_of(directive, context),
        "author": author.name if named and author else "",
        "refers": refers,
        "refers_seen": refers is not None and all(visit.may(Action.SEE_COUNTS, n) for n in refers.audience.nodes),
        "progress": _progress(visit, directive, work) if out else None,
        "seconds": _seconds(visit, directive),
        "later": _later(visit, directive),
        "above": context.county.confirm_above,
    }


def preview_of(visit: Visit, directive: Directive, work: SqlWork) -> str | None:
    """Return the preview as it was shown, None once it no longer counts: after ten minutes, or after another one."""
    talk = work.talks.last(visit.person.id, PLACE, [Topic.PREVIEW], visit.context.now)
    if talk is None or talk.subject_id != directive.id or directive.state is not State.PREVIEW:
        return None
    said = talk.body.get("said")
    return said if isinstance(said, str) else None


def _progress(visit: Visit, directive: Directive, work: SqlWork) -> Progress:
    counts = work.receipts.counts(directive.id)
    waiting = work.receipts.waiting(directive.id)
    places = list(dict.fromkeys(r.node_id for r in waiting if visit.may(Action.SEE_COUNTS, r.node_id)))
    said = Counter(r.blocker or "没说原因" for r in work.receipts.blocked(directive.id))
    return Progress(
        total=sum(n for state, n in counts.items() if state is not ReceiptState.RELEASED),
        answered=sum(counts.get(state, 0) for state in ANSWERED),
        receipts=tuple((state.value, counts[state]) for state in ReceiptState if state in counts),
        sending=_sending(work.outbox.reach(directive.id)),
        blockers=reasons(said.items()),
        silent=tuple(visit.context.tree.path_name(n) for n in places[:_PLACES_NAMED]),
        more=max(len(places) - _PLACES_NAMED, 0),
        reminded=sum(1 for receipt in waiting if receipt.rung > 0),
    )


def _sending(reach: Mapping[tuple[str, str], int]) -> tuple[tuple[str, tuple[tuple[str, int], ...]], ...]:
    found = []
    for purpose in ("card", "post", "relay"):
        states = tuple((state, n) for (what, state), n in sorted(reach.items()) if what == purpose and n)
        if states:
            found.append((purpose, states))
    return tuple(found)


def _seconds(visit: Visit, directive: Directive) -> int | None:
    """Return how long until a held directive goes out, None for one that is not held."""
    if directive.state is not State.HELD or directive.due_at is None:
        return None
    return max(int((directive.due_at - visit.context.now).total_seconds()), 0)


def _later(visit: Visit, directive: Directive) -> str | None:
    """Return when the letters go out that were written at night for the morning."""
    at = directive.issued_at
    return visit.local(at) if directive.state in LIVE and at is not None and at > visit.context.now else None


# -- who may do what ---------------------------------------------------------------------------------------------------


def allowed(visit: Visit, directive: Directive) -> May:
    """Return what the visitor may do with the directive as it stands."""
    mine, state = steered(visit, directive), directive.state
    return May(
        go=state is State.PREVIEW and directive.author_id == visit.person.id and may_issue(visit, directive),
        stop=mine and state in UNSENT,
        void=(mine and state in LIVE | {State.CLOSED}) or may_review(visit, directive),
        confirm=state is State.SECOND and may_confirm(visit, directive),
        review=may_review(visit, directive),
    )


def steered(visit: Visit, directive: Directive) -> bool:
    """Return whether the visitor wrote or confirmed it, and still may issue there; a cancel is nobody's to steer."""
    return may_steer(directive, visit.person.id) and may_issue(visit, directive) and directive.kind.value != "cancel"


def may_issue(visit: Visit, directive: Directive) -> bool:
    """Return whether the visitor may issue to every node it speaks to."""
    return all(visit.may(Action.ISSUE, n) for n in directive.audience.nodes)


def may_confirm(visit: Visit, directive: Directive) -> bool:
    """Return whether the visitor may be the second person."""
    nodes = directive.audience.nodes
    return directive.author_id != visit.person.id and all(visit.may(Action.CONFIRM, n) for n in nodes)


def may_review(visit: Visit, directive: Directive) -> bool:
    """Return whether it went out urgent on one word and waits for the visitor's."""
    waits = directive.state in LIVE and directive.urgent and directive.compulsory
    return waits and needs_review(directive, visit.context.county.confirm_above) and may_confirm(visit, directive)
