"""启动战时 / 平时: the switch, with issuer, basis and a fuse; every group under it is told."""

from datetime import datetime

from handlers import wording
from handlers.days import read_days
from handlers.domain.errors import Refused
from handlers.domain.mode import Mode
from handlers.domain.policy import Action, may
from handlers.domain.rules import mode_at
from handlers.letters import to_groups
from handlers.ports import Context, Say, Turn, Work
from nlp.command import Command, CommandKind

intents = frozenset({CommandKind.WAR, CommandKind.PEACE})


def handle(turn: Turn, command: Command, work: Work, ctx: Context) -> list[Say]:
    """Switch the mode of the speaker's own scope."""
    node = _scope(turn, ctx)
    if command.kind is CommandKind.PEACE:
        return _peace(turn, node, work, ctx)
    basis, until = command.args.get("basis"), _until(command, turn, ctx)
    if not basis or until is None:
        return [Say(wording.ask_mode())]
    standing = mode_at(work.modes.current(ctx.now), ctx.tree, node, ctx.now)
    if standing and standing.node_id == node:
        work.modes.end(standing.id, ctx.now)
    mode = work.modes.start(node, turn.person.id, basis[:300], ctx.now, until)
    work.audit.note(ctx.now, turn.person.id, "war", f"node {node} mode {mode.id}", "duty", "ok")
    said = wording.war_on(ctx.tree.path_name(node), basis, wording.day_clock(ctx.local(until), ctx.local(ctx.now)))
    _tell(node, said, work, ctx)
    return [Say(said)]


def _scope(turn: Turn, ctx: Context) -> int:
    for node in turn.person.nodes():
        if may(turn.person, Action.SWITCH_MODE, node, ctx.tree):
            return node
    raise Refused(wording.not_allowed("切换平时战时"))


def _until(command: Command, turn: Turn, ctx: Context) -> datetime | None:
    """Return the end of the last day named, within the fuse; the fuse itself when no day was named."""
    longest = ctx.now + ctx.county.war_fuse
    words = command.args.get("until")
    if not words:
        return longest if command.args.get("basis") else None
    found = read_days(words, turn.inbound.sent_at)
    if found is None:
        return None
    last = found[1]
    year = last.year + (last < ctx.day)  # a bare date is read as the past one; an end lies ahead
    end = datetime(year, last.month, min(last.day, 28) if last.month == 2 else last.day, 23, 59, tzinfo=ctx.county.tz)
    return min(end, longest) if end > ctx.now else None


def _peace(turn: Turn, node: int, work: Work, ctx: Context) -> list[Say]:
    standing = mode_at(work.modes.current(ctx.now), ctx.tree, node, ctx.now)
    if standing is None or standing.node_id != node:
        return [Say(wording.peace_already())]
    work.modes.end(standing.id, ctx.now)
    work.audit.note(ctx.now, turn.person.id, "peace", f"node {node} mode {standing.id}", "duty", "ok")
    said = wording.war_off(ctx.tree.path_name(node))
    _tell(node, said, work, ctx)
    return [Say(said)]


def run(work: Work, ctx: Context) -> int:
    """Tick: end every mode whose fuse has burnt down, say so in every group under it; returns how many."""
    ended: tuple[Mode, ...] = work.modes.burnt_down(ctx.now)
    for mode in ended:
        if work.modes.end(mode.id, ctx.now):
            _tell(mode.node_id, wording.fuse_burnt(ctx.tree.path_name(mode.node_id)), work, ctx)
    return len(ended)


def _tell(node: int, said: str, work: Work, ctx: Context) -> None:
    work.outbox.put(to_groups(work.chats.of_nodes(ctx.tree.above_households(node)), said, ctx.now), ctx.now)
