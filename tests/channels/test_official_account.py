"""公众号: what is sent in its two windows, its token, its notices, and what the planner then knows."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from channel_rig import word
from resident_rig import APPID, Channel, Opening, ResidentRig, letter, menu

from handlers.domain.delivery import Menu, Notice, label
from handlers.domain.errors import SendFailed
from standin import mp_tokens

H = 3600
OA = Channel.OFFICIAL_ACCOUNT


def followed(town: ResidentRig, resident: str = "door") -> str:
    address = town.act("resident_mp_follow", resident)["openid"]
    town.heard(OA, address, Opening.DEED)
    return address


def spoke(town: ResidentRig, resident: str = "door") -> str:
    town.act("resident_mp_follow", resident)
    address = town.act("resident_mp_text", resident, text="在吗")["openid"]
    town.heard(OA, address)
    return address


def say(town: ResidentRig, address: str, *words: Any) -> tuple[int, ...]:
    return town.put(*(letter(OA, address, content, town) for content in words))


def test_text_and_menu_arrive(town_on_both: ResidentRig) -> None:
    town = town_on_both
    say(town, spoke(town), "您好", menu(), Menu("看看", menu().items[:1], ""))
    assert town.settle().sent == 3
    with_link = "您好\n申报:https://town.example/d/x\n▸ 要帮忙\n急事打120"
    assert sorted(town.told()) == sorted(["您好", with_link, "看看\n申报:https://town.example/d/x"])


def test_both_platforms_are_served_in_one_run(town: ResidentRig) -> None:
    address = spoke(town)
    town.put(letter(OA, address, "公众号", town), word("u1", "企业微信", town.now()))
    assert town.settle().sent == 2
    assert (town.told(), [m.text for m in town.phone("u1")]) == (["公众号"], ["企业微信"])


def test_five_after_a_word_and_the_sixth_makes_no_call(town_on_both: ResidentRig) -> None:
    town = town_on_both
    address = spoke(town)
    town.forward(61)  # following opened a minute of its own
    say(town, address, *"一二三四五六")
    town.settle()
    assert (len(town.told()), town.calls("message/custom/send")) == (5, 5)
    assert town.standing(OA, address) == "USED_UP"


def test_three_in_a_minute_after_following(town: ResidentRig) -> None:
    address = followed(town)
    say(town, address, *"一二三四")
    town.settle()
    assert (len(town.told()), town.calls("message/custom/send")) == (3, 3)
    town.forward(56)
    assert town.standing(OA, address) == "OVER"
    town.act("resident_mp_menu", key="MENU")
    town.heard(OA, address, Opening.DEED)
    say(town, address, "五")
    town.settle()
    assert town.told()[-1] == "五"


def test_whoever_left_is_out_of_reach(town: ResidentRig) -> None:
    address = spoke(town)
    town.act("resident_mp_unfollow")
    with town.store.begin() as work:
        work.visits.left(OA, label(OA, address), town.now())
    assert town.standing(OA, address) == "LEFT"


def test_leaving_unheard_is_told_by_the_platform_and_remembered(town: ResidentRig) -> None:
    address = spoke(town)
    town.act("resident_mp_unfollow")
    say(town, address, "甲")
    town.settle()
    say(town, address, "乙")
    town.settle()
    assert town.calls("message/custom/send") == 1
    assert town.standing(OA, address) == "SHUT"


def test_a_lost_answer_is_said_once_more_and_not_a_third_time(town: ResidentRig) -> None:
    address = spoke(town)
    town.fault("commit_then_timeout", "message/custom/send", nth=1, count=5)
    (one,) = say(town, address, "甲")
    town.settle()
    assert town.told() == ["甲", "甲"]
    assert town.states([one])[0][0] == "unknown"


# -- the token ---------------------------------------------------------------------------------------------------------


def test_one_token_is_asked_for_by_all(town: ResidentRig) -> None:
    found: list[str] = []
    threads = [threading.Thread(target=lambda: found.append(town.stable.get())) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(found), len(set(found))) == (16, 1)
    assert town.calls("stable_token") == 1


def test_a_token_that_no_longer_holds_is_forced_anew_once(town: ResidentRig) -> None:
    address = spoke(town)
    say(town, address, "甲")
    town.settle()
    town.forward(61)
    mp_tokens.revoke(town.site)
    say(town, address, "乙")
    town.settle()
    assert town.told() == ["甲", "乙"]
    assert town.site.world.calls["/cgi-bin/message/custom/send"].errcodes == {"40001": 1}
    assert [body["force_refresh"] for body in town.asked("stable_token")] == [False, True]


def test_near_its_end_the_token_is_renewed_without_force(town: ResidentRig) -> None:
    first = town.stable.get()
    town.forward(5900)
    assert town.stable.get() == first, "the platform gives the same one until it is nearly over"
    town.forward(1200)
    assert town.stable.get() != first
    assert not any(body["force_refresh"] for body in town.asked("stable_token"))


def test_a_wrong_secret_is_tried_once_and_alarmed(town: ResidentRig) -> None:
    town.site.world.accounts[APPID].secret = "changed"
    say(town, spoke(town), "甲", "乙")
    town.send()
    with pytest.raises(SendFailed):
        town.stable.get()
    assert town.calls("stable_token") == 1
    assert "白名单" in "".join(town.alarms())


def test_nothing_secret_is_told(town: ResidentRig, caplog: pytest.LogCaptureFixture) -> None:
    say(town, spoke(town), "甲")
    town.site.world.accounts[APPID].secret = "changed"
    town.send()
    said = caplog.text + repr(town.stable) + "".join(town.alarms())
    assert "an-account-secret" not in said
    assert APPID not in repr(town.stable)


# -- notices -----------------------------------------------------------------------------------------------------------


def notice(template: str = "TPL_1", *, subscribed: bool = True) -> Notice:
    return Notice(template, (("thing1", "暴雨预警"), ("time2", "今天18点")), "https://town.example/n/1", subscribed)


def test_a_notice_without_consent_is_tried_once_and_never_again(town: ResidentRig) -> None:
    address = spoke(town)
    ids = say(town, address, notice())
    town.settle()
    ids += say(town, address, notice())
    town.settle()
    assert town.calls("message/subscribe/bizsend") == 1
    assert [state for state, _ in town.states(ids)] == ["failed", "failed"]
    assert town.alarms() == []
    town.act("resident_mp_notice", template_id="TPL_1", accept=True)
    with town.store.begin() as work:
        work.visits.allow(label(OA, address), ["TPL_1"])
    say(town, address, notice())
    town.settle()
    assert town.told() == ["暴雨预警\n今天18点\nhttps://town.example/n/1"]


def test_a_refusal_is_of_one_template(town: ResidentRig) -> None:
    address = spoke(town)
    with town.store.begin() as work:
        work.visits.refuse(label(OA, address), ["TPL_2"], town.now())
    town.act("resident_mp_notice", template_id="TPL_1", accept=True)
    ids = say(town, address, notice("TPL_2"), notice("TPL_1"))
    town.settle()
    assert [state for state, _ in town.states(ids)] == ["failed", "sent"]
    assert town.calls("message/subscribe/bizsend") == 1


def test_a_template_message_needs_no_window_and_is_known_by_its_id(town: ResidentRig) -> None:
    address = followed(town)
    town.forward(3 * 24 * H)
    town.fault("commit_then_timeout", "message/template/send", nth=1)
    (one,) = say(town, address, notice(subscribed=False))
    town.settle()
    assert len(town.told()) == 1
    assert town.states([one])[0][0] == "sent"
    with town.database.read() as connection:
        msgid = connection.exec_driver_sql("SELECT msgid FROM parcel").scalar_one()
    assert msgid.isdigit()


def test_what_did_not_arrive_is_not_called_sent(town: ResidentRig) -> None:
    address = followed(town)
    (one,) = say(town, address, notice(subscribed=False))
    town.settle()
    with town.database.read() as connection:
        msgid = connection.exec_driver_sql("SELECT msgid FROM parcel").scalar_one()
    with town.store.begin() as work:
        assert not work.outbox.not_arrived(label(OA, "somebody else"), msgid, town.now())
        assert work.outbox.not_arrived(label(OA, address), msgid, town.now())
    assert (town.states([one])[0][0], town.deliveries()) == ("failed", ["failed"])


def test_the_samples_bodies_are_what_goes_out(town: ResidentRig) -> None:
    say(town, spoke(town), "已登记", notice(subscribed=False))
    town.settle()
    (text,), (service,) = town.asked("custom/send"), town.asked("template/send")
    assert set(text) == {"touser", "msgtype", "text"}
    assert set(service) == {"touser", "template_id", "url", "client_msg_id", "data"}
    assert service["data"]["thing1"] == {"value": "暴雨预警"}
