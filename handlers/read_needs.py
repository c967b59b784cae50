"""What a household asks for, out of what was typed: 白菜2 鸡蛋一板, 能帮忙买点感冒药不 还有泡面, 一桶油."""

import re
from decimal import Decimal

from handlers.domain.need import USUAL_UNITS, Item
from nlp.goods import read_items
from nlp.normalize import normalize
from nlp.nouns import known_goods
from nlp.numerals import read_numeral

_AFTER = re.compile(r"\s*(?P<n>\d{1,3}(?:\.\d)?|[一二两三四五六七八九十半])(?![度℃月号点.:\d])")
_ASKS = re.compile(r"买|要|缺|没了|没有了|快没|用完|吃完|带|送|帮|代购|需要|来点|不够")
_NOT_NOW = re.compile(r"不用|不要|不需要|别买|吃了|昨天|谢谢你的|已经(?:有|买|收)")


def read_needs(text: str) -> tuple[Item, ...]:
    """Return the items asked for, in order; () for words that ask for none.

    >>> [str(one) for one in read_needs("白菜2 鸡蛋一板 盐2包")]
    ['白菜2棵', '鸡蛋1板(30个)', '盐2包']
    >>> read_needs("今天吃了白菜"), [str(one) for one in read_needs("能帮忙买点感冒药不 还有泡面")]
    ((), ['感冒药', '泡面'])
    """
    plain = normalize(text).text
    if _NOT_NOW.search(plain):
        return ()
    found: list[Item] = []
    for word, start in known_goods(plain):
        said = next((one for one in read_items(plain) if one.start <= start < one.end and one.quantity), None)
        after = _AFTER.match(plain, start + len(word))
        if said is not None and isinstance(said.quantity, int | float):
            found.append(Item(word, Decimal(str(said.quantity)), said.unit))
        elif after is not None:
            number = read_numeral(after["n"])
            quantity = Decimal(str(number)) if number else None
            found.append(Item(word, quantity, USUAL_UNITS.get(word, ""), guessed=word in USUAL_UNITS))
        else:
            found.append(Item(word))
    if not found or (not _ASKS.search(plain) and all(one.quantity is None for one in found)):
        return ()
    return tuple(dict.fromkeys(found))
