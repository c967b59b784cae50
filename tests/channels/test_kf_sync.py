"""Hearing residents in 微信客服: everything once, in order, whatever fails on the way."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from resident_rig import KF, ResidentRig, resident_seed

from bot.channels import kf_sync
from bot.channels.envelope import read_json
from bot.process import inbound_of
from store.cipher import FieldCipher
from store.kf_pull import LEASE
from store.messages import Kept

H = 3600


def say(town: ResidentRig, *words: str, resident: str = "door") -> None:
    for text in words:
        town.act("resident_kf_text", resident, text=text)


def texts(town: ResidentRig) -> list[str]:
    """What lies in the inbox, as somebody would read it later."""
    with town.store.begin() as work:
        ids = work.inbox.due(town.now() + timedelta(days=1), 5000)
        kept = [work.inbox.take(id_) for id_ in sorted(ids)]
        found = [inbound_of(one) for one in kept if isinstance(one, Kept)]
        work.connection.exec_driver_sql("UPDATE inbox SET state = 'new'")
    return [one.text for one in found]


def pull(town: ResidentRig) -> dict[str, Any]:
    with town.database.read() as connection:
        return dict(connection.exec_driver_sql("SELECT * FROM kf_pull").mappings().one())


def hint(town: ResidentRig, token: str | None = None) -> None:
    with town.store.begin() as work:
        work.pulls.ask(KF, token, town.now())


def test_the_first_start_reads_what_there_is(town_on_both: ResidentRig) -> None:
    town = town_on_both
    say(town, "早", "在吗")
    assert town.kf.run() == 2
    assert texts(town) == ["早", "在吗"]
    assert [row[1:] for row in town.inbox()] == [("kf", "text"), ("kf", "text")]
    assert town.kf.run() == 0
    assert town.calls("kf/sync_msg") == 1, "nothing is due"


def test_who_said_it_stands_in_the_message_alone(town: ResidentRig) -> None:
    say(town, "早")
    town.kf.run()
    with town.database.read() as connection:
        sender = connection.exec_driver_sql("SELECT sender FROM inbox").scalar_one()
    assert sender.startswith("kf:")
    with town.store.begin() as work:
        kept = work.inbox.take(work.inbox.due(town.now())[0])
    assert kept is not None
    assert inbound_of(kept).sender == town.site.world.residents["door"].external_userid("wwtest0a1b2c3d4e5f")


@pytest.mark.parametrize("empty", [False, True])
def test_pages_are_read_to_the_end(town: ResidentRig, empty: bool) -> None:
    town.site.plant(resident_seed(kf=[{"open_kfid": KF, "page": 3, "empty_pages": empty}]))
    say(town, *(f"第{n}句" for n in range(10)))
    assert town.kf.run() == 10
    assert texts(town) == [f"第{n}句" for n in range(10)]


def test_a_hint_pulls_at_once_and_without_one_five_minutes_are_enough(town: ResidentRig) -> None:
    town.kf.run()
    say(town, "甲")
    assert town.kf.run() == 0
    hint(town)
    assert town.kf.run() == 1
    say(town, "乙")
    town.forward(301)
    assert town.kf.run() == 1


def test_the_callback_s_token_goes_along_while_it_is_young(town: ResidentRig) -> None:
    say(town, "甲")
    token = next(iter(town.site.world.kf[KF].tokens))
    hint(town, token)
    town.kf.run()
    assert town.asked("kf/sync_msg")[-1]["token"]
    town.forward(600)
    hint(town)
    town.kf.run()
    assert "token" not in town.asked("kf/sync_msg")[-1]


def test_a_token_that_is_refused_is_left_out(town: ResidentRig) -> None:
    say(town, "甲")
    hint(town, "KFTOKEN_OF_NOBODY")
    assert town.kf.run() == 1
    assert town.site.world.calls["/cgi-bin/kf/sync_msg"].errcodes == {"95007": 1}


def test_an_hour_away_loses_nothing_and_doubles_nothing(town_on_both: ResidentRig) -> None:
    town = town_on_both
    say(town, "前")
    town.kf.run()
    for n in range(60):
        town.forward(60)
        say(town, f"第{n}分")
    assert town.kf.run() == 60
    assert texts(town) == ["前", *(f"第{n}分" for n in range(60))]


def test_more_than_three_days_away_is_said(town: ResidentRig) -> None:
    say(town, "前")
    town.kf.run()
    town.forward(3 * 24 * H + 600)
    say(town, "后")
    assert town.kf.run() == 1
    assert "超过3天" in "".join(town.alarms())


def test_the_same_page_read_again_changes_nothing(town: ResidentRig) -> None:
    say(town, "甲", "乙")
    town.kf.run()
    with town.database.begin() as connection:
        connection.exec_driver_sql("UPDATE kf_pull SET cursor = ''")
    hint(town)
    town.kf.run()
    assert texts(town) == ["甲", "乙"]


@pytest.mark.parametrize("kind", ["timeout", "reset", "http_502", "html_200", "truncated_json", "busy", "concurrency"])
def test_a_failed_pull_comes_again(town: ResidentRig, kind: str) -> None:
    say(town, "甲")
    town.fault(kind, "kf/sync_msg", nth=1, seconds=0.2)
    assert town.kf.run() == 0
    town.forward(70)
    assert town.kf.run() == 1
    assert (texts(town), pull(town)["failures"]) == (["甲"], 0)
    assert town.alarms() == []


def test_a_refused_account_is_alarmed_and_not_stormed(town: ResidentRig) -> None:
    town.fault("err", "kf/sync_msg", code=95011)
    for _ in range(30):
        town.kf.run()
        town.forward(10)
    assert town.calls("kf/sync_msg") <= 5
    assert "95011" in "".join(town.alarms())


def test_a_cursor_the_platform_does_not_take_is_given_up(town: ResidentRig) -> None:
    say(town, "甲")
    town.kf.run()
    with town.database.begin() as connection:
        connection.exec_driver_sql("UPDATE kf_pull SET cursor = 'made up'")
    say(town, "乙")
    hint(town)
    assert town.kf.run() == 0
    town.forward(70)
    assert town.kf.run() == 2
    assert texts(town) == ["甲", "乙"]
    assert "40058" in "".join(town.alarms())


def test_two_at_once_pull_each_thing_once(town_on_both: ResidentRig) -> None:
    town = town_on_both
    town.site.plant(resident_seed(kf=[{"open_kfid": KF, "page": 2}]))
    say(town, *(f"第{n}句" for n in range(12)))
    town.tokens.get()
    hint(town)
    others = [town.puller(f"p{n}") for n in range(4)]
    came: list[int] = []
    threads = [threading.Thread(target=lambda one=one: came.append(one.run())) for one in others]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(came) == [0, 0, 0, 12]
    assert town.calls("kf/sync_msg") == 6
    assert texts(town) == [f"第{n}句" for n in range(12)]


def test_a_hint_during_a_pull_is_not_forgotten(town: ResidentRig, monkeypatch: pytest.MonkeyPatch) -> None:
    say(town, "甲")
    page = town.kf._page

    def meanwhile(*given: Any) -> Any:
        found = page(*given)
        if not texts_later:
            texts_later.append("乙")
            say(town, "乙")
            hint(town)
        return found

    texts_later: list[str] = []
    monkeypatch.setattr(town.kf, "_page", meanwhile)
    assert (town.kf.run(), town.kf.run()) == (1, 1)


def test_whoever_was_held_up_moves_no_cursor(town: ResidentRig) -> None:
    say(town, "甲")
    hint(town)
    with town.store.begin() as work:
        late = work.pulls.lease(KF, "late/1", town.now())
    assert late is not None
    assert town.kf.run() == 0, "it is leased"
    town.forward(LEASE.total_seconds() + 1)
    assert town.kf.run() == 1
    with town.store.begin() as work:
        assert not work.pulls.advance(KF, "late/1", "an old place", town.now())
    assert pull(town)["cursor"] != "an old place"


def test_what_a_dead_process_was_pulling_is_due_again(town: ResidentRig) -> None:
    say(town, "甲")
    hint(town)
    with town.store.begin() as work:
        work.pulls.lease(KF, "dead/1", town.now())
        assert work.pulls.abandon("other", town.now()) == 0
        assert work.pulls.abandon("dead", town.now()) == 1
    assert town.kf.run() == 1


def test_what_cannot_be_read_again_is_cleaned_and_kept() -> None:
    item = {
        "msgid": "m1",
        "send_time": 1_795_000_000,
        "origin": 3,
        "msgtype": "text",
        "open_kfid": KF,
        "external_userid": "wm1",
        "text": {"content": "你\x0b好\x00"},
    }
    row = kf_sync._row(item, datetime.now(UTC))
    assert row is not None
    assert read_json(FieldCipher.current().open(row.body))["text"]["content"] == "你好"


@pytest.mark.parametrize("item", [{}, {"msgid": 7}, {"msgid": "m"}, {"msgid": "m", "send_time": "now"}])
def test_what_has_no_id_is_not_made_up(item: dict[str, Any]) -> None:
    assert kf_sync._row(item, datetime.now(UTC)) is None
