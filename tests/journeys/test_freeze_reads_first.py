"""The freeze reads first what was received before its hour, however many and however late; it waits for nobody long."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from talking import LEAD, WAR, WORKER
from town import Town

from handlers.domain.freeze import READ_FIRST_FOR, SETTLES_AFTER
from handlers.freeze_day import with_corrections
from store.inbox import row

pytestmark = pytest.mark.long

DAY = date(2026, 2, 8)
HOUR = datetime(2026, 2, 8, 8, 0, tzinfo=UTC)  # 16:00 in the county
GRIDS = [f"yt_105204_0{n}" for n in range(2, 6)]


@pytest.fixture
def eve(tmp_path: Path) -> Iterator[Town]:
    """The town at one minute to four, at war."""
    made = Town(tmp_path, start=HOUR - timedelta(minutes=1))
    made.say(LEAD, WAR)
    yield made
    made.close()


def put_in(town: Town, userid: str, text: str) -> None:
    """Somebody says something and the platform has its 200; nobody has read it yet."""
    act = {"kind": "member_text", "to": "app", "userid": userid, "text": text, "wait": True}
    assert town._control("act", act)["callback"]["status"] == 200


def pass_by(town: Town, **span: float) -> None:
    """Time passes and nothing is done."""
    moved = timedelta(**span).total_seconds()
    town.clock.offset_s += moved
    town._control("clock", {"advance_s": moved})


def frozen(town: Town) -> dict[str, Any] | None:
    """The township's figures of the day by metric, as frozen; None before the freeze."""
    node = town.parts.counties.context().tree.by_code("350125105")
    with town.parts.store.read() as work:
        kept = work.dailies.get(node.id, DAY)
    return None if kept is None else {line[1]: line[5] and line[5][0] for line in kept["lines"]}


def changed(town: Town) -> list[tuple[str, Any, Any]]:
    """What changed in the township's figures since the freeze: (metric, as frozen, as it is now)."""
    context = town.parts.counties.context()
    node = context.tree.by_code("350125105")
    with town.parts.store.read() as work:
        rows = with_corrections(work.dailies.get(node.id, DAY), node.id, work, context).corrections
    return [(row.metric, row.old, row.new) for row in rows]


def fill(town: Town, count: int, *, body: str = "<xml><MsgType>event</MsgType></xml>", name: str = "filler") -> None:
    """As many rows more in the inbox, received now: what a burst leaves before ours."""
    now, who = town.clock.now(), "yt_104003_02"
    early = now - timedelta(seconds=30)
    with town.parts.store.begin() as work:
        work.inbox.insert(
            [row(f"{name}{n}", "wecom_app", "other", who, None, body.encode(), early, now) for n in range(count)]
        )


def test_a_burst_just_before_the_hour_is_in_the_paper(eve: Town) -> None:
    fill(eve, 450)  # more than is read in one go
    for number, worker in enumerate(GRIDS, 1):
        put_in(eve, worker, f"今天敲门{number}0 隔离{number}户 发热0")
    pass_by(eve, seconds=70)
    eve.parts.ticks.run()
    assert frozen(eve) is None, "the paper waits for what came before its hour"
    eve.work()
    assert frozen(eve)["isolated_households"] == 10
    assert changed(eve) == []
    for worker in GRIDS:
        assert "冻结" not in eve.heard(worker)[-1], "it is in the paper: no correction"


def test_what_is_said_after_the_hour_is_a_correction_even_when_it_is_read_before_the_paper_is_made(eve: Town) -> None:
    eve.say(WORKER, "今天敲门10 隔离1户 发热0")
    put_in(eve, GRIDS[1], "今天敲门20 隔离2户 发热0")
    pass_by(eve, seconds=70)
    eve.parts.ticks.run()
    put_in(eve, WORKER, "隔离改4")
    put_in(eve, GRIDS[2], "今天敲门30 隔离5户 发热0")
    eve.work()
    assert frozen(eve)["isolated_households"] == 3
    assert changed(eve) == [("在管", 3, 11), ("走访", 30, 60)]
    assert "今天16:00已冻结" in eve.heard(WORKER)[-1]


def test_a_message_that_cannot_be_read_holds_up_nobody(eve: Town) -> None:
    fill(eve, 1, body="neither this nor that", name="poison")
    put_in(eve, WORKER, "今天敲门10 隔离1户 发热0")
    pass_by(eve, seconds=70)
    eve.work()
    assert frozen(eve)["isolated_households"] == 1


def test_when_nobody_reads_the_paper_waits_its_minutes_and_no_longer(eve: Town) -> None:
    put_in(eve, WORKER, "今天敲门10 隔离1户 发热0")
    pass_by(eve, seconds=70)
    eve.parts.ticks.run()
    assert frozen(eve) is None
    pass_by(eve, seconds=READ_FIRST_FOR.total_seconds() + 1)
    eve.parts.ticks.run()
    assert frozen(eve) is not None
    assert frozen(eve).get("isolated_households") is None, "what nobody read is not known"
    with eve.parts.store.read() as work:
        assert [kind for _, kind, *_ in work.alarms.open()].count("unread_at_freeze") == 1
    eve.work()
    assert "今天16:00已冻结" in eve.heard(WORKER)[-1], "too late for the paper after all, and told so"


@pytest.mark.parametrize("begun", [False, True], ids=["nobody ticked at the hour", "killed while it waited"])
def test_a_tick_that_comes_late_reads_first_too(eve: Town, begun: bool) -> None:
    put_in(eve, WORKER, "今天敲门10 隔离1户 发热0")
    pass_by(eve, seconds=70)
    if begun:
        eve.parts.ticks.run()
    pass_by(eve, hours=1)
    eve.parts.ticks.run()
    assert frozen(eve) is None
    eve.work()
    assert frozen(eve)["isolated_households"] == 1
    assert changed(eve) == []


def test_what_a_door_has_just_taken_is_waited_for(eve: Town) -> None:
    eve.say(WORKER, "今天敲门10 隔离1户 发热0")
    pass_by(eve, seconds=(HOUR - eve.clock.now()).total_seconds() + 0.05)
    eve.parts.ticks.run()
    assert frozen(eve) is None
    eve.forward(seconds=SETTLES_AFTER.total_seconds())
    assert frozen(eve) is not None
