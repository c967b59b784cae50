"""Forms of key and value (姓名:… 体温:…; 状态=已送达;物品=…) as sheets: a key that comes again opens a new record."""

from functools import lru_cache
from typing import NamedTuple

from nlp.cells import Cell, Column, Sheet, column
from nlp.lazy import lazy

_KEY = lazy(r"(?:^|(?<=[\n;,\s。(|]))(?P<key>[一-鿿]{1,8}(?:\([^()\n]{1,8}\))?)[ \t]*[:=][ \t]*")
_STORY = lazy(
    r"^(?:情况|事由|事件|险情|求助|求助内容|详情|现象|事件类型|类型|什么事|事情|问题|灾情|描述|发生了什么|经过|内容|诉求|异常情况)$"
)
_STATE = lazy(r"^(?:状态|进度|送达情况|是否送达|完成情况|配送情况)$")
_COUNT = lazy(r"^(?:人数|被困人数|受困人数|涉及人数|家庭人数|几口人)$")
_PLACE = lazy(r"^(?:地址|地点|位置|事发地|发生地点|所在位置|哪里)$")
_TELLS = (
    "person",
    "address",
    "temperature",
    "origin",
    "arrival",
    "item",
    "quantity",
    "symptoms",
    "isolated",
    "plate",
    "action",
)
_END = lazy(r"[\s;,。|—\-_]+$")


class Form(NamedTuple):
    """A form: what kind of record it is (people, returnees, goods, event) and its records as a sheet.

    `story` holds for an event the columns in the order written, for each record as many as it has.
    """

    kind: str
    sheet: Sheet
    state: str = ""


class _Field(NamedTuple):
    column: Column
    cell: Cell


def read_form(text: str) -> Form | None:
    """Return the form in *text* (normalised), None when its keys are not those of a person, a home or an event."""
    fields = _fields(text)
    roles = [field.column.role for field in fields]
    counted = {field.column.label for field in fields if field.column.role == "figure"}
    if len(fields) < 2 or (
        counted and not ("story" in roles and counted <= {"户", "人", "停电", "涉及", "户数", "人数"})
    ):
        return None
    kind = _kind(set(roles), roles)
    if kind is None:
        return None
    records = _records(fields)
    widest = max(records, key=len)
    labels = list(dict.fromkeys(field.column for record in [widest, *records] for field in record))
    rows = tuple(tuple(_value(record, one) for one in labels) for record in records)
    state = next((field.cell.text for field in fields if field.column.role == "state"), "")
    first = _KEY.search(text)
    title = text[: first.start()] if first else ""
    return Form(kind, Sheet(title, tuple(labels), rows), state)


def _fields(text: str) -> list[_Field]:
    keys = list(_KEY.finditer(text))
    out = []
    for number, found in enumerate(keys):
        until = keys[number + 1].start() if number + 1 < len(keys) else len(text)
        value = text[found.end() : until]
        line = value.find("\n")
        value = value[:line] if line >= 0 else value
        value = _END.sub("", value)
        role = role_of(found["key"])
        out.append(_Field(role, Cell(value, found.end())))
    return out


@lru_cache(maxsize=512)
def role_of(key: str) -> Column:
    for pattern, role in ((_STORY, "story"), (_STATE, "state"), (_COUNT, "people")):
        if pattern.match(key):
            return Column(role, key)
    known = column(key)
    if _PLACE.match(key):
        return Column("address", key)
    return known


def _kind(roles: set[str], listed: list[str]) -> str | None:
    known = sum(
        role in _TELLS or role in ("story", "state", "people", "date", "grid", "group", "village") for role in listed
    )
    if known * 2 <= len(listed):
        return None
    if "plate" in roles:
        return "vehicles"
    if "story" in roles:
        return "event"
    if "item" in roles:
        return "goods"
    if "person" in roles and {"origin", "arrival"} & roles:
        return "returnees"
    if "temperature" in roles and {"person", "address", "symptoms"} & roles:
        return "people"
    return None


def _records(fields: list[_Field]) -> list[list[_Field]]:
    """Part the fields where the first key comes again."""
    out: list[list[_Field]] = [[]]
    for field in fields:
        if out[-1] and field.column == fields[0].column:
            out.append([])
        out[-1].append(field)
    return out


def _value(record: list[_Field], one: Column) -> Cell:
    return next((field.cell for field in record if field.column == one), Cell("", 0))
