"""The written rules of declarations (`data/rules/declaration.yaml`): read whole, every fault at once, in Chinese."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from bot import yaml_text
from bot.yaml_types import Key, celsius
from handlers.domain.consent import ConsentPurpose, ConsentText
from handlers.domain.consistency import Source
from handlers.domain.declaration import SYMPTOMS
from handlers.domain.errors import BadSetting
from handlers.domain.receipt_colour import WORDS, Colour, Rule, RuleTable, When, words_in
from handlers.domain.returnees import Table
from handlers.wording.declaration import FORBIDDEN

FEVER = "fever"


def _threshold(text: object) -> Decimal | str:
    return FEVER if str(text).strip() == FEVER else celsius(text)


Threshold = Annotated[Any, BeforeValidator(_threshold)]
Words = Annotated[str, Field(min_length=1, max_length=400)]
Days = Annotated[int, Field(ge=1, le=60)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _WhenPart(_Part):
    celsius_from: Threshold | None = None
    symptoms_any: Annotated[list[str], Field(min_length=1)] | None = None
    tables: Annotated[list[Annotated[int, Field(ge=1, le=4)]], Field(min_length=1)] | None = None
    overseas: bool | None = None
    from_list: Key | None = None
    through_list: Key | None = None
    arrived_within: Days | None = None
    differs_from: Annotated[list[Source], Field(min_length=1)] | None = None


class _RulePart(_Part):
    id: Key
    colour: Literal["green", "yellow"]
    when: _WhenPart
    reason: Words
    next_steps: Words = Field(alias="next")
    days: Days | None = None


class _TextPart(_Part):
    version: Annotated[int, Field(ge=1)]
    title: Words
    body: Words


class _NoticePart(_Part):
    version: Annotated[int, Field(ge=1)]
    text: Words


class _File(_Part):
    version: Annotated[str, Field(min_length=1, max_length=16)]
    basis: Words
    observe_days: Days
    incubation_days: Days
    rules: Annotated[list[_RulePart], Field(min_length=1, max_length=100)]
    consents: dict[str, _TextPart]
    notice: _NoticePart
    lists: list[Key] = []


_SAY = {
    "missing": "缺少这一项",
    "extra_forbidden": "不认识这一项,请检查拼写",
    "int_parsing": "应是整数",
    "bool_parsing": "应是 true 或 false",
    "literal_error": "只能是 green 或 yellow;红色只能由具名医生给出,不能写进规则",
    "too_short": "写得不够",
    "string_too_short": "不能空着",
    "string_too_long": "太长",
    "string_pattern_mismatch": "只能用小写英文、数字和 _",
    "string_type": "应是文字",
    "list_type": "应是列表(每行以 - 开头)",
    "dict_type": "应是 名称: 值 的写法",
    "model_type": "应是 名称: 值 的写法",
    "enum": "没有这个词,请看样例里的写法",
    "greater_than_equal": "太小了",
    "less_than_equal": "太大了",
}


def read(path: Path, fever: Decimal) -> RuleTable:
    """Return the table of the file; *fever* is what the word `fever` stands for. BadSetting names every fault of it."""
    try:
        text = yaml_text.read(path.read_bytes())
    except OSError as error:
        raise BadSetting(f"读不到 {path.name}:请检查 hierarchy.yaml 里的 declaration.rules") from error
    try:
        stated = _File.model_validate(text.value)
    except ValidationError as error:
        raise BadSetting("\n".join(said(path.name, text, fault) for fault in error.errors())) from error
    faults = [_at(path.name, text, where, what) for where, what in _contradictions(stated)]
    if faults:
        raise BadSetting("\n".join(faults))
    return RuleTable(
        version=stated.version,
        basis=stated.basis,
        observe_days=stated.observe_days,
        incubation_days=stated.incubation_days,
        rules=tuple(_rule(part, fever) for part in stated.rules),
        consents=MappingProxyType({ConsentPurpose(key): _text(key, part) for key, part in stated.consents.items()}),
        notice=stated.notice.text,
        notice_version=stated.notice.version,
        lists=frozenset(stated.lists),
    )


def said(name: str, text: yaml_text.Text, fault: Any) -> str:
    """Return one fault of the form in words, with its line and its path."""
    what = str(fault["ctx"]["error"]) if fault["type"] == "value_error" else _SAY.get(fault["type"], "填得不对")
    return _at(name, text, fault["loc"], what)


def _at(name: str, text: yaml_text.Text, where: yaml_text.Path, what: str) -> str:
    return f"{name} 第{text.line(where)}行 {'.'.join(map(str, where)) or '(整个文件)'}:{what}"


def _rule(part: _RulePart, fever: Decimal) -> Rule:
    when = part.when
    return Rule(
        part.id,
        Colour(part.colour),
        When(
            celsius_from=fever if when.celsius_from == FEVER else when.celsius_from,
            symptoms_any=frozenset(when.symptoms_any) if when.symptoms_any else None,
            tables=frozenset(Table(number) for number in when.tables) if when.tables else None,
            overseas=when.overseas,
            from_list=when.from_list,
            through_list=when.through_list,
            arrived_within=when.arrived_within,
            differs_from=frozenset(when.differs_from) if when.differs_from else None,
        ),
        part.reason,
        part.next_steps,
        part.days,
    )


def _text(key: str, part: _TextPart) -> ConsentText:
    return ConsentText(ConsentPurpose(key), part.version, part.title, part.body)


def _contradictions(stated: _File) -> Iterator[tuple[yaml_text.Path, str]]:
    """Yield what is well formed but cannot be: where, and what to do."""
    ids = [rule.id for rule in stated.rules]
    for place, rule in enumerate(stated.rules):
        where: yaml_text.Path = ("rules", place)
        if rule.id in ids[:place]:
            yield (*where, "id"), f"规则 {rule.id} 写了两遍"
        if rule.days is None and rule.when.arrived_within is None:
            yield (*where, "days"), "没写 days 的规则要有 arrived_within,凭据才知道哪天到期"
        yield from _unknown(rule, stated, where)
        for name, words in (("reason", rule.reason), ("next", rule.next_steps)):
            yield from _wrong_words((*where, name), words)
        if rule.when == _WhenPart() and place < len(stated.rules) - 1:
            yield (*where, "when"), "什么都不问的规则只能放在最后,后面的永远轮不到"
    last = stated.rules[-1]
    if last.when != _WhenPart() or last.colour != "green":
        yield ("rules", len(stated.rules) - 1), "最后一条应是绿色、when: {},什么都不问,人人都能得到答复"
    if stated.incubation_days < stated.observe_days:
        yield ("incubation_days",), "潜伏期不能比观察期短"
    yield from _texts(stated)


def _unknown(rule: _RulePart, stated: _File, where: yaml_text.Path) -> Iterator[tuple[yaml_text.Path, str]]:
    for code in rule.when.symptoms_any or ():
        if code not in SYMPTOMS:
            yield (*where, "when", "symptoms_any"), f"没有症状 {code},可用:{'、'.join(SYMPTOMS)}"
    for key in ("from_list", "through_list"):
        name = getattr(rule.when, key)
        if name is not None and name not in stated.lists:
            yield (*where, "when", key), f"名单 {name} 没有写在 lists 里"


def _wrong_words(where: yaml_text.Path, words: str) -> Iterable[tuple[yaml_text.Path, str]]:
    try:
        unknown = words_in(words) - WORDS
    except ValueError:
        yield where, "花括号不成对"
        return
    if unknown:
        yield where, f"不认识 {{{'、'.join(sorted(unknown))}}},可用:{'、'.join(sorted(WORDS))}"
    for word in FORBIDDEN:
        if word in words:
            yield where, f"“{word}”会让人觉得被指责或被拦下,请换一种说法"


def _texts(stated: _File) -> Iterator[tuple[yaml_text.Path, str]]:
    for key in stated.consents:
        if key not in set(ConsentPurpose):
            yield ("consents", key), f"没有这一项,可用:{'、'.join(ConsentPurpose)}"
    for purpose in ConsentPurpose:
        if purpose not in stated.consents:
            yield ("consents",), f"缺少 {purpose} 的说明,每一项都要单独问"
    for key, part in stated.consents.items():
        for word in FORBIDDEN:
            if word in part.title + part.body:
                yield ("consents", key), f"“{word}”会让人觉得被指责或被拦下,请换一种说法"
    try:
        extra = words_in(stated.notice.text) - {"county"}
    except ValueError:
        yield ("notice", "text"), "花括号不成对"
    else:
        if extra:
            yield ("notice", "text"), "告知书里只能用 {county}"
