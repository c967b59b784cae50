"""No number in silence: what may be read two ways is read back or asked, never taken as it seems."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone

import pytest

from bench.practice import FOLDER, load
from nlp.normalize import normalize
from nlp.numerals import read_numeral
from nlp.types import Intent, Slot, Utterance
from nlp.understand import understand

NOW = datetime(2020, 2, 8, 18, tzinfo=timezone(timedelta(hours=8)))


def read(text: str) -> Utterance:
    return understand(text, NOW)


@pytest.mark.parametrize("text", ["三、四格隔离5户", "3网格4网格返乡2人", "三四格排查30户90人"])
def test_a_figure_for_two_grids_at_once_is_read_back(text: str) -> None:
    assert read(text).needs_confirm
    assert not read("三格四格一切正常").needs_confirm


@pytest.mark.parametrize("text", ["新增返乡-2人", "隔离户-1", "排查126户,返乡-2人,隔离-1户"])
def test_a_number_below_zero_is_asked_about(text: str) -> None:
    assert "是什么意思" in (read(text).ask or "")
    assert read("排查-126户,返乡-2人").ask is None


def test_fewer_people_than_cars_may_be_the_crew() -> None:
    assert read("村口卡点 8人 过车120").needs_confirm
    assert not read("东门 夜班 153人 车88").needs_confirm


@pytest.mark.parametrize("text", ["再加一户空户", "空户多报了一户", "空户加1", "多报了1户空户", "发热多报1人"])
def test_one_more_or_less_asks_how_many_there_are_now(text: str) -> None:
    said = read(text)
    assert (said.intent, said.drafts[0].get("value")) == (Intent.CORRECTION, None)
    assert "现在一共几" in (said.ask or "")


def test_how_many_there_are_is_not_asked_where_it_is_said() -> None:
    assert read("隔离户数多报了1户,应为4户").drafts[0].get("value") == 4
    assert read("多了3个人发热").intent is not Intent.CORRECTION


def test_every_figure_that_was_not_read_is_named_in_the_question() -> None:
    text = "三格今天敲了46 空5 新回来2个 一个武汉的一个浙江 都没烧 隔离5户 需求3 送了2"
    assert read(text).ask == "「需求3」「送了2」这几处我没读懂,各是哪一项?"
    assert read("入户三十二户 发热无 送了3").ask == "「送了3」这一处我没读懂,是哪一项?"


@pytest.mark.parametrize("text", ["发热1人 38.2", "今日排查126户,发热1人38.5"])
def test_a_fever_alarms_and_is_counted(text: str) -> None:
    said = read(text)
    assert said.alarms == ("fever",)
    assert [draft.get("fever_people") for draft in said.drafts if draft.type == "daily"] == [1]


@pytest.mark.parametrize(
    "text",
    [
        "3网格排查126户,86人",
        "6网格应检620人,实检613人,未检9人",
        "返乡3人,其中省外5人",
        "走访不到30户",
        "至少排查了40户",
        "发放口罩给60户,每户10只",
        "出动党员12人志愿者20人",
        "封控2栋86户,管控3栋120户",
        "隔离2户,3-201 2人,5-301 3人",
        "我家3口人都阳了2个",
    ],
)
def test_what_cannot_be_so_or_is_no_figure_is_looked_at(text: str) -> None:
    assert read(text).needs_confirm


@pytest.mark.parametrize(
    "text",
    [
        "3网格排查126户,386人",
        "6网格应检620人,实检613人,未检7人",
        "返乡8人,其中省外5人",
        "测温300人,无超过37.3的",
        "口罩每户2个,共发200个,已发放",
    ],
)
def test_what_may_be_so_asks_nothing(text: str) -> None:
    assert not read(text).needs_confirm


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("走访慰问隔离户5户", {"households_visited": 5}),
        ("上报隐患线索2条", {"issues_reported": 2}),
        ("排查126户(412人)", {"households_checked": 126, "people_checked": 412}),
        ("3格排查40户 三户没人", {"households_checked": 40}),
        ("返乡5人,未返乡12人", {"returnees": 5}),
        ("3户12人从广东回来", {"returnees@广东": 12}),
        ("昨天排查80户今天排查90户", {"households_checked": 90}),
        ("一组30户二组42户三组28户,共100户", {"households_checked": 100}),
        ("水位21.5米,上涨0.3米", {"water_level_m": 21.5}),
        ("隔离酒店现有隔离人员56人", {"central_isolated_people": 56}),
        ("返乡三人两个武汉的一个浙江的", {"returnees": 3, "returnees_wuhan": 2, "returnees@浙江": 1}),
    ],
)
def test_what_is_beside_the_figure_is_no_figure(text: str, figures: dict[str, int]) -> None:
    (draft,) = read(text).drafts
    assert {slot.key: slot.value for slot in draft.slots if type(slot.value) in (int, float)} == figures


_DENIES = re.compile(r"[无没零0〇冇未不]|莫得|正常")
_SPOKEN = re.compile(r"[零一二两三四五六七八九十百千万亿半俩仨廿卅点]+")
_COUNTED = ("daily", "checkpoint", "correction")
"""Records whose figures carry the span of the very figure; goods and readings carry that of their row."""


def _figures(text: str) -> Iterator[float]:
    """Yield every number that can be seen in *text*, by rules of the test's own: digits, spoken digits, 度, 半."""
    plain = re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", normalize(text).text)
    for found in re.finditer(r"\d+(?: ?[.度点·,。] ?\d+)?", plain):
        yield float(re.sub(r"[度点·,。]", ".", found[0]).replace(" ", ""))
        yield from (float(part) for part in re.findall(r"\d+", found[0]))
        if re.fullmatch(r"3[4-9]\d|4[0-2]\d", found[0]):
            yield float(found[0]) / 10
    for word in (plain, plain.replace("度", "点"), plain.replace("度半", "点五")):
        for found in _SPOKEN.finditer(word):
            value = read_numeral(found[0])
            if value is not None:
                yield value
            yield from (one for char in found[0] if (one := read_numeral(char)) is not None)
    for found in re.finditer(r"(\d+|[一二两三四五六七八九十])[一-鿿]半", plain):
        yield float(read_numeral(found[1]) or 0) + 0.5
    yield from (float(one) for one in re.findall(r"\d+\.\d+", plain))
    for found in re.finditer(r"([二三四五六七八九]?)十几", plain):
        tens = 10 * (read_numeral(found[1]) or 1) if found[1] else 10
        yield from (tens + 1.0, tens + 9.0)
    for found in re.finditer(r"([一二三四五六七八九])([一二三四五六七八九])十", plain):
        yield from (10.0 * (read_numeral(one) or 0) for one in found.groups())
    for found in re.finditer(r"(\d+)度半", plain):
        yield float(found[1]) + 0.5


