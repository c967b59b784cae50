"""A directive from the form to the last receipt: the same words, the same verbs, the same people as in chat."""

import re
from datetime import timedelta

import pytest
from console_house import COUNTY_LEAD, DEPUTY, LEAD, OTHER, TOWNSHIP, VILLAGE, House, Seat

from handlers import issue_directive
from handlers.domain.directive import ReceiptState, State
from nlp.order import Order

pytestmark = pytest.mark.long

BODY = "今天下午5点前把返乡的再摸一遍,摸完报数"


def preview(seat: Seat, **form: object) -> str:
    """Fill in the form and return the address of the preview."""
    answer = seat.send("/console/directive/new", **{"body": BODY, "audience": "gridworker", **form})
    assert answer.status_code == 303, re.findall(r'class="fault".*?</p>', answer.text)
    return answer.location


def number(address: str) -> int:
    return int(address.rpartition("/")[2])


def said(page: str) -> str:
    """The text in the page's box."""
    found = re.search(r'<p class="said">(.*?)</p>', page, re.DOTALL)
    assert found
    return found[1]


def test_the_preview_is_word_for_word_the_one_of_chat(house: House) -> None:
    seat = house.seat(LEAD)
    address = preview(seat)
    draft = house.directive(number(address))
    order = Order(BODY, "grid", "gridworker", (), draft.deadline_at)
    with house.parts.store.begin() as work:
        nodes = (house.node(TOWNSHIP).id,)
        other = issue_directive.draft_directive(house.person(LEAD), order, nodes, work, house.context)
        in_chat = issue_directive.show(other, "1:1", work, house.context)
    assert said(seat.get(address).text) == in_chat
    assert "截止:17:00" in in_chat
    assert draft.audience == other.audience


def test_sending_is_held_for_a_minute_and_can_be_taken_back(house: House) -> None:
    seat = house.seat(LEAD)
    address = preview(seat)
    assert seat.send(f"{address}/go").location == address
    page = seat.get(address).text
    assert 'data-seconds="60"' in page
    assert "撤" in page
    house.tick(seconds=30)
    assert 'data-seconds="30"' in seat.get(address).text
    assert seat.send(f"{address}/stop").location == address
    house.tick(seconds=60)
    assert house.directive(number(address)).state is State.DROPPED
    with house.parts.store.read() as work:
        assert work.outbox.reach(number(address)) == {}


def test_what_went_out_shows_receipts_and_sending_and_can_be_voided(house: House) -> None:
    seat = house.seat(LEAD)
    address = preview(seat)
    seat.send(f"{address}/go")
    house.tick(seconds=61)
    directive = house.directive(number(address))
    assert directive.state is State.ISSUED
    with house.parts.store.begin() as work:
        waiting = work.receipts.waiting(directive.id)
        now = house.clock.now()
        work.receipts.answer(waiting[0].id, ReceiptState.ACKNOWLEDGED, "button", None, now)
        work.receipts.answer(waiting[1].id, ReceiptState.BLOCKED, "word", "缺口罩", now)
        work.receipts.answer(waiting[2].id, ReceiptState.BLOCKED, "word", "他 10400001234 不接电话", now)
    page = seat.get(address).text
    assert f"回执 3/{len(waiting)}" in page
    assert "缺口罩 × 1" in page
    assert "10400001234" not in page
    assert "待发" in page
    assert house.person("yt_105204_02").name not in page  # places that are silent, never people
    silent = {receipt.node_id for receipt in waiting[3:]}
    assert f"还没回执的地方({len(silent)}处)" in page
    assert seat.send(f"{address}/stop").location == address
    assert house.directive(directive.id).state is State.CANCELLED
    assert "已作废" in seat.get(address).text


def test_a_second_press_of_the_button_changes_nothing(house: House) -> None:
    seat = house.seat(LEAD)
    address = preview(seat)
    seat.send(f"{address}/go")
    first = house.directive(number(address))
    assert seat.send(f"{address}/go").location == address
    assert house.directive(number(address)) == first


def test_only_the_draft_on_the_page_is_sent_and_only_for_ten_minutes(house: House) -> None:
    seat = house.seat(LEAD)
    older, newer = preview(seat), preview(seat, body="另一条,明天上午9点前报")
    assert seat.send(f"{older}/go").status_code == 409  # the newer one is what 发 would mean now
    assert {house.directive(number(a)).state for a in (older, newer)} == {State.PREVIEW}
    assert "过期" in seat.get(older).text
    house.clock.forward(minutes=10, seconds=1)
    assert seat.send(f"{newer}/go").status_code == 409
    assert house.directive(number(newer)).state is State.PREVIEW
    again = seat.get(f"/console/directive/new?from={number(newer)}").text
    assert "另一条,明天上午9点前报" in again


