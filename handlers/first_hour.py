"""模板, 怎么登录, 隔离多少人, 找谁: the questions of the first hour, answered with what to do next."""

from datetime import timedelta

from handlers import wording
from handlers.domain.daily_report import text
from handlers.domain.daily_text import moment
from handlers.domain.policy import Action, allows
from handlers.domain.rules import mode_at
from handlers.domain.staff import Staff
from handlers.first_words import FirstKind, FirstWord
from handlers.freeze_day import composed, reporting_nodes, with_corrections
from handlers.ports import Context, Say, Turn, Work
from handlers.roll_up import here, standing
from handlers.wording import first_hour as say

_PLAIN = {
    FirstKind.AGAIN: say.again,
    FirstKind.NOTHING: say.nothing,
    FirstKind.LATE: say.late,
    FirstKind.POSTS: say.posts,
    FirstKind.PHONE: say.phone,
    FirstKind.NAMES: say.names,
    FirstKind.RANKS: say.ranks,
    FirstKind.VOICE: wording.words_only,
}


def handle(turn: Turn, word: FirstWord, work: Work, ctx: Context) -> list[Say]:
    """Answer where it was asked; what names somebody, in private."""
    if word.kind in _PLAIN:
        return [Say(_PLAIN[word.kind]())]
    match word.kind:
        case FirstKind.EXAMPLE:
            return [Say(say.example() if _does(turn, Action.REPORT) else say.sending())]
        case FirstKind.REPORTED | FirstKind.FIGURE:
            return _now(turn, work, ctx)
        case FirstKind.DAILY:
            return _daily(turn, word, work, ctx)
        case FirstKind.WHY:
            return _why(turn, work, ctx)
        case FirstKind.WAITING:
            waiting = work.directives.awaiting(turn.person.id, ctx.now)
            return [Say(say.waiting([d.code for d in waiting]) if waiting else wording.nothing_waiting())]
        case FirstKind.URGE:
            return [Say(say.sending() if _does(turn, Action.ISSUE) else say.urge())]
        case FirstKind.SENDING:
            return [Say(say.sending() if _does(turn, Action.ISSUE) else wording.not_allowed("下发通知"))]
        case FirstKind.PLACE:
            return _place(turn, ctx)
        case FirstKind.BOSS:
            return _boss(turn, work, ctx)
        case FirstKind.MODE:
            return _mode(turn, work, ctx)
        case FirstKind.PAGES:
            return [Say(say.pages(ctx.base_url))]
        case FirstKind.BINDING:
            return [Say(say.binding(ctx.county.bot_names[0]))]
        case _:
            return [Say(wording.help_lines(ctx.county.bot_names[0], turn.person))]


def _does(turn: Turn, action: Action) -> bool:
    return any(allows(role, action) for role in turn.person.roles)


def _now(turn: Turn, work: Work, ctx: Context) -> list[Say]:
    node = here(turn, ctx)
    return [Say(standing(node, work, ctx) if node is not None else wording.not_there())]


def _daily(turn: Turn, word: FirstWord, work: Work, ctx: Context) -> list[Say]:
    """The paper of the day named, as posted with what changed since; how to report to those whose place has none."""
    node = here(turn, ctx)
    papers = [at for at in reporting_nodes(ctx) if at == node and ctx.tree.viewable(turn.person, [at])]
    if not papers:
        return [Say(say.example())] if _does(turn, Action.REPORT) else _now(turn, work, ctx)
    before = word.said.get("day") in ("昨天", "昨日")
    day = ctx.day - timedelta(days=before)
    kept = work.dailies.get(papers[0], day)
    if kept is not None:
        return [Say(text(with_corrections(kept, papers[0], work, ctx)))]
    if before:
        return [Say(say.no_daily("昨天"))]
    return [Say(say.daily_to_come(f"{ctx.county.freeze_at:%H:%M}") + "\n" + standing(papers[0], work, ctx))]


def _why(turn: Turn, work: Work, ctx: Context) -> list[Say]:
    """What moved since yesterday and in which branches: of the frozen paper, before the hour as things stand."""
    node = here(turn, ctx)
    if node not in reporting_nodes(ctx) or not ctx.tree.viewable(turn.person, [node]):
        return _now(turn, work, ctx)
    kept = work.dailies.get(node, ctx.day)
    paper = with_corrections(kept, node, work, ctx) if kept is not None else composed(node, ctx.day, work, ctx)
    return [Say(say.why(paper.node_name, moment(ctx.local(paper.as_of)), paper.difference))]


def _place(turn: Turn, ctx: Context) -> list[Say]:
    node = next(iter(turn.person.nodes()), None)
    if node is None:
        return [Say(wording.not_there())]
    ctx.tree.view(turn.person, node)
    level = ctx.county.level(ctx.county.report_level)
    grids, title = len(ctx.tree.within(node, ctx.county.report_level)), level.title if level else "网格"
    return [Say(say.in_place(ctx.tree.path_name(node), ctx.tree.count(node, "household"), grids, title))]


def _boss(turn: Turn, work: Work, ctx: Context) -> list[Say]:
    """Name the nearest lead above, in private; the duty list is theirs to see anyway (谁值班)."""
    own = next(iter(turn.person.nodes()), None)
    staff = Staff(work.people.holders(ctx.day), work.people.leaves(ctx.day))
    lead = staff.lead_over(own, ctx.tree, but=(turn.person.id,)) if own is not None else None
    person = work.people.get(lead, ctx.day) if lead is not None else None
    if person is None:
        return [Say(wording.ask_above(None), private=True)]
    work.audit.note(ctx.now, turn.person.id, "read names", f"person {person.id}", "duty", "ok")
    held = person.holdings[0]
    roles = ctx.county.roles
    title = roles[held.role].title if held.role in roles else held.role
    return [Say(say.boss(person.name, f"{ctx.tree.path_name(held.node_id)} {title}"), private=True)]


def _mode(turn: Turn, work: Work, ctx: Context) -> list[Say]:
    node = here(turn, ctx)
    war = mode_at(work.modes.current(ctx.now), ctx.tree, node, ctx.now) if node is not None else None
    if war is None:
        return [Say(say.at_peace())]
    until = wording.day_clock(ctx.local(war.expires_at), ctx.local(ctx.now))
    return [Say(say.at_war(ctx.tree.path_name(war.node_id), war.basis, until))]
