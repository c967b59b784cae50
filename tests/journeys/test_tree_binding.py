"""绑定 CODE in a group: a code is used once, expires, asks for the right, and cannot be guessed."""

import pytest
from talking import DEPUTY, GRID_LEAD, LEAD, SECOND, TOWN_GROUP, VILLAGE_GROUP, WORKER, answer, answer_in, send
from town import Town

pytestmark = pytest.mark.long

VILLAGE, OTHER_VILLAGE, GRID = "350125105204", "350125105201", "35012510520401001"
REFUSED = "这个码绑不了:可能抄错、过期、用过,或不归您绑"
OTHER_GROUP = "yt350125105201"


def code_for(town: Town, node: str) -> str:
    """A fresh code, as `geying bind-code` prints it."""
    found = town.parts.counties.context().tree.by_code(node)
    assert found is not None
    with town.parts.store.begin() as work:
        return work.chats.new_code(found.id, town.clock.now())


def free(town: Town, group: str) -> None:
    """Make the group one that nobody has bound."""
    with town.parts.store.begin() as work:
        chat = work.chats.bound("aibot", town.room(group))
        assert chat is not None
        work.chats.unbind(chat.id)


def node_of(town: Town, group: str) -> str | None:
    with town.parts.store.read() as work:
        chat = work.chats.bound("aibot", town.room(group))
    return town.parts.counties.context().tree.node(chat.node_id).code if chat else None


def test_a_group_is_bound_by_its_code_and_works_at_once(town: Town) -> None:
    free(town, VILLAGE_GROUP)
    assert "还没绑定" in answer_in(town, VILLAGE_GROUP, WORKER, "汇总")
    code = code_for(town, VILLAGE)
    assert "已绑定:清凉镇旗山村" in answer_in(town, VILLAGE_GROUP, LEAD, f"绑定 {code.lower()}")
    assert node_of(town, VILLAGE_GROUP) == VILLAGE
    assert "清凉镇旗山村今天 0/4网格已报" in answer_in(town, VILLAGE_GROUP, LEAD, "汇总")


def test_a_code_is_good_once(town: Town) -> None:
    free(town, VILLAGE_GROUP)
    free(town, OTHER_GROUP)
    code = code_for(town, VILLAGE)
    answer_in(town, VILLAGE_GROUP, LEAD, f"绑定 {code}")
    assert REFUSED in answer_in(town, OTHER_GROUP, LEAD, f"绑定 {code}")
    assert node_of(town, OTHER_GROUP) is None


def test_a_code_expires(town: Town) -> None:
    free(town, VILLAGE_GROUP)
    code = code_for(town, VILLAGE)
    town.forward(days=8)
    assert REFUSED in answer_in(town, VILLAGE_GROUP, LEAD, f"绑定 {code}")


def test_binding_asks_for_the_right_and_every_refusal_reads_the_same(town: Town) -> None:
    free(town, VILLAGE_GROUP)
    code = code_for(town, VILLAGE)
    refusals = {
        answer_in(town, VILLAGE_GROUP, WORKER, f"绑定 {code}"),  # a gridworker binds the own grid, no village
        answer_in(town, VILLAGE_GROUP, WORKER, "绑定 ZZZZ"),
    }
    assert len(refusals) == 1
    assert node_of(town, VILLAGE_GROUP) is None
    assert "已绑定" in answer_in(town, VILLAGE_GROUP, LEAD, f"绑定 {code}")  # the code was not used up by the refusal


def test_a_group_is_not_taken_from_those_above(town: Town) -> None:
    code = code_for(town, GRID)
    assert REFUSED in answer_in(town, VILLAGE_GROUP, WORKER, f"绑定 {code}")  # their grid, but the village's group
    assert node_of(town, VILLAGE_GROUP) == VILLAGE
    assert "已绑定:清凉镇旗山村第01网格" in answer_in(town, VILLAGE_GROUP, LEAD, f"绑定 {code}")


def test_guessing_is_shut_off_for_the_person_and_reported(town: Town) -> None:
    free(town, VILLAGE_GROUP)
    code = code_for(town, VILLAGE)
    for guess in ("2222", "3333", "4444", "5555", "6666"):
        assert REFUSED in answer_in(town, VILLAGE_GROUP, LEAD, f"绑定 {guess}")
    assert "绑定试得太多" in answer_in(town, VILLAGE_GROUP, LEAD, f"绑定 {code}")  # the right one learns nothing either
    assert "绑定试得太多" in answer_in(town, TOWN_GROUP, LEAD, f"绑定 {code}")  # nor in another group
    with town.parts.store.read() as work:
        assert [kind for _, kind, *_ in work.alarms.open()] == ["bind_codes_guessed"]
    assert "已绑定" in answer_in(town, VILLAGE_GROUP, DEPUTY, f"绑定 {code}")  # others are not punished


def test_many_people_of_one_group_share_its_patience(town: Town) -> None:
    free(town, VILLAGE_GROUP)
    code = code_for(town, VILLAGE)
    guessers = (WORKER, SECOND, GRID_LEAD)
    for n, guess in enumerate("ABCDEFGHJK"):
        answer_in(town, VILLAGE_GROUP, guessers[n % 3], f"绑定 {guess}{guess}22")
        town.forward(seconds=10)  # a chat takes so many answers a minute
    assert "绑定试得太多" in answer_in(town, VILLAGE_GROUP, LEAD, f"绑定 {code}")
    town.forward(minutes=61)
    assert "已绑定" in answer_in(town, VILLAGE_GROUP, LEAD, f"绑定 {code}")


def test_a_right_code_forgives_the_wrong_ones(town: Town) -> None:
    free(town, VILLAGE_GROUP)
    for _ in range(2):
        town.forward(minutes=1)
        for guess in ("2222", "3333", "4444", "5555"):
            assert REFUSED in answer_in(town, VILLAGE_GROUP, LEAD, f"绑定 {guess}")
        assert "已绑定" in answer_in(town, VILLAGE_GROUP, LEAD, f"绑定 {code_for(town, VILLAGE)}")


@pytest.mark.parametrize("words", ["绑定 ABCD", "绑定 旗山村 ABCD"])
def test_in_a_one_to_one_it_says_where(town: Town, words: str) -> None:
    assert "绑定要在那个群里发:@小格 绑定 码" in answer(town, LEAD, words)


def test_a_bound_group_gets_what_is_posted(town: Town) -> None:
    send(town, LEAD, "给旗山村发 今晚排查")
    assert any("D-1" in said for said in town.chat(VILLAGE_GROUP))
    assert not any("D-1" in said for said in town.chat(OTHER_GROUP))
    assert node_of(town, OTHER_GROUP) == OTHER_VILLAGE