def test_a_draft_in_chat_is_not_sent_from_the_console(house: House) -> None:
    seat = house.seat(LEAD)
    draft = house.draft(LEAD, TOWNSHIP)
    with house.parts.store.begin() as work:
        issue_directive.show(draft, "1:1", work, house.context)
    assert seat.send(f"/console/directive/{draft.id}/go").status_code == 409
    assert house.directive(draft.id).state is State.PREVIEW


def test_above_the_limit_a_second_person_decides(house: House) -> None:
    limit = house.context.county
    object.__setattr__(limit, "confirm_above", 20)
    seat, second = house.seat(LEAD), house.seat(DEPUTY)
    address = preview(seat, audience="all")
    seat.send(f"{address}/go")
    assert house.directive(number(address)).state is State.SECOND
    assert "同意" not in re.findall(r"<button[^>]*>([^<]*)", seat.get(address).text)
    assert seat.send(f"{address}/approve").status_code == 404  # nobody confirms their own
    assert address in second.get("/console/").text
    assert "同意" in re.findall(r"<button[^>]*>([^<]*)", second.get(address).text)
    assert second.send(f"{address}/approve").location == address
    held = house.directive(number(address))
    assert (held.state, held.confirmer_id) == (State.HELD, house.person(DEPUTY).id)
    assert second.send(f"{address}/stop").status_code == 303  # a confirmer may take it back
    assert house.directive(number(address)).state is State.DROPPED


def test_a_second_person_may_say_no_with_a_reason(house: House) -> None:
    object.__setattr__(house.context.county, "confirm_above", 20)
    seat, second = house.seat(LEAD), house.seat(DEPUTY)
    address = preview(seat, audience="all")
    seat.send(f"{address}/go")
    assert second.send(f"{address}/refuse", reason="11010519491231002X 写错了").status_code == 409
    assert house.directive(number(address)).state is State.SECOND
    assert second.send(f"{address}/refuse", reason="人数\n写错了").status_code == 303
    assert house.directive(number(address)).state is State.DROPPED
    assert second.send(f"{address}/approve").status_code == 303
    assert house.directive(number(address)).state is State.DROPPED
    assert (house.person(DEPUTY).id, "refuse", house.directive(number(address)).code, "ok") in house.audited()


def test_a_confirmation_that_waited_too_long_says_so(house: House) -> None:
    object.__setattr__(house.context.county, "confirm_above", 20)
    seat, second = house.seat(LEAD), house.seat(DEPUTY)
    address = preview(seat, audience="all")
    seat.send(f"{address}/go")
    house.clock.forward(minutes=14)
    second.get("/console/")
    house.clock.forward(minutes=7)
    assert second.send(f"{address}/approve").status_code == 409
    assert house.directive(number(address)).state is State.SECOND
    assert address not in second.get("/console/").text


def test_urgent_in_war_goes_at_once_and_is_reviewed_after(house: House) -> None:
    object.__setattr__(house.context.county, "confirm_above", 20)
    with house.parts.store.begin() as work:
        until = house.clock.now() + timedelta(days=3)
        node = house.node(TOWNSHIP).id
        work.modes.start(node, house.person(COUNTY_LEAD).id, "县防指〔2026〕3号", house.clock.now(), until)
    seat, second = house.seat(LEAD), house.seat(DEPUTY)
    home = seat.get("/console/").text
    assert "战时" in home
    assert "县防指〔2026〕3号" in home
    address = preview(seat, audience="all", urgent="on")
    seat.send(f"{address}/go")
    house.tick(seconds=1)
    assert house.directive(number(address)).state is State.ISSUED
    assert "没问题" not in seat.get(address).text
    assert "没问题" in second.get(address).text
    assert second.send(f"{address}/refuse").status_code == 303  # a review has no no: 作废 is
    assert house.directive(number(address)).reviewed_at is None
    assert second.send(f"{address}/approve").status_code == 303
    assert house.directive(number(address)).reviewed_at == house.clock.now()


