"""Residents in 微信客服 and the 公众号, as conversations over the stand-in's real HTTP."""

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from town import Town, said

from bot.process import inbound_of
from bot.qr_commands import links_for
from bot.qr_prints import Prints, Wishes
from bot.resident_links import links_of
from handlers import tell_resident
from handlers.declare_health import submit
from handlers.domain.declaration import Journey, PersonSheet, Sheet
from handlers.domain.delivery import Text
from handlers.domain.household import Address, Relation
from handlers.domain.message import Channel, Inbound
from handlers.domain.place_code import CodeKind, check_digits
from handlers.domain.window import Standing
from handlers.wording import residents as wording

pytestmark = pytest.mark.long

DOOR, WORKER = "3-2-402", "yt_104003_02"


class Residents(Town):
    """A town whose residents have phones, and one household with a code on its door."""

    def __init__(self, folder: Path, **more: Any) -> None:
        super().__init__(folder, **more)
        context, now = self.parts.counties.context(), self.clock.now()
        with self.parts.store.begin() as work:
            person = work.people.by_userid(WORKER, context.day)
            assert person is not None
            self.grid = person.nodes()[0]
            code = f"{context.tree.node(self.grid).code}9001"
            self.home = work.household_steps.make(self.grid, code, "9001户", context.day, now, None)
            work.household_steps.announce(now)
            self.token = work.codes.issue(self.home, CodeKind.HOUSEHOLD, now).token
        self.links = links_of(self.parts)
        self.forward(seconds=3)  # a process looks for a changed tree that often

    def act(self, kind: str, resident: str = DOOR, **given: Any) -> dict[str, Any]:
        """A resident does something; our side has taken the callback when this returns."""
        answer = self._control("act", {"kind": kind, "resident": resident, "wait": True, **given})
        if "callback" in answer:
            assert answer["callback"]["status"] == 200, answer
        self.settle()
        return answer

    def settle(self) -> None:
        """Let everything happen that follows, callbacks about our own messages included."""
        self.work()
        while not self._control("idle")["idle"]:
            time.sleep(0.01)
        self.work()

    def scan(self, resident: str = DOOR, token: str | None = None, **given: Any) -> dict[str, Any]:
        """Scan the door's code into 微信客服."""
        return self.act("resident_scan", resident, qr=self.links.kf(token or self.token), **given)

    def follow(self, resident: str = DOOR) -> dict[str, Any]:
        """Scan the door's code into the 公众号."""
        return self.act("resident_scan", resident, qr=self.links.official_account(self.token))

    def phone(self, resident: str = DOOR) -> list[dict[str, Any]]:
        """What others said to a resident, oldest first."""
        messages = self._control(f"phone?resident={resident}")["messages"]
        return [message for message in messages if message["from"]["kind"] != "resident"]

    def told(self, resident: str = DOOR) -> list[str]:
        return [said(message) for message in self.phone(resident)]

    def inbounds(self) -> list[Inbound]:
        """Everything residents said, as the verbs had it."""
        with self.parts.store.begin() as work:
            rows = work.connection.exec_driver_sql("SELECT id FROM inbox WHERE channel IN ('kf', 'official_account')")
            ids = [row[0] for row in rows.all()]
            work.connection.exec_driver_sql("UPDATE inbox SET state = 'new', attempts = 1")
            kept = [work.inbox.take(id_) for id_ in ids]
        return [inbound_of(one) for one in kept if one is not None]

    def count(self, table: str) -> int:
        with self.parts.store.read() as work:
            return int(work.connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one())

    def calls(self, path: str) -> int:
        return int(self.state()["calls"].get(f"/cgi-bin/{path}", {}).get("total", 0))

    def intents(self) -> list[str]:
        with self.parts.store.read() as work:
            rows = work.connection.exec_driver_sql("SELECT intent FROM inbox ORDER BY id").all()
        return [row[0] for row in rows]


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Residents]:
    made = Residents(tmp_path)
    yield made
    made.close()


# -- 微信客服 ----------------------------------------------------------------------------------------------------------


