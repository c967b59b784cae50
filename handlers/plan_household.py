"""照看 3-101 独居老人: whoever keeps the register puts a household on a plan, or takes it off; read back."""

from handlers import silences
from handlers.domain.doors import doors
from handlers.domain.errors import Refused
from handlers.domain.four_ones import FourOnes, Plan, Whom
from handlers.domain.hierarchy import Node
from handlers.domain.policy import Action
from handlers.four_ones_words import OneKind, OneWord
from handlers.ports import Context, Say, Turn, Work
from handlers.wording import burden, isolation, not_allowed
from handlers.wording import four_ones as say

intents = frozenset({OneKind.LOOK_AFTER, OneKind.LEAVE_ALONE})


def handle(turn: Turn, word: OneWord, work: Work, ctx: Context) -> list[Say] | None:
    """Answer in private; an isolation's own plan begins and ends with the decision alone."""
    four = ctx.county.four_ones
    if four is None:
        return None
    plan = _plan(word.rest, four)
    if plan is None:
        titles = [one.title for one in four.of(Whom.ENROLLED)]
        return [Say(say.which_plan(titles), private=True)]
    home = _home(turn, word.door, ctx)
    what = f"plan {plan.key}"[:40]
    if word.kind is OneKind.LOOK_AFTER and plan.key in (work.wishes.get(home.id) or ()):
        return [Say(burden.left_by_wish(home.name, plan.title), private=True)]
    if word.kind is OneKind.LOOK_AFTER:
        work.contacts.enrol(home.id, plan.key, ctx.day, ctx.now)
        work.audit.note(ctx.now, turn.person.id, what, f"node:{home.id}", "care", "on")
        words = say.looked_after(home.name, plan) + silences.today(home.id, work, ctx)
        return [Say(words, private=True)]
    ended = work.contacts.release(home.id, plan.key, ctx.day)
    work.audit.note(ctx.now, turn.person.id, what, f"node:{home.id}", "care", "off" if ended else "none")
    return [Say(say.left_alone(home.name, plan.title, ended), private=True)]


def _plan(words: str, four: FourOnes) -> Plan | None:
    """Return the plan named; the only one there is need not be named."""
    listed = four.of(Whom.ENROLLED)
    named = [plan for plan in listed if words and (words in plan.title or plan.title in words)]
    chosen = named if words else listed
    return chosen[0] if len(chosen) == 1 else None


def _home(turn: Turn, door: str, ctx: Context) -> Node:
    held = ctx.tree.viewable(turn.person, turn.person.nodes(), Action.KEEP)
    if not held:
        raise Refused(not_allowed("安排照看"))
    found = {node.id: node for place in held for node in doors(ctx.tree, place, door)}
    if len(found) != 1:
        raise Refused(isolation.which_door(door, [ctx.tree.path_name(node_id) for node_id in found][:4]))
    return next(iter(found.values()))
