"""From letters to calls: batches, parts, budgets, and texts cut where nobody notices."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from outbox_letters import NOW, card, people, post, relay, robot, word

from handlers.domain.delivery import (
    Card,
    CloseCard,
    CloseClicked,
    File,
    Letter,
    Markdown,
    Picture,
    Purpose,
    Recall,
    Recipient,
    Text,
    budget,
    parcels,
)
from handlers.domain.limits import STANDARD
from handlers.domain.message import Channel
from handlers.domain.text_parts import clip, clip_bytes, clusters, split


def test_one_text_to_many_is_one_call_a_thousand() -> None:
    drafts = parcels(card(people(1401)))
    assert [len(draft.to) for draft in drafts] == [1000, 401]
    assert [len(draft.body["to"]) for draft in drafts] == [1000, 401]
    assert {draft.endpoint for draft in drafts} == {"message/send"}


def test_a_group_post_is_a_call_each_and_counts_its_members() -> None:
    letter = replace(post("c1"), to=(Recipient("c1", people=30), Recipient("c2", people=12)))
    assert [(draft.target, draft.people) for draft in parcels(letter)] == [("c1", 30), ("c2", 12)]


def test_somebody_named_twice_is_named_once_on_the_wire() -> None:
    twice = card((Recipient("u1", node_id=1), Recipient("u1", node_id=2)))
    (draft,) = parcels(twice)
    assert draft.body["to"] == ["u1"]
    assert len(draft.to) == 2


def test_nobody_to_send_to_is_no_call() -> None:
    assert parcels(card(())) == ()


def test_a_long_text_goes_in_parts_one_after_the_other() -> None:
    drafts = parcels(word("u1", "各网格注意。" * 300))
    assert [draft.follows for draft in drafts] == [False] + [True] * (len(drafts) - 1)
    assert len(drafts) == 3
    assert drafts[0].body["text"].startswith("(1/3)")
    assert all(len(draft.body["text"].encode()) <= 2048 for draft in drafts)


def test_a_card_whose_words_do_not_fit_brings_them_as_text_first() -> None:
    long = card(people(2))
    assert isinstance(long.content, Card)
    drafts = parcels(replace(long, content=replace(long.content, body="逐户排查。" * 40)))
    assert [draft.body["kind"] for draft in drafts] == ["text", "card"]
    assert drafts[1].follows


def test_a_group_gets_a_cards_words() -> None:
    letter = replace(card((Recipient("c1"),)), channel=Channel.APPCHAT)
    (draft,) = parcels(letter)
    assert draft.body["kind"] == "text"
    assert draft.body["text"] == "排查外来人员\n今天17点前报人数"


def test_what_somebody_typed_calls_nobody_in_a_group() -> None:
    (draft,) = parcels(post("c1", text="<@all> 看这里"))
    assert draft.body["text"] == "＜@all> 看这里"
    assert parcels(word("u1", "<@all>"))[0].body["text"] == "<@all>"  # means nothing there


def test_a_robots_key_stands_nowhere_but_in_the_sealed_body() -> None:
    (draft,) = parcels(robot())
    assert draft.target is not None
    assert "secret" not in draft.target
    assert draft.body["to"] == ["a-robots-secret-key"]


def test_a_bot_answers_once_so_its_text_is_cut_and_not_split() -> None:
    url = "https://platform.invalid/cgi-bin/aibot/response?response_code=RC"
    letter = Letter(Purpose.REPLY, Channel.AIBOT, Text("好" * 9000), (Recipient("wrk1"),), NOW, endpoint=url)
    (draft,) = parcels(letter)
    assert len(draft.body["text"].encode()) <= 20_480
    assert draft.body["text"].endswith("…")
    assert draft.body["url"] == url
    with pytest.raises(ValueError, match="no other way"):
        parcels(replace(letter, endpoint=None))


@pytest.mark.parametrize("content", [Picture("/x.png"), File("/x.xlsx", "日报.xlsx")])
def test_a_bot_sends_no_files(content: Picture | File) -> None:
    letter = Letter(Purpose.POST, Channel.AIBOT, content, (Recipient("wrk1"),), NOW, endpoint="https://x.invalid/y")
    with pytest.raises(ValueError, match="cannot send"):
        parcels(letter)


def test_taking_back_and_greying_refer_to_a_parcel() -> None:
    take_back = Letter(Purpose.RECALL, Channel.WECOM_APP, Recall(12), (), NOW)
    grey = Letter(Purpose.UPDATE_CARD, Channel.WECOM_APP, CloseCard(12, "已截止"), (), NOW)
    pressed = Letter(Purpose.UPDATE_CARD, Channel.WECOM_APP, CloseClicked("RC", ("u1",), "已收到"), (), NOW)
    drafts = [parcels(letter)[0] for letter in (take_back, grey, pressed)]
    assert [(draft.endpoint, draft.refers_to) for draft in drafts] == [
        ("message/recall", 12),
        ("message/update_template_card", 12),
        ("message/update_template_card", None),
    ]


def test_markdown_is_allowed_more_by_a_robot() -> None:
    text = Markdown("**表**\n" + "行\n" * 800)
    lengths = {
        channel: len(parcels(Letter(Purpose.POST, channel, text, (Recipient("c"),), NOW)))
        for channel in (Channel.APPCHAT, Channel.GROUP_ROBOT)
    }
    assert lengths == {Channel.APPCHAT: 2, Channel.GROUP_ROBOT: 1}


def test_what_a_county_costs() -> None:
    letters = [card(people(1401))]
    letters += [post(f"c{n}", members=6) for n in range(344)]
    letters += [relay(f"u{n}", "7K", person_id=n) for n in range(1085)]
    cost = budget(letters)
    assert cost.calls == 2 + 344 + 1085
    assert cost.person_times == 1401 + 344 * 6 + 1085
    assert cost.by_endpoint == {"message/send": 1087, "appchat/send": 344}
    assert cost.seconds < 10


def test_too_much_for_one_person_takes_the_time_it_takes() -> None:
    cost = budget([word("u1", f"第{n}条") for n in range(41)])
    assert cost.seconds == 2 * 60  # 9 at once, then 16 a minute


def test_every_limit_stays_below_the_platforms() -> None:
    assert all(limit.most < limit.allowed for limit in STANDARD)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.floats(0, 3), st.integers(1, 4)), min_size=1, max_size=300),
    st.sampled_from([limit for limit in STANDARD if limit.scope in ("member", "robot", "bot")]),
)
def test_no_stretch_of_a_minute_holds_more_than_the_limit(asks: list[tuple[float, int]], limit: object) -> None:
    """Whoever asks, as fast as he likes: what passes in any window stays below the platform's number."""
    assert isinstance(limit, type(STANDARD[0]))
    now, free_at, passed = 1000.0, 0.0, []
    for rest, tries in asks:
        now += rest
        for _ in range(tries):
            if limit.wait_s(free_at, now, 1) == 0:
                free_at = limit.spend(free_at, now, 1)
                passed.append(now)
    for start in passed:
        assert sum(start <= at < start + limit.per_s for at in passed) <= limit.allowed


