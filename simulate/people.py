"""The people of a simulation: they see what comes to their phones and do something about it after a while.

What somebody does is drawn from the seed, who they are and what they saw, never from the order things came in.
"""

import heapq
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from simulate.county import County, Home
from simulate.far import Far
from simulate.ledger import Ledger, slot_of
from standin.world import Message

ANSWERS = ("36.{n}", "好着呢", "三十六度{n}", "没事", "都好", "36.{n} 没咳嗽")
ILL = ("没发烧 就是嗓子疼", "37.8", "有点咳嗽")
_DIGITS = "零一二三四五六七八九"
_LINE = re.compile(r"[①-⑳\d.]*?(\S+?) \S+:(\d{11}|没有留电话)")
_LISTED = "随时回「今天」再看"
_PLEASE_TELL = "说了回话里带「说过了」"
_TELL = re.compile(r"【先告知(\d+)】(\S+) ")
_VISIT = re.compile(r"【上门看看】(\S+?):")
_CARE = re.compile(r"【待看(\d+)")
_ORDER = re.compile(r"D-\d+")
_ENTERED = re.compile(r"记:隔离(\d+)号 (\S+) ")
_SUM = re.compile(r"今天 \d+/\d+网格已报")
_COUNTED = re.compile(r"回执 ?(\d+)/")


@dataclass(order=True)
class Act:
    """Something somebody does: `kind` kf (a resident writes), say (a member to the app) or press (a card)."""

    at: float
    who: str
    text: str
    kind: str = field(compare=False)
    card: Message | None = field(default=None, compare=False)
    menu: dict[str, str] | None = field(default=None, compare=False)
    soon: bool = field(default=False, compare=False)


