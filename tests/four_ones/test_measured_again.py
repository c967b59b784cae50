"""复测: measured again after a fever, of somebody isolated; kept beside the first, whether or not they declared."""

from decimal import Decimal

import pytest
from asking import Asked
from household import words
from village import Village

from handlers.domain.four_ones import ContactState
from handlers.domain.threshold import CareTask, TaskState
from handlers.domain.wellbeing import AnswerState

pytestmark = pytest.mark.long


@pytest.fixture
def home(hamlet: Village) -> Asked:
    """The mother, who never declared anything, has said 37.9; the doctor was told."""
    made = Asked(hamlet)
    made.morning()
    made.say("mother", "37.9")
    return made


def task(home: Asked) -> CareTask:
    (found,) = _tasks(home)
    return found


def _tasks(home: Asked) -> list[CareTask]:
    with home.village.store.read() as work:
        (subject,) = {one.subject_id for one in work.answers.of_contact(home.contact.id)}
        return list(work.care_tasks.of_subject(subject))


def standing(home: Asked) -> list[Decimal | None]:
    return [one.said.celsius for one in home.answers() if one.said and one.state is AnswerState.STANDING]


@pytest.mark.parametrize("who", ["zhou", "lv"])
def test_the_worker_s_reading_is_kept_and_closes_it_without_any_declaration(home: Asked, who: str) -> None:
    number = task(home).id
    said = home.village.say(who, f"{number} 复测36.8 观察")
    assert "记好了" in said
    assert "复测36.8℃" in said
    assert "同意" not in said
    assert task(home).state is TaskState.CLOSED
    assert standing(home) == [Decimal("37.9"), Decimal("36.8")]  # neither is written over
    assert home.contact.state is ContactState.ANSWERED


def test_still_too_high_it_stays_and_is_measured_again(home: Asked) -> None:
    number = task(home).id
    assert "还要观察" in home.village.say("zhou", f"{number} 复测37.6")
    assert (task(home).state, task(home).taker_id) == (TaskState.TAKEN, home.village.person_id("zhou"))
    assert standing(home) == [Decimal("37.9"), Decimal("37.6")]


def test_of_a_round_that_nobody_answered_it_is_the_answer(home: Asked) -> None:
    village = home.village
    village.forward(hours=24)
    number = task(home).id
    village.say("zhou", f"{number} 复测36.8")
    assert [one.said.celsius for one in home.answers() if one.said][-1] == Decimal("36.8")


def test_what_is_no_temperature_is_not_kept(home: Asked) -> None:
    number = task(home).id
    assert "没看懂体温" in home.village.say("zhou", f"{number} 复测63.5")
    assert task(home).state is TaskState.OPEN


@pytest.mark.parametrize("text", ["1 复测36.8", "1号复测36.8", "复测 36.8", "又量了 36.8"])
def test_their_own_reading_is_taken_and_whoever_has_them_hears(home: Asked, text: str) -> None:
    number = task(home).id
    home.village.say("zhou", f"接{number}")
    heard = words(home.say("mother", text))
    assert "又记一次:36.8℃" in heard
    assert "他看过才算完" in heard
    assert standing(home) == [Decimal("37.9"), Decimal("36.8")]  # said at once after it, and no correction of it
    assert task(home).state is TaskState.TAKEN  # who looks after them closes it
    assert "本人再量36.8℃" in task(home).note
    assert "本人自己再量是36.8℃" in home.village.letters("zhou")[-1]


def test_nobody_has_taken_it_yet_and_it_stands_on_the_task(home: Asked) -> None:
    home.say("mother", "复测36.8")
    assert "本人再量36.8℃" in home.village.say("zhou", f"接{task(home).id}")


def test_who_is_on_no_plan_is_not_written_about_without_consent(home: Asked) -> None:
    number = task(home).id
    with home.village.store.begin() as work:
        work.contacts.release(home.id, "isolation", home.village.ctx.day.replace(day=27))
    assert "没有同意记录身体情况" in home.village.say("zhou", f"{number} 复测36.8")
    assert standing(home) == [Decimal("37.9")]
