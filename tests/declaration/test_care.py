"""A temperature over the line finds a doctor: told, taken, measured again, closed; nobody takes it, the lead hears."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select
from village import DECLARE, HERE, NO_CARE, WUHAN, Village, person

from handlers.care_words import CareKind, read_care
from handlers.domain.declaring import Declaring
from handlers.domain.facts import Facts
from handlers.domain.threshold import Alert, CareTask, TaskKind, TaskState, Tell, alert, step
from store.models import alarm, audit, care_task, question

pytestmark = pytest.mark.long

AT = datetime(2020, 1, 27, 1, tzinfo=UTC)
RULES = Declaring(None)  # type: ignore[arg-type]
TASK = CareTask(1, TaskKind.FEVER, 1, 1, None, None, TaskState.OPEN, False, AT, AT + timedelta(minutes=30))


@pytest.mark.parametrize(
    ("celsius", "symptoms", "expected"),
    [
        ("37.2", (), None),
        ("37.3", (), Alert(TaskKind.FEVER, False)),
        ("39.0", (), Alert(TaskKind.FEVER, True)),
        ("37.3", ("breathless",), Alert(TaskKind.FEVER, True)),
        (None, ("breathless",), Alert(TaskKind.UNWELL, True)),
        (None, ("cough",), None),
        (None, None, None),
    ],
)
def test_when_somebody_is_needed(celsius, symptoms, expected) -> None:
    facts = Facts(False, symptoms=symptoms, celsius=Decimal(celsius) if celsius else None)
    assert alert(facts, RULES) == expected


def test_the_line_is_the_countys() -> None:
    facts = Facts(False, celsius=Decimal("37.1"))
    assert alert(facts, replace(RULES, fever=Decimal("37.0"))) is not None


def test_the_ladder_of_a_task() -> None:
    assert step(TASK, RULES, AT, AT).tell == ()
    late = AT + timedelta(minutes=30)
    first = step(TASK, RULES, late, late)
    assert (first.tell, first.rung, first.due_at) == ((Tell.DOCTOR, Tell.GRIDWORKER), 1, AT + timedelta(minutes=60))
    hour = AT + timedelta(minutes=60)
    assert step(replace(TASK, rung=1, due_at=hour), RULES, hour, hour).tell == (Tell.LEAD,)
    taken = replace(TASK, state=TaskState.TAKEN, due_at=hour)
    assert step(taken, RULES, hour, hour).tell == (Tell.TAKER,)
    assert step(replace(TASK, state=TaskState.CLOSED), RULES, hour, hour).due_at is None


def test_the_night_is_disturbed_for_what_cannot_wait_only() -> None:
    late, morning = AT + timedelta(minutes=30), AT + timedelta(hours=8)
    assert step(TASK, RULES, late, morning).due_at == morning
    assert step(replace(TASK, urgent=True), RULES, late, morning).tell != ()


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("待看", CareKind.QUEUE),
        ("我的待办", CareKind.QUEUE),
        ("接12", CareKind.TAKE),
        ("接 12号", CareKind.TAKE),
        ("12我来", CareKind.TAKE),
        ("12 复测36.8 观察", CareKind.MEASURED),
        ("12号复测三十六度八", CareKind.MEASURED),
        ("12 办好了", CareKind.CLOSE),
        ("12 红 核酸阳性,已转定点医院 到2月10日", CareKind.RED),
        ("12 解除红色 复查两次正常", CareKind.LIFT),
        ("12 是本人", CareKind.IDENTITY),
        ("12 不是本人", CareKind.IDENTITY),
        ("清单", CareKind.CHECKLIST),
        ("今天敲门46 空5 返乡2", None),
        ("2=6", None),
        ("办好了 D-3", None),
        ("收到", None),
        ("通知 今晚全员排查", None),
    ],
)
def test_words_to_the_queue(text: str, kind: CareKind | None) -> None:
    found = read_care(text)
    assert (found.kind if found else None) is kind


# -- with people -------------------------------------------------------------------------------------------------------


def tasks(village: Village):
    with village.database.read() as connection:
        return connection.execute(select(care_task).order_by(care_task.c.id)).all()


def test_a_fever_is_told_to_the_doctor_and_the_gridworker_with_a_number(village: Village) -> None:
    answer = village.declare(person(temperature="37.8", phone="10400000009"))
    assert any("120" in note for note in answer.people[0].notes)
    [task] = tasks(village)
    for who in ("zhou", "lv"):
        [letter] = village.letters(who)
        assert f"待看{task.id}" in letter
        assert "体温37.8℃" in letter
        assert "王**" in letter
        assert "王样花" not in letter
    assert village.letters("boss") == village.letters("head") == village.letters("other") == []


def test_taken_measured_again_and_closed_and_the_table_gives_the_colour(village: Village) -> None:
    village.declare(person(temperature="37.8", phone="10400000009"))
    [task] = tasks(village)
    assert f"{task.id} " in village.say("zhou", "待看")
    taken = village.say("zhou", f"接{task.id}")
    assert "王样花" in taken
    assert "10400000009" in taken
    assert "已经有人接了" in village.say("lv", f"接{task.id}")
    assert "黄色" in village.say("zhou", f"{task.id} 复测37.5")
    assert tasks(village)[0].state == "taken"
    village.forward(hours=2)
    assert "绿色" in village.say("zhou", f"{task.id} 复测36.8 观察")
    assert tasks(village)[0].state == "closed"
    assert village.count("v1", "fever_people") == 0
    assert village.count("v1", "declared_people") == 1
    assert "现在没有待看的" in village.say("zhou", "待看")


def test_nobody_takes_it_and_the_lead_hears_a_place_and_a_number(village: Village) -> None:
    village.declare(person(temperature="37.8"))
    [task] = tasks(village)
    village.forward(minutes=31)
    assert village.tick() == 1
    assert len(village.letters("zhou")) == 2
    village.forward(minutes=30)
    village.tick()
    [letter] = village.letters("head")
    assert f"号{task.id}" in letter
    assert "柳树村第01网格" in letter
    assert "王" not in letter
    assert "37.8" not in letter
    assert village.tick() == 0
    village.forward(hours=1)
    village.tick()
    assert len(village.letters("boss")) + len(village.letters("head")) == 2  # and it climbs


def test_taken_and_forgotten_is_measured_again(village: Village) -> None:
    village.declare(person(temperature="37.8"))
    [task] = tasks(village)
    village.say("zhou", f"接{task.id}")
    before = len(village.letters("zhou"))
    village.forward(hours=4, minutes=1)
    village.tick()
    assert "复测" in village.letters("zhou")[before]


def test_without_consent_to_be_called_nobody_calls_but_for_what_cannot_wait(village: Village) -> None:
    answer = village.declare(person(temperature="37.8", consents=NO_CARE))
    assert tasks(village) == []
    assert "没有同意我们打电话" in answer.people[0].notes[0]
    village.declare(person("p2", name="赵样", symptoms=("breathless",), consents=NO_CARE), at="v1g2h1")
    assert [task.kind for task in tasks(village)] == ["unwell"]
    assert tasks(village)[0].urgent


def test_a_village_without_doctor_and_gridworker_asks_its_lead_or_sounds_an_alarm(village: Village) -> None:
    village.declare(person(temperature="37.8"), at="v2g1h1")
    assert len(village.letters("other")) == 1  # the gridworker; the doctor of the other village is not theirs
    assert village.letters("zhou") == []


def test_the_queue_shows_what_is_ones_own(village: Village) -> None:
    village.declare(person(temperature="37.8"))
    [task] = tasks(village)
    assert "没有待看的" in village.say("other", "待看")
    assert f"没有{task.id}号" in village.say("other", f"接{task.id}")
    village.say("other", f"{task.id} 办好了")
    village.say("boss", f"{task.id} 办好了")  # a lead sees counts and places, not somebody's health
    assert tasks(village)[0].state == "open"


def test_every_look_at_somebody_is_noted(village: Village) -> None:
    village.declare(person(temperature="37.8"))
    [task] = tasks(village)
    village.say("zhou", "待看")
    village.say("zhou", f"接{task.id}")
    with village.database.read() as connection:
        rows = connection.execute(select(audit).where(audit.c.object == f"subject:{task.subject_id}")).all()
    assert [(row.action, row.purpose) for row in rows] == [
        ("declare", "declaration"),
        ("look", "care"),
        ("look", "care"),
    ]
    assert [row.person_id for row in rows] == [None, village.person_id("zhou"), village.person_id("zhou")]
    with village.store.read() as work:
        assert work.audit.verify()[2] is None


def test_what_disagrees_becomes_a_call_after_a_day_and_no_sooner(village: Village) -> None:
    village.declare(person(journey=WUHAN))
    village.forward(days=1)
    village.declare(person(journey=HERE))
    village.forward(hours=23, minutes=59)
    assert village.tick() == 0
    village.forward(minutes=2)
    assert village.tick() == 1
    [task] = tasks(village)
    assert task.kind == TaskKind.WELFARE
    [letter] = village.letters("lv")
    assert "问问好不好" in letter
    assert village.letters("zhou") == []
    with village.database.read() as connection:
        assert connection.execute(select(question.c.state)).scalars().all() == ["called"]


def test_nobody_is_called_who_does_not_want_to_be(village: Village) -> None:
    village.declare(person(journey=WUHAN, consents=DECLARE))
    village.forward(days=1)
    village.declare(person(journey=HERE, consents=DECLARE))
    village.forward(hours=25)
    village.tick()
    assert tasks(village) == []


def test_two_calls_for_help_are_one_task_with_both_words(village: Village) -> None:
    village.declare(asks="家里没米了")
    village.declare(asks="还有降压药快没了")
    [task] = tasks(village)
    heard = village.say("lv", f"接{task.id}")
    assert "没米" in heard
    assert "降压药" in heard


def test_words_that_cannot_wait(village: Village) -> None:
    answer = village.declare(asks="我爸喘不上气了,快来人")
    assert answer.help is not None
    assert "120" in answer.help
    assert tasks(village)[0].urgent


def test_the_checklist_of_a_checkpoint(village: Village) -> None:
    heard = village.say("lv", "清单")
    assert "一测二问三记四留" in heard
    assert "不记车牌" in heard


# -- red ---------------------------------------------------------------------------------------------------------------


def a_task(village: Village) -> int:
    village.declare(person(temperature="38.6", phone="10400000009"))
    return tasks(village)[0].id


def receipt(village: Village):
    with village.store.read() as work:
        return work.colours.of([tasks(village)[0].subject_id])[tasks(village)[0].subject_id]


def test_red_is_a_doctors_with_reason_and_end_and_the_person_hears_first(village: Village) -> None:
    number = a_task(village)
    first = village.say("zhou", f"{number} 红 核酸阳性 到2月5日")
    assert "请先告诉王样花本人" in first
    assert receipt(village).receipt.colour == "yellow"
    said = village.say("zhou", f"{number} 红 核酸阳性 已告知 到2月5日")
    assert "有效到2月5日" in said
    given = receipt(village)
    assert (given.receipt.colour, given.receipt.by, given.receipt.reason) == ("red", "周样医", "核酸阳性")
    assert given.clinician_id == village.person_id("zhou")


@pytest.mark.parametrize("words", ["红 核酸阳性", "红 到2月5日", "红 核酸阳性 到3月20日", "红 核酸阳性 到1月20日"])
def test_red_without_reason_or_end_or_for_too_long_is_not_given(village: Village, words: str) -> None:
    number = a_task(village)
    village.say("zhou", f"{number} {words} 已告知")
    assert receipt(village).receipt.colour == "yellow"


def test_nobody_but_a_doctor_gives_red(village: Village) -> None:
    number = a_task(village)
    for who in ("lv", "head", "boss", "other"):
        village.say(who, f"{number} 红 核酸阳性 已告知 到2月5日")
    assert receipt(village).receipt.colour == "yellow"


def test_red_stands_until_it_is_lifted_or_over(village: Village) -> None:
    number = a_task(village)
    village.say("zhou", f"{number} 红 核酸阳性 已告知 到2月5日")
    village.forward(days=1)
    assert village.declare(person(temperature="36.5")).people[0].receipt.colour == "red"
    heard = village.say("zhou", f"{number} 解除红色 复查两次都正常")
    assert "绿色" in heard
    assert receipt(village).receipt.colour == "green"
    assert "没有红色" in village.say("zhou", f"{number} 解除红色 再说一遍")


def test_after_its_last_day_the_table_speaks_again(village: Village) -> None:
    number = a_task(village)
    village.say("zhou", f"{number} 红 核酸阳性 已告知 到2月5日")
    village.forward(days=10)  # 2月6日
    assert village.declare(person(temperature="36.5")).people[0].receipt.colour == "green"


def test_an_alarm_when_there_is_nobody_at_all(village: Village) -> None:
    from store.models import role

    with village.database.begin() as connection:
        connection.execute(role.delete())
    village.declare(person(temperature="37.8"))
    with village.database.read() as connection:
        assert connection.execute(select(alarm.c.kind)).scalars().all() == ["nobody_to_look"]


def test_a_stranger_hears_nothing_of_a_clinicians_receipt(village: Village) -> None:
    number = a_task(village)
    village.say("zhou", f"{number} 红 核酸阳性 已告知 到2月5日")
    village.forward(days=1)
    [got] = village.declare(person(), known=False).people
    assert got.receipt is None
    assert not any("红" in note or "阳性" in note for note in got.notes)
