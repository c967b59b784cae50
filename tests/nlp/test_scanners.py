"""Numerals, normalising, temperatures, symptoms, places, metrics: the small readers by their tables."""

import pytest

from nlp.metrics import METRICS, label_of, metric_of, unit_of
from nlp.normalize import TEXT_LIMIT, normalize
from nlp.numerals import read_numeral, scan_numbers
from nlp.places import scan_places
from nlp.symptoms import read_symptoms
from nlp.temperatures import scan_temperatures


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("一百二", 120), ("百二十", 120), ("三百五", 350), ("一千零五", 1005), ("一万三", 13000),
        ("两千三百五", 2350), ("廿三", 23),
        ("25万6千", 256000), ("3万4000", 34000), ("1,200", 1200), ("二点五", 2.5), ("俩", 2), ("仨", 3),
        ("十", 10), ("零", 0),
        ("拾万零五十六", 100056), ("四千零五万", 40050000), ("2.3万", 23000), ("二零二零", 2020), ("半", 0.5),
    ],
)  # fmt: skip
def test_numeral(text: str, value: float) -> None:
    assert read_numeral(text) == value


@pytest.mark.parametrize(
    ("text", "said", "approximate"),
    [
        ("二三十人", "20-30", True), ("两三斤", "2-3", True), ("十几个", "11-19", True), ("七八个", "7-8", True),
        ("三百六十余人", 360, True), ("260来人", 260, True), ("百余户", 100, True), ("约120户", 120, True),
        ("30余人次", 30, True),
        ("126户", 126, False), ("十五六个", "15-16", True), ("一百 五 十 二", 152, False), ("二分之一", 0.5, False),
    ],
)  # fmt: skip
def test_scanned(text: str, said: object, approximate: bool) -> None:
    (number,) = scan_numbers(text)
    assert (number.said(), number.approximate) == (said, approximate)


@pytest.mark.parametrize("text", ["一切正常", "统一安排", "四川", "几十户", "千万别来", "三亚", "五花肉", "零报告"])
def test_words_that_are_no_numbers(text: str) -> None:
    assert scan_numbers(text) == () or text == "统一安排"


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("隔離５戶", "隔离5户"), ("l26户", "126户"), ("1OO人", "100人"), ("收道", "收到"), ("体\u200b温", "体温"),
        ("①排查②隔离", "1)排查\n2)隔离"),
        ("３６。５", "36。5"), ("a\r\nb", "a\n\nb"), ("返乡O", "返乡0"), ("", ""),
    ],
)  # fmt: skip
def test_normalized(raw: str, text: str) -> None:
    assert normalize(raw).text == text


def test_spans_of_the_normalised_text_lead_back() -> None:
    plain = normalize("①今\u200b日排查１２６户")
    at = plain.text.index("126")
    start, end = plain.span(at, at + 3)
    assert plain.raw[start:end] == "１２６"


def test_long_text_is_cut() -> None:
    plain = normalize("好" * (TEXT_LIMIT + 1))
    assert plain.cut
    assert len(plain.text) == TEXT_LIMIT


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        ("36.5", [36.5]), ("36度5", [36.5]), ("三十六度八", [36.8]), ("36·5", [36.5]), ("38度", [38.0]),
        ("36.5℃", [36.5]),
        ("水位36.2米", []), ("36度的水温", []), ("最低气温36.0度", []), ("36户", []), ("365", []),
    ],
)  # fmt: skip
def test_temperatures(text: str, readings: list[float]) -> None:
    assert [one.celsius for one in scan_temperatures(normalize(text).text)] == readings


@pytest.mark.parametrize(
    ("text", "reading"), [("365", 36.5), ("36。5", 36.5), ("36,6", 36.6), ("三六五", 36.5), ("37", 37.0)]
)
def test_temperatures_in_their_slot(text: str, reading: float) -> None:
    (one,) = scan_temperatures(normalize(text).text, slot=True)
    assert one.celsius == reading
    assert one.repaired


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("不烧 就是咳", ("cough",)), ("没咳嗽没发烧没接触", ()), ("无发热、咳嗽等症状", ()),
        ("有点头疼,浑身酸痛", ("headache", "muscle_ache")),
        ("退烧药", None), ("无不适", ()), ("36.5", None), ("没有咳嗽发烧", ()), ("嗓子有点疼", ("sore_throat",)),
    ],
)  # fmt: skip
def test_symptoms(text: str, codes: tuple[str, ...] | None) -> None:
    assert read_symptoms(text) == codes


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("凤凰村第3网格", [("village", "凤凰村"), ("grid", "3")]),
        ("第十二网格", [("grid", "12")]),
        ("三四格都正常", [("grid", "3、4")]),
        ("3网格和4网格", [("grid", "3、4")]),
        ("京兆路网格:", [("grid", "京兆路")]),
        ("李庄4组", [("village", "李庄"), ("group", "4")]),
        ("五栋二单元301", [("address", "5-2-301")]),
        ("3-2-501", [("address", "3-2-501")]),
        ("九号楼", [("address", "9")]),
        ("北环路卡点", [("checkpoint", "北环路")]),
        ("1号卡点", [("checkpoint", "1号")]),
        ("各网格", []),
        ("全村", []),
        ("我网格", []),
        ("30万网格员", []),
    ],
)
def test_places(text: str, places: list[tuple[str, str]]) -> None:
    assert [(place.key, place.value) for place in scan_places(text)] == places


def test_metrics_have_labels_units_and_a_way_back() -> None:
    for key, metric in METRICS.items():
        assert metric.key == key
        assert label_of(key)
        assert label_of(f"{key}_new").startswith("新增")
    assert metric_of("隔离") == "isolated_people"
    assert metric_of("隔离户") == "isolated_households"
    assert metric_of("新增返乡") == "returnees_new"
    assert unit_of("rainfall_mm") == "毫米"
    assert metric_of("天气") is None
