"""A pasted notice: ours or not, still good or not, and whether the words under a true number are ours. To one alone."""

from dataclasses import replace
from datetime import timedelta

import pytest
from household import Home, words
from village import Village

from handlers import check_trust, wording
from handlers.domain.directive import Audience, Directive, Kind, State

pytestmark = pytest.mark.long

BODY = "今晚20点前完成入户排查,重点看1月20日后从外地回来的,缺口罩请说。"


def issued(village: Village, **changes) -> Directive:
    draft = Directive(
        0, None, Kind.NEW, None, 1, None, village.node("t1"), BODY, Audience((village.node("t1"),)), (), False, False,
        False, State.ISSUED, None, village.now, None, village.now + timedelta(hours=11), village.now,
    )  # fmt: skip
    with village.store.begin() as work:
        number = changes.pop("number", None) or work.directives.next_number()
        return work.directives.add(replace(draft, number=number, **changes))


def check(village: Village, pasted: str) -> str:
    with village.store.read() as work:
        return check_trust.check(pasted, work, village.ctx)


def test_a_number_of_ours(village: Village) -> None:
    code = issued(village).code
    assert check(village, code) == f"{code} 是我们09:00发的通知,有效。"
    assert check(village, f"第{code[2:]}号令是真的吗") == f"{code} 是我们09:00发的通知,有效。"


def test_a_number_that_never_was(village: Village) -> None:
    assert "D-999不是我们发的" in check(village, "核验 D-999")
    assert "不是我们发的" in check(village, "紧急通知:请各位立即扫码登记领取补贴,点击链接办理,过期不候")


@pytest.mark.parametrize("state", [State.PREVIEW, State.SECOND, State.HELD, State.DROPPED])
def test_what_has_not_gone_out_is_not_ours_yet(village: Village, state: State) -> None:
    code = issued(village, state=state, issued_at=None).code
    assert f"{code}不是我们发的" in check(village, code)


def test_the_notice_as_it_was_posted_passed_on_and_typed_off(village: Village) -> None:
    directive = issued(village)
    for sent in (
        wording.post(directive, None, "20:00", "小格"),
        wording.relay(directive, "柳树村一格群", "北3-7K", None, "20:00").partition("————\n")[2].partition("\n————")[0],
        wording.card_title(directive) + "\n" + wording.card_body(directive, None),
        f"{directive.code} {BODY[:20]}",
        f"这是真的吗?\n{directive.code} {BODY}",
    ):
        assert check(village, sent) == f"{directive.code} 是我们09:00发的通知,有效。", sent


@pytest.mark.parametrize(
    "added",
    [
        "每户请先交押金200元到以下账户",
        "请点链接登记身份信息",
        "不参加排查的一律停发补贴",
    ],
)
def test_a_true_number_under_words_that_are_not_ours(village: Village, added: str) -> None:
    directive = issued(village)
    for pasted in (
        f"{directive.code} {BODY}{added}",
        f"{directive.code} 紧急通知:{added},今晚20点前",
        added + directive.code + "。" + BODY,
    ):
        heard = check(village, pasted)
        assert "和原文不一样" in heard
        assert "有效" not in heard
        assert "口罩" not in heard  # the original is not read out to whoever only has the number


def test_replaced_and_cancelled(village: Village) -> None:
    first = issued(village)
    with village.store.begin() as work:
        work.directives.move(replace(first, state=State.SUPERSEDED), {State.ISSUED})
    second = issued(village, kind=Kind.UPDATE, refers_to=first.id, body="改成明晚20点前。")
    heard = check(village, first.code)
    assert "已更正" in heard
    assert second.code in heard
    assert "有效" in check(village, second.code)
    cancel = issued(village, kind=Kind.CANCEL, refers_to=second.id, body="第二条取消")
    with village.store.begin() as work:
        work.directives.move(replace(second, state=State.CANCELLED), {State.ISSUED})
    assert "已作废" in check(village, second.code)
    assert "取消通知" in check(village, cancel.code)


def test_only_the_asker_hears(village: Village) -> None:
    code = issued(village).code
    heard = village.say("lv", f"核验 {code}")
    assert "有效" in heard
    assert village.letters("zhou") == village.letters("head") == []


def test_scripts_and_length_do_no_harm(village: Village) -> None:
    for pasted in ("D-" + "9" * 6, "第" + "九" * 6 + "号令", "<script>D-1</script>" * 500, "D-0", "第零号令"):
        assert check(village, pasted)


# -- as conversations --------------------------------------------------------------------------------------------------


def test_a_worker_who_pastes_it_in_a_group_is_told_alone(hamlet: Village) -> None:
    code = issued(hamlet).code
    assert hamlet.say("lv", f"核验 {code}") == f"{code} 是我们09:00发的通知,有效。"
    with hamlet.store.begin() as work:
        work.chats.put(hamlet.node("v1"), "aibot", "group1", "柳树村群", hamlet.now)
    heard = hamlet.say("lv", f"核验 {code}", group="group1")
    assert heard == f"{code} 是我们09:00发的通知,有效。"
    assert hamlet.letters("group1") == []
    assert hamlet.letters("head") == []


def test_a_resident_who_pastes_it_in_the_chat_of_the_household_is_told_alone(hamlet: Village) -> None:
    home = Home(hamlet)
    directive = issued(hamlet)
    pasted = wording.post(directive, None, "20:00", "小格")
    assert words(home.say("mother", pasted)).count(f"{directive.code} 是我们09:00发的通知,有效。") == 1
    assert home.intent == "resident_trust"
    assert "第12号令不是" in words(home.say("mother", "第12号令是真的吗")).replace("D-12", "第12号令")
    false = "紧急通知:各位居民请马上点链接登记领补贴,过期不候,转发到各群"
    assert "不是我们发的" in words(home.say("mother", false))
    assert home.heard("daughter") == []
    assert not any("通知,有效" in letter for letter in hamlet.letters("lv"))


def test_asking_for_help_is_not_asking_about_a_notice(hamlet: Village) -> None:
    home = Home(hamlet)
    home.say("mother", "家里降压药快没了,麻烦帮忙买点,谢谢你们")
    assert home.intent != "resident_trust"
