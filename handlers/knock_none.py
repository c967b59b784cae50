"""敲门, 8栋敲完了, 全贴完了 where nothing took the words: nothing is open here, and what to do instead."""

from handlers.domain.knocking import RoundKind
from handlers.domain.policy import Action
from handlers.knock_places import rounds_for
from handlers.knock_words import KnockKind, KnockWord, read_knock
from handlers.ports import Context, Say, Turn, Work
from handlers.wording import knock_progress as progress
from handlers.wording import knocks as say

_OF = {
    **dict.fromkeys(
        (KnockKind.LIST, KnockKind.DOOR, KnockKind.HEARSAY, KnockKind.BUILDING, KnockKind.UNDO, KnockKind.STEP_DONE),
        RoundKind.KNOCK,
    ),
    **dict.fromkeys((KnockKind.POST_LIST, KnockKind.POSTED), RoundKind.POSTING),
}


def said(turn: Turn, work: Work, ctx: Context) -> Say | None:
    """Return the answer to words of a round that no verb took; None when they are no such words."""
    word = read_knock(turn.text)
    kind = _OF.get(word.kind) if word is not None else None
    if word is None or kind is None:
        return None
    if rounds := rounds_for(turn, kind, work, ctx):
        titles = [one.title for one in rounds]
        return Say(say.no_such_title(word.building, titles), private=True) if _is_title(word) else None
    if rounds_for(turn, kind, work, ctx, working=False):
        return Say(say.for_walkers(kind), private=True)
    if ctx.tree.viewable(turn.person, turn.person.nodes(), Action.ISSUE):
        return Say(progress.none_open(say.VERB[kind]), private=True)
    return Say(say.none_open(kind), private=True)


def _is_title(word: KnockWord) -> bool:
    return bool(word.building) and word.kind in (KnockKind.LIST, KnockKind.POST_LIST)