def test_a_code_is_scanned_the_menu_comes_and_one_tap_is_enough(town: Residents) -> None:
    town.scan()
    (menu,) = town.phone()
    assert menu["msgtype"] == "msgmenu"
    assert check_digits(town.token) in menu["text"]
    assert town.parts.counties.context().tree.path_name(town.home) in menu["text"]
    assert f"/d/{town.token}" in json.dumps(menu["body"])
    town.act("resident_kf_tap", content="要帮忙")
    assert "已经告诉您那里的网格员" in town.told()[-1]
    assert any("要帮忙" in words and "9001" in words for words in town.heard(WORKER))
    entered, tapped = town.inbounds()
    assert (entered.channel, entered.fields["event"]["scene_param"]) == (Channel.KF, f"d_{town.token}")
    assert tapped.fields["text"]["menu_id"].endswith(f".{town.token}")
    assert tapped.sender == entered.sender


def test_what_is_typed_after_asking_for_help_is_passed_on_word_for_word(town: Residents) -> None:
    town.scan()
    town.act("resident_kf_tap", content="要帮忙")
    town.act("resident_kf_text", text="我妈的降压药快没了")
    assert "已原样转给网格员" in town.told()[-1]
    assert any("居民说:我妈的降压药快没了" in words for words in town.heard(WORKER))


def test_calling_twice_rings_the_worker_once(town: Residents) -> None:
    town.scan()
    town.act("resident_kf_tap", content="找人")
    rung = len(town.heard(WORKER))
    town.act("resident_kf_tap", content="找人", old=True)
    assert "刚才已经替您叫过了" in town.told()[-1]
    assert len(town.heard(WORKER)) == rung
    town.forward(minutes=11)
    town.act("resident_kf_tap", content="找人", old=True)
    assert len(town.heard(WORKER)) == rung + 1


def test_a_tap_on_yesterday_s_menu_is_not_taken_and_a_new_menu_comes(town: Residents) -> None:
    town.scan()
    town.forward(days=1)
    town.act("resident_kf_tap", content="要帮忙")
    assert "已经过期,没有算数" in town.told()[-1]
    assert town.phone()[-1]["msgtype"] == "msgmenu"
    assert not any("要帮忙" in words for words in town.heard(WORKER))
    town.act("resident_kf_tap", content="要帮忙")
    assert any("要帮忙" in words for words in town.heard(WORKER))


@pytest.mark.parametrize("token", ["A" * 32, "x", "", "<script>", "d_d_d_"])
def test_a_code_that_opens_nothing_is_answered_alike(town: Residents, token: str) -> None:
    town.act("resident_scan", qr=f"{town.links.kf(town.token).partition('&')[0]}&scene_param=d_{token}")
    (words,) = town.told()
    assert "码" in words
    assert "9001" not in words
    assert town.phone()[0]["msgtype"] == "text"


def test_forged_and_rotated_codes_get_one_answer(town: Residents) -> None:
    with town.parts.store.begin() as work:
        work.codes.revoke(town.home, "换新", town.clock.now())
    town.scan("a")
    town.scan("b", token="A" * 32)
    assert town.told("a") == town.told("b")


def test_an_identity_number_is_neither_kept_nor_passed_on(town: Residents) -> None:
    number = "11010519491231002X"
    town.scan()
    town.act("resident_kf_tap", content="要帮忙")
    town.act("resident_kf_text", text=f"我叫王测 {number}")
    assert "身份证号" in town.told()[-1]
    assert not any(number in words for words in town.told() + town.heard(WORKER))
    with town.parts.store.read() as work:
        body, destroyed = work.connection.exec_driver_sql("SELECT body, destroyed FROM inbox ORDER BY id DESC").all()[0]
    assert (body, bool(destroyed)) == (None, True)


def test_whoever_is_in_danger_hears_whom_to_call_and_is_called(town: Residents) -> None:
    town.scan()
    town.act("resident_kf_text", text="我妈喘不上气了")
    assert town.told()[-1].startswith("请马上打120")
    assert "已经同时叫了" in town.told()[-1]
    assert any("【急】" in words and "喘不上气" in words for words in town.heard(WORKER))


def test_in_danger_and_unknown_is_told_the_truth(town: Residents) -> None:
    town.act("resident_kf_text", text="救命 着火了")
    assert town.told()[-1].startswith("请马上打120")
    assert "没能替您叫到人" in town.told()[-1]


def test_pictures_are_answered_kindly(town: Residents) -> None:
    town.scan()
    town.act("resident_kf_media", **{"as": "voice"})
    assert "打字" in town.told()[-1]


def test_coming_again_inside_the_window_brings_the_menu_again(town: Residents) -> None:
    town.scan()
    town.act("resident_kf_text", text="你好")
    shown = len(town.phone())
    town.scan()
    assert len(town.phone()) == shown + 1
    assert town.calls("kf/send_msg_on_event") == 1


