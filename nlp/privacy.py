"""What must never be echoed or kept: id numbers, lists of phones, roster files, number plates."""

import re
from functools import lru_cache

from nlp.lazy import lazy

_ID18 = lazy(
    r"(?<![\dA-Za-z])[1-9]\d{5}[\s-]?(?:18|19|20)\d{2}[\s-]?\d{2}[\s-]?\d{2}[\s-]?\d{3}[\dXx](?![\dA-Za-z])", many=True
)
_ID18_SPACED = lazy(r"(?<!\d)(?:\d[\s-]?){17}[\dXx](?![\dA-Za-z])", many=True)
_ID15 = lazy(r"(?<!\d)[1-9]\d{5}\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}(?!\d)", many=True)
_PHONE = lazy(r"(?<!\d)1\d{2}[\s-]?\d{4}[\s-]?\d{4}(?!\d)", many=True)
_ROSTER = lazy(
    (
        r"[\w\u4e00-\u9fff()-]{0,30}(?:名单|花名册|名册|台账|通讯录|信息表"
        r"|登记表)[\w\u4e00-\u9fff()-]{0,20}\.(?:xlsx?|csv|docx?|pdf|et|wps|zip)"
    ),
    re.IGNORECASE,
    many=True,
)
_PLATE = lazy(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Z](?:[·.\s]?[A-HJ-NP-Z0-9]{4"
    r",5}[A-HJ-NP-Z0-9挂学警港澳])"
)
_LONG = re.compile(r"\d(?:[\s-]?\d){10}")
_LATIN = re.compile(r"[A-Za-z]")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"
_MANY = 3
Finding = tuple[str, int, int]


def is_id_number(text: str) -> bool:
    """Return whether *text* is an 18-digit resident id whose check character is right (ISO 7064 mod 11-2, GB 11643)."""
    digits = re.sub(r"[\s-]", "", text).upper()
    if not re.fullmatch(r"\d{17}[\dX]", digits):
        return False
    return _CHECK[sum(int(one) * weight for one, weight in zip(digits, _WEIGHTS, strict=False)) % 11] == digits[17]


def _ids(text: str) -> list[Finding]:
    found = [("id_number", hit.start(), hit.end()) for hit in _ID18.finditer(text)]
    found += [("id_number", hit.start(), hit.end()) for hit in _ID18_SPACED.finditer(text) if is_id_number(hit[0])]
    found += [("id_number", hit.start(), hit.end()) for hit in _ID15.finditer(text)]
    return found


def _phones(text: str) -> list[Finding]:
    hits = list(_PHONE.finditer(text))
    return [("phone_list", hit.start(), hit.end()) for hit in hits] if len(hits) >= _MANY else []


@lru_cache(maxsize=64)
def find_private(text: str) -> tuple[Finding, ...]:
    """Return (kind, start, end) of everything in *text* that must not be echoed or kept, in order, none overlapping.

    Kinds: `id_number` (18 digits, spaced or hyphened, a wrong check digit too when the birthday reads as one;
    15 digits of the old form), `phone_list` (three or more mobiles; one is a contact), `roster_file`, `plate`.

    >>> [kind for kind, _, _ in find_private("名单.xlsx 11010519491231002X 鄂A8K321")]
    ['roster_file', 'id_number', 'plate']
    """
    found = _ids(text) + _phones(text) if _LONG.search(text) else []
    if "." in text:
        found += [("roster_file", hit.start(), hit.end()) for hit in _ROSTER.finditer(text)]
    if _LATIN.search(text):
        shown = text.upper()
        plates = _PLATE.finditer(shown if len(shown) == len(text) else text)
        found += [("plate", hit.start(), hit.end()) for hit in plates]
    out: list[Finding] = []
    for one in sorted(found, key=lambda finding: (finding[1], -finding[2])):
        if not out or one[1] >= out[-1][2]:
            out.append(one)
    return tuple(out)


_SHOWN = {"id_number": "[身份证号]", "phone_list": "[电话]", "roster_file": "[名单文件]", "plate": "[车牌]"}


def mask(text: str) -> str:
    """Return *text* with everything `find_private` finds replaced by its kind in brackets."""
    out, at = [], 0
    for kind, start, end in find_private(text):
        out += [text[at:start], _SHOWN[kind]]
        at = end
    return "".join([*out, text[at:]])