class People:
    """Everybody who takes part, with what they are going to do."""

    def __init__(
        self, county: County, far: Far, ledger: Ledger, seed: int, war: Callable[[], bool], zone: object
    ) -> None:
        self.county, self._far, self.ledger, self._seed, self._war, self._zone = county, far, ledger, seed, war, zone
        self._agenda: list[Act] = []
        self._by_number = {home.number: home for home in county.homes.values()}
        self._by_path = {home.path: home for home in county.homes.values()}
        self.episodes: dict[str, int] = {}
        self.staff = sorted({row.userid for rows in county.workers.values() for row in rows})
        self._leads = {userid: town for town, userid in county.leads.items()}
        self._phones = sorted(key for key in far.site.world.members if key)
        self.orders: dict[str, str] = {}
        self._last_said: dict[str, bool] = {}
        self._calling: dict[tuple[str, str], tuple[Home, bool]] = {}

    # -- time ----------------------------------------------------------------------------------------------------------

    def dice(self, *what: object) -> random.Random:
        return random.Random("|".join(map(str, (self._seed, *what))))

    def local(self) -> datetime:
        return datetime.fromtimestamp(self._far.clock.at, self._zone)  # type: ignore[arg-type]

    def will(self, kind: str, who: str, text: str, minutes: float, **more: object) -> None:
        """Put it on the agenda."""
        heapq.heappush(self._agenda, Act(self._far.clock.at + minutes * 60, who, text, kind, **more))  # type: ignore[arg-type]

    def next_soon(self) -> float | None:
        """Return when somebody does what cannot wait for the next step, None when nobody does."""
        return min((act.at for act in self._agenda if act.soon), default=None)

    def due(self) -> Iterator[Act]:
        """Yield what is done by now, in order."""
        while self._agenda and self._agenda[0].at <= self._far.clock.at:
            yield heapq.heappop(self._agenda)

    # -- looking -------------------------------------------------------------------------------------------------------

    def look(self) -> None:
        """Everybody looks at what came."""
        for code, home in self.county.homes.items():
            if home.wechat:
                for message in self._far.news(f"resident/{code}"):
                    self.ledger.saw(message.at, code, message.text)
                    self._resident(home, message)
        for userid in self._phones:
            for message in self._far.news(userid):
                self.ledger.saw(message.at, userid, message.text)
                self._member(userid, message)
        for town, chat in self.county.groups.items():
            for message in self._far.posts(chat):
                self.ledger.saw(message.at, chat, message.text)
                self._posted(town, message)

    def _resident(self, home: Home, message: Message) -> None:
        text, local, ledger = message.text, self.local(), self.ledger
        if "解除。" in text and text.startswith("【告知】"):
            ledger.ended.setdefault(home.code, local)
        elif text.startswith("【告知】"):
            ledger.told.setdefault(home.code, local)
        elif "今天体温?" in text:
            self._asked(home, local, message)
        elif text.startswith(("记:", "记到", "又记一次")):
            ledger.answers += 1
            ledger.quiet[home.code].answered(local, self._last_said.get(home.code, True), self._war())

    def _asked(self, home: Home, local: datetime, message: Message) -> None:
        slot = slot_of(local, self._war())
        if slot is None:
            raise AssertionError(f"asked outside any round: {local}")
        self.ledger.asked[home.code, local.date(), slot] += 1
        dice = self.dice(home.code, local.date(), slot)
        fate = dice.random()
        if fate < 0.08:
            return  # no answer is not a fault
        if fate < 0.11:
            self.will("kf", home.code, dice.choice(ILL), dice.uniform(5, 50))
        elif fate < 0.35:
            click = next(item["click"] for item in message.body["list"] if item["type"] == "click")
            self.will("kf", home.code, click["content"], dice.uniform(5, 50), menu=click)
        else:
            n = dice.randint(1, 8)
            words = dice.choice(ANSWERS)
            said = words.format(n=_DIGITS[n] if "三" in words else n)
            self.will("kf", home.code, said, dice.uniform(5, 50))

    def _member(self, userid: str, message: Message) -> None:
        text = message.text
        if message.msgtype == "template_card":
            self._card(userid, message)
        elif text.startswith("【打电话"):
            self._calls(userid, text)
        elif _LISTED in text:
            self.ledger.listed[userid, self.local().date()] += 1
        elif told := _TELL.search(text):
            dice = self.dice("tell", told[1], userid)
            self.will("say", userid, f"已告知{told[1]}", dice.uniform(5, 30))
            self._calling[userid, f"tell{told[1]}"] = (self._by_path[told[2]], "解除。" in text)
        elif visit := _VISIT.search(text):
            self._visit(userid, visit[1])
        elif care := _CARE.search(text):
            self.will("say", userid, f"接{care[1]}", 10)
            self.will("say", userid, f"{care[1]} 办好了", 40)
        elif entered := _ENTERED.search(text):
            self.episodes[self._by_path[entered[2]].code] = int(entered[1])
        elif userid in self._leads or userid == self.county.county_lead:
            self._lead(userid, text)
        else:
            self._heard_back(userid, text)

    def _heard_back(self, userid: str, text: str) -> None:
        """What a worker's word about a household was answered with."""
        if done := re.match(r"好,(\d+)号已记为", text):
            home, ended = self._calling.pop((userid, f"tell{done[1]}"), (None, False))
            if home is not None:
                known = self.ledger.ended if ended else self.ledger.told
                known.setdefault(home.code, self.local())
        elif done := re.match(r"记:(\S+) (?:电话|上门)✔", text):
            home, well = self._calling.pop((userid, done[1]), (None, True))
            if home is not None:
                told = "您也告诉他了" in text
                self.ledger.quiet[home.code].answered(self.local(), well, self._war(), told=told)
                self.ledger.answers += 1

    def _card(self, userid: str, message: Message) -> None:
        order = _ORDER.search(message.text)
        if order is None:
            return
        self.ledger.cards[order[0], userid] += 1
        dice = self.dice(order[0], userid)
        if dice.random() < 0.93:
            self.will("press", userid, order[0], dice.uniform(3, 40), card=message)
        else:
            self.will("say", userid, f"收到 {order[0]}", dice.uniform(40, 90))

    def _calls(self, userid: str, text: str) -> None:
        local = self.local()
        slot = slot_of(local, self._war())
        for line in text.splitlines()[1:-1]:
            found = _LINE.match(line)
            home = self._by_number.get(found[2]) if found else None
            if home is None or slot is None:
                continue
            self.ledger.reached.add((home.code, local.date(), slot))
            dice = self.dice("call", home.code, local.date(), slot, userid)
            fate, n = dice.random(), dice.randint(1, 8)
            if fate < 0.9:
                told = " 说过了" if _PLEASE_TELL in line and dice.random() < 0.7 else ""
                self.will("say", userid, f"{home.door} 打了 36.{n} 没事{told}", dice.uniform(10, 40))
                self._calling[userid, home.door] = (home, True)
                if told:
                    self.ledger.quiet[home.code].hears(local)
            elif fate < 0.96:
                self.will("say", userid, f"{home.door} 没人接", dice.uniform(10, 40))

    def _visit(self, userid: str, path: str) -> None:
        home, local = self._by_path.get(path), self.local()
        slot = slot_of(local, self._war())
        if home is None or slot is None:
            return
        self.ledger.reached.add((home.code, local.date(), slot))
        self.will("say", userid, f"{home.door} 上门了 没事", self.dice("visit", path, local.date()).uniform(20, 60))
        self._calling[userid, home.door] = (home, True)

    # -- leads ---------------------------------------------------------------------------------------------------------

    def _lead(self, userid: str, text: str) -> None:
        if "请重新说一遍" in text and userid in self.orders:  # the preview had its time while nobody ticked
            self.will("say", userid, self.orders[userid], 5)
        elif text.startswith("将发"):
            self.will("say", userid, "发", 1, soon=True)
        elif "秒后发出" in text:
            order = _ORDER.search(text)
            if order:
                town = self._leads[userid]
                self.ledger.owed[order[0]] = {row.userid for row in self.county.workers[town]}
                self.will("say", userid, f"进度 {order[0]}", 300)
        elif _SUM.search(text) and (found := re.search(r"走访(\d+)户", text)):
            self.ledger.summed[self._leads[userid], self.local().date()] = int(found[1])
        elif (counted := _COUNTED.search(text)) and (order := _ORDER.search(text)):
            self.ledger.receipts[order[0]] = int(counted[1])

    def _posted(self, town: str, message: Message) -> None:
        """A day that was frozen says how many doors were knocked at."""
        if "疫情防控日报】" not in message.text:
            return
        found = re.search(r"走访(\d+)户", message.text)
        self.ledger.frozen[town, self.local().date()].append(int(found[1]) if found else None)

    def said(self, act: Act) -> None:
        """Remember whether what a resident is saying is that all is well."""
        if act.kind == "kf":
            self._last_said[act.who] = act.text not in ILL
