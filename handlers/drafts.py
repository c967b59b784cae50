"""A directive before it goes out: drafted, planned, shown. Chat and console alike make their drafts here."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from handlers import fatigue, wording
from handlers.domain import fan_out as plans
from handlers.domain.delivery import budget
from handlers.domain.directive import Audience, Directive, Kind, Reach, State
from handlers.domain.errors import Refused
from handlers.domain.people import HolderRow, Person
from handlers.domain.policy import Action
from handlers.domain.rules import rules_over
from handlers.domain.talk import Talk, Topic
from handlers.letters import letters_of
from handlers.ports import Context, Work
from nlp.dates import read_deadline
from nlp.order import Order
from nlp.privacy import find_private

BODY_LIMIT = 600  # signs; with its heading and hint it still fits one message of the platform (2,048 bytes)
_TOO_CLOSE = timedelta(minutes=5)
_PLACES_SHOWN = 3


def draft_directive(author: Person, order: Order, nodes: tuple[int, ...], work: Work, ctx: Context) -> Directive:
    """Store and return a draft; the console's form ends here as well. Refused when the author may not issue there."""
    if not ctx.tree.views_all(author, nodes, Action.ISSUE):
        raise Refused(wording.not_allowed("给那里下发通知"))
    check_body(order.body)
    rules = rules_over(work.modes.current(ctx.now), ctx.tree, ctx.county, nodes, ctx.now)
    draft = Directive(
        id=0,
        number=None,
        kind=Kind.NEW,
        refers_to=None,
        author_id=author.id,
        confirmer_id=None,
        scope_id=nodes[0],
        body=order.body,
        audience=plans.audience_of(order.level, order.role, nodes),
        ladder=tuple((int(rung.after.total_seconds() // 60), rung.tell) for rung in rules.ladder),
        compulsory=rules.compulsory,
        urgent=order.urgent,
        drill=order.drill,
        state=State.PREVIEW,
        reach=None,
        created_at=ctx.now,
        deadline_at=order.deadline_at,
    )
    return work.directives.add(replace(draft, reach=reach_of(draft, work, ctx)))


def check_body(body: str) -> None:
    """Refuse what may not go out to many: too long for a phone, or holding what belongs to one person."""
    if len(body) > BODY_LIMIT:
        raise Refused(wording.body_too_long(len(body), BODY_LIMIT))
    if kinds := [kind for kind, _, _ in find_private(body)]:
        raise Refused(wording.not_for_many(kinds))


def show(draft: Directive, place: str, work: Work, ctx: Context) -> str:
    """Return the preview, and remember that it was shown: 发 within ten minutes sends it."""
    work.talks.put(Talk(draft.author_id, place, Topic.PREVIEW, draft.id, ctx.now, ctx.now + ctx.county.preview_for))
    plan = plan_of(draft, work, ctx)
    refers = work.directives.get(draft.refers_to) if draft.refers_to else None
    standing = work.receipts.counts(refers.id) if refers else {}
    return wording.preview(
        draft,
        where_of(draft.audience, ctx),
        spread_of(plan, draft.audience, ctx),
        until_of(draft, ctx),
        [*_warnings(draft, plan, ctx), *fatigue.warnings(draft, plan, work, ctx)],
        replaces=wording.replaces(refers, standing) if refers else None,
    )


def plan_of(draft: Directive, work: Work, ctx: Context) -> plans.FanOut:
    """Return who gets it as things stand now."""
    holders = work.people.holders(ctx.day)
    nodes = {node for top in draft.audience.nodes for node in ctx.tree.above_households(top)}
    chats = work.chats.of_nodes(nodes)
    return plans.fan_out(
        draft.audience,
        ctx.tree,
        ctx.county,
        holders,
        work.people.leaves(ctx.day),
        {row.person_id: row.userid for row in holders},
        chats,
        author_id=draft.author_id,
        seed=f"D{draft.id}",
    )


def reach_of(draft: Directive, work: Work, ctx: Context) -> Reach:
    """Return the counts and the platform budget of sending it now."""
    plan = plan_of(draft, work, ctx)
    cost = budget(letters_of(draft, plan, None, ctx))
    return plan.reach(cost.calls, cost.person_times, cost.seconds)


def where_of(audience: Audience, ctx: Context) -> str:
    """Return the audience in words."""
    who = {
        (): "全体工作人员",
        plans.GRID_ROLES: "网格长和网格员",
        ("grid_lead",): "网格长",
        ("gridworker",): "网格员",
        ("township_lead", "deputy"): "镇领导",
    }.get(audience.roles, "负责人")
    places = _named(audience.nodes, ctx)
    return f"{places} {who}" + ("+住户群(人工转发)" if audience.households else "")


def spread_of(plan: plans.FanOut, audience: Audience, ctx: Context) -> str:
    """Return how far down it spreads, level by level: 12村→42网格; "" when it stays at one place."""
    tree = ctx.tree
    reached = {node for owed in plan.people for node in (owed.node_id, *tree.ancestors(owed.node_id))}
    counts = Counter(tree.node(node).level for node in reached)
    tops = max(tree.level_index(tree.node(node).level) for node in audience.nodes)
    below = [level for level in ctx.county.levels[tops + 1 :] if level.staff and not level.side]
    return "→".join(f"{counts[level.key]}{level.title}" for level in below if counts[level.key])


def until_of(directive: Directive, ctx: Context) -> str | None:
    """Return the deadline in words, None when there is none."""
    at = directive.deadline_at
    return wording.day_clock(ctx.local(at), ctx.local(ctx.now)) if at else None


def _named(nodes: Iterable[int], ctx: Context) -> str:
    every = tuple(dict.fromkeys(nodes))
    shown = "、".join(ctx.tree.path_name(node) for node in every[:_PLACES_SHOWN])
    return shown + (f"等{len(every)}处" if len(every) > _PLACES_SHOWN else "")


def _posts(rows: Iterable[HolderRow], ctx: Context) -> str:
    return _named((row.node_id for row in rows if ctx.tree.has(row.node_id)), ctx)


def _warnings(draft: Directive, plan: plans.FanOut, ctx: Context) -> list[str]:
    warnings = []
    if draft.deadline_at and draft.deadline_at <= ctx.now + _TOO_CLOSE:
        warnings.append("截止太近了,很多人来不及看。")
    if draft.deadline_at is None and draft.compulsory:
        warnings.append("战时通知最好写明截止时间。")
    written = read_deadline(draft.body, draft.created_at)
    if written and draft.deadline_at and written != draft.deadline_at:
        warnings.append(wording.two_deadlines(wording.day_clock(ctx.local(written), ctx.local(ctx.now))))
    rules = ctx.county.war if draft.compulsory else ctx.county.peace
    if rules.quiet(ctx.local(ctx.now).time()):
        warnings.append("现在是休息时间,平时的通知会在早上再发。")
    if plan.covered:
        warnings.append(f"{_posts(plan.covered, ctx)}有人请假,改送代班。")
    if plan.unreachable:
        warnings.append(f"{_posts(plan.unreachable, ctx)}有人请假无人代,这条送不到。")
    return warnings
