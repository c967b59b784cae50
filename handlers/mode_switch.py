"""启动战时 / 平时: the switch, with issuer, basis and a fuse; every group under it is told."""

import re
from datetime import datetime, time

from handlers import wording
from handlers.days import read_days
from handlers.domain.errors import Refused
from handlers.domain.fan_out import one_each
from handlers.domain.mode import Mode
from handlers.domain.policy import Action
from handlers.domain.rules import mode_at, rules_at
from handlers.letters import delayed, to_groups
from handlers.ports import Context, Say, Turn, Work
from nlp.command import Command, CommandKind

intents = frozenset({CommandKind.WAR, CommandKind.PEACE})

# as typed: 〔2026〕 is part of a document's number, and the reader would write it (2026)
_BASIS = re.compile(r"(?:依据|根据|按照|按)\s*[::]?\s*(?P<basis>[^,,。;;\n]+?)(?=\s+(?:到|至|截止)|[,,。;;\n]|$)")
_BASIS_LONGEST = 300


def handle(turn: Turn, command: Command, work: Work, ctx: Context) -> list[Say]:
    """Switch the mode of the speaker's own scope."""
    node = _scope(turn, ctx)
    if command.kind is CommandKind.PEACE:
        return _peace(turn, node, work, ctx)
    basis = _basis(turn.text)
    if basis is None:
        return [Say(wording.ask_mode())]
    until, cut = _until(command, turn, ctx)
    standing = mode_at(work.modes.current(ctx.now), ctx.tree, node, ctx.now)
    if standing and standing.node_id == node:
        work.modes.end(standing.id, ctx.now)
    mode = work.modes.start(node, turn.person.id, basis, ctx.now, until)
    work.audit.note(ctx.now, turn.person.id, "war", f"node {node} mode {mode.id}", "duty", "ok")
    said = wording.war_on(ctx.tree.path_name(node), basis, wording.day_clock(ctx.local(until), ctx.local(ctx.now)))
    _tell(node, said, work, ctx)
    days = ctx.county.war_fuse.days
    return [Say(said + (wording.fuse_cut(days) if cut else ""))]


def _basis(text: str) -> str | None:
    found = _BASIS.search(text)
    return found["basis"].strip()[:_BASIS_LONGEST] if found and found["basis"].strip() else None


def _scope(turn: Turn, ctx: Context) -> int:
    for node in ctx.tree.viewable(turn.person, turn.person.nodes(), Action.SWITCH_MODE):
        return node
    raise Refused(wording.not_allowed("切换平时战时"))


def _until(command: Command, turn: Turn, ctx: Context) -> tuple[datetime, bool]:
    """Return the end of the last day named, within the fuse, and whether the fuse cut it short; the fuse itself when
    no day was named. Refused when the day is over or is none."""
    longest = ctx.now + ctx.county.war_fuse
    words = command.args.get("until")
    if not words:
        return longest, False
    found = read_days(words, turn.inbound.sent_at)
    if found is None:
        raise Refused(wording.ask_mode())
    last = found[1]
    if (ctx.day - last).days > 30:  # a bare date far ahead is read as last year's
        return longest, True
    end = datetime.combine(last, time(23, 59), tzinfo=ctx.county.tz)
    if end <= ctx.now:
        raise Refused(wording.war_over_already(words))
    return min(end, longest), end > longest


def _peace(turn: Turn, node: int, work: Work, ctx: Context) -> list[Say]:
    standing = mode_at(work.modes.current(ctx.now), ctx.tree, node, ctx.now)
    if standing is None:
        return [Say(wording.peace_already())]
    if standing.node_id != node:
        return [Say(_above(standing, ctx))]
    work.modes.end(standing.id, ctx.now)
    work.audit.note(ctx.now, turn.person.id, "peace", f"node {node} mode {standing.id}", "duty", "ok")
    said = _ended(node, wording.war_off(ctx.tree.path_name(node)), work, ctx)
    _tell(node, said, work, ctx)
    return [Say(said)]


def _ended(node: int, said: str, work: Work, ctx: Context) -> str:
    """Return what is true after a mode ended: peace, or the war that was declared further up."""
    above = mode_at(work.modes.current(ctx.now), ctx.tree, node, ctx.now)
    return _above(above, ctx) if above else said


def _above(mode: Mode, ctx: Context) -> str:
    until = wording.day_clock(ctx.local(mode.expires_at), ctx.local(ctx.now))
    return wording.war_above(ctx.tree.path_name(mode.node_id), mode.basis, until)


def run(work: Work, ctx: Context) -> int:
    """Tick: end every mode whose fuse has burnt down, say so in every group under it; returns how many."""
    ended: tuple[Mode, ...] = work.modes.burnt_down(ctx.now)
    for mode in ended:
        if work.modes.end(mode.id, ctx.now) and ctx.tree.has(mode.node_id):
            said = _ended(mode.node_id, wording.fuse_burnt(ctx.tree.path_name(mode.node_id)), work, ctx)
            _tell(mode.node_id, said, work, ctx)
    return len(ended)


def _tell(node: int, said: str, work: Work, ctx: Context) -> None:
    """Tell every group at the node and below; where it is night and peace, in the morning."""
    loud_at = rules_at(work.modes.current(ctx.now), ctx.tree, ctx.county, node, ctx.now).loud_at(ctx.now, ctx.county.tz)
    chats = one_each(work.chats.of_nodes(ctx.tree.above_households(node)))
    work.outbox.put(delayed(to_groups(chats, said, ctx.now), loud_at), ctx.now)
