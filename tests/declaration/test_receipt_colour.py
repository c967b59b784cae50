"""The written table: green or yellow from facts and signed lists, never red; every fault of the file at once."""

from datetime import date
from decimal import Decimal
from itertools import product
from pathlib import Path

import pytest
from village import ROOT, TABLE

from bot import declaration_file
from handlers.domain.consistency import Disagreement, Point, Source
from handlers.domain.declaration import SYMPTOMS
from handlers.domain.declaring import FEVER
from handlers.domain.errors import BadSetting
from handlers.domain.facts import Facts
from handlers.domain.receipt_colour import Colour, OfficialList, Receipt, judge
from handlers.domain.returnees import Table

DAY = date(2020, 1, 27)
OUTBREAK = OfficialList(
    "outbreak",
    "样例省疾控中心",
    "样疾控〔2020〕1号",
    date(2020, 1, 20),
    date(2020, 2, 20),
    frozenset({"湖北省", "温州市"}),
)
WUHAN = Facts(
    True,
    "武汉",
    places=("武汉市", "湖北省"),
    table=Table.WUHAN,
    arrived=date(2020, 1, 22),
    symptoms=(),
    celsius=Decimal("36.5"),
)
WELL = Facts(False, symptoms=(), celsius=Decimal("36.5"))


def verdict(facts: Facts, lists=(OUTBREAK,), day=DAY, differing=()):
    return judge(facts, TABLE, lists, day, SYMPTOMS, FEVER, differing)


def test_the_students_receipt_reads_as_people_need_it() -> None:
    got = verdict(WUHAN)
    assert got.colour is Colour.YELLOW
    assert got.reason == "1月22日从武汉返回,未满14天(今天第5天,1月22日为第0天)"
    assert got.valid_until == date(2020, 2, 5)
    assert got.rules == ("from_outbreak",)


def test_on_the_fourteenth_day_it_is_over() -> None:
    assert verdict(WUHAN, day=date(2020, 2, 4)).colour is Colour.YELLOW
    assert verdict(WUHAN, day=date(2020, 2, 5)).colour is Colour.GREEN


def test_a_list_says_nothing_before_its_issue_and_after_its_expiry() -> None:
    early = Facts(True, "武汉", places=("武汉市", "湖北省"), arrived=date(2020, 2, 21), symptoms=())
    assert verdict(early, day=date(2020, 2, 20)).colour is Colour.GREEN  # not yet arrived: nothing is within
    assert verdict(early, day=date(2020, 2, 21)).colour is Colour.GREEN
    assert verdict(WUHAN, day=date(2020, 1, 23), lists=()).colour is Colour.GREEN


def test_several_reasons_are_all_said_and_the_latest_end_counts() -> None:
    got = verdict(Facts.of_json({**WUHAN.as_json(), "celsius": "37.8", "symptoms": ["cough", "breathless"]}))
    assert got.rules == ("fever", "breath", "symptoms", "from_outbreak")
    assert "体温37.8℃,到了37.3℃这条线" in got.reason
    assert "干咳" in got.reason
    assert "120" in got.next_steps
    assert got.valid_until == date(2020, 2, 5)


def test_unknown_is_never_taken_for_ill_or_well() -> None:
    assert verdict(Facts(False)).colour is Colour.GREEN  # nothing was said that calls for more
    assert (
        verdict(Facts(True, "武汉", places=("武汉市", "湖北省"), symptoms=())).colour is Colour.GREEN
    )  # when? unknown


def test_the_line_is_where_the_county_puts_it() -> None:
    at_37 = declaration_file.read(ROOT / "data/rules/declaration.yaml", Decimal("37.0"))
    facts = Facts(False, symptoms=(), celsius=Decimal("37.1"))
    assert judge(facts, at_37, (), DAY, SYMPTOMS, Decimal("37.0")).colour is Colour.YELLOW
    assert verdict(facts).colour is Colour.GREEN


def test_a_passage_through_a_listed_place() -> None:
    through = Facts(
        True, "杭州", "武汉", ("杭州市", "浙江省"), ("武汉市", "湖北省"), Table.OUT_PROVINCE, arrived=DAY, symptoms=()
    )
    assert verdict(through).rules == ("through_outbreak",)