def test_nobody_is_a_stranger_here(town: Residents) -> None:
    town.scan()
    town.act("resident_kf_text", text="今天敲了46 空5")
    assert "花名册" not in "".join(town.told())
    assert "stranger" not in town.intents()
    assert town.count("report") == 0


def test_an_hour_without_callbacks_loses_nothing_and_doubles_nothing(town: Residents) -> None:
    town.scan()
    town.fault(kind="cb_drop")
    for n in range(12):
        town.forward(minutes=5)
        town._control("act", {"kind": "resident_kf_text", "resident": DOOR, "text": f"第{n}句"})
    town._control("fault", {"clear": True})
    town.forward(minutes=6)
    texts = [one.text for one in town.inbounds() if one.text]
    assert texts == [f"第{n}句" for n in range(12)]


def test_hints_that_come_four_times_are_one(town: Residents) -> None:
    town.fault(kind="cb_duplicate", n=3)
    town.scan()
    town.act("resident_kf_tap", content="要帮忙")
    assert len(town.inbounds()) == 2
    assert len(town.phone()) == 2
    assert sum("要帮忙" in words for words in town.heard(WORKER)) == 1


def test_the_window_runs_out_and_the_planner_says_out_of_reach(town: Residents) -> None:
    address = Address("kf", town.scan()["external_userid"])
    day, now = town.parts.counties.context().day, town.clock.now()
    with town.parts.store.begin() as work:
        contact = work.households.add_contact(town.home, "王样", Relation.CHILD, day, now)
        work.households.bind_address(contact.id, "kf", address.address, now)
    assert "超过" not in plan(town, "先试试")[1]
    assert plan(town, "先试试")[0] == {"kf": Standing.NEVER}
    town.act("resident_kf_text", text="在")  # the answer is the first of five
    for n in range(4):
        assert plan(town, f"第{n}条") == ({}, "")
        town.work()
    why, words = plan(town, "第五条")
    assert why == {"kf": Standing.USED_UP}
    assert words.startswith("够不着:微信客服")
    assert words.endswith("请打电话或上门。")
    town.forward(hours=48)
    assert plan(town, "再试")[0] == {"kf": Standing.OVER}
    calls = town.calls("kf/send_msg")
    town.work()
    assert town.calls("kf/send_msg") == calls
    town.act("resident_kf_text", text="我回来了")
    assert plan(town, "好")[0] == {}


def plan(town: Residents, text: str) -> tuple[dict[str, Standing], str]:
    context = town.parts.counties.context()
    with town.parts.store.begin() as work:
        way = tell_resident.household(town.home, Text(text), work, context)
    return dict(way.why), wording.out_of_reach(way.why) if way.address is None else ""


def test_what_a_blocked_phone_did_not_get_is_not_called_sent(town: Residents) -> None:
    town.scan()
    town.act("resident_kf_text", text="别发了")
    town.act("resident_kf_block")
    town.act("resident_kf_tap", content="找人", old=True)
    with town.parts.store.read() as work:
        states = work.connection.exec_driver_sql("SELECT state FROM delivery WHERE address LIKE 'kf:%'").all()
    assert states[-1][0] == "failed"


def test_a_servicer_s_words_are_not_the_resident_s(town: Residents) -> None:
    town.scan()
    town.act("resident_kf_text", text="转人工")
    rung = len(town.heard(WORKER))
    town.act("servicer_kf", text="要帮忙")
    assert len(town.heard(WORKER)) == rung
    assert "resident_nothing" in town.intents()


# -- 公众号 ------------------------------------------------------------------------------------------------------------


def test_following_by_a_door_s_code_is_answered_inside_the_200(town: Residents) -> None:
    done = town.follow()
    reply = done["callback"]["reply"]
    assert reply["msgtype"] == "text"
    (words,) = town.told()
    assert f"/d/{town.token}" in words
    assert check_digits(town.token) in words
    assert town.calls("message/custom/send") == 0
    (came,) = town.inbounds()
    assert (came.channel, came.fields["EventKey"]) == (Channel.OFFICIAL_ACCOUNT, f"qrscene_d_{town.token}")
    town.follow()
    assert len(town.told()) == 2
    assert town.inbounds()[-1].fields["Event"] == "SCAN"


def test_following_without_a_code_says_what_to_do(town: Residents) -> None:
    done = town.act("resident_mp_follow")
    assert done["callback"]["reply"]["msgtype"] == "text"
    assert "请扫您家门口" in town.told()[0]


