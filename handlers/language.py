"""English and 中文: the language somebody's answers come in, and the English words that then stand for commands.

Reports, orders and leaves are read in Chinese alone; what is sent to many stays as it was written.
"""

import re

from handlers import wording
from handlers.ports import Context, Say, Turn, Work
from handlers.wording.english import in_english

ENGLISH = "en"
CHOSEN = "language"  # the intent in the inbox
_CHOICE = re.compile(r"(?:language\s*[::]?\s*)?(?:(?P<en>english|英文|英语)|(?P<zh>中文|汉语|chinese))", re.IGNORECASE)
_CODE = r"(?P<code>[Dd]\s*-?\s*\d{1,6})?"
_WORDS = tuple(
    (re.compile(pattern, re.IGNORECASE), meant)
    for pattern, meant in (
        (rf"(?:i )?(?:received|got it|ack|acknowledged|roger)\s*{_CODE}", "收到 {code}"),
        (r"all received", "都收到"),
        (rf"(?:it(?:'s| is) )?(?:done|finished)\s*{_CODE}", "办好了 {code}"),
        (rf"(?:i )?(?:cannot|can't|unable)\s*{_CODE}[\s,:]*(?P<rest>.*)", "做不了 {code} {rest}"),
        (r"yes|right|correct", "对"),
        (r"no|wrong", "不对"),
        (r"send|go", "发"),
        (r"undo|stop", "撤"),
        (r"withdraw", "撤回"),
        (rf"void\s*{_CODE}", "作废 {code}"),
        (rf"agree\s*{_CODE}", "同意 {code}"),
        (rf"(?:disagree|refuse)\s*{_CODE}\s*(?P<rest>.*)", "不同意 {code} {rest}"),
        (rf"progress\s*{_CODE}", "进度 {code}"),
        (r"(?:summary|totals?|roll-?up)\s*(?P<rest>.*)", "汇总 {rest}"),
        (r"who is missing|missing", "谁没报"),
        (r"help", "帮助"),
        (r"today", "今天"),
        (r"owed", "欠"),
        (r"who am i", "我是谁"),
        (r"contact|whom to call", "找谁"),
        (r"daily(?: report)?", "日报"),
        (r"all clear|nothing to report", "无异常"),
        (r"relayed\s*(?P<rest>\w{2,8})", "已转 {rest}"),
        (r"bind\s*(?P<rest>\w{4,12})", "绑定 {rest}"),
    )
)


def in_chinese(text: str) -> str:
    """Return the command an English word stands for; anything else as it is.

    >>> in_chinese("Received D-17"), in_chinese("send"), in_chinese("今天敲门46")
    ('收到 D-17', '发', '今天敲门46')
    """
    words = text.strip().rstrip(".!?")
    for pattern, meant in _WORDS:
        if found := pattern.fullmatch(words):
            given = {"code": "", "rest": "", **{k: v or "" for k, v in found.groupdict().items()}}
            return " ".join(meant.format(**given).split())
    return text


def choose(turn: Turn, work: Work, ctx: Context) -> list[Say] | None:
    """Note the language asked for, and say so in it; None when the text asks for none."""
    found = _CHOICE.fullmatch(turn.text.strip())
    if found is None:
        return None
    english = found["en"] is not None
    work.people.speak(turn.person.id, ENGLISH if english else None)
    said = wording.help_lines(ctx.county.bot_names[0], turn.person)
    return [Say(in_english(said) if english else said, private=True)]
