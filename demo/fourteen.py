"""One household through fourteen days of isolation on a fast clock, typed and heard on the far side.

Told first, asked once a day, missed one day and called, stood in for and looked in on, let be after five quiet days,
the stay lengthened and ended by written decisions: nobody is asked twice, and nothing ends by itself.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

from bot.outgoing import pump
from bot.parts import Parts
from demo.doors import Doors
from demo.far import words
from demo.player import Player, indent, title
from standin.residents import Resident

DAYS = 14
PAPER = "机关 样例县防指 文号 样防〔2026〕{n}号 依据 传染病防治法第三十九条 申诉 12345"
PATIENCE_S = 20.0
CLOCK_SEEN_S = 0.12  # a process looks at the clock's file that often


def bind(parts: Parts, doors: Doors) -> None:
    """Let the isolated person's address be known, as after they scanned the code on their door."""
    context = parts.counties.context()
    node = context.tree.by_code(doors.stays_code)
    assert node is not None
    address = Resident(doors.stays_name, doors.stays_name).external_userid(parts.settings.wecom_corp_id)
    with parts.store.begin() as work:
        own = next(c for c in work.households.contacts(node.id, context.day) if c.name == doors.stays_who)
        work.households.bind_address(own.id, "kf", address, parts.clock.now())


class Fourteen:
    """The days of one household. *rest* is called with each day's number, so that somebody can look on."""

    def __init__(
        self, player: Player, parts: Parts, doors: Doors, rest: Callable[[int], None] = lambda _: None
    ) -> None:
        self.p, self.far, self.cast, self.parts, self.doors = player, player.far, player.cast, parts, doors
        self._rest, self._read = rest, 0
        self.lead = self.cast.lead
        tree = parts.counties.context().tree
        node = tree.by_code(doors.stays_code)
        assert node is not None
        grid = tree.parent(node.id)
        self.worker = next(row for row in self.cast.workers if row.node_id == grid)
        self.door, self.zone = node.name, parts.counties.county.tz

    # -- people --------------------------------------------------------------------------------------------------------

    def says(self, text: str) -> None:
        """The resident writes."""
        print(f"  住户({self.doors.stays_name})在微信客服:{text}")
        self._act("resident_kf_text", text=text)

    def _act(self, kind: str, **given: Any) -> None:
        self.far.control("act", {"kind": kind, "resident": self.doors.stays_name, "wait": True, **given})
        self.settle()

    def hears(self, holds: str) -> str:
        """Print what came to the resident's phone; AssertionError when it did not."""
        said, until = self._new(), time.monotonic() + PATIENCE_S
        while not (found := next((one for one in reversed(said) if holds in one), None)):
            if time.monotonic() > until:
                raise AssertionError(f"住户没收到「{holds}」:{said}")
            self.settle()
            said += self._new()
        print(f"    → 住户手机:{indent(found)}")
        return found

    def hears_nothing(self) -> None:
        """Make sure that nobody asked."""
        if said := self._new():
            raise AssertionError(f"不该问的问了:{said}")

    def _new(self) -> list[str]:
        messages = self.far.control(f"phone?resident={quote(self.doors.stays_name)}")["messages"]
        said = [words(m) for m in messages if m["from"]["kind"] != "resident"]
        new, self._read = said[self._read :], len(said)
        return new

    def board(self) -> None:
        """Print what the gridworker has to do, and what the village owes."""
        self.p.says(self.worker, "今天")
        self.settle()
        self.p.hears(self.worker, "今天")

    # -- time ----------------------------------------------------------------------------------------------------------

    def settle(self) -> None:
        """Have everything done that is due by the clock as it is now."""
        time.sleep(CLOCK_SEEN_S)
        pump(self.parts)

    def to(self, hour: int, minute: int, days: int = 0) -> None:
        """Move the clock of both sides to a local time."""
        now = datetime.fromtimestamp(self.far.now(), UTC).astimezone(self.zone)
        goal = now.replace(hour=hour, minute=minute, second=0) + timedelta(days=days)
        self.far.forward((goal - now).total_seconds())
        self.settle()

    # -- the days ------------------------------------------------------------------------------------------------------

    def play(self) -> None:
        """Play all fifteen mornings, day 0 to day 14."""
        title("一户人家的十四天:先告知本人,一天一问,没回有人打电话,五天没事就不多问")
        self.p.says(self.lead, "平时")
        self.p.hears(self.lead, "平时")
        self._act("resident_scan", qr=self.doors.stays_kf)
        self._new()
        self.says("你好")
        self._new()
        self.enters("隔离 {door} {who} 从{0} 到{1}", 2, 0, 12)
        self.hears("【告知】")
        self.p.hears(self.worker, "【照看】")
        for day in range(1, DAYS + 1):
            self._rest(day)
            self.to(9, 25, days=1)
            print(f"  —— 第{day}天 {self.local():%m月%d日} 9:25")
            special = {2: self.missed, 9: self.lengthened, DAYS: self.ended}.get(day)
            special() if special else self.morning(day)

    def local(self) -> datetime:
        return datetime.fromtimestamp(self.far.now(), UTC).astimezone(self.zone)

    def enters(self, text: str, number: int, *days: int) -> None:
        """The lead enters a written decision."""
        today = self.local().date()
        named = [f"{one.month}月{one.day}日" for one in (today + timedelta(days=n) for n in days)]
        said = text.format(*named, door=self.doors.stays_code, who=self.doors.stays_who)
        self.p.says(self.lead, f"{said} {PAPER.format(n=number)}")
        self.settle()
        self.p.hears(self.lead, "记:")

    def morning(self, day: int) -> None:
        """Asked and answered, in words of their own; after five quiet days nobody asks."""
        if day >= 6:
            self.hears_nothing()
            print("  (没事不用回:今天没有问)")
            if day == 8:
                self.says("要白菜2 鸡蛋一板")
                self.hears("白菜")
            return
        self.hears("今天体温?")
        self.to(9, 32)
        self.says({1: "36.4", 3: "三十六度五", 4: "好着呢"}.get(day, "36.6"))
        self.hears("没事不用回" if day == 5 else "记:")
        if day == 1:
            self.p.says(self.lead, "隔离名单")
            self.p.hears(self.lead, "第1天")

    def missed(self) -> None:
        """No answer is not a fault: called, then somebody else, then the village doctor looks in."""
        self.hears("今天体温?")
        self.to(10, 30)
        self.p.hears(self.worker, "【打电话")
        self.board()
        self.to(11, 35)
        self.to(12, 40)
        self.p.hears(self.cast.doctor, "【上门看看】")
        self.p.says(self.cast.doctor, f"{self.door} 上门了 36.5 没事")
        self.settle()
        self.p.hears(self.cast.doctor, "上门✔")

    def lengthened(self) -> None:
        """Lengthened by a written decision, and the person hears first."""
        self.hears_nothing()
        self.enters("延长隔离1 到{0}", 5, DAYS - 9)
        self.hears("延长")
        self.p.hears(self.worker, "隔离延长")

    def ended(self) -> None:
        """Ended by a written decision only; the last word they said is days ago, so somebody reads it to them first."""
        self.hears_nothing()
        self.enters("解除隔离1", 9)
        self.p.hears(self.worker, "【先告知1】")
        self.p.says(self.worker, "已告知1")
        self.settle()
        self.p.hears(self.worker, "隔离解除")
