"""The first page: what mode holds, what waits for me, what is running, where today's figures stand."""

from dataclasses import dataclass
from datetime import timedelta

from flask import redirect
from werkzeug.wrappers import Response

from bot.web.console_directive import may_confirm, may_review, steered
from bot.web.console_standing import standing_of
from bot.web.guard import Visit
from handlers.domain.directive import ANSWERED, Directive, ReceiptState, State
from handlers.domain.freeze import frozen_at, is_frozen_for
from handlers.domain.hierarchy import Node
from handlers.domain.policy import Action
from handlers.domain.rules import mode_at
from handlers.freeze_day import reporting_nodes
from handlers.issue_directive import until_of, where_of
from store.work import SqlWork

OPS = "/console/ops"
_RECENT = timedelta(days=3)
_EXCERPT = 28


@dataclass(frozen=True, slots=True)
class Mode:
    """What holds at the node: peace, or war with its basis and the moment its fuse ends."""

    war: bool
    basis: str = ""
    until: str = ""


@dataclass(frozen=True, slots=True)
class Running:
    """One directive in a list: counts only, never more than was answered."""

    directive: Directive
    where: str
    until: str | None
    excerpt: str
    answered: int = 0
    total: int = 0
    blocked: int = 0


@dataclass(frozen=True, slots=True)
class Freeze:
    """Today's daily report of the node: the hour, whether it is past, and whether the report is made."""

    at: str
    past: bool
    made: bool


def show(visit: Visit) -> Response:
    """Show the first page; administrators, who see nothing of the county, are sent to theirs."""
    own = visit.nodes(Action.SEE_COUNTS)
    if not own:
        return redirect(OPS, code=303)
    node = visit.node(own[0])
    with visit.parts.store.read() as work:
        mode, freeze = _mode(visit, node, work), _freeze(visit, node, work)
        standing = standing_of(visit, node, work)
    with visit.parts.store.begin() as work:  # texts of directives are shown: the reading is noted with the reading
        waiting, mine, live, ended = _directives(visit, work)
        owed = [d.code for d in work.directives.awaiting(visit.person.id, visit.context.now)]
        shown = len(waiting) + len(mine) + len(live) + len(ended)
        if shown:
            visit.note(work, "read", f"directives on the first page: {shown}", "duty")
    others = [visit.node(n) for n in own[1:]]
    return visit.page(
        "home", mode=mode, freeze=freeze, standing=standing, waiting=waiting, mine=mine, live=live, ended=ended,
        owed=owed, others=others, day=visit.context.day,
    )  # fmt: skip


def _directives(visit: Visit, work: SqlWork) -> tuple[list[Running], list[Running], list[Running], list[Running]]:
    """Return what waits for my word, what I have in hand, what is out below me, and what of mine ended lately."""
    context = visit.context
    second = work.directives.awaiting_second(context.now)
    live = [d for d in work.directives.live(_staff_nodes(visit)) if _visible(visit, d)]
    asked = [d for d in second if may_confirm(visit, d) and not_stale(visit, d)]
    asked += [d for d in live if may_review(visit, d)]
    since = context.now - _RECENT
    hand = work.directives.steered_by(visit.person.id, {State.SECOND, State.HELD}, since)
    over = frozenset({State.CLOSED, State.CANCELLED, State.SUPERSEDED, State.DROPPED})
    ended = [d for d in work.directives.steered_by(visit.person.id, over, since) if d.number]
    rows = (asked, [d for d in hand if steered(visit, d) and d not in asked], live, ended[:5])
    waiting, mine, running, done = ([_running(d, visit, work) for d in part if _visible(visit, d)] for part in rows)
    return waiting, mine, running, done


def not_stale(visit: Visit, directive: Directive) -> bool:
    """Return whether a second person's word would still count."""
    county = visit.context.county
    return visit.context.now - directive.created_at <= county.preview_for + timedelta(minutes=10)


def _staff_nodes(visit: Visit) -> list[int]:
    tree, staff = visit.context.tree, [level.key for level in visit.context.county.levels if level.staff]
    own = visit.nodes(Action.SEE_COUNTS)
    return list(dict.fromkeys(n for top in own for level in staff for n in tree.within(top, level)))


def _visible(visit: Visit, directive: Directive) -> bool:
    return all(visit.may(Action.SEE_COUNTS, n) for n in directive.audience.nodes)


def _running(directive: Directive, visit: Visit, work: SqlWork) -> Running:
    counts = work.receipts.counts(directive.id) if directive.state not in (State.SECOND, State.HELD) else {}
    body = " ".join(directive.body.split())
    return Running(
        directive=directive,
        where=where_of(directive.audience, visit.context),
        until=until_of(directive, visit.context),
        excerpt=body if len(body) <= _EXCERPT else body[: _EXCERPT - 1] + "…",
        answered=sum(counts.get(state, 0) for state in ANSWERED),
        total=sum(n for state, n in counts.items() if state is not ReceiptState.RELEASED),
        blocked=counts.get(ReceiptState.BLOCKED, 0),
    )


def _mode(visit: Visit, node: Node, work: SqlWork) -> Mode:
    context = visit.context
    war = mode_at(work.modes.current(context.now), context.tree, node.id, context.now)
    return Mode(True, war.basis, visit.local(war.expires_at)) if war else Mode(False)


def _freeze(visit: Visit, node: Node, work: SqlWork) -> Freeze | None:
    context = visit.context
    if node.id not in reporting_nodes(context):
        return None
    local = context.local(context.now)
    at = frozen_at(context.day, context.county.freeze_at, local)
    past = is_frozen_for(context.day, local, context.county.freeze_at)
    return Freeze(f"{at:%H:%M}", past, work.dailies.get(node.id, context.day) is not None)
