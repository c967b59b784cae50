"""A text as a row of tokens: labels, places, small words, figures with their units, marks, and the rest."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from nlp.lazy import lazy
from nlp.numerals import Number, scan_numbers
from nlp.wordbook import Entry, lexicon

_MARK = re.compile(
    r"(?P<stop>[。;!?\n]+)|(?P<comma>[,]+|、)|(?P<colon>[:=]+)|(?P<open>[(【\[])|(?P<close>[)】\]])"
    r"|(?P<slash>[/|])|(?P<space>[ \t]+)|(?P<text>[^。;!?\n,、:=()【】\[\]/| \t]+)"
)
_ONE = {
    sign: kind
    for kind, signs in {
        "stop": "。;!?\n", "comma": ",、", "colon": ":=", "open": "(【[", "close": ")】]", "slash": "/|", "space": " \t"
    }.items()
    for sign in signs
}  # fmt: skip
"""The kinds of `_MARK` for a single character between two words, which is most of what stands between them."""
_LIST_NUMBER = re.compile(
    r"(?:^|(?<=\n))[ \t]*(?:\(?\d{1,2}\)|\d{1,2}\s*[.、,:](?!\d)|[一二三四五六七八九十]{1,3}[、.]"
    r"|\([一二三四五六七八九十]\))"
)
_SPACED_LIST = re.compile(r"(?:^|(?<=[\s。;]))[一二三四五六七八九](?=[ \t]+[一-鿿]{2,8}:)")
# figures that are measures of something else: 14天, 36.5℃, 3段, 5号
_OTHER_UNIT = re.compile(
    r"\s*(?:天|日|号(?!人)|岁|℃|°|度|小时|分钟|点|时|年|月|周|层|楼|栋|级|期|元|块钱|公里|km|%|mg|ml|段"
    r"|毫升|片|斤|公斤|kg|个(?:多|半)?(?:小时|钟头|月|星期|礼拜|工作日)|消毒[液水剂片粉])"
    r"|组|格|网格|班|队"
)


_made = tuple.__new__
"""Makes a tuple without the Python function in front of it: a token is made some twenty times a message."""


class Token(NamedTuple):
    """One token: kind, span, and what it carries (an entry, or a number with its class of unit).

    Kinds: label, return, place, scope, ignore, clear, state, number, and the marks stop, comma, colon, open, close,
    slash, space, text.
    """

    kind: str
    start: int
    end: int
    entry: Entry | None = None
    number: Number | None = None
    unit: str = ""
    word: str = ""


def _choose(entries: tuple[Entry, ...], context: str) -> Entry:
    for entry in entries:
        if context in entry.contexts:
            return entry
    for entry in entries:
        if not entry.contexts:
            return entry
    other = entries[0]
    return Entry(other.word, "scope", "fill")


def _words(text: str, context: str) -> list[Token]:
    out = []
    for last, entries in lexicon().automaton.iter_long(text):
        entry = entries[0]
        if entry.contexts or len(entries) > 1:
            entry = _choose(entries, context)
        start = last - len(entry.word) + 1
        out.append(_made(Token, (entry.kind, start, last + 1, entry, None, "", entry.word)))
    return out


_KEY = re.compile(r"(?:^|[\s,;:|/])(?:户数?|人数?|车辆?|次)\s*[:=]?\s*$")
_FIGURE_BEHIND = re.compile(r"\s*[:=]?\s*\d")
_MARKED = lazy(r"[ \t]*[:=]")
_OPENED = re.compile(r"[ \t]*[:=]?[ \t]*\d")
_OPENS = lazy(r"[均都全无没正其另已今昨目现累新共合含和及与、有人户未且也还余多来左右以零一二三四五六七八九十两俩仨]")


def _foreign(text: str, at: int, words: dict[int, Token]) -> bool:
    """Return whether a measure word of some other trade stands at *at*: 50箱 and 14天 are no counts of ours."""
    if _OTHER_UNIT.match(text, at):
        return True
    char = text[at : at + 1]
    return "\u4e00" <= char <= "\u9fff" and at not in words and not _OPENS.match(char)


def _glued_key(text: str, number: Number, end: int, words: dict[int, Token]) -> bool:
    """东门车88人153: a measure word between two figures, the first behind another such word, is the next label."""
    before = words.get(number.start - 1)
    alone = before is not None and before.end == number.start and before.word in ("车", "户", "人")
    again = before is not None and text[number.end : end] == before.word  # 低洼户12户31人
    return alone and not again and text[end : end + 1].isdigit()


def _unit(text: str, number: Number, words: dict[int, Token]) -> tuple[str, int]:
    """Return the class of the measure word behind *number* and where it ends."""
    at = number.end
    gap = 0
    while at < len(text) and text[at] == " ":
        at, gap = at + 1, gap + 1
    book = lexicon()
    found = book.unit_pattern.match(text, at)
    if found is None:
        return ("?" if _foreign(text, number.end, words) else ""), number.end
    if found[0] in ("号", "个") and _OTHER_UNIT.match(text, number.end):
        return "?", number.end
    if (
        not gap
        and _FIGURE_BEHIND.match(text, found.end())
        and (_KEY.search(text[max(0, number.start - 4) : number.start]) or _glued_key(text, number, found.end(), words))
    ):
        return "", number.end  # 户126人412: the measure word is the next label
    label = words.get(at)
    if label is not None and label.end > found.end() and label.kind != "scope":
        return "", number.end
    # 户 126 人 412: after a space, 人 or 车 in front of a figure or a colon may open the next label
    if gap:
        keyed = _OPENED.match(text, found.end()) and _KEY.search(text[max(0, number.start - 4) : number.start])
        if keyed or _MARKED.match(text, found.end()):
            return "", number.end
    return book.unit_class[found[0]], found.end()


def _in_name(text: str, number: Number, unit: str, words: list[Token]) -> bool:
    """王五隔离 and 李四家 hold no figure: a lone spoken digit glued to unknown text in front is part of a name."""
    if len(number.digits) != 1 or number.digits.isdigit() or unit not in ("", "家"):
        return False
    before = text[number.start - 1 : number.start]
    return "\u4e00" <= before <= "\u9fff" and not any(word.end == number.start for word in words)


_DASHED = lazy(r"(?<=[一-鿿])[-–]\d")
_UNDASHED = lazy(r"(?<![-\d.])\d{1,9}\s?[户人名例个辆台]")


def _is_minus(text: str, start: int) -> bool:
    """Return whether the dash before *start* lessens: 新增返乡-2人 does, a dash before every figure only parts."""
    if _DASHED.match(text, start - 1) is None:
        return False
    return len(_DASHED.findall(text)) == 1 or _UNDASHED.search(text) is not None


def _numbers(text: str, words: list[Token], masked: bytearray) -> list[Token]:
    """Return the figures of *text* that stand in no word (*words*, in order) and on no *masked* character."""
    at_word = {word.start: word for word in words}
    out = []
    near, most = 0, len(words)
    for number in scan_numbers(text):
        start = number.start
        while near < most and words[near].end <= start:
            near += 1
        if near < most and words[near].start <= start and words[near].end >= number.end and len(words[near].word) > 1:
            continue
        if masked.find(1, start, number.end) >= 0:
            continue
        before = text[start - 1] if start else ""
        if before == "第" or (before.isspace() and text[max(0, start - 2)] == "第"):
            continue
        unit, end = _unit(text, number, at_word)
        if _in_name(text, number, unit, words):
            continue
        if before in ("-", "–") and number.value > 0 and number.high is None and unit != "?" and _is_minus(text, start):
            number = number._replace(value=-number.value)
        sign = before if before == "+" or (before == "-" and number.value < 0) else ""
        out.append(_made(Token, ("number", start, end, None, number, unit, sign)))
    return out


def _ranges(text: str, numbers: list[Token]) -> list[Token]:
    """Join 3-5户 into one figure "3-5"; a longer row of dashes (3-2-501) is no range."""
    out: list[Token] = []
    for token in numbers:
        before = out[-1] if out else None
        if before and before.number and token.number and token.unit not in ("", "?") and before.unit == "":
            bridge = text[before.end : token.start]
            low, high = before.number.value, token.number.value
            if (
                bridge in ("-", "~", "至", "到", "—", "--")
                and low < high
                and text[before.start - 1 : before.start] != "-"
            ):
                joined = Number(before.start, token.number.end, low, text[before.start : token.number.end], high, True)
                out[-1] = Token("number", before.start, token.end, None, joined, token.unit)
                continue
        out.append(token)
    return out


def _marks(text: str, taken: list[Token]) -> Iterable[Token]:
    at = 0
    for token in [*taken, None]:
        until = token.start if token else len(text)
        if until - at == 1:
            yield _made(Token, (_ONE.get(text[at], "text"), at, until, None, None, "", text[at]))
        elif at < until:
            for found in _MARK.finditer(text, at, until):
                yield _made(Token, (found.lastgroup, found.start(), found.end(), None, None, "", found[0]))
        if token:
            yield token
            at = token.end if token.end > at else at


def _gaps(spans: list[tuple[int, int]], taken: list[Token]) -> list[Token]:
    """Return the dates and addresses as tokens that part the words around them like a space."""
    out: list[Token] = []
    near, until, most = 0, 0, len(taken)
    for start, end in sorted(spans):
        while near < most and taken[near].end <= start:
            near += 1
        inside = near < most and taken[near].start < end
        if start < end and not inside and start >= until:
            out.append(Token("space", start, end))
            until = end
    return out


def _covers(token: Token, start: int, end: int) -> bool:
    """跟昨天一样 and 今日新增 are words of their own although a day stands in them."""
    return (
        token.kind != "number" and token.start <= start and end <= token.end and token.end - token.start > end - start
    )


_NOUNS = frozenset({"label", "return", "place"})
_VERBS = frozenset({"label", "return"})
_HALF = {"户": "户", "户数": "户", "人": "人", "人数": "人", "人口": "人"}


_DONE_TO = frozenset(
    {"households_visited", "people_visited", "households_served", "deliveries", "temp_checked_people", "swab_done"}
    | {"people_dissuaded", "turned_back"}
)
_OBJECTS = frozenset(
    {"isolated_people", "isolated_households", "central_isolated_people", "released_people", "close_contacts"}
)
_WHOM = ("人员", "的人", "户", "者", "家庭", "群众", "学生", "务工", "观察对象")


def _is_object(verb: Token, token: Token) -> bool:
    """走访隔离户5户: five were visited, not isolated; what stands right behind such a verb says whom it was done to."""
    if verb.entry is None or token.entry is None:
        return False
    if verb.entry.bare not in _DONE_TO and "households_served" not in verb.entry.units.values():
        return False
    if token.kind == "place":
        return True
    return token.word.endswith(_WHOM) and (token.kind == "return" or token.entry.bare in _OBJECTS)


def _halved(taken: list[Token]) -> list[Token]:
    """Join a verb and the half of its pair that stands right behind it: 转移 and 户 are the label 转移户."""
    out: list[Token] = []
    before: Token | None = None
    for token in taken:
        if before is not None and before.end == token.start and token.kind in _NOUNS and before.kind in _VERBS:
            joined = _joined(before, token)
            if joined is not None:
                out[-1] = before = joined
                continue
        out.append(token)
        before = token
    return out


def _joined(before: Token, token: Token) -> Token | None:
    """Return *before* and *token*, glued to it, as one label where they are one."""
    if before.kind == "label" and _is_object(before, token):
        return before._replace(end=token.end, word=before.word + token.word)
    unit = _HALF.get(token.word) if token.kind == "label" else None
    entry = before.entry
    if unit is None or entry is None or unit not in entry.units or before.word in _HALF:
        return None
    key = entry.units[unit]
    word = before.word + token.word
    label = Entry(word, "label", key, {unit: key}, key, entry.contexts, entry.template)
    return Token("label", before.start, token.end, label, None, "", word)


def tokenize(text: str, context: str = "daily", masks: Iterable[tuple[int, int]] = ()) -> list[Token]:
    """Return the tokens of *text* (normalised), in order, without overlap.

    *context* is the kind of record the words are read for; figures inside *masks* (dates, addresses) are none.
    """
    spans = [*masks, *[found.span() for found in _LIST_NUMBER.finditer(text)]]
    if ":" in text and (" " in text or "\t" in text):
        spans += [found.span() for found in _SPACED_LIST.finditer(text)]
    masked = bytearray(len(text))
    for start, end in spans:
        masked[start:end] = b"\1" * (end - start)
    words = _words(text, context)
    numbers = _ranges(text, _numbers(text, words, masked))
    taken: list[Token] = []
    until = 0
    for token in sorted([*words, *numbers], key=_order):
        if token.start < until or (masked.find(1, token.start, token.end) >= 0 and _hidden(token, spans)):
            continue
        taken.append(token)
        until = token.end
    taken = _halved(taken)
    gaps = _gaps(spans, taken) if spans else []
    return list(_marks(text, sorted([*taken, *gaps], key=_order) if gaps else taken))


def _order(token: Token) -> tuple[int, int]:
    return token.start, -token.end


def _hidden(token: Token, spans: list[tuple[int, int]]) -> bool:
    """Return whether a date or an address reaches into *token* and is no part of its word."""
    return any(start < token.end and token.start < end and not _covers(token, start, end) for start, end in spans)