def _numbers(slot: Slot) -> list[float]:
    """Return the numbers that a slot states: itself, or both ends of "2-3"."""
    if isinstance(slot.value, bool) or slot.key == "address":
        return []
    if isinstance(slot.value, int | float):
        return [slot.value]
    if isinstance(slot.value, str) and re.fullmatch(r"\d+-\d+", slot.value):
        return [float(part) for part in slot.value.split("-")]
    return []


def made_up(text: str, said: Utterance) -> list[tuple[str, float]]:
    """Return the numbers of *said* that are taken as read and stand nowhere in *text*: each must be seen in the span it
    claims, a 0 in a word of its clause that denies."""
    out = []
    for draft in said.drafts:
        for slot in draft.slots:
            shown = text[slot.start : slot.end] if slot.end and draft.type in _COUNTED else text
            for value in _numbers(slot):
                seen = value in set(_figures(shown)) if value else _DENIES.search(normalize(text).text) is not None
                if not seen:
                    out.append((slot.key, value))
    return out


def test_no_number_taken_as_read_is_made_up() -> None:
    """Over the whole corpus: what is neither asked nor read back stands in the text, where its span says."""
    checked, wrong = 0, []
    for path in sorted(FOLDER.glob("*.yaml")):
        for line in load(path.stem):
            said = line.read()
            if said.needs_confirm or said.ask:
                continue
            checked += sum(len(_numbers(slot)) for draft in said.drafts for slot in draft.slots)
            wrong += [(line.say, *one) for one in made_up(line.say, said)]
    assert not wrong, wrong
    assert checked > 1300


def test_a_made_up_number_would_be_found() -> None:
    said = read("三格排查126户,返乡5人")
    assert made_up("三格排查126户,返乡5人", said) == []
    assert made_up("三格排查126户,返乡6人", said) == [("returnees", 5)]
    assert made_up("三格排查126户,返乡5人", read("三格排查126户,无发热")) == [("fever_people", 0)]