def test_places_by_tick_and_by_name_stay_in_ones_own_subtree(house: House) -> None:
    seat = house.seat(LEAD)
    village, other = house.node(VILLAGE), house.node(OTHER)
    ticked = house.directive(number(preview(seat, node=str(village.id))))
    assert ticked.audience.nodes == (village.id,)
    named = house.directive(number(preview(seat, places="旗山村一格、古岸村")))
    assert [house.context.tree.path_name(n) for n in named.audience.nodes] == ["清凉镇旗山村第01网格", "清凉镇古岸村"]
    both = [seat.send("/console/directive/new", body=BODY, node=str(n)) for n in (other.id, 99_999_999)]
    assert [b.status_code for b in both] == [404, 404]
    assert both[0].data == both[1].data
    for name in ("城峰镇", "没有这个地方", "旗山社区"):
        answer = seat.send("/console/directive/new", body=BODY, places=name)
        assert answer.status_code == 400
        assert "没有这个地方,或不归您看" in answer.text


@pytest.mark.parametrize(
    ("form", "fault"),
    [
        ({"body": "  \u200b\n "}, "请写要通知的内容"),
        ({"body": "字" * 601}, "601字"),
        ({"body": "身份证 11010519491231002X 的人来一下"}, "身份证号"),
        ({"deadline": "2026-02-08T08:59"}, "截止时间"),
        ({"deadline": "2026-13-08T08:59"}, "截止时间"),
        ({"deadline": "2027-02-08T08:59"}, "截止时间"),
        ({"deadline": "９９"}, "截止时间"),
    ],
)
def test_a_form_that_cannot_be_taken_says_why_and_stores_nothing(
    house: House, form: dict[str, str], fault: str
) -> None:
    answer = house.seat(LEAD).send("/console/directive/new", **{"body": BODY, **form})
    assert answer.status_code == 400
    assert fault in answer.text
    with house.parts.database.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM directive").scalar_one() == 0


@pytest.mark.parametrize("node", ["x", "-1", "１２", "9" * 5000, "1_0", "0x1", "1e3", "nan"])
def test_a_number_that_is_none_is_not_there(house: House, node: str) -> None:
    seat = house.seat(LEAD)
    assert seat.send("/console/directive/new", body=BODY, node=node).status_code == 404
    assert seat.get(f"/console/daily/2026-02-08?node={node}").status_code == 404
    assert seat.get(f"/console/node/{node}").status_code == 404
    assert seat.get(f"/console/directive/{node}").status_code == 404


def test_the_deadline_of_the_field_stands_before_the_one_in_the_text(house: House) -> None:
    seat = house.seat(LEAD)
    draft = house.directive(number(preview(seat, deadline="2026-02-08T16:30")))
    assert draft.deadline_at is not None
    assert f"{house.context.local(draft.deadline_at):%H:%M}" == "16:30"


def test_a_draft_is_its_authors_alone_until_it_is_sent(house: House) -> None:
    seat, deputy = house.seat(LEAD), house.seat(DEPUTY)
    address = preview(seat)
    assert deputy.get(address).status_code == 404
    for act in ("go", "stop", "approve"):
        assert deputy.send(f"{address}/{act}").status_code == 404
    assert deputy.get(f"/console/directive/new?from={number(address)}").status_code == 404
    seat.send(f"{address}/go")
    assert deputy.get(address).status_code == 200
    assert deputy.send(f"{address}/stop").status_code == 404  # neither author nor confirmer


def test_every_look_at_a_text_is_written_down(house: House) -> None:
    seat = house.seat(LEAD)
    address = preview(seat)
    before = len(house.audited())
    seat.get(address)
    assert house.audited()[before:] == [(house.person(LEAD).id, "read", f"directive {number(address)}", "ok")]
    with house.parts.store.read() as work:
        assert work.audit.verify()[2] is None


def test_a_cancel_is_shown_with_what_it_cancels(house: House) -> None:
    seat = house.seat(LEAD)
    address = preview(seat)
    seat.send(f"{address}/go")
    house.tick(seconds=61)
    with house.parts.database.begin() as connection:  # had nothing gone out, nothing would be called off
        connection.exec_driver_sql("UPDATE delivery SET state = 'sent'")
    seat.send(f"{address}/stop")
    house.tick(seconds=1)
    notice = seat.get(f"/console/directive/{number(address) + 1}").text
    assert f'<a href="{address}">{house.directive(number(address)).code}</a> 的取消' in notice
    assert "作废…" not in notice