def test_a_word_is_answered_by_a_message_of_its_own(town: Residents) -> None:
    town.follow()
    done = town.act("resident_mp_text", text="你好")
    assert done["callback"]["reply"] is None
    assert town.phone()[-1]["msgtype"] == "msgmenu"
    town.act("resident_mp_tap", content="要帮忙")
    assert "已经告诉您那里的网格员" in town.told()[-1]
    assert any("公众号上点了「要帮忙」" in words for words in town.heard(WORKER))


@pytest.mark.parametrize(("words", "heard"), [("1", "要帮忙"), ("2", "找人"), ("转人工", "找人")])
def test_a_number_is_as_good_as_a_tap(town: Residents, words: str, heard: str) -> None:
    town.follow()
    town.act("resident_mp_text", text=words)
    assert any(heard in message for message in town.heard(WORKER))


def test_a_voice_is_read_when_the_platform_wrote_it_down(town: Residents) -> None:
    town.follow()
    town.act("resident_mp_voice", recognition="要帮忙")
    assert any("要帮忙" in message for message in town.heard(WORKER))
    town.act("resident_mp_voice")
    assert "打字" in town.told()[-1]


def test_the_account_s_own_menu_is_answered(town: Residents) -> None:
    town.follow()
    town.forward(minutes=2)
    town.act("resident_mp_menu", key="help")
    assert "已经告诉您那里的网格员" in town.told()[-1]
    shown = len(town.told())
    town.act("resident_mp_menu", url="https://town.example/x")
    assert len(town.told()) == shown


def test_leaving_drops_what_bound_the_person_to_the_place(town: Residents) -> None:
    openid = town.follow()["openid"]
    context = town.parts.counties.context()
    with town.parts.store.begin() as work:
        contact = work.households.add_contact(town.home, "王样", Relation.CHILD, context.day, town.clock.now())
        work.households.bind_address(contact.id, "official_account", openid, town.clock.now())
    town.act("resident_mp_unfollow")
    with town.parts.store.read() as work:
        assert work.households.of_address("official_account", openid, context.day) == ()
        one = Address("official_account", openid)
        assert work.windows.standings([one], town.clock.now()) == {one: Standing.LEFT}
    town.act("resident_mp_follow")
    town.act("resident_mp_text", text="你好")
    assert "请扫您家门口" in town.told()[-1]


def test_somebody_bound_is_known_without_scanning_again(town: Residents) -> None:
    openid = town.act("resident_mp_follow")["openid"]
    context = town.parts.counties.context()
    with town.parts.store.begin() as work:
        contact = work.households.add_contact(town.home, "王样", Relation.CHILD, context.day, town.clock.now())
        work.households.bind_address(contact.id, "official_account", openid, town.clock.now())
    town.act("resident_mp_text", text="你好")
    assert f"/d/{town.token}" in town.told()[-1]


def test_callbacks_that_come_four_times_are_one(town: Residents) -> None:
    town.follow()
    town.fault(kind="cb_duplicate", n=3)
    town.act("resident_mp_text", text="1")
    assert sum("要帮忙" in words for words in town.heard(WORKER)) == 1
    assert len(town.told()) == 2
    assert town.count("inbox") == 2


def test_the_same_event_four_times_is_answered_each_time_and_kept_once(town: Residents) -> None:
    town.fault(kind="cb_duplicate", n=3)
    town.follow()
    assert town.count("inbox") == 1
    assert len(set(town.told())) == 1


def test_consent_and_refusal_of_notices_are_remembered(town: Residents) -> None:
    town.follow()
    town.act("resident_mp_notice", template_id="TPL_DEMO")
    assert town.count("notice_refusal") == 1
    town.act("resident_mp_notice", template_id="TPL_DEMO", accept=True)
    assert town.count("notice_refusal") == 0


@pytest.mark.parametrize(
    "given",
    [
        {"bad_signature": True, "plain": "<xml/>"},
        {"body": "<xml><FromUserName>o</FromUserName><MsgType>text</MsgType><Content>hi</Content></xml>"},
        {"plain": "<xml><MsgType>text</MsgType></xml>"},
        {"plain": "not xml"},
        {"skew_s": 400, "plain": "<xml><FromUserName>o1</FromUserName><MsgType>text</MsgType></xml>"},
    ],
)
def test_what_is_not_a_sealed_callback_is_403_and_leaves_nothing(town: Residents, given: dict[str, Any]) -> None:
    answer = town._control("act", {"kind": "resident_mp_raw", "resident": DOOR, "wait": True, **given})
    assert answer["callback"]["status"] == 403
    assert town.count("inbox") == 0


