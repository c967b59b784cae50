"""A leader's order becomes a draft with a preview: who, how many by machine, how many by relay, what it costs."""

from collections.abc import Iterable
from dataclasses import replace

from handlers import wording
from handlers.domain.directive import UNSENT
from handlers.domain.errors import Refused
from handlers.domain.people import Person
from handlers.domain.policy import Action
from handlers.drafts import draft_directive, reach_of, show, until_of, where_of
from handlers.ports import Context, Say, Turn, Work
from handlers.sending import go, previewed, ran_out, show_again
from nlp.command import Command, CommandKind
from nlp.dates import read_deadline
from nlp.order import Order, is_order, read_order
from nlp.types import Intent, Utterance

__all__ = ["draft_directive", "handle", "intents", "reach_of", "show", "until_of", "where_of"]

intents = frozenset({CommandKind.ORDER, CommandKind.AMEND, Intent.CHATTER})

_ENDS_OPEN = ("发", "下发", "通知", "说", ":", ":")
_OPENING = 40


def handle(turn: Turn, said: Command | Utterance, work: Work, ctx: Context) -> list[Say] | None:
    """Answer an order, or a change to the one being previewed, with its preview."""
    if isinstance(said, Utterance):
        return _half_said(turn, ctx)
    if said.kind is CommandKind.AMEND:
        return _amend(turn, said, work, ctx)
    order = read_order(turn.text, turn.inbound.sent_at)
    if order is None:
        return None
    where = _places(order, turn.person, ctx)
    if not any(sign.isalnum() for sign in order.body):
        raise Refused(wording.no_body(turn.text.strip()))
    draft = draft_directive(turn.person, order, where, work, ctx)
    return [Say(show(draft, turn.place, work, ctx))]


def _half_said(turn: Turn, ctx: Context) -> list[Say] | None:
    """给所有村发 and nothing after it: ask for the rest."""
    text = turn.text.strip()
    if len(text) > _OPENING or not text.endswith(_ENDS_OPEN) or not is_order(f"{text} 开会"):
        return None
    if not ctx.tree.viewable(turn.person, turn.person.nodes(), Action.ISSUE):
        raise Refused(wording.not_allowed("下发通知"))
    return [Say(wording.no_body(text))]


def _places(order: Order, author: Person, ctx: Context) -> tuple[int, ...]:
    own = ctx.tree.viewable(author, author.nodes(), Action.ISSUE)
    if not own:
        raise Refused(wording.not_allowed("下发通知"))
    if not order.places:
        return own[:1]
    found: list[int] = []
    for name in order.places:
        nodes = {n.id: n for top in own for n in ctx.tree.find(name, top)}
        if not nodes:
            raise Refused(wording.not_there())
        beside = _beside(found, nodes, ctx) if len(nodes) > 1 else tuple(nodes)
        if len(beside) > 1:
            raise Refused(wording.which_place([ctx.tree.path_name(n) for n in nodes]))
        found += beside
    return tuple(dict.fromkeys(found))


def _beside(found: list[int], nodes: Iterable[int], ctx: Context) -> tuple[int, ...]:
    """Return which of the nodes is meant after the ones named before it: 四格 after 旗山村三格 is 旗山村's."""
    for above in ctx.tree.ancestors(found[-1]) if found else ():
        near = tuple(node for node in nodes if ctx.tree.contains(above, node))
        if near:
            return near
    return tuple(nodes)


def _amend(turn: Turn, command: Command, work: Work, ctx: Context) -> list[Say]:
    """Move the deadline of the draft shown here; 截止改4点半 发 sends it as well, and says what it sends."""
    draft = previewed(turn.person, turn.place, work, ctx)
    late = ran_out(turn.person, turn.place, work, ctx) if draft is None else None
    draft = draft or late
    if draft is None:
        return [Say(wording.preview_gone())]
    at = read_deadline(command.args["deadline"], turn.inbound.sent_at)
    if at is None or at <= ctx.now:
        return [Say(wording.bad_deadline(command.args["deadline"]))]
    draft = replace(draft, deadline_at=at)
    work.directives.move(draft, UNSENT)
    if late is not None:
        return [Say(show_again(draft, turn.place, work, ctx))]
    if "go" not in command.args:
        return [Say(show(draft, turn.place, work, ctx))]
    sent = go(turn.person, turn.place, work, ctx)
    return [Say(wording.deadline_moved(until_of(draft, ctx) or "")), *sent]