def test_a_list_that_disagrees_says_so_and_no_more() -> None:
    differs = Disagreement(
        Source.OFFICIAL, Point.AWAY, "一直在本地", "1月22日从武汉回来", DAY, OUTBREAK.issuer, OUTBREAK.basis
    )
    got = verdict(WELL, differing=[differs])
    assert got.colour is Colour.YELLOW
    assert got.reason == "填的和样例省疾控中心的名单对不上,请核对"
    assert verdict(WELL).colour is Colour.GREEN


def test_the_machine_never_gives_red() -> None:
    """Every fact there can be, two thousand of them over each other: red does not come of it."""
    celsius = (None, Decimal("36.5"), Decimal("37.3"), Decimal("42.9"))
    symptoms = (None, (), ("cough",), tuple(SYMPTOMS))
    places = ((), ("武汉市", "湖北省"), ("温州市", "浙江省"))
    arrived = (None, date(2020, 1, 1), DAY)
    colours = set()
    for c, s, p, passed, a, abroad, away in product(
        celsius, symptoms, places, places, arrived, (True, False), (True, False, None)
    ):
        facts = Facts(away, "某地", "", p, passed, None, abroad, a, None, None, s, c)
        colours.add(verdict(facts).colour)
    assert colours == {Colour.GREEN, Colour.YELLOW}


def test_a_receipt_holds_nothing_that_could_be_scanned_or_run_like_a_clock() -> None:
    assert set(Receipt.__dataclass_fields__) == {
        "id", "colour", "reason", "next_steps", "valid_until", "ask", "rules", "version", "made_at", "arrived_at", "by",
    }  # fmt: skip


# -- the file ----------------------------------------------------------------------------------------------------------


def changed(tmp_path: Path, *pairs: tuple[str, str]) -> str:
    text = (ROOT / "data/rules/declaration.yaml").read_text("utf-8")
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new, 1)
    path = tmp_path / "declaration.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(BadSetting) as refused:
        declaration_file.read(path, FEVER)
    return str(refused.value)


def test_every_fault_of_the_form_at_once(tmp_path: Path) -> None:
    said = changed(
        tmp_path,
        ("colour: yellow", "colour: red"),
        ("observe_days: 14", "observe_days: many"),
        ("celsius_from: fever", "celsius_from: 60"),
        ("    days: 3", "    dayz: 3"),
    )
    lines = said.splitlines()
    assert len(lines) == 4
    assert any("红色只能由具名医生给出" in line for line in lines)
    assert any("observe_days" in line for line in lines)
    assert any("34 到 43" in line for line in lines)
    assert any("dayz" in line for line in lines)
    assert all(line.startswith("declaration.yaml 第") for line in lines)


def test_every_contradiction_at_once(tmp_path: Path) -> None:
    said = changed(
        tmp_path,
        ("symptoms_any: [breathless, chest_tightness]", "symptoms_any: [breathless, plague]"),
        ("- id: breath\n", "- id: fever\n"),
        ("{from_list: outbreak, arrived_within: 14}", "{from_list: nowhere, arrived_within: 14}"),
        ("体温{celsius},到了{fever}这条线", "体温{heat},您谎报了"),
        ("incubation_days: 21", "incubation_days: 7"),
        ("  care:\n", "  carry:\n"),
    )
    for words in (
        "没有症状 plague",
        "规则 fever 写了两遍",
        "名单 nowhere",
        "不认识 {heat}",
        "谎报",
        "潜伏期",
        "carry",
        "缺少 care",
    ):
        assert words in said, words


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("    when: {}\n", "    when: {overseas: false}\n", "最后一条应是绿色"),
        (
            "  - id: breath",
            "  - {id: all, colour: green, when: {}, days: 1, reason: 好, next: 好}\n  - id: breath",
            "只能放在最后",
        ),
        (
            "    when: {from_list: outbreak, arrived_within: 14}",
            "    when: {from_list: outbreak}",
            "要有 arrived_within",
        ),
        ("{county}", "{town}", "只能用 {county}"),
        ("version: v1", "version: v1\nversion: v2", "写了两遍"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, old: str, new: str, words: str) -> None:
    assert words in changed(tmp_path, (old, new))
