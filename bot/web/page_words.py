"""Sentences of our own, made elsewhere in Chinese, in the visitor's language: a fault, a reason, what to do next.

`said_words.csv` has them with their gaps in braces. What stands in a gap is looked up too (干咳、乏力), and stays as it
is when nobody knows it: a name, a place. A sentence that is not in the file stays Chinese, whole.
"""

import re
from functools import cache

from bot.web.console_words import Words, english

_GAP = re.compile(r"\{(\w+)\}")
_DAY = re.compile(r"([0-9]{1,2})月([0-9]{1,2})日")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_HEAD = re.compile(r"([^:\uff1a,\uff0c]{1,24})([:\uff1a])")
_CHINESE = "\u4e00-\u9fff\u3001\u3002\u300c-\u300f\uff01-\uff1f"
_MARK = re.compile(f"(?<=[{_CHINESE}])[,:;?!]|[,:;?!](?=[{_CHINESE}])")
_BRACKETS = re.compile(f"\\(([^()]*[{_CHINESE}][^()]*)\\)")
_SENTENCE = re.compile(r"[^。\s][^。]*。?")
_END = re.compile(r"[^。;]*[。;]?")


class PageWords(Words):
    """As `Words`, and translates whole texts of ours with `told`; Chinese comes with the marks that print uses."""

    def __call__(self, phrase: str, **values: object) -> str:
        said = super().__call__(phrase, **values)
        return said if self.language == "en" else typeset(said)

    def told(self, text: str) -> str:
        """Return a text of one or more sentences in the visitor's language."""
        if self.language != "en" or not text:
            return typeset(text)
        found, at = [], 0
        while at < len(text):
            said, end = _longest(text, at)
            found.append(said)
            at = end
        return " ".join(one for one in found if one)

    def listed(self, text: str) -> list[tuple[str, str]]:
        """Return a text of ours sentence by sentence, each as (what it is about, what it says)."""
        said = [self.told(one) for one in _SENTENCE.findall(text)]
        return [(head.strip(), rest.strip()) if rest else ("", head) for head, _, rest in map(_headed, said)]


def _headed(sentence: str) -> tuple[str, str, str]:
    """Return (head, colon, rest) of a sentence that begins by naming what it is about."""
    found = _HEAD.match(sentence)
    return (found[1], found[2], sentence[found.end() :]) if found else (sentence, "", "")


def typeset(text: str) -> str:
    """Return Chinese with full-width marks, as on paper; what is typed in chats has the narrow ones of keyboards.

    >>> typeset("没停留,3-101;9:30?") == "没停留\uff0c3-101;9:30?"
    True
    """
    wide = _BRACKETS.sub(lambda one: f"\uff08{one[1]}\uff09", text)
    return _MARK.sub(lambda one: chr(ord(one[0]) + 0xFEE0), wide)


def day_in(text: str, language: str) -> str:
    """Return a text with its days in the visitor's language.

    >>> day_in("1月22日", "en")
    '22 Jan'
    """
    return _DAY.sub(lambda day: f"{day[2]} {_MONTHS[int(day[1]) % 13 - 1]}", text) if language == "en" else text


def _longest(text: str, at: int) -> tuple[str, int]:
    """Return what stands at *at* in English, and where it ends; a sentence nobody knows stays as it is."""
    for pattern, said in _sentences():
        met = pattern.match(text, at)
        if met:
            gaps = {name: _gap(value) for name, value in met.groupdict().items()}
            return said.format(**gaps), len(text) - len(text[met.end() :].lstrip("; "))
    unknown = _END.match(text, at)
    end = unknown.end() if unknown and unknown.end() > at else len(text)
    return text[at:end].strip(), end


def _gap(value: str) -> str:
    words = english()
    if value in words:
        return words[value]
    return ", ".join(words.get(part, day_in(part, "en")) for part in value.split("、"))


@cache
def _sentences() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Return every sentence as a pattern with its English, those with most words of their own first."""
    found = sorted(english().items(), key=lambda row: -len(_GAP.sub("", row[0])))
    return tuple((_pattern(chinese), said) for chinese, said in found if len(chinese) > 3)


def _pattern(chinese: str) -> re.Pattern[str]:
    seen: set[str] = set()
    parts = []
    for number, piece in enumerate(_GAP.split(chinese)):
        if number % 2 == 0:
            parts.append(re.escape(piece))
        elif piece in seen:
            parts.append(f"(?P={piece})")
        else:
            seen.add(piece)
            parts.append(f"(?P<{piece}>[^。;]{{0,120}}?)")
    ends = "" if chinese.endswith("。") else "(?=[。;]|$)"  # no part of a longer sentence that is not known
    return re.compile("".join(parts) + ends)
