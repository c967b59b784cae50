"""微信客服: what is sent, once and only in its window; what is refused, and what the planner then knows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from resident_rig import KF, Channel, Opening, ResidentRig, letter, menu

from bot.channels import kf
from bot.channels.call import Impossible
from handlers.domain.delivery import Picture, Purpose, label
from handlers.domain.parcel import Parcel

H = 3600
NOW = datetime(2026, 2, 8, 1, tzinfo=UTC)


def came(town: ResidentRig, resident: str = "door", *, spoke: bool = True) -> str:
    """A resident who opened the chat and, unless told otherwise, said something; returns the address."""
    if not spoke:
        return town.act("resident_scan", resident, qr=f"https://work.weixin.qq.com/kfid/kfc{KF}")["external_userid"]
    address = town.act("resident_kf_text", resident, text="在吗")["external_userid"]
    town.heard(Channel.KF, address)
    return address


def say(town: ResidentRig, address: str, *words: str) -> tuple[int, ...]:
    return town.put(*(letter(Channel.KF, address, text, town) for text in words))


def test_text_and_menu_arrive(town_on_both: ResidentRig) -> None:
    town = town_on_both
    address = came(town)
    town.put(letter(Channel.KF, address, "您好", town), letter(Channel.KF, address, menu(), town))
    assert town.settle().sent == 2
    assert sorted(town.told()) == ["您好", "您好\n▸ 申报\n▸ 要帮忙\n急事打120"]
    assert town.act("resident_kf_tap", content="要帮忙")["msgid"]


def test_what_is_called_in_a_window_or_a_log_is_no_wechat_id(town: ResidentRig) -> None:
    address = came(town)
    town.put(letter(Channel.KF, address, "您好", town))
    town.settle()
    with town.database.read() as connection:
        tables = ("parcel", "delivery", "reply_window", "visit", "pace", "alarm")
        rows = [str(row) for t in tables for row in connection.exec_driver_sql(f"SELECT * FROM {t}").all()]
    assert rows
    assert not [row for row in rows if address in row]


def test_five_go_and_the_sixth_is_out_of_reach_without_a_call(town_on_both: ResidentRig) -> None:
    town = town_on_both
    address = came(town)
    ids = say(town, address, *(f"第{n}条" for n in range(1, 7)))
    town.settle()
    assert len(town.told()) == 5
    assert town.calls("kf/send_msg") == 5
    states = dict(zip(ids, town.states(ids), strict=True))
    assert [state for state, _ in states.values()].count("sent") == 5
    (failed,) = [error for state, error in states.values() if state == "failed"]
    assert failed is not None
    assert failed.startswith("够不着")
    assert sorted(town.deliveries()) == ["failed", "sent", "sent", "sent", "sent", "sent"]
    assert town.standing(Channel.KF, address) == "USED_UP"
    assert town.alarms() == []


def test_a_word_opens_the_window_again(town: ResidentRig) -> None:
    address = came(town)
    say(town, address, *"一二三四五")
    town.settle()
    town.forward(60)
    came(town)
    say(town, address, "六")
    town.settle()
    assert town.told()[-1] == "六"
    assert town.standing(Channel.KF, address) == "OPEN"


def test_after_48_hours_nothing_is_tried(town: ResidentRig) -> None:
    address = came(town)
    town.forward(48 * H - 30)
    say(town, address, "太晚了")
    town.settle()
    assert town.calls("kf/send_msg") == 0
    assert town.standing(Channel.KF, address) == "OVER"


def test_whoever_never_spoke_is_out_of_reach(town: ResidentRig) -> None:
    address = came(town, spoke=False)
    say(town, address, "您好")
    town.settle()
    assert (town.calls("kf/send_msg"), town.standing(Channel.KF, address)) == (0, "NEVER")


@pytest.mark.parametrize("how", ["reset", "hang"])
def test_a_lost_answer_shows_the_message_once(town: ResidentRig, how: str) -> None:
    address = came(town)
    town.fault("commit_then_timeout", "kf/send_msg", nth=1, how=how)
    ids = say(town, address, "只说一遍")
    town.settle()
    assert town.told() == ["只说一遍"]
    assert town.states(ids) == [("sent", None)]
    assert town.site.world.calls["/cgi-bin/kf/send_msg"].errcodes == {"95033": 1}


def test_the_repeat_is_not_counted_twice(town: ResidentRig) -> None:
    address = came(town)
    town.fault("commit_then_timeout", "kf/send_msg", nth=1)
    say(town, address, *"一二三四五六")
    town.settle()
    assert len(town.told()) == 5
    assert town.session().answered == 5


def test_a_refused_attempt_spends_nothing(town: ResidentRig) -> None:
    address = came(town)
    town.fault("busy", "kf/send_msg", nth=1, count=3)
    say(town, address, *"一二三四五")
    town.settle()
    assert len(town.told()) == 5


@pytest.mark.parametrize("code", [95001, 95002, 95013, 95018])
def test_what_the_platform_shuts_stays_shut_until_the_resident_speaks(town: ResidentRig, code: int) -> None:
    address = came(town)
    town.fault("err", "kf/send_msg", code=code, nth=1)
    (first,) = say(town, address, "甲")
    town.settle()
    (second,) = say(town, address, "乙")
    town.settle()
    assert town.calls("kf/send_msg") == 1, "no retry storm"
    assert [state for state, _ in town.states([first, second])] == ["failed", "failed"]
    assert town.standing(Channel.KF, address) == "SHUT"
    assert town.alarms() == []
    town.forward(2)
    came(town)
    say(town, address, "丙")
    town.settle()
    assert town.told() == ["丙"]


def test_an_old_word_handled_late_does_not_open_what_was_shut(town: ResidentRig) -> None:
    address = came(town)
    town.fault("err", "kf/send_msg", code=95001, nth=1)
    say(town, address, "甲")
    town.settle()
    with town.store.begin() as work:
        work.windows.heard(Channel.KF, label(Channel.KF, address), Opening.WORD, town.now() - timedelta(minutes=5))
    assert town.standing(Channel.KF, address) == "SHUT"


def test_a_welcome_needs_no_window_and_waits_for_nobody(town: ResidentRig) -> None:
    door = town.site.world.kf[KF]
    door.scenes["ENC"] = "door"
    town.act("resident_scan", qr=f"https://work.weixin.qq.com/kfid/kfc{KF}?enc_scene=ENC&scene_param=d_x")
    code, whom = next((code, w.external_userid) for code, w in door.welcomes.items())
    until = town.now() + timedelta(seconds=18)
    (one,) = town.put(letter(Channel.KF, whom, menu(), town, endpoint=code, expires_at=until))
    town.settle()
    assert town.calls("kf/send_msg_on_event") == 1
    assert town.told() == ["您好\n▸ 申报\n▸ 要帮忙\n急事打120"]
    assert town.states([one]) == [("sent", None)]
    assert town.standing(Channel.KF, whom) == "NEVER", "a welcome opens nothing"


def test_a_late_welcome_is_never_sent(town: ResidentRig) -> None:
    until = town.now() + timedelta(seconds=18)
    (one,) = town.put(letter(Channel.KF, "wm1", "您好", town, endpoint="CODE", expires_at=until))
    town.forward(19)
    town.settle()
    assert town.calls("kf/send_msg_on_event") == 0
    assert town.states([one])[0][0] == "late"


def test_a_welcome_whose_answer_was_lost_is_said_once(town: ResidentRig) -> None:
    door = town.site.world.kf[KF]
    town.act("resident_scan", qr=f"https://work.weixin.qq.com/kfid/kfc{KF}")
    code, whom = next((code, w.external_userid) for code, w in door.welcomes.items())
    town.fault("commit_then_timeout", "kf/send_msg_on_event", nth=1)
    (one,) = town.put(letter(Channel.KF, whom, "您好", town, endpoint=code))
    town.settle()
    assert (town.told(), town.states([one])[0][0]) == (["您好"], "sent")


def test_a_long_text_goes_in_numbered_parts_in_order(town: ResidentRig) -> None:
    address = came(town)
    say(town, address, "长" * 1500)
    town.settle()
    assert [text[:5] for text in town.told()] == ["(1/3)", "(2/3)", "(3/3)"]


def test_parts_after_a_closed_window_fail_with_it(town: ResidentRig) -> None:
    address = came(town)
    say(town, address, *"一二三四")
    town.settle()
    ids = say(town, address, "长" * 1500)
    town.settle()
    assert [state for state, _ in town.states(ids)] == ["sent", "failed", "failed"]


def test_a_picture_is_uploaded_and_shown(town: ResidentRig, tmp_path: Path) -> None:
    picture = tmp_path / "p.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + b"x" * 64)
    address = came(town)
    town.put(letter(Channel.KF, address, Picture(str(picture)), town))
    town.settle()
    assert town.told() == ["[image]"]


def parcel(id_: int, made_at: datetime, attempts: int = 1) -> Parcel:
    body = {"kind": "text", "text": "您好", "to": ["wm1"]}
    return Parcel(
        id_, Purpose.REPLY, Channel.KF, "kf/send_msg", body, ("wm1",), 1, 0, attempts, 0, 0, made_at, made_at
    )  # fmt: skip


def test_an_id_is_never_the_same_for_two_parcels_or_two_databases() -> None:
    one = kf.msgid(parcel(7, NOW))
    assert one == kf.msgid(parcel(7, NOW, attempts=3))
    assert len({one, kf.msgid(parcel(8, NOW)), kf.msgid(parcel(7, NOW + timedelta(seconds=1)))}) == 3
    assert len(kf.msgid(parcel(2**31, NOW))) <= 32


def test_without_an_account_it_is_impossible() -> None:
    with pytest.raises(Impossible):
        kf.render(parcel(7, NOW), "")
