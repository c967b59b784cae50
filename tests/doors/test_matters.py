"""事项: brought with the person's say, handed to who works on it, told to whoever brought it; hearsay is not taken."""

from dataclasses import replace
from datetime import timedelta

import pytest
from household import Home, words
from isolating import OPEN, noted
from sqlalchemy import select
from village import ROOT, Village

from bot import matters_part
from handlers import matter_ticks, rights
from handlers.dispatch import UNKEPT
from handlers.domain.errors import BadSetting
from handlers.domain.matter import MatterState
from handlers.wording.own_data import ACTIONS
from store.models import matter, matter_step, role

pytestmark = pytest.mark.long

BRING = "调解 3-101 王样花 本人同意 隔壁漏水,希望 早点修好"


@pytest.fixture
def home(village: Village) -> Home:
    village.county = replace(village.county, matters=matters_part.read(ROOT / "data/matters"))
    return Home(village)


@pytest.fixture
def village(estate) -> Village:
    return estate


def tick(village: Village, **span: float) -> int:
    village.forward(**span)
    with village.store.begin() as work:
        return matter_ticks.run(work, village.ctx) if matter_ticks.due(work, village.ctx) else 0


def test_a_worker_brings_a_matter_and_hears_how_it_went(home: Home) -> None:
    village = home.village
    home.open("mother")
    told = village.say("lv", BRING)
    assert "事项1(矛盾调解)交给了样例支书" in told
    assert "事由:隔壁漏水;希望:早点修好" in told
    assert "吕样按您的意思" in words(home.heard("mother"))
    asked = village.letters("head")[-1]
    assert "【事项1】矛盾调解" in asked
    assert "漏水" not in asked  # what it is about is shown on asking, and noted
    assert "隔壁漏水" in village.say("head", "事项1")
    assert "look" in noted(village, "subject:1")
    assert "受理" in village.say("head", "事项1 受理了 明天下午谈")
    assert "明天下午谈" in village.letters("lv")[-1]
    assert "请带一句结果" in village.say("head", "事项1 谈成了")
    village.say("head", "事项1 谈成了 周五修水管")
    assert "谈成。周五修水管" in village.letters("lv")[-1]
    assert "谈成。周五修水管" in words(home.heard("mother"))
    assert "已经完了" in village.say("head", "事项1 受理")
    assert "没有没办完的" in village.say("lv", "我的事")


def test_a_resident_brings_their_own_and_only_a_yes_hands_it_over(home: Home) -> None:
    village = home.village
    home.open("mother")
    assert "家里遇到什么难处" in words(home.say("mother", "我要申请帮扶"))
    assert "眼下最要紧的是什么" in words(home.say("mother", "儿子住院,家里没人挣钱"))
    back = words(home.say("mother", "医药费"))
    assert "难处:儿子住院,家里没人挣钱;最要紧:医药费" in back
    assert "只交给样例支书办,用途:帮本人家里解决困难;依据:" in back
    assert village.letters("head") == []
    assert "交给样例支书了,事项1" in words(home.say("mother", "好"))
    assert "困难帮扶:等受理,样例支书办" in words(home.say("mother", "我的事"))
    village.say("head", "事项1 受理")
    assert "困难帮扶):受理" in words(home.heard("mother"))
    assert "撤回了" in words(home.say("mother", "撤回事项1"))
    assert "撤回了,不用再办" in village.letters("head")[-1]


def test_what_is_begun_and_not_wanted_is_gone_the_next_day(home: Home) -> None:
    village = home.village
    home.open("mother")
    home.say("mother", "我要调解")
    home.say("mother", "和弟弟分家的事")
    assert "没有交" in words(home.say("mother", "算了"))
    village.forward(days=2)
    with village.store.begin() as work:
        work.ageing.run(village.now, village.county.tz)
    with village.database.read() as connection:
        (row,) = connection.execute(select(matter)).all()
    assert (row.body, row.state) == (None, MatterState.ERASED.value)


@pytest.mark.parametrize(
    ("who", "text", "say"),
    [
        ("lv", "调解 3-101 王样花 邻居漏水", "先问问本人愿不愿意"),
        ("lv", "调解 3-101 王样花 本人同意 听说她家欠钱", "别人的事、听来的话"),
        ("lv", "帮扶 举报 3-101 装穷", "别人的事、听来的话"),
        ("lv", "调解 3-101 李拟宝 本人同意 打架", "先问家长"),
        ("lv", "调解 9-999 王样花 本人同意 漏水", "没有找到「9-999」"),
        ("lv", "调解", "要他本人愿意"),
        ("other", "事项1", "没有找到事项1"),
    ],
)
def test_about_others_nothing_is_taken_without_their_say(home: Home, who: str, text: str, say: str) -> None:
    assert say in home.village.say(who, text)
    with home.village.store.read() as work:
        assert work.matters.get(1) is None


def test_what_a_worker_began_and_dropped_the_person_never_hears_of(home: Home) -> None:
    village = home.village
    home.open("mother")
    before = len(home.heard("mother"))
    village.say("lv", "调解 3-101 王样花 本人同意 隔壁漏水")
    assert "没有交" in village.say("lv", "算了")
    assert len(home.heard("mother")) == before
    assert village.letters("head") == []


