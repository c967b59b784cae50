"""核验: somebody pastes a notice and asks whether it is ours. Number, state and words are looked at; only they hear.

A true number under other words is the trick to be afraid of: what was pasted is compared with what went out, and what
stands there beyond it is told as not ours. Nothing of a directive is shown to whoever does not hold it already.
"""

import re
from datetime import datetime

from handlers import wording
from handlers.domain.directive import Directive, number_of
from handlers.ports import Context, Say, Turn, Work
from handlers.spoken import codes_in
from handlers.wording import trust as say
from nlp.command import Command, CommandKind
from nlp.normalize import normalize
from nlp.numerals import read_numeral

intents = frozenset({CommandKind.VERIFY})
_NUMBERED = re.compile(r"第\s*(?P<n>\d{1,6}|[一二三四五六七八九十百零]{1,6})\s*号\s*(?:令|指令|通知|通告)")
_BREAK = re.compile(r"[\s,。;:!?、,.;:!?〔〕()()「」【】\[\]—…~·\"'“”‘’]+")
_ASKING = re.compile(r"(?:这个?|这条)?(?:通知|消息)?(?:是)?(?:真的吗|真的假的|真的么|是不是真的)|核验|帮我看看")
_NOTICE = re.compile(r"通知|通告|公告|紧急|指挥部|各位(?:居民|业主|村民|邻居)|转发")
_FOREIGN = 4  # characters of a phrase that never went out, from which on it is told
_SHORT = 24  # a question with a number, and no notice under it


def handle(turn: Turn, command: Command, work: Work, ctx: Context) -> list[Say]:
    """Answer the asker alone."""
    return [Say(check(f"{command.ref or ''} {command.args.get('text', '')}", work, ctx), private=True)]


def asks(text: str) -> bool:
    """Return whether a resident who writes this asks about a notice: by a word, by its number, or by its looks.

    >>> [asks(one) for one in ("核验 D-12", "这是真的吗", "第12号令 请看", "降压药快没了")]
    [True, True, True, False]
    """
    if _ASKING.search(text) or numbers_in(text):
        return True
    return len(text) > _SHORT and bool(_NOTICE.search(text))


def check(pasted: str, work: Work, ctx: Context) -> str:
    """Return what is to be told about *pasted*: a number, or a whole notice."""
    numbers = numbers_in(pasted)
    if not numbers:
        return wording.not_ours(None) if len(pasted.strip()) <= _SHORT else say.not_ours_without_number()
    return "\n".join(_one(number, pasted, work, ctx) for number in numbers[:3])


def numbers_in(pasted: str) -> list[int]:
    """Return the numbers of directives that the words name, each once.

    >>> numbers_in("请看 D-12 和第十三号令")
    [12, 13]
    """
    found = [number_of(code) for code in codes_in(pasted)]
    for hit in _NUMBERED.finditer(normalize(pasted[:2000]).text):
        number = read_numeral(hit["n"])
        found += [int(number)] if number else []
    return list(dict.fromkeys(found))


def _one(number: int, pasted: str, work: Work, ctx: Context) -> str:
    directive = work.directives.by_number(number)
    if directive is None or directive.issued_at is None or directive.issued_at > ctx.now:
        return wording.not_ours(f"D-{number}")
    follower = work.directives.follower(directive.id)
    issued = wording.day_clock(ctx.local(directive.issued_at), ctx.local(ctx.now))
    if len(pasted.strip()) > _SHORT and directive.body:
        earlier = work.directives.get(directive.refers_to) if directive.refers_to else None
        if foreign_to(pasted, directive, earlier, ctx):
            return say.number_ours_words_not(directive.code, issued)
    return wording.verified(directive, issued, follower.code if follower else None)


def foreign_to(pasted: str, directive: Directive, earlier: Directive | None, ctx: Context) -> list[str]:
    """Return the phrases of what was pasted that never went out under this number."""
    sent = _plain("".join(_forms(directive, earlier, ctx)))
    asked = _ASKING.sub(" ", pasted)
    return [p for p in (_plain(phrase) for phrase in _BREAK.split(asked)) if len(p) >= _FOREIGN and p not in sent]


def _forms(directive: Directive, earlier: Directive | None, ctx: Context) -> list[str]:
    """Return the words as they went out: card, group post, and the text to be passed on."""
    bot = ctx.county.bot_names[0]
    until = directive.deadline_at
    ends = {wording.day_clock(ctx.local(until), ctx.local(at)) for at in _moments(directive, ctx)} if until else {None}
    forms = [directive.code, f"第{directive.number}号令", wording.card_title(directive)]
    for end in sorted(ends, key=str):
        forms += [wording.post(directive, earlier, end, bot), wording.relay(directive, "", "", earlier, end)]
    beside = [f"{name}{value}" for name, value in wording.hints(directive, bot)]
    return [*forms, wording.card_body(directive, earlier), *beside]


def _moments(directive: Directive, ctx: Context) -> list[datetime]:
    return [directive.issued_at or ctx.now, directive.created_at, ctx.now]


def _plain(text: str) -> str:
    return _BREAK.sub("", normalize(text[:4000]).text)