def test_a_delay_moves_a_letter_and_nothing_else() -> None:
    later = replace(word("u1"), due_at=NOW + timedelta(hours=8))
    assert parcels(later)[0].due_at == NOW + timedelta(hours=8)


_TEXT = st.text(
    st.one_of(
        st.characters(codec="utf-8"),
        st.sampled_from("一二。,\n\r👨‍👩‍👧🏽🇨🇳é각ᄀ\u0301\u200d\ufe0f"),
    ),
    max_size=900,
)


@settings(max_examples=150, deadline=None)
@given(_TEXT, st.integers(24, 2048))
def test_parts_fit_and_lose_nothing(text: str, limit: int) -> None:
    parts = split(text, limit)
    assert all(len(part.encode()) <= limit for part in parts)
    if len(parts) == 1:
        assert parts == (text,)
    else:
        unnumbered = [part.removeprefix(f"({n}/{len(parts)})") for n, part in enumerate(parts, 1)]
        assert "".join(unnumbered) == text


@settings(max_examples=150, deadline=None)
@given(_TEXT)
def test_clusters_are_the_text(text: str) -> None:
    assert "".join(clusters(text)) == text


@pytest.mark.parametrize("whole", ["👨‍👩‍👧", "🇨🇳", "👍🏽", "é", "각", "1️⃣", "\r\n", "🏴󠁧󠁢󠁥󠁮󠁧󠁿"])
def test_what_a_reader_sees_as_one_sign_stays_one(whole: str) -> None:
    assert list(clusters(f"好{whole}好")) == ["好", whole, "好"]
    for room in range(36, 52):
        parts = split("雨" * 7 + whole * 4, room)
        assert sum(part.count(whole) for part in parts) == 4


def test_two_flags_are_two_signs() -> None:
    assert list(clusters("🇨🇳🇨🇳")) == ["🇨🇳", "🇨🇳"]


def test_a_text_is_cut_after_a_line_or_a_sentence() -> None:
    assert split("第一行到此\n第二行较短\n第三行", 40) == ("(1/2)第一行到此\n第二行较短\n", "(2/2)第三行")
    assert split("先登记。再上报。后复核", 30) == ("(1/2)先登记。再上报。", "(2/2)后复核")


def test_clipping_keeps_the_start() -> None:
    assert clip("排查低洼户并回报人数", 6) == "排查低洼户…"
    assert clip_bytes("排查低洼户", 12) == "排查低…"
    assert clip("短", 6) == "短"
