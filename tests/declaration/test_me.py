"""/me: what is held, who looked, a copy, setting right, withdrawing, erasing; each request with its time."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select
from village import ALL, WUHAN, Village, person

from handlers import rights
from handlers.domain.consent import ConsentPurpose, Speaker
from handlers.domain.errors import Refused, UnknownNode
from handlers.withdraw_consent import withdraw
from store.columns import PersonSealed
from store.erasure import _UNDER_KEYS
from store.models import alarm, care_task, consent, declaration, metadata, parcel, person_key, rights_request, tombstone

pytestmark = pytest.mark.long


def call(village: Village, verb, *args):
    with village.store.begin() as work:
        return verb(*args, work, village.ctx)


def one(village: Village, table):
    with village.database.read() as connection:
        return connection.execute(select(table)).all()


def whole_token(village: Village, token: str) -> str:
    """Go the way to all that is held: ask, let the worker make sure, take the code."""
    call(village, rights.ask_for_all, token, None)
    [task] = [t for t in one(village, care_task) if t.kind == "identity" and t.state == "open"]
    heard = village.say("lv", f"{task.id} 是本人")
    code = heard.rpartition(":")[2].partition("。")[0]
    found = call(village, rights.subject_token, code)
    assert found
    return found


def test_what_is_held_is_what_was_said(village: Village) -> None:
    answer = village.declare(person(journey=WUHAN, phone="10400000009"))
    [held] = call(village, rights.held, answer.me_token)
    assert held.profile.name == "王样花"
    assert held.profile.phone == "10400000009"
    assert rights.in_words(held.said[0].facts) == {
        "去过外地": "是", "从哪里回来": "武汉", "经过": "无", "哪天到": "2020-01-22", "怎么回来": "火车",
        "类别": "学生", "症状": "无", "体温": "36.5℃",
    }  # fmt: skip
    assert held.receipt is not None
    assert [word.purpose for word in held.consents] == ["declare", "health", "care"]
    assert not held.whole


def test_a_sheets_token_opens_that_sheet_and_no_more(village: Village) -> None:
    mine = village.declare(person(temperature="37.8"))
    village.forward(days=1)
    neighbour = village.declare(person(said_by=Speaker.NEIGHBOUR, consents=frozenset({"declare@1"})))
    [held] = call(village, rights.held, neighbour.me_token)
    assert len(held.said) == 1
    assert held.receipt is None
    assert held.tasks == held.requests == ()
    assert "37.8" not in json.dumps(call(village, rights.copy, neighbour.me_token, None), ensure_ascii=False)
    assert "37.8" in json.dumps(call(village, rights.copy, mine.me_token, None), ensure_ascii=False)


@pytest.mark.parametrize("token", ["", "x" * 32, "a" * 5000, "' OR 1=1 --"])
def test_a_token_that_opens_nothing(village: Village, token: str) -> None:
    village.declare(person())
    for verb, args in (
        (rights.held, ()), (rights.looked, (None,)), (rights.copy, (None,)), (rights.erase, (None,)),
        (rights.correct, (None, "", "")), (withdraw, (None, ConsentPurpose.HEALTH)),
    ):  # fmt: skip
        with pytest.raises(UnknownNode):
            call(village, verb, token, *args)


def test_a_token_runs_out(village: Village) -> None:
    answer = village.declare(person())
    village.forward(days=91)
    with pytest.raises(UnknownNode):
        call(village, rights.held, answer.me_token)


def test_who_looked_is_told_by_role_and_name_with_the_purpose(village: Village) -> None:
    answer = village.declare(person(temperature="37.8"))
    village.forward(minutes=5)
    village.say("zhou", "接1")
    lines = call(village, rights.looked, answer.me_token, None)
    assert [(line.who, line.what, line.why) for line in lines] == [
        ("村医周样医", "看了", "照顾不舒服的人"),
        ("本人(或代填的人)", "登记了申报", "登记和答复申报"),
    ]


def test_all_that_is_held_is_opened_when_a_worker_knows_it_is_they(village: Village) -> None:
    village.declare(person(temperature="37.8"))
    village.forward(days=1)
    answer = village.declare(person())
    token = whole_token(village, answer.me_token)
    [held] = call(village, rights.held, token)
    assert held.whole
    assert len(held.said) == 2
    assert [(r.kind, r.state) for r in held.requests] == [("access", "done")]
    assert "这里看到的就是全部" in call(village, rights.ask_for_all, token, None)


def test_a_code_is_good_once_and_for_a_day(village: Village) -> None:
    answer = village.declare(person())
    call(village, rights.ask_for_all, answer.me_token, None)
    code = village.say("lv", "1 是本人").rpartition(":")[2].partition("。")[0]
    assert call(village, rights.subject_token, code.lower())
    assert call(village, rights.subject_token, code) is None
    for wrong in ("", "AAAAAAAAAA", "1" * 10_000, answer.me_token):
        assert call(village, rights.subject_token, wrong) is None


def test_not_they_is_a_refusal_with_its_reason(village: Village) -> None:
    answer = village.declare(person())
    call(village, rights.ask_for_all, answer.me_token, None)
    village.say("lv", "1 办好了")  # says neither yes nor no: asked again, and nothing is closed
    assert one(village, care_task)[0].state == "open"
    village.say("lv", "1 不是本人")
    [request] = one(village, rights_request)
    assert request.state == "refused"
    with village.store.read() as work:
        assert work.rights.get(request.id).reason == "没有确认是本人"


def test_a_request_that_waits_too_long_sounds_an_alarm(village: Village) -> None:
    answer = village.declare(person())
    call(village, rights.ask_for_all, answer.me_token, None)
    [request] = one(village, rights_request)
    assert request.due_at - request.asked_at == timedelta(days=7)
    village.forward(days=6, hours=23)
    village.tick()
    assert one(village, alarm) == []
    village.forward(hours=2)
    village.tick()
    assert [row.kind for row in one(village, alarm)] == ["rights_overdue"]


def test_a_name_and_a_phone_are_set_right(village: Village) -> None:
    answer = village.declare(person())
    call(village, rights.correct, answer.me_token, None, "王样华", "104 0000 0008")
    [held] = call(village, rights.held, answer.me_token)
    assert (held.profile.name, held.profile.phone) == ("王样华", "10400000008")
    for name, phone in (("", "123"), ("1234", "")):
        with pytest.raises(Refused):
            call(village, rights.correct, answer.me_token, None, name, phone)


# -- withdrawing -------------------------------------------------------------------------------------------------------


def test_withdrawing_health_is_one_call_and_leaves_no_health(village: Village) -> None:
    answer = village.declare(person(journey=WUHAN, temperature="37.8"))
    assert any(row.state == "queued" for row in one(village, parcel))
    said = call(village, withdraw, answer.me_token, None, ConsentPurpose.HEALTH)
    assert "已撤回" in said
    [row] = one(village, declaration)
    assert row.health is None
    assert row.journey is not None
    assert {row.state for row in one(village, parcel)} == {"cancelled"}  # the doctor's letter never goes out
    assert [task.state for task in one(village, care_task)] == ["closed"]
    [held] = call(village, rights.held, answer.me_token)
    assert held.receipt is None
    assert held.said[0].facts.celsius is None
    assert held.said[0].facts.origin == "武汉"
    assert "已经撤回" in call(village, withdraw, answer.me_token, None, ConsentPurpose.HEALTH)


def test_after_withdrawing_help_is_there_and_a_new_yes_counts(village: Village) -> None:
    answer = village.declare(person())
    call(village, withdraw, answer.me_token, None, ConsentPurpose.HEALTH)
    village.forward(days=1)
    assert village.declare(person(consents=frozenset())).people[0].receipt is None
    assert village.declare(person(consents=frozenset()), asks="要买点菜").help
    village.forward(days=1)
    assert village.declare(person(consents=ALL)).people[0].receipt is not None


def test_withdrawing_the_registration_erases(village: Village) -> None:
    answer = village.declare(person(journey=WUHAN))
    call(village, withdraw, answer.me_token, None, ConsentPurpose.DECLARE)
    with pytest.raises(UnknownNode):
        call(village, rights.held, answer.me_token)
    assert [word.state for word in one(village, consent)] == ["granted"] * 3 + ["withdrawn"]  # the proof stays


def test_withdrawing_calls_ends_the_calls(village: Village) -> None:
    answer = village.declare(person(temperature="37.8"))
    call(village, withdraw, answer.me_token, None, ConsentPurpose.CARE)
    assert {row.state for row in one(village, parcel)} == {"cancelled"}
    assert [task.state for task in one(village, care_task)] == ["closed"]
    [held] = call(village, rights.held, answer.me_token)
    assert held.receipt is not None


def test_nobody_takes_back_what_another_said_yes_to(village: Village) -> None:
    village.declare(person())
    village.forward(days=1)
    neighbour = village.declare(person(said_by=Speaker.NEIGHBOUR, consents=frozenset()))
    with pytest.raises(Refused):
        call(village, withdraw, neighbour.me_token, None, ConsentPurpose.HEALTH)


# -- erasing -----------------------------------------------------------------------------------------------------------


def test_every_column_under_a_persons_keys_is_known_to_erasure() -> None:
    sealed = {
        (table.name, column.name)
        for table in metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, PersonSealed)
    }
    of_the_register = {name for name, _ in sealed if name in ("resident", "contact", "contact_address")}
    assert {(table.name, column) for table, column in _UNDER_KEYS} == {
        (name, column) for name, column in sealed if name not in of_the_register
    }


def test_erasing_leaves_nothing_that_opens(village: Village) -> None:
    answer = village.declare(person(journey=WUHAN, temperature="37.8", phone="10400000009"))
    village.say("zhou", "接1")
    call(village, rights.erase, answer.me_token, None)
    with pytest.raises(UnknownNode):
        call(village, rights.held, answer.me_token)
    for table in metadata.tables.values():
        for column in table.columns:
            if isinstance(column.type, PersonSealed):
                assert [row for row in one(village, table) if getattr(row, column.name) is not None] == []
    assert {row.wrapped for row in one(village, person_key)} == {None}
    assert len(one(village, tombstone)) == 2
    assert village.count("v1", "declared_people") == 1  # the count names nobody, and stays


def test_erasing_one_sheet_keeps_the_others_under_new_keys(village: Village) -> None:
    first = village.declare(person(journey=WUHAN))
    village.forward(days=1)
    second = village.declare(person(journey=WUHAN, temperature="36.9"))
    keys = {row.key_id for row in one(village, person_key)}
    call(village, rights.erase, first.me_token, None)
    [held] = call(village, rights.held, second.me_token)
    assert str(held.said[0].facts.celsius) == "36.9"
    assert held.receipt is not None
    rows = one(village, declaration)
    assert [(row.journey is None, row.state) for row in rows] == [(True, "erased"), (False, "live")]
    destroyed = {row.key_id for row in one(village, person_key) if row.wrapped is None}
    assert keys == destroyed  # a copy of the old rows opens with nothing that is left


def test_an_erased_person_who_declares_again_is_new(village: Village) -> None:
    answer = village.declare(person())
    call(village, rights.erase, answer.me_token, None)
    village.forward(days=1)
    again = village.declare(person())
    [held] = call(village, rights.held, again.me_token)
    assert len(held.said) == 1


def test_a_family_sheet_names_the_row(village: Village) -> None:
    answer = village.declare(person("p1"), person("p2", name="样例奶奶", said_by=Speaker.FAMILY))
    with pytest.raises(UnknownNode):
        call(village, rights.erase, answer.me_token, None)
    with pytest.raises(UnknownNode):
        call(village, rights.erase, answer.me_token, "p9")
    call(village, rights.erase, answer.me_token, "p2")
    assert [held.row for held in call(village, rights.held, answer.me_token)] == ["p1"]


def test_an_appeal_reaches_the_doctor(village: Village) -> None:
    answer = village.declare(person(temperature="38.6", phone="10400000009"))
    with pytest.raises(Refused):
        call(village, rights.object_to_red, answer.me_token, None, "我没有阳性")
    village.say("zhou", "1 红 核酸阳性 已告知 到2月5日")
    said = call(village, rights.object_to_red, answer.me_token, None, "我没有阳性")
    assert "医生会重新看" in said
    assert "有意见" in village.letters("zhou")[-1]
    number = next(task.id for task in one(village, care_task) if task.kind == "appeal")
    assert "黄色" in village.say("zhou", f"{number} 解除红色 复查正常")  # by the table: the temperature still stands
    assert [task.state for task in one(village, care_task) if task.kind == "appeal"] == ["closed"]