def test_residents_speak_for_themselves_alone(home: Home) -> None:
    home.open("mother")
    assert "别人的事、听来的话" in words(home.say("mother", "我要调解 举报楼上从外地回来"))
    for who in ("daughter", "stranger"):
        home.open(who)
        assert "要本人来说" in words(home.say(who, "我要申请帮扶 妈妈没钱")), who


def test_only_who_works_on_it_or_brought_it_sees_it(home: Home) -> None:
    village = home.village
    village.say("lv", BRING)
    for who in ("sun", "boss", "zhou", "other"):
        assert "没有找到事项1" in village.say(who, "事项1"), who
    assert "由负责办的人记" in village.say("lv", "事项1 受理")
    assert "转给样例镇长" in village.say("head", "事项1 转给 样例镇长")
    assert "隔壁漏水" in village.say("boss", "事项1")
    assert "没有找到事项1" in village.say("head", "事项1")


def test_what_stands_still_is_said_to_all_once(home: Home) -> None:
    village = home.village
    home.open("mother")
    village.say("lv", BRING)
    assert tick(village, days=2) == 0
    home.open("mother")
    assert tick(village, days=1, minutes=1) == 1
    assert "3天没有进展" in village.letters("head")[-1]
    assert "停在「等受理」3天了,已催样例支书" in village.letters("lv")[-1]
    assert "您没有被忘记" in words(home.heard("mother"))
    assert tick(village, minutes=1) == 0
    assert tick(village, days=3) == 1
    assert "请帮一把" in village.letters("boss")[-1]
    assert "漏水" not in village.letters("boss")[-1]


def test_who_lost_the_post_is_followed_by_another(home: Home) -> None:
    village = home.village
    village.say("lv", BRING)
    head = village.person_id("head")
    with village.store.begin() as work:
        work.connection.execute(role.update().where(role.c.person_id == head).values(valid_to=village.ctx.day))
    tick(village, days=3, minutes=1)
    assert "【事项1】" in village.letters("boss")[-1]
    assert "隔壁漏水" in village.say("boss", "事项1")


def test_erasing_the_person_leaves_nothing_of_the_matter(home: Home) -> None:
    village = home.village
    village.say("lv", BRING)
    village.say("head", "事项1 受理 约了周五")
    with village.store.begin() as work:
        one = work.matters.get(1)
        assert one is not None
        assert one.body["what"] == "隔壁漏水"
        work.erasure.erase(one.subject_id, "asked", village.now)
    with village.store.begin() as work:
        gone = work.matters.get(1)
        assert gone is not None
        assert (dict(gone.body), gone.state, gone.due_at) == ({}, MatterState.ERASED, None)
        assert work.connection.scalars(select(matter_step.c.note)).all() == [None, None]


def test_erased_beside_a_decision_that_runs_the_matter_goes_too(home: Home) -> None:
    village = home.village
    village.say("head", OPEN)
    village.say("lv", BRING)
    with village.store.begin() as work:
        one = work.matters.get(1)
        assert one is not None
        assert work.erasure.isolated(one.subject_id)
        work.erasure.erase(one.subject_id, "asked", village.now)
        gone = work.matters.get(1)
        assert gone is not None
        assert (dict(gone.body), gone.state) == ({}, MatterState.ERASED)


def test_the_person_gets_a_copy_of_what_was_told_and_done(home: Home) -> None:
    village = home.village
    village.say("lv", BRING)
    village.say("head", "事项1 受理 约了周五")
    with village.store.read() as work:
        (one,) = work.matters.all_of(1)
        told = rights._matter_json(one, work.matters.steps(one))
    assert told["told"] == {"what": "隔壁漏水", "wish": "早点修好"}
    assert [(step["step"], step["said"]) for step in told["done"]] == [("brought", None), ("taken", "约了周五")]
    assert {note for note in noted(village, "subject:1") if note.startswith("matter")} <= set(ACTIONS)


def test_what_was_told_is_kept_as_long_as_the_pack_says(home: Home) -> None:
    village = home.village
    village.say("lv", BRING)
    village.say("head", "事项1 谈成 说好了")
    for days, kept in ((89, True), (1, False)):
        village.now += timedelta(days=days)
        with village.store.begin() as work:
            work.ageing.run(village.now, village.county.tz)
            body = work.connection.scalar(select(matter.c.body))
        assert (body is not None) is kept


THIRD = """
title: 老人陪诊
words: [老人陪诊, 陪诊]
purpose: 陪本人看病
basis: 本人申请
retain: 30d
stall_after: 1d
to: [gridworker]
fields:
  - {key: where, title: 医院, ask: 去哪家医院?}
steps:
  - {key: taken, title: 接了, words: [接了]}
  - {key: done, title: 陪过了, words: [陪过了], closes: true}
"""