def test_the_address_check_is_answered_in_set_up_only(town: Residents) -> None:
    assert town._control("verify_mp", {})["ok"] is True
    town.forward(hours=2)
    assert town._control("verify_mp", {})["status"] == 403


def test_the_plain_mode_is_not_spoken(town: Residents) -> None:
    request = Request(f"{town.url}/oa/callback?signature=x&timestamp=1&nonce=2", b"<xml><MsgType>text</MsgType></xml>")
    with pytest.raises(HTTPError) as refused:
        urlopen(request, timeout=5)
    refused.value.close()
    assert refused.value.code == 403


# -- links -------------------------------------------------------------------------------------------------------------


def test_one_kf_link_serves_every_door(town: Residents) -> None:
    first, second = town.links.kf(town.token), town.links.kf("B" * 32)
    assert first.partition("&")[0] == second.partition("&")[0]
    assert re.search(rf"&scene_param=d_{town.token}$", first)
    assert town.calls("kf/add_contact_way") == 1


def test_permanent_codes_are_counted_and_asked_for_once(town: Residents) -> None:
    one = town.links.official_account(town.token, permanent=True)
    assert town.links.official_account(town.token, permanent=True) == one == town.links.official_account(town.token)
    assert town.calls("qrcode/create") == 1
    with town.parts.store.read() as work:
        assert work.links.permanent(Channel.OFFICIAL_ACCOUNT) == 1
        rows = [str(row) for row in work.connection.exec_driver_sql("SELECT * FROM code_link").all()]
    assert not [row for row in rows if town.token in row], "no token stands there in clear"


def test_a_temporary_code_is_made_anew_after_its_time(town: Residents) -> None:
    first = town.links.official_account(town.token)
    town.forward(days=31)
    assert town.links.official_account(town.token) != first


# -- what is kept ------------------------------------------------------------------------------------------------------


def test_after_three_days_nothing_of_a_conversation_is_left(town: Residents) -> None:
    town.scan()
    town.act("resident_kf_text", text="你好")
    assert (town.count("visit"), town.count("reply_window")) == (1, 1)
    town.forward(days=3, minutes=1)
    with town.parts.store.begin() as work:
        work.ageing.run(town.clock.now(), town.parts.counties.county.tz)
    assert (town.count("visit"), town.count("reply_window")) == (0, 0)


def test_a_poster_opens_what_was_asked_for(town: Residents) -> None:
    assert links_for([town.token], "page", town.parts) == {}
    for by in ("kf", "oa", "oa-permanent"):
        (link,) = links_for([town.token], by, town.parts).values()
        assert town.act("resident_scan", qr=link)
    assert town.told()
    with town.parts.store.begin() as work:
        links = links_for([town.token], "kf", town.parts)
        prints = Prints(work, town.parts.counties.context(), Wishes(links=links))
        (poster,) = prints.posters([town.home], prints.codes([town.home]))
    assert poster.link == links[town.token]


def test_a_household_declares_again_with_one_tap_over_the_real_channel(town: Residents) -> None:
    """The daughter's phone answers for the household; the mother's first sheet came over the page."""
    context, now = town.parts.counties.context(), town.clock.now()
    with town.parts.store.begin() as work:
        member = work.households.add_member(town.home, "王样花", context.day, now)
        contact = work.households.add_contact(town.home, "李样", Relation.CHILD, context.day, now, may_answer=True)
        submit(
            Sheet(
                key="k" * 22, place_id=town.home, made_at=now, known=True,
                people=(
                    PersonSheet(
                        "p1", who=f"m{member.id}", under_14=False, journey=Journey(away=False), symptoms=(),
                        temperature="36.5", consents=frozenset({"declare@1", "health@1", "care@1"}),
                    ),
                ),
            ),
            work, context,
        )  # fmt: skip
    town.scan()
    sender = town.inbounds()[-1].sender
    assert sender is not None
    with town.parts.store.begin() as work:
        work.households.bind_address(contact.id, Channel.KF.value, sender, now)
    town.act("resident_kf_text", text="申报")
    town.act("resident_kf_tap", content="都好:王**和上次一样,没有不舒服")
    assert "收到申报(凭据,不是通行证)" in town.told()[-1]
    assert "以那张为准" in town.told()[-1]  # her own word of this morning stands above her daughter's
