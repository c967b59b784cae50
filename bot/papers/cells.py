"""The one sanitiser of everything that goes into a sheet: what people typed must neither run, break nor leak there."""

import re
import unicodedata
from collections.abc import Iterable

LIMIT = 32_767  # UTF-16 units a cell holds; Excel calls a longer one damage, xlsxwriter drops it in silence
# What Excel, or a CSV saved from it, would read as a formula; the full-width forms run in East Asian locales.
_FORMULA = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20", "\t", "\r", "\n")
# Controls but the line end (Cc), direction, zero-width and other format marks (Cf), lone surrogates (Cs), and the two
# noncharacters XML refuses; a class of ranges, since a county's sheet has ten million characters.
_UNWANTED = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\xad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u2064\u2066-\u206f\ud800-\udfff\ufeff\ufff9-\ufffb\ufffe\uffff\U000110bd\U000110cd\U00013430-\U0001343f"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0001\U000e0020-\U000e007f]"
)
_IDENTITY = re.compile(r"(?<!\d)(?:\d{6}[ -]?\d{8}[ -]?\d{3}[\dXx\uff38\uff58]|\d{15,19})(?!\d)")
_MOBILE = re.compile(r"(?<!\d)(?:\+?86[ -]?)?[1\uff11]\d{2}[ -]?\d{4}[ -]?(\d{4})(?!\d)")
_LANDLINE = re.compile(r"(?<!\d)[0\uff10]\d{2,3}[ -]?\d{3,4}(\d{4})(?!\d)")


def clean(text: str) -> str:
    """Return *text* as a cell may hold it: no control, direction or zero-width characters, no lone surrogates, line
    ends as \\n, and a visible mark with the count of what was cut beyond Excel's limit.

    >>> clean("a\\x0bb\\r\\nc\\u202e")
    'ab\\nc'
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return _cut(_UNWANTED.sub("", lines))


def starts_like_formula(text: str) -> bool:
    """Return whether a cell with *text* needs the quote prefix (文本), so that no program runs it, even when edited or
    pasted on; the text itself is left as typed, with no apostrophe to be read as part of it."""
    return text.lstrip(" ").startswith(_FORMULA)


def mask_name(name: str) -> str:
    """Return a person's name as a sheet may show it: the first character and two stars.

    >>> mask_name("张样例"), mask_name("张**"), mask_name(" ")
    ('张**', '张**', '')
    """
    first = clean(name).strip()[:1]
    return f"{first}**" if first else ""


def last_four(phone: str) -> str:
    """Return 尾号 and the last four digits of a phone, nothing when it has fewer than seven.

    >>> last_four("104 0000 1234"), last_four("1234")
    ('尾号1234', '')
    """
    digits = "".join(str(unicodedata.digit(c)) for c in phone if c.isdecimal())
    return f"尾号{digits[-4:]}" if len(digits) >= 7 else ""


def scrub(text: str, names: Iterable[str] = ()) -> str:
    """Return free text without identity and bank numbers, phones cut to their last four digits, *names* masked.

    >>> scrub("样例户 10400001234,证 110101190001011234", ["样例户"])
    '样** 尾号1234,证 〔号码已隐去〕'
    """
    for name in sorted((n for n in names if n.strip()), key=len, reverse=True):
        text = text.replace(name, mask_name(name))
    text = _IDENTITY.sub("〔号码已隐去〕", text)
    return _LANDLINE.sub(r"尾号\1", _MOBILE.sub(r"尾号\1", text))


def _units(text: str) -> int:
    return len(text) + sum(ord(c) > 0xFFFF for c in text)


def _cut(text: str) -> str:
    if len(text) <= LIMIT // 2 or _units(text) <= LIMIT:
        return text
    room, kept = LIMIT - 40, 0
    for char in text:
        room -= 1 + (ord(char) > 0xFFFF)
        if room < 0:
            break
        kept += 1
    return f"{text[:kept]}…〔超长,以下{len(text) - kept}字未列〕"
