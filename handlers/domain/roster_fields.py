"""One roster cell made right, or refused with what to do about it. What cannot be recovered is never guessed."""

import re
import unicodedata

_DITTO = frozenset({"同上", "同上。", "上同", "〃", "″", '"', "''", "“", "”", "同前", "-〃-"})
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff\x00-\x08\x0e-\x1f]")
_DOTS = re.compile("[•・‧∙.]")
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_SAMPLE = re.compile(r"104[0-9]{8}")
_PREFIX = re.compile(r"^(?:\+?86|0086)(?=1[0-9]{10}$)")
_NOTE = re.compile(r"\([^()]*\)")
_BETWEEN = re.compile(r"[、/;,|或\n]+")
_SCIENTIFIC = re.compile(r"[0-9](?:\.[0-9]+)?[eE]\+?[0-9]{1,3}")
_THOUSANDS = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+")
_CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]{0,63}")
_USERID = re.compile(r"[0-9a-z][0-9a-z_.@-]{0,63}")
_HAN = "[\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
_BETWEEN_HAN = re.compile(f"(?<={_HAN}) (?={_HAN})")
_NAME_LIMIT = 30


class Unfit(ValueError):
    """A cell that cannot be taken; `say` tells the person who fills in the roster what to do."""

    def __init__(self, say: str) -> None:
        super().__init__(say)
        self.say = say


def ditto(text: str) -> bool:
    """Return whether the cell says "as above".

    >>> ditto("同上"), ditto(" 〃 "), ditto("上同村")
    (True, True, False)
    """
    return text.strip() in _DITTO


def clean(text: str) -> str:
    """Return the cell as NFKC without invisible marks and outer spaces; a line break within becomes a space.

    >>> clean("　１０４００００００２２\u200b ")
    '10400000022'
    """
    return " ".join(_INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).split())


def person_name(text: str) -> str:
    """Return a person's name; all the dots people type between parts of a name become the one of the register (U+00B7).

    >>> person_name("样例古丽•测试江 "), person_name("陈 测𬳵")
    ('样例古丽·测试江', '陈测𬳵')
    """
    name = _DOTS.sub("·", _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).strip())
    name = _BETWEEN_HAN.sub("", " ".join(name.split()))
    if not name:
        raise Unfit("姓名没填")
    if len(name) > _NAME_LIMIT or name.isdigit():
        raise Unfit("这不像姓名,请核对")
    return name


def user_id(text: str) -> str:
    """Return a WeCom userid in lower case (the platform compares without case); Unfit when it cannot be one.

    Source: WeCom contacts API, "userid": 1 to 64 bytes of letters, digits and `_-@.`, the first a letter or digit.

    >>> user_id(" YT_Zhang.01 ")
    'yt_zhang.01'
    """
    userid = clean(text).lower()
    if not userid:
        raise Unfit("企业微信账号没填,在管理后台“通讯录”里可以查到")
    if not _USERID.fullmatch(userid):
        raise Unfit("企业微信账号只能用字母、数字和 _-@. ,请核对")
    return userid


def node_code(text: str) -> str:
    """Return a node's code as it was before a spreadsheet got at it; Unfit when digits were lost.

    >>> [node_code(x) for x in ("350125100001.0", "350125100001 ", "'350125100001", "350,125,100,001")]
    ['350125100001', '350125100001', '350125100001', '350125100001']
    """
    code = clean(text).lstrip("'`‘’").strip()
    if _SCIENTIFIC.fullmatch(code):
        raise Unfit("编码被表格变成了科学计数,后几位已丢;请把这一列设成“文本”再填一遍")
    if _THOUSANDS.fullmatch(code):
        code = code.replace(",", "")
    code = re.sub(r"(?<=[0-9])\.0+$", "", code)
    if not _CODE.fullmatch(code):
        raise Unfit("编码只能用字母、数字和 -_ ,请核对")
    return code


def mobile(text: str, allow_sample: bool = False) -> str | None:
    """Return a Chinese mobile number as 11 digits, None when it is none.

    Real ones begin with 13 to 19. Sample data uses 104, which no operator has: taken only when *allow_sample*.

    >>> mobile("+86 104-0000-0001", allow_sample=True), mobile("104 0000 0003"), mobile("0591-00012345转8")
    ('10400000001', None, None)
    """
    digits = _PREFIX.sub("", re.sub(r"[\s-]", "", clean(text)))
    if _MOBILE.fullmatch(digits) or (allow_sample and _SAMPLE.fullmatch(digits)):
        return digits
    return None


def mobiles(text: str, allow_sample: bool = False) -> tuple[str, ...]:
    """Return every mobile number of a cell, each once; () for an empty cell; Unfit when one of them is none.

    >>> mobiles("10400000004/10400000005、１０４００００００２２(备用)", allow_sample=True)
    ('10400000004', '10400000005', '10400000022')
    """
    found: dict[str, None] = {}
    for piece in _BETWEEN.split(_NOTE.sub("", unicodedata.normalize("NFKC", text))):
        if not clean(piece):
            continue
        whole = mobile(piece, allow_sample)
        for number in [whole] if whole else [mobile(part, allow_sample) for part in clean(piece).split()]:
            if number is None:
                raise Unfit("不是手机号(11位,13到19开头);座机请另记,两个号用“、”隔开")
            found[number] = None
    return tuple(found)
