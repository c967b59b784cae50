"""Where somebody came from decides the table; what does not decide it is asked."""

import doctest

import pytest

from handlers.domain import returnees
from handlers.domain.returnees import METRICS, TITLES, Table, table_for, with_tables

WUHAN, HUBEI, OUT, IN = Table


@pytest.mark.parametrize(
    ("origin", "home", "table"),
    [
        ("武汉汉阳", "河南", WUHAN),
        ("汉阳", "河南", WUHAN),
        ("汉口火车站", "河南省", WUHAN),
        ("湖北省武汉市江夏区", "河南", WUHAN),
        ("武汉青山", "河南", WUHAN),
        ("已经从武汉回来", "河南", WUHAN),
        ("从武汉经郑州回来", "河南", WUHAN),
        ("武汉,在郑州转车", "河南", WUHAN),
        ("黄冈", "河南", HUBEI),
        ("湖北黄冈麻城", "河南", HUBEI),
        ("麻城", "河南", HUBEI),
        ("恩施州", "河南", HUBEI),
        ("神农架", "河南", HUBEI),
        ("襄樊", "河南", HUBEI),
        ("湖北(除武汉)", "河南", HUBEI),
        ("不是武汉是黄冈", "河南", HUBEI),
        ("孝感经停武汉,武汉没下车", "湖北", None),
        ("杭州", "河南", OUT),
        ("浙江义乌", "河南", OUT),
        ("苏州昆山", "河南", OUT),
        ("北京朝阳区", "河南", OUT),
        ("北京朝阳区", "北京", IN),
        ("西安", "河南", OUT),
        ("西安", "陕西", IN),
        ("海南", "河南", OUT),
        ("新疆伊犁", "河南", OUT),
        ("外省", "河南", OUT),
        ("杭州、宁波", "河南", OUT),
        ("高铁通道出来 广东东莞", "河南", OUT),
        ("郑州", "河南", IN),
        ("洛阳偃师", "河南", IN),
        ("河南", "河南", IN),
        ("郑州、途经信阳", "河南", IN),
        ("福州永泰", "福建", IN),
        ("省内", "河南", IN),
        ("济源", "河南", IN),
        ("黄冈", "湖北", HUBEI),
        ("郑州", "湖北", OUT),
    ],
)
def test_origins_that_decide(origin: str, home: str, table: Table | None) -> None:
    assert table_for(origin, home).table is table


@pytest.mark.parametrize(
    ("origin", "ask"),
    [
        ("经停武汉", "只说了途经武汉,是从哪个省、哪个市出发的?"),
        ("杭州经停武汉", "杭州、途经武汉:记进哪张表?1武汉 3省外"),
        ("广州 在武汉转车", "广州、途经武汉:记进哪张表?1武汉 3省外"),
        ("荆州回来路过武汉", "荆州、途经武汉:记进哪张表?1武汉 2湖北其他"),
        ("郑州 孝感停留2天", "郑州、途经孝感:记进哪张表?2湖北其他 4省内"),
        ("湖北", "湖北:记进哪张表?1武汉 2湖北其他"),
        ("青山", "青山:记进哪张表?1武汉 3省外"),
        ("鼓楼", "鼓楼:记进哪张表?3省外 4省内"),
        ("武汉 杭州", "武汉、杭州:记进哪张表?1武汉 3省外"),
        ("外地", "从哪个省、哪个市回来的?请写到市,如「湖北黄冈」"),
        ("不是武汉", "从哪个省、哪个市回来的?请写到市,如「湖北黄冈」"),
        ("", "从哪个省、哪个市回来的?请写到市,如「湖北黄冈」"),
    ],
)
def test_what_does_not_decide_is_asked(origin: str, ask: str) -> None:
    routing = table_for(origin, "河南")
    assert routing.table is None
    assert routing.ask == ask


def test_in_hubei_inside_the_province_is_still_one_of_two() -> None:
    assert table_for("省内", "湖北").ask == "省内:记进哪张表?1武汉 2湖北其他"


@pytest.mark.parametrize("origin", ["韩国", "香港", "台湾省台北市", "境外", "泰国经北京"])
def test_overseas_has_no_table(origin: str) -> None:
    routing = table_for(origin, "河南")
    assert routing.table is None
    assert routing.overseas
    assert routing.ask


def test_every_province_and_city_of_the_country_is_known() -> None:
    places = {p for row in returnees._words().values() for p in row}
    provinces = {p.name for p in places if p.rank == 0}
    assert len(provinces) == 31
    assert len([p for p in places if p.rank == 1 and p.province == "湖北省"]) == 17
    assert len([p for p in places if p.rank == 1]) > 360
    for province in provinces:
        assert table_for(province, province).table is not Table.OUT_PROVINCE


def test_a_home_that_is_no_province_is_refused() -> None:
    with pytest.raises(ValueError, match="省会"):
        table_for("武汉", "省会")
    with pytest.raises(ValueError, match="郑州"):
        table_for("武汉", "郑州")


def test_place_figures_reach_the_four_tables_without_changing_what_was_said() -> None:
    values = {
        "returnees@浙江": 1,
        "returnees@黄冈": 2,
        "returnees@湖北": 4,
        "returnees_out_province": 9,
        "fever_people": 0,
    }
    routed, asks = with_tables(values, "河南")
    assert routed == {**values, "returnees_hubei_other": 2}
    assert asks == ["湖北:记进哪张表?1武汉 2湖北其他"]
    assert with_tables({"returnees@浙江": None}, "河南") == ({"returnees@浙江": None}, [])


def test_the_tables_have_titles_and_metrics() -> None:
    assert list(TITLES) == list(METRICS) == list(Table)


def test_examples_run() -> None:
    result = doctest.testmod(returnees)
    assert result.attempted == 6
    assert result.failed == 0
