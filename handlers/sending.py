"""From a preview to its going out: 发, the second person above K people, who may be that person."""

from dataclasses import replace
from datetime import datetime

from handlers import wording
from handlers.domain.directive import LIVE, UNSENT, Directive, State, after_go
from handlers.domain.errors import Refused
from handlers.domain.people import Person
from handlers.domain.policy import Action
from handlers.domain.talk import Topic
from handlers.drafts import reach_of, show, where_of
from handlers.letters import private
from handlers.ports import Context, Say, Work

CONFIRMING = ("deputy", "township_lead", "county_lead")


def go(person: Person, place: str, work: Work, ctx: Context) -> list[Say]:
    """Send the draft this person was last shown in this place: hold it, or ask for the second person."""
    draft = previewed(person, place, work, ctx)
    if draft is None:
        return [Say(_nothing_to_send(person, place, work, ctx))]
    if not ctx.tree.views_all(person, draft.audience.nodes, Action.ISSUE):  # the post may have ended meanwhile
        raise Refused(wording.not_allowed("给那里下发通知"))
    draft = replace(draft, reach=reach_of(draft, work, ctx))
    if draft.reach is not None and not draft.reach.calls:
        raise Refused(wording.reaches_nobody())
    moved = after_go(draft, confirm_above=ctx.county.confirm_above, hold=ctx.county.hold, now=ctx.now)
    asked = confirmers(moved, work, ctx) if moved.state is State.SECOND else []
    if moved.state is State.SECOND and not asked:
        raise Refused(wording.nobody_confirms())
    moved = replace(moved, number=work.directives.next_number())
    if not work.directives.move(moved, {State.PREVIEW}):
        return [Say(wording.preview_gone())]
    work.talks.drop(person.id, place, [Topic.PREVIEW])
    work.audit.note(ctx.now, person.id, "issue", moved.code, "duty", moved.state)
    if moved.state is State.SECOND:
        return _ask_second(moved, person, asked, work, ctx)
    seconds = int((moved.due_at - ctx.now).total_seconds()) if moved.due_at else 0
    return [Say(wording.held(moved, seconds))]


def previewed(
    person: Person, place: str, work: Work, ctx: Context, *, until: datetime | None = None
) -> Directive | None:
    """Return the person's own draft that was last previewed here within the ten minutes, None when there is none.

    *until*: one whose ten minutes ran out after that moment counts as well, unless a round was shown since.
    """
    topics = [Topic.PREVIEW] if until is None else [Topic.PREVIEW, Topic.ROUND]
    talk = work.talks.last(person.id, place, topics, until or ctx.now)
    shown = talk.subject_id if talk is not None and talk.topic is Topic.PREVIEW else None
    draft = work.directives.get(shown) if shown else None
    if draft is None or draft.state is not State.PREVIEW or draft.author_id != person.id:
        return None
    return draft


def ran_out(person: Person, place: str, work: Work, ctx: Context) -> Directive | None:
    """Return the person's draft of today last previewed here, though its ten minutes are over; None when there is none
    or they may no longer send it."""
    midnight = ctx.local(ctx.now).replace(hour=0, minute=0, second=0, microsecond=0)
    draft = previewed(person, place, work, ctx, until=midnight.astimezone(ctx.now.tzinfo))
    return draft if draft is not None and ctx.tree.views_all(person, draft.audience.nodes, Action.ISSUE) else None


def show_again(draft: Directive, place: str, work: Work, ctx: Context) -> str:
    """Return the preview of a draft that ran out, as things stand now; nothing is sent on the word that came late."""
    minutes = int(ctx.county.preview_for.total_seconds() // 60)
    return f"{wording.preview_ran_out(minutes)}\n{show(draft, place, work, ctx)}"


def _nothing_to_send(person: Person, place: str, work: Work, ctx: Context) -> str:
    """Say why 发 sends nothing: the newest counts down or is out already, its preview stands elsewhere or ran out (and
    is shown again), or there is none."""
    since = ctx.now - ctx.county.preview_for
    newest = next(iter(work.directives.steered_by(person.id, UNSENT | LIVE, since)), None)
    late = ran_out(person, place, work, ctx)
    if late is not None and (newest is None or newest.id == late.id):
        return show_again(late, place, work, ctx)
    if newest is None:
        return wording.preview_gone()
    if newest.state is State.HELD and newest.due_at:
        return wording.held(newest, max(int((newest.due_at - ctx.now).total_seconds()), 0))
    if newest.state is State.SECOND:
        return wording.waits_for_second(newest.code)
    return wording.preview_elsewhere() if newest.state is State.PREVIEW else wording.sent_already(newest.code)


def _ask_second(draft: Directive, author: Person, asked: list[Person], work: Work, ctx: Context) -> list[Say]:
    text = wording.please_confirm(draft, author.name, where_of(draft.audience, ctx))
    work.outbox.put([private(p.userid, p.id, text, ctx.now, directive_id=draft.id) for p in asked], ctx.now)
    work.audit.note(ctx.now, author.id, "tell names", draft.code, "duty", f"{len(asked)} asked")
    people = draft.reach.people if draft.reach else 0
    return [Say(wording.needs_second(draft.code, people, ctx.county.confirm_above))]


def confirmers(draft: Directive, work: Work, ctx: Context) -> list[Person]:
    """Return who else may confirm the draft: at its scope, else the nearest node above that has somebody."""
    leaves = work.people.leaves(ctx.day)
    near = work.people.holders(ctx.day, CONFIRMING)
    for scope in (draft.scope_id, *ctx.tree.ancestors(draft.scope_id)):
        here = {row.person_id for row in near if row.node_id == scope} - {draft.author_id} - set(leaves)
        people = [p for p in work.people.many(here, ctx.day).values() if may_confirm(p, draft, ctx)]
        if people:
            return people
    return []


def may_confirm(person: Person, draft: Directive, ctx: Context) -> bool:
    """Return whether the person may be the second one: not the author, and with the right at every node meant."""
    return person.id != draft.author_id and ctx.tree.views_all(person, draft.audience.nodes, Action.CONFIRM)