def test_a_third_pack_is_added_by_yaml_alone(home: Home, tmp_path) -> None:
    (tmp_path / "escort.yaml").write_text(THIRD, "utf-8")
    village = home.village
    village.county = replace(village.county, matters=matters_part.read(tmp_path))
    home.open("mother")
    assert "去哪家医院" in words(home.say("mother", "我要陪诊"))
    home.say("mother", "县医院")
    assert "交给吕样了" in words(home.say("mother", "好"))
    assert "县医院" in village.say("lv", "事项1")
    assert "没有找到" in village.say("zhou", "事项1")
    seeing = tuple(replace(pack, sees=("village_doctor",)) for pack in village.county.matters)
    village.county = replace(village.county, matters=seeing)
    assert "县医院" in village.say("zhou", "事项1")
    village.say("lv", "事项1 陪过了 已送回家")
    assert "陪过了。已送回家" in words(home.heard("mother"))


@pytest.mark.parametrize(
    ("old", "new", "say"),
    [
        ("retain: 30d", "retain: 400d", "最长 180d"),
        ("to: [gridworker]", "to: [mayor]", "没有这个职务 mayor"),
        ("to: [gridworker]", "to: [auditor]", "不能看居民的事"),
        ("去哪家医院?", "身份证号多少?", "不能问:身份证"),
        (", closes: true", "", "closes: true"),
        ("purpose: 陪本人看病", "", "缺少这一项"),
        ("words: [老人陪诊, 陪诊]", "words: [敲门]", "已有别的用处"),
        ("words: [接了]", "words: [陪过了]", "两个步骤的叫法"),
    ],
)
def test_what_cannot_be_is_named(tmp_path, old: str, new: str, say: str) -> None:
    (tmp_path / "escort.yaml").write_text(THIRD.replace(old, new), "utf-8")
    with pytest.raises(BadSetting, match=say):
        matters_part.read(tmp_path)


def test_a_field_is_asked_and_a_report_between_is_no_answer(home: Home) -> None:
    village = home.village
    assert "您希望怎么解决" in village.say("lv", "调解 3-101 王样花 本人电话同意 隔壁漏水2次")
    assert "日报 R-1" in village.say("lv", "今天敲门4 空5 隔离0 发热0")
    assert "别人的事、听来的话" in village.say("lv", "听说他家有钱")
    told = village.say("lv", "邻居说不赔,赔500块就行")
    assert "事由:隔壁漏水2次;希望:邻居说不赔,赔500块就行" in told
    assert "本人电话同意,吕样提),样例支书办" in village.say("head", "事项1")


def test_who_stands_in_works_on_it(home: Home) -> None:
    village = home.village
    village.say("lv", BRING)
    head, boss = village.person_id("head"), village.person_id("boss")
    with village.store.begin() as work:
        work.people.put_leave(head, village.ctx.day, village.ctx.day, boss)
    assert "(您办,第1天)" in village.say("boss", "我的事")
    assert "受理" in village.say("boss", "事项1 受理了")


def test_a_report_of_mediations_stays_a_report(home: Home) -> None:
    for text in ("调解 2起 已办结", "矛盾调解3起 成功2起", "今天敲门46 空5 隔离0 发热0"):
        assert not home.village.intent("lv", text).startswith("matter"), text


def test_words_of_a_matter_are_not_kept_in_the_inbox() -> None:
    assert {"matter_open", "matter_one", "matter_answer", "matter_asked", "matter_read_back"} <= UNKEPT


def test_what_was_begun_and_not_handed_over_is_gone_tomorrow(home: Home) -> None:
    village = home.village
    assert "是什么事" in village.say("lv", "调解 3-101 王样花 本人同意")
    village.forward(days=1)
    with village.store.begin() as work:
        work.ageing.run(village.now, village.county.tz)
        assert work.connection.scalars(select(matter.c.body)).all() == [None]


def test_without_their_say_not_even_the_name_is_kept(home: Home) -> None:
    village = home.village
    assert "先问问本人" in village.say("lv", "调解 3-101 王样花 邻居漏水")
    assert "王样花" not in "".join(village.letters("lv"))


def test_whoever_brought_it_and_left_hears_no_more_of_it(home: Home) -> None:
    village = home.village
    village.say("lv", BRING)
    lv = village.person_id("lv")
    with village.store.begin() as work:
        work.connection.execute(role.update().where(role.c.person_id == lv).values(valid_to=village.ctx.day))
    village.say("head", "事项1 谈成了 周五修水管")
    assert "修水管" not in "".join(village.letters("lv"))


def test_somebody_in_danger_comes_before_the_matter(home: Home) -> None:
    village = home.village
    said = village.say("lv", "帮扶 3-101 王样花 本人同意 她胸口疼喘不上气")
    assert "已马上告诉" in said
    assert "漏水" not in village.say("lv", BRING).partition("已马上告诉")[2]  # a burst pipe is no alarm


def test_telling_on_others_is_neither_taken_nor_kept(home: Home) -> None:
    village = home.village
    assert village.intent("lv", "举报 3-101 赌博") in UNKEPT
    assert "不收也不记" in village.letters("lv")[-1]
    home.open("mother")
    assert "请打12345" in words(home.say("mother", "我要举报楼上"))
    village.county = replace(village.county, matters=())
    assert "不收也不记" in village.say("lv", "检举楼上有外地人")
