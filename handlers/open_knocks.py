"""敲门 全村 返乡排查 到2月9日17点 用途 … 依据 …: a lead opens a round; it is shown, and 发 begins it.

A round that would reach more people than one may alone reach is attached to a directive that went out: two people
looked at that one.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from handlers import fatigue, wording
from handlers.days import read_days
from handlers.domain.delivery import Letter, Purpose, Recipient, Text
from handlers.domain.directive import LIVE, Directive
from handlers.domain.errors import Refused
from handlers.domain.hierarchy import HOUSEHOLD
from handlers.domain.knocking import KnockRound, RoundKind, RoundState
from handlers.domain.message import Channel
from handlers.domain.policy import Action
from handlers.domain.rules import rules_over
from handlers.domain.talk import Talk, Topic
from handlers.knock_places import places_under, walkers
from handlers.knock_words import KnockKind, KnockWord
from handlers.letters import ORDINARY, delayed
from handlers.ports import Context, Say, Turn, Work
from handlers.wording import knock_opening as say
from nlp.command import Command, CommandKind
from nlp.dates import read_deadline
from nlp.privacy import find_private

intents = frozenset({KnockKind.OPEN, KnockKind.CLOSE, CommandKind.GO, CommandKind.CONFIRM, CommandKind.UNDO})
AT_ONCE = 10_000  # households put down with the word 发; of more the tick puts down piece by piece
_KINDS = {"敲门": RoundKind.KNOCK, "张贴": RoundKind.POSTING}
_GONE = re.compile(r"昨|前[天日]|上周|上个?月|去年")
_WHOLE = frozenset({"", "全村", "全镇", "全乡", "全县", "全区", "全社区", "全街道", "全部", "本村", "本镇", "全格"})
_OTHERS = (Topic.PREVIEW, Topic.READBACK, Topic.ASKED, Topic.WHICH, Topic.ROUND, Topic.KNOCK)


def handle(turn: Turn, word: KnockWord | Command, work: Work, ctx: Context) -> list[Say] | None:
    """Answer an opening with its preview, 发 and 撤 as far as they are about one; None when they are not."""
    if isinstance(word, KnockWord):
        return _close(turn, word, work, ctx) if word.kind is KnockKind.CLOSE else [_show(turn, word, work, ctx)]
    talk = work.talks.last(turn.person.id, turn.place, _OTHERS, ctx.now)
    if word.ref is not None or talk is None or talk.topic is not Topic.ROUND or talk.subject_id is None:
        return None
    shown = work.knocks.get(talk.subject_id)
    work.talks.drop(turn.person.id, turn.place, [Topic.ROUND])
    if shown is None or shown.state is not RoundState.PREVIEW:
        return [Say(wording.preview_gone())]
    if word.kind is CommandKind.UNDO:
        work.knocks.move(shown, RoundState.DROPPED, ended_at=ctx.now)
        return [Say(say.dropped())]
    return [Say(_begin(turn, shown, work, ctx))]


def _show(turn: Turn, word: KnockWord, work: Work, ctx: Context) -> Say:
    said = dict(word.said)
    kind = _KINDS[said["what"]]
    own = ctx.tree.viewable(turn.person, turn.person.nodes(), Action.ISSUE)
    if not own:
        raise Refused(wording.not_allowed(f"开{said['what']}"))
    directive = _directive(said.get("ref"), work)
    nodes = _nodes(said.get("where", ""), own, directive, ctx)
    if not ctx.tree.views_all(turn.person, nodes, Action.ISSUE):
        raise Refused(wording.not_allowed(f"在那里开{said['what']}"))
    title = said.get("title") or (wording.brief(directive.body, 20) if directive else "")
    known = {**said, "title": title}
    if absent := [key for key in ("title", "purpose", "basis") if not known.get(key)]:
        raise Refused(say.missing(absent, said["what"]))
    if kinds := [one for text in (title, said["purpose"], said["basis"]) for one, _, _ in find_private(text)]:
        raise Refused(wording.not_for_many(kinds))
    template = _template(said.get("steps", ""), ctx)
    deadline = _deadline(said.get("until", ""), turn) or (directive.deadline_at if directive else None)
    if said.get("until") and (deadline is None or deadline <= ctx.now):
        raise Refused(say.bad_until(said["until"]))
    draft = KnockRound(
        0, kind, nodes, title, said["purpose"], said["basis"], turn.person.id, RoundState.PREVIEW, ctx.now, deadline,
        template, directive.id if directive else None,
    )  # fmt: skip
    people = _people(draft, work, ctx)
    if len(people) > ctx.county.confirm_above and directive is None:
        raise Refused(say.too_many(len(people), ctx.county.confirm_above, said["what"]))
    shown = work.knocks.add(draft)
    until = ctx.now + ctx.county.preview_for
    work.talks.put(Talk(turn.person.id, turn.place, Topic.ROUND, shown.id, ctx.now, until))
    homes = _homes(nodes, ctx)
    steps = next((one.title for one in ctx.county.steps if one.key == template), "")
    where = "、".join(ctx.tree.path_name(node) for node in nodes[:3]) + (f"等{len(nodes)}处" if len(nodes) > 3 else "")
    enough = fatigue.tired((person_id for person_id, _ in people), {}, work, ctx)
    later = len(enough.people) if enough is not None else 0
    return Say(say.preview(shown, where, homes, len(people), _until(shown, ctx), steps, later))


def _homes(nodes: Sequence[int], ctx: Context) -> int:
    return sum(ctx.tree.count(node, HOUSEHOLD) for node in nodes) if ctx.tree.has_level(HOUSEHOLD) else 0


def _directive(ref: str | None, work: Work) -> Directive | None:
    if ref is None:
        return None
    found = work.directives.by_number(int(ref))
    if found is None or found.state not in LIVE:
        raise Refused(say.no_directive(int(ref)))
    return found


def _nodes(where: str, own: tuple[int, ...], directive: Directive | None, ctx: Context) -> tuple[int, ...]:
    if directive is not None and where in _WHOLE:
        return directive.audience.nodes
    if where in _WHOLE:
        return own
    found = {node.id for top in own for node in ctx.tree.find(where, top) if node.level != HOUSEHOLD}
    if not found:
        raise Refused(wording.not_there())
    if len(found) > 1:
        raise Refused(wording.which_place([ctx.tree.path_name(node) for node in sorted(found)]))
    return tuple(found)


def _template(words: str, ctx: Context) -> str | None:
    if not words:
        return None
    found = [one for one in ctx.county.steps if one.called(words)]
    if len(found) != 1:
        raise Refused(say.no_such_steps(words, [one.title for one in ctx.county.steps]))
    return found[0].key


def _deadline(words: str, turn: Turn) -> datetime | None:
    """Read 2月9日17点 as what it is here: a deadline; a day alone is its evening."""
    if not words or _GONE.search(words):
        return None
    at = read_deadline(f"{words}前", turn.inbound.sent_at)
    if at is not None or read_days(words, turn.inbound.sent_at) is None:
        return at
    return read_deadline(f"{words}晚上8点前", turn.inbound.sent_at)


def _until(one: KnockRound, ctx: Context) -> str:
    return wording.day_clock(ctx.local(one.deadline_at), ctx.local(ctx.now)) if one.deadline_at else ""


def _people(one: KnockRound, work: Work, ctx: Context) -> list[tuple[int, str]]:
    level = ctx.county.report_level
    grids = [grid for node in one.nodes for grid in ctx.tree.within(node, level)] if ctx.tree.has_level(level) else []
    found = walkers(grids or list(one.nodes), work, ctx)
    return list(dict.fromkeys(person for people in found.values() for person in people))


def _begin(turn: Turn, shown: KnockRound, work: Work, ctx: Context) -> str:
    if not ctx.tree.views_all(turn.person, shown.nodes, Action.ISSUE):  # the post may have ended meanwhile
        raise Refused(wording.not_allowed("在那里开这一轮"))
    state = RoundState.OPENING if shown.kind is RoundKind.KNOCK else RoundState.OPEN
    if not work.knocks.move(shown, state, due_at=shown.first_due()):
        return wording.preview_gone()
    work.audit.note(ctx.now, turn.person.id, f"open {shown.kind}", f"round:{shown.id}", "duty", str(len(shown.nodes)))
    if shown.kind is RoundKind.KNOCK:
        few = _homes(shown.nodes, ctx) <= AT_ONCE
        work.knocks.put(shown.id, places_under(shown.nodes, ctx), ctx.day, whole=few)
    people = _people(shown, work, ctx)
    if people:
        work.outbox.put(_letters(shown, people, work, ctx), ctx.now)
    return say.begun(shown, len(people))


def _letters(shown: KnockRound, people: list[tuple[int, str]], work: Work, ctx: Context) -> list[Letter]:
    """One text for all who walk; in quiet hours in the morning, to whoever had enough today with the next digest."""
    text = Text(say.please_walk(shown, _until(shown, ctx)))
    enough = fatigue.tired((person_id for person_id, _ in people), {}, work, ctx)
    later = enough.people if enough is not None else frozenset()
    letters = []
    for kept in (False, True):
        to = tuple(Recipient(userid, person_id=who) for who, userid in people if (who in later) is kept)
        at = enough.until if kept and enough is not None else ctx.now
        letters += [Letter(Purpose.NOTICE, Channel.WECOM_APP, text, to, at, ORDINARY)] if to else []
    rules = rules_over(work.modes.current(ctx.now), ctx.tree, ctx.county, shown.nodes, ctx.now)
    return delayed(letters, rules.loud_at(ctx.now, ctx.county.tz))


def _close(turn: Turn, word: KnockWord, work: Work, ctx: Context) -> list[Say] | None:
    """End the round a lead opened; what was not knocked at stays 未敲."""
    mine = [
        one
        for one in work.knocks.live(_KINDS[word.said["what"]])
        if ctx.tree.views_all(turn.person, one.nodes, Action.ISSUE)
    ]
    if not mine:
        return [Say(say.none_to_close(word.said["what"]))]
    if len(mine) > 1:
        own = [one for one in mine if one.author_id == turn.person.id]
        if len(own) != 1:
            return [Say(say.which_round([one.title for one in mine]))]
        mine = own
    if not work.knocks.move(mine[0], RoundState.CLOSED, ended_at=ctx.now):
        return [Say(say.not_closed(word.said["what"]))]
    work.audit.note(ctx.now, turn.person.id, "close round", f"round:{mine[0].id}", "duty", "closed")
    return [Say(say.closed(replace(mine[0], state=RoundState.CLOSED)))]
