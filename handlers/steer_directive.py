"""发, 撤, 作废, 同意, 不同意: the words that move a directive, counted only from its author or its confirmer."""

from dataclasses import replace

from handlers import wording
from handlers.domain.directive import (
    LIVE,
    UNSENT,
    Directive,
    Kind,
    State,
    may_steer,
    needs_review,
    number_of,
)
from handlers.domain.errors import Refused
from handlers.domain.people import Person
from handlers.domain.talk import Topic
from handlers.letters import private
from handlers.ports import Context, Say, Turn, Work
from handlers.replacing import REMEMBERED, cancel_directive, meant
from handlers.sending import go as go
from handlers.sending import may_confirm
from nlp.command import Command, CommandKind

intents = frozenset(
    {
        CommandKind.GO,
        CommandKind.CONFIRM,
        CommandKind.UNDO,
        CommandKind.VOID,
        CommandKind.APPROVE,
        CommandKind.REFUSE,
        CommandKind.WITHDRAW,
    }
)


def handle(turn: Turn, command: Command, work: Work, ctx: Context) -> list[Say] | None:
    """Answer one steering word; None when 嗯 or 撤回 was meant for something else."""
    if command.kind is CommandKind.WITHDRAW and command.ref is None and not _recalls(turn, work, ctx):
        return None
    if command.kind is CommandKind.CONFIRM and not _asked_last(turn, work, ctx):
        return None
    if command.kind in (CommandKind.GO, CommandKind.CONFIRM):
        return go(turn.person, turn.place, work, ctx)
    if command.kind in (CommandKind.APPROVE, CommandKind.REFUSE):
        return _second(turn, command, work, ctx)
    return _stop(turn, command, work, ctx)


def _recalls(turn: Turn, work: Work, ctx: Context) -> bool:
    """Return whether 撤回 means a directive: from somebody who sent one just now and has no report to take back."""
    reported = work.reports.last_by(turn.person.id, ctx.now - REMEMBERED)
    return reported is None and bool(meant(turn.person, "", work, ctx))


def _asked_last(turn: Turn, work: Work, ctx: Context) -> bool:
    """Return whether the last thing asked of this person here was 发?"""
    topics = [Topic.PREVIEW, Topic.READBACK, Topic.ASKED, Topic.WHICH]
    last = work.talks.last(turn.person.id, turn.place, topics, ctx.now)
    return last is not None and last.topic is Topic.PREVIEW


def _second(turn: Turn, command: Command, work: Work, ctx: Context) -> list[Say]:
    draft = _named(command, work) or _only_pending(turn.person, work, ctx)
    if draft is None:
        return [Say(wording.nothing_to_confirm())]
    if not may_confirm(turn.person, draft, ctx):
        own = turn.person.id == draft.author_id
        return [Say(wording.another_confirms(draft.code) if own else wording.not_yours_to_steer(draft.code))]
    if draft.state in LIVE:
        return _review(turn, command, draft, work, ctx)
    if draft.state is not State.SECOND or (draft.due_at is not None and draft.due_at <= ctx.now):
        return [Say(wording.not_open(draft.code))]
    if command.kind is CommandKind.REFUSE:
        work.audit.note(ctx.now, turn.person.id, "refuse", draft.code, "duty", "dropped")
        work.directives.move(replace(draft, state=State.DROPPED, ended_at=ctx.now), {State.SECOND})
        text = wording.refused_second(draft, command.args.get("reason", ""))
        _tell_author(draft, text, work, ctx)
        return [Say(text)]
    held = replace(draft, state=State.HELD, confirmer_id=turn.person.id, due_at=ctx.now + ctx.county.hold)
    if not work.directives.move(held, {State.SECOND}):
        return [Say(wording.not_open(draft.code))]
    work.audit.note(ctx.now, turn.person.id, "confirm", held.code, "duty", "held")
    text = wording.held(held, int(ctx.county.hold.total_seconds()))
    _tell_author(held, text, work, ctx)
    return [Say(text)]


def _review(turn: Turn, command: Command, target: Directive, work: Work, ctx: Context) -> list[Say]:
    """同意 to an urgent one that went out on one word is the review; 不同意 says how to take it back."""
    if not target.urgent or not needs_review(target, ctx.county.confirm_above):
        return [Say(wording.out_already(target.code))]
    if command.kind is CommandKind.REFUSE:
        return [Say(wording.void_it(target.code))]
    work.audit.note(ctx.now, turn.person.id, "review", target.code, "duty", "ok")
    work.directives.move(replace(target, confirmer_id=turn.person.id, reviewed_at=ctx.now), LIVE)
    return [Say(wording.reviewed(target))]


def _tell_author(draft: Directive, text: str, work: Work, ctx: Context) -> None:
    author = work.people.get(draft.author_id, ctx.day)
    if author:
        work.outbox.put([private(author.userid, author.id, text, ctx.now)], ctx.now)


def _stop(turn: Turn, command: Command, work: Work, ctx: Context) -> list[Say]:
    target = _named(command, work)
    if target is None:
        found = meant(turn.person, command.args.get("text", ""), work, ctx)
        if len(found) > 1:
            return [Say(wording.which_to_stop([(d.code, d.body) for d in found]))]
        if not found:
            return [Say(wording.nothing_to_stop())]
        target = found[0]
    if target.kind is Kind.CANCEL:
        return [Say(wording.cancel_stays(target.code))]
    if not may_steer(target, turn.person.id) and not _reviewer(turn.person, target, command, ctx):
        return [Say(wording.not_yours_to_steer(target.code))]
    return [Say(stop(target, turn.person, work, ctx))]


def _reviewer(person: Person, target: Directive, command: Command, ctx: Context) -> bool:
    """An urgent one that went out on one word may be voided by whoever may confirm it: that is the review."""
    unreviewed = target.state in LIVE and target.confirmer_id is None and target.reviewed_at is None
    return command.kind is CommandKind.VOID and unreviewed and target.urgent and may_confirm(person, target, ctx)


def stop(target: Directive, person: Person, work: Work, ctx: Context) -> str:
    """Stop *target* wherever it stands and return what to say: unsent ones are dropped, sent ones cancelled."""
    if target.state in UNSENT:
        gone = work.directives.move(replace(target, state=State.DROPPED, ended_at=ctx.now), UNSENT)
        if gone:
            work.audit.note(ctx.now, person.id, "drop", target.code, "duty", "ok")
            return wording.dropped(target.code)
        target = work.directives.get(target.id) or target
    if target.state not in LIVE and target.state is not State.CLOSED:
        follower = work.directives.follower(target.id)
        return wording.stopped_already(target.code, follower.code if follower else None)
    stopped, out = cancel_directive(target, person.id, work, ctx)
    work.audit.note(ctx.now, person.id, "cancel", target.code, "duty", "ok")
    return wording.aborted(target.code, stopped, out)


def _named(command: Command, work: Work) -> Directive | None:
    if command.ref is None:
        return None
    found = work.directives.by_number(number_of(command.ref))
    if found is None:
        raise Refused(wording.no_such_directive(command.ref))
    return found


def _only_pending(person: Person, work: Work, ctx: Context) -> Directive | None:
    pending = [d for d in work.directives.awaiting_second(ctx.now) if may_confirm(person, d, ctx)]
    return pending[0] if len(pending) == 1 else None
