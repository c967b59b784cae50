"""What may be a password: long enough, and nothing that is guessed first.

Length and a context list instead of rules about kinds of characters (OWASP ASVS 5.0, 6.2.1 to 6.2.12).
"""

import re
from collections.abc import Iterable
from functools import cache
from importlib import resources
from itertools import pairwise

SHORTEST, LONGEST, ADVISED = 8, 128, 15
_LEFT_AT_LEAST = 6  # signs that must remain once every guessable word is taken out
_OWN_WORDS = ("格应", "小格", "geying", "xiaoge")


@cache
def common() -> frozenset[str]:
    """Return passwords that everybody tries first, in lower case."""
    text = resources.files("bot.web").joinpath("common_passwords.txt").read_text("utf-8")
    return frozenset(text.split())


def fault(password: str, context: Iterable[str]) -> str | None:
    """Return what is wrong with *password* in words for its owner, None when it will do.

    *context*: what an outsider knows, such as the account, the county's name and code.

    >>> fault("correct horse 电池", ["yt_lead"]), fault("短", [])
    (None, '密码至少8个字符,建议15个以上,可以用一句话。')
    """
    if len(password) < SHORTEST:
        return f"密码至少{SHORTEST}个字符,建议{ADVISED}个以上,可以用一句话。"
    if len(password) > LONGEST:
        return f"密码最多{LONGEST}个字符。"
    plain = password.casefold()
    if plain in common() or len(set(plain)) < 4 or _is_run(plain):
        return "这个密码太常见,最先被人猜到,请换一个。"
    if len(_without(plain, context)) < _LEFT_AT_LEAST:
        return "密码里主要是账号、地名这些别人知道的字,请换一个。"
    return None


def _without(plain: str, context: Iterable[str]) -> str:
    """Return *plain* without the words an outsider knows, longest first."""
    whole = [word.casefold() for word in (*context, *_OWN_WORDS)]
    words = {*whole, *(part for word in whole for part in re.split(r"[\W_]+", word))}
    for word in sorted(words, key=len, reverse=True):
        if len(word) >= 2:
            plain = plain.replace(word, "")
    return plain


def _is_run(plain: str) -> bool:
    """Return whether every sign follows the one before it, up or down: abcdefgh, 98765432.

    >>> _is_run("defghijk"), _is_run("defghijj")
    (True, False)
    """
    steps = {ord(after) - ord(before) for before, after in pairwise(plain)}
    return steps in ({1}, {-1})
