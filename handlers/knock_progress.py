"""敲门进度: how far each place is, by level, what is not known shown as 未敲; 步骤: where it stands in its steps."""

from handlers.domain.errors import Refused
from handlers.domain.knocking import KnockRound, RoundKind, closed
from handlers.domain.step_template import Closes, StepTemplate
from handlers.knock_places import parts_of, rounds_for, seen, summed, worked
from handlers.knock_words import KnockKind, KnockWord
from handlers.ports import Context, Say, Turn, Work
from handlers.wording import knock_progress as say
from handlers.wording import steps as step_say

intents = frozenset({KnockKind.PROGRESS, KnockKind.STEPS, KnockKind.STEP_DONE})
_LINES = 15


def handle(turn: Turn, word: KnockWord, work: Work, ctx: Context) -> list[Say] | None:
    """Answer with numbers only: no door and no name stands in a progress. None: there is no such round here."""
    rounds = rounds_for(turn, RoundKind.KNOCK, work, ctx, working=False)
    if word.kind is KnockKind.PROGRESS:
        return [Say(text(one, turn, work, ctx)) for one in rounds[:3]] or [Say(say.none_open("敲门"))]
    stepped = [one for one in rounds if _template(one, ctx) is not None]
    if not stepped:
        return [Say(step_say.none_open())] if rounds or word.kind is KnockKind.STEPS else None
    if word.kind is KnockKind.STEP_DONE:
        return [Say(_done(turn, word, stepped[0], work, ctx))]
    return [Say(_steps(turn, one, work, ctx)) for one in stepped[:2]]


def text(one: KnockRound, turn: Turn, work: Work, ctx: Context) -> str:
    """Return the progress of a round as this person may see it."""
    return "\n".join(of_node(one, node, work, ctx) for node in seen(turn.person, one, ctx)[:3])


def of_node(one: KnockRound, node: int, work: Work, ctx: Context) -> str:
    """Return the progress of a round at one node, part by part."""
    counts, people = work.knocks.counts(one.id), work.knocks.people(one.id)
    told = [people[place] for place in ctx.tree.above_households(node) if place in people]
    parts = [(part, summed(part, counts, ctx)) for part in parts_of(node, ctx)]
    parts = [(part, total) for part, total in parts if total]
    shown = [(ctx.tree.name_within(part, node), say.counted(total)) for part, total in parts[:_LINES]]
    total = summed(node, counts, ctx)
    said = say.people(sum(persons for persons, _ in told), sum(doors for _, doors in told), total)
    return say.progress(one.title, ctx.tree.path_name(node), total, said, shown, len(parts) - len(shown))


# -- steps -------------------------------------------------------------------------------------------------------------


def _template(one: KnockRound, ctx: Context) -> StepTemplate | None:
    return next((made for made in ctx.county.steps if made.key == one.template), None)


def _grids(turn: Turn, one: KnockRound, ctx: Context) -> list[int]:
    """Return the grids of the round that this person sees; the places themselves where there are none."""
    level = ctx.county.report_level
    found = []
    for node in seen(turn.person, one, ctx):
        grids = ctx.tree.within(node, level) if ctx.tree.has_level(level) else ()
        found += list(grids) or [node]
    return found


def _steps(turn: Turn, one: KnockRound, work: Work, ctx: Context) -> str:
    template = _template(one, ctx)
    assert template is not None
    counts, said = work.knocks.counts(one.id), work.postings.steps(one.id)
    grids = _grids(turn, one, ctx)
    at = {grid: summed(grid, counts, ctx) for grid in grids}
    grids = [grid for grid in grids if at[grid]]  # a grid without households has no steps
    done = [sum(closed(step, at[grid], said.get(grid, ())) for grid in grids) for step in template.steps]
    if len(grids) == 1:
        return step_say.of_grid(one.title, template, [bool(number) for number in done])
    return step_say.of_grids(one.title, template, done, len(grids))


def _done(turn: Turn, word: KnockWord, one: KnockRound, work: Work, ctx: Context) -> str:
    template = _template(one, ctx)
    assert template is not None
    number = int(word.said["n"])
    if not 1 <= number <= len(template.steps):
        raise Refused(step_say.no_such_step(number, len(template.steps)))
    step = template.steps[number - 1]
    if step.closes is not Closes.SAID:
        return step_say.closes_by_itself(number, step)
    mine = set(worked(turn.person, one, ctx))
    grids = [grid for grid in _grids(turn, one, ctx) if grid in mine]
    if len(grids) != 1:
        return step_say.which_grid([ctx.tree.path_name(grid) for grid in grids])
    if word.said.get("undo"):
        undone = work.postings.unstep(one.id, grids[0], step.key, ctx.now)
        return step_say.taken_back(number, step, undone)
    new = work.postings.step(one.id, grids[0], step.key, turn.person.id, ctx.now)
    following = template.steps[number] if number < len(template.steps) else None
    return step_say.done(number, step, new, following)
