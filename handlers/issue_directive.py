"""A leader's order becomes a draft with a preview: who, how many by machine, how many by relay, what it costs."""

from dataclasses import replace
from datetime import datetime, time, timedelta

from handlers import wording
from handlers.domain import fan_out as plans
from handlers.domain.delivery import budget
from handlers.domain.directive import UNSENT, Audience, Directive, Kind, Reach, State
from handlers.domain.errors import Refused
from handlers.domain.people import Person
from handlers.domain.policy import Action, may
from handlers.domain.rules import rules_at
from handlers.domain.talk import Talk, Topic
from handlers.letters import letters_of
from handlers.ports import Context, Say, Turn, Work
from nlp.command import Command, CommandKind
from nlp.dates import read_deadline
from nlp.order import Order, read_order

intents = frozenset({CommandKind.ORDER, CommandKind.AMEND})


def handle(turn: Turn, command: Command, work: Work, ctx: Context) -> list[Say]:
    """Answer an order, or a change to the one being previewed, with its preview."""
    if command.kind is CommandKind.AMEND:
        return _amend(turn, command, work, ctx)
    order = read_order(turn.text, turn.inbound.sent_at)
    if order is None:
        return []
    where = _places(order, turn.person, ctx)
    draft = draft_directive(turn.person, order, where, work, ctx)
    return [Say(show(draft, turn.place, work, ctx))]


def draft_directive(author: Person, order: Order, nodes: tuple[int, ...], work: Work, ctx: Context) -> Directive:
    """Store and return a draft; the console's form ends here as well. Refused when the author may not issue there."""
    if not nodes or not all(may(author, Action.ISSUE, node, ctx.tree) for node in nodes):
        raise Refused(wording.not_allowed("给那里下发通知"))
    rules = rules_at(work.modes.current(ctx.now), ctx.tree, ctx.county, nodes[0], ctx.now)
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


def show(draft: Directive, place: str, work: Work, ctx: Context) -> str:
    """Return the preview, and remember that it was shown: 发 within ten minutes sends it."""
    work.talks.put(Talk(draft.author_id, place, Topic.PREVIEW, draft.id, ctx.now, ctx.now + ctx.county.preview_for))
    return wording.preview(draft, where_of(draft.audience, ctx), until_of(draft, ctx), _warnings(draft, ctx))


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
    places = "、".join(ctx.tree.path_name(node) for node in audience.nodes[:3])
    more = f"等{len(audience.nodes)}处" if len(audience.nodes) > 3 else ""
    return f"{places}{more} {who}" + ("+住户群(人工转发)" if audience.households else "")


def until_of(directive: Directive, ctx: Context) -> str | None:
    """Return the deadline in words, None when there is none."""
    at = directive.deadline_at
    return wording.day_clock(ctx.local(at), ctx.local(ctx.now)) if at else None


def _places(order: Order, author: Person, ctx: Context) -> tuple[int, ...]:
    own = tuple(n for n in author.nodes() if may(author, Action.ISSUE, n, ctx.tree))
    if not own:
        raise Refused(wording.not_allowed("下发通知"))
    if not order.places:
        return own[:1]
    found: list[int] = []
    for name in order.places:
        nodes = [n for top in own for n in ctx.tree.find(name, top)]
        if not nodes:
            raise Refused(wording.not_there())
        if len({n.id for n in nodes}) > 1:
            raise Refused(wording.which_place([ctx.tree.path_name(n.id) for n in nodes]))
        found.append(nodes[0].id)
    return tuple(dict.fromkeys(found))


def _amend(turn: Turn, command: Command, work: Work, ctx: Context) -> list[Say]:
    talk = work.talks.last(turn.person.id, turn.place, [Topic.PREVIEW], ctx.now)
    draft = work.directives.get(talk.subject_id) if talk and talk.subject_id else None
    if draft is None or draft.state is not State.PREVIEW or draft.author_id != turn.person.id:
        return [Say(wording.preview_gone())]
    at = read_deadline(command.args["deadline"], turn.inbound.sent_at)
    if at is None or at <= ctx.now:
        return [Say(wording.bad_number("截止"))]
    draft = replace(draft, deadline_at=at)
    work.directives.move(draft, UNSENT)
    return [Say(show(draft, turn.place, work, ctx))]


def _warnings(draft: Directive, ctx: Context) -> list[str]:
    warnings = []
    if draft.deadline_at and draft.deadline_at <= ctx.now + timedelta(minutes=5):
        warnings.append("截止太近了,很多人来不及看。")
    if draft.deadline_at is None and draft.compulsory:
        warnings.append("战时通知最好写明截止时间。")
    rules = ctx.county.war if draft.compulsory else ctx.county.peace
    if rules.quiet(_local_time(ctx.now, ctx)):
        warnings.append("现在是休息时间,平时的通知会在早上再发。")
    return warnings


def _local_time(now: datetime, ctx: Context) -> time:
    return ctx.local(now).time()
