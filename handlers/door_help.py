"""帮助 敲门, 帮助 张贴, 帮助 步骤, 帮助 事项: the few words each takes, those of a lead and those of who walks."""

from handlers.domain.policy import Action, allows
from handlers.knock_words import KnockKind, KnockWord
from handlers.ports import Context, Say, Turn, Work
from handlers.wording import door_help as say

intents = frozenset({KnockKind.HELP})
_MATTERS = frozenset({"事项", "调解", "帮扶"})


def handle(turn: Turn, word: KnockWord, _work: Work, ctx: Context) -> list[Say]:
    """Answer where it was asked."""
    what = word.said["what"]
    if what in _MATTERS:
        return [Say(say.matters([(pack.title, pack.words[-1]) for pack in ctx.county.matters]))]
    if what == "步骤":
        return [Say(say.steps([one.title for one in ctx.county.steps]))]
    issues = any(allows(role, Action.ISSUE) for role in turn.person.roles)
    return [Say((say.knocking if what == "敲门" else say.posting)(issues=issues))]
