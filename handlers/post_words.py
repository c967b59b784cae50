"""What is said of 张贴: 8栋贴完了, 贴了6栋 还差2栋, 全贴完了, 差3栋 7栋, 8栋没贴, 张贴, 张贴进度."""

import re

from nlp.numerals import read_numeral

_N = r"(?:\d{1,4}|[一二两三四五六七八九十]{1,3})"
_HOUSE = r"\d{1,4}\s*(?:栋|幢|座|号楼|楼)"
_HOUSES = rf"{_HOUSE}?(?:[\s、,和]+{_HOUSE}?)*"
_TAIL = r"(?:[\s,。;!~].{0,20})?"
_POST_LIST = re.compile(r"张贴(?:单|清单|列表|任务)?|(?:还)?(?:有)?(?:哪些|几栋|多少栋)(?:还)?没贴[??]?")
_POST_PROGRESS = re.compile(r"张贴\s*(?:的)?(?:进度|进展|情况|怎么样了?)[??]?|贴了多少(?:栋|户)?了?[??]?")
_POSTED = re.compile(rf"(?:今天|刚才?|已经)?(?P<which>{_HOUSES})[\s,]*(?:也|都|已经|全)*(?:贴|张贴)(?:完|好)?了{_TAIL}")
_POST_COUNT = re.compile(
    rf"(?:今天|已经|一共)?(?:贴|张贴)(?:好|完)?了?\s*(?P<n>{_N})\s*(?P<unit>栋|幢|座|楼|户|家)"
    rf"(?:[\s,,]*(?:还)?(?:差|剩|有)\s*(?P<left>{_N})\s*(?:栋|幢|座|楼|户|家)(?:没贴)?)?[\s,。!]*"
)
_POST_ALL = re.compile(rf"(?:今天|我们?|本格|这边)*(?:全部|全都|全|都)(?:已经)?(?:贴|张贴)(?:完|好|遍)?了{_TAIL}")
_POST_LEFT = re.compile(
    rf"(?:还)?(?:差|剩|没贴)(?:的)?(?:是)?[\s,:]*(?P<which>{_HOUSE}(?:[\s、,和]+{_HOUSE}?)*)(?:没贴)?[\s,。!]*"
)
_POST_UNDO = re.compile(rf"(?P<which>{_HOUSE})[\s,]*(?:没贴|贴错了?|还没贴|没贴完)[\s,。!]*")


def read_posting(plain: str) -> dict[str, str] | None:
    """Return what *plain* says as a whole of posting: `kind` of a list or a progress, or `how` it was said to hang and
    the buildings or numbers; None when it is anything else.

    >>> read_posting("贴了6栋 还差2栋"), read_posting("贴通告13张")
    ({'how': 'count', 'n': '6', 'unit': '栋', 'left': '2'}, None)
    """
    for kind, pattern in (("post_list", _POST_LIST), ("post_progress", _POST_PROGRESS)):
        if pattern.fullmatch(plain.rstrip("。! ")):
            return {"kind": kind}
    if found := _POST_ALL.fullmatch(plain):
        return {"how": "all"}
    if found := _POST_COUNT.fullmatch(plain):
        return {"how": "count", "n": _number(found["n"]), "unit": found["unit"], "left": _number(found["left"] or "")}
    for how, pattern in (("not", _POST_UNDO), ("left", _POST_LEFT), ("named", _POSTED)):
        if found := pattern.fullmatch(plain):
            return {"how": how, "which": found["which"]}
    return None


def _number(words: str) -> str:
    number = read_numeral(words) if words else None
    return "" if number is None else f"{number:g}"
