"""Days of a county: the clock moves in steps, people act, one of four schedulers does what is due, faults happen."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot.backup_commands import bring_back
from demo.stage import ROOT
from simulate import county, duties
from simulate.box import SCHEDULERS, Box
from simulate.far import Far
from simulate.ledger import FOUR_PM, NINE, Ledger
from simulate.people import Act, People
from standin import payloads

ZONE = ZoneInfo("Asia/Shanghai")
FIRST = datetime(2026, 2, 8, 8, 0, tzinfo=ZONE)
STEP = timedelta(minutes=15)
NIGHT = (time(21, 30), time(6, 30))
WAR_DAYS = 2
BROKEN_SHARE = 0.03
CRASHES = (
    "tick.before_commit", "tick.after_commit", "inbox.claimed", "inbox.before_commit", "inbox.after_commit",
    "kf.leased", "kf.pulled", "kf.before_commit", "kf.after_commit", "sender.claimed", "outbox.claim.taken",
    "outbox.sweep.released",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Plan:
    """What is simulated. `every`: a township reports each so many days; `orders`: so many send an order a day."""

    profile: str
    days: int
    seed: int
    faults: bool
    isolated: int
    every: int = 4
    orders: int = 3


class Days:
    """One simulation."""

    def __init__(self, plan: Plan, folder: Path) -> None:
        self.plan, self._folder = plan, folder
        self.far = Far(plan.seed, BROKEN_SHARE if plan.faults else 0.0)
        base, hierarchy = county.base(plan.profile, ROOT / "var")
        self.box = Box(folder, base, hierarchy, self.far.url)
        self._set(FIRST)
        self.county = county.settle(self.box, self.far, plan.isolated, plan.seed, folder)
        self.ledger = Ledger()
        self.people = People(self.county, self.far, self.ledger, plan.seed, self.war, ZONE)
        self._dice = random.Random(f"{plan.seed} faults")
        self._nonce, self._quiet_until = 1, 0.0
        self._backups: dict[datetime, str] = {}
        self.counts = {"ticks_lost": 0, "ticks_doubled": 0, "three_hours": 0, "callbacks_doubled": 0, "restores": 0}
        self.late = self.reports = 0
        self.lost: list[object] = []

    # -- the clock -----------------------------------------------------------------------------------------------------

    def _set(self, moment: datetime) -> None:
        self.far.clock.at = self.box.clock.at = moment.timestamp()

    def local(self) -> datetime:
        return datetime.fromtimestamp(self.box.clock.at, ZONE)

    def war(self) -> bool:
        """War was declared on the first day, to the end of the second."""
        return self.local().date() < FIRST.date() + timedelta(days=WAR_DAYS)

    def run(self, tell: Callable[[float], None]) -> None:
        """Live through the days; *tell* hears how far it is, 0..1."""
        begun = self.local()
        end = FIRST.replace(hour=22, minute=0) + timedelta(days=self.plan.days - 1)
        self._first_day()
        today = None
        while self.local() <= end:
            if self.local().date() != today:
                today = self.local().date()
                self._morning()
            self._step()
            self._set(self._next())
            tell((self.local() - begun) / (end - begun))

    def _next(self) -> datetime:
        after, soon = self.local() + STEP, self.people.next_soon()
        if soon is not None and soon < after.timestamp():
            return datetime.fromtimestamp(soon, ZONE)
        if after.time() >= NIGHT[0]:
            return datetime.combine(after.date() + timedelta(days=1), NIGHT[1], ZONE)
        return after

    def _first_day(self) -> None:
        people, until = self.people, FIRST.date() + timedelta(days=WAR_DAYS - 1)
        people.will("say", self.county.county_lead, f"启动战时 依据县防指〔2026〕3号 到{until.month}月{until.day}日", 0)
        for code, home in self.county.homes.items():
            if home.wechat:
                people.will("kf", code, "你好", 10)
        duties.decisions(people, 20, timedelta(days=14))

    def _morning(self) -> None:
        """Put on the agenda what the day brings; on two days the disk is lost in the forenoon."""
        number = (self.local().date() - FIRST.date()).days
        noon = (datetime.combine(self.local().date(), time(14, 15), ZONE) - self.local()).total_seconds() / 60
        self.reports += duties.reports(self.people, noon, self.plan.every, number)
        towns = sorted(self.county.leads)
        for n in range(self.plan.orders):
            duties.orders(self.people, towns[(number * self.plan.orders + n) % len(towns)], noon - 240 + n * 10)
        if number and number == self.plan.days - 3:
            duties.ends(self.people, 200, 0.3)
        if self.plan.faults and number in (5, self.plan.days - 2) and number > 0:
            self._backups = {datetime.combine(self.local().date(), time(8, 40), ZONE): "save",
                             datetime.combine(self.local().date(), time(9, 40), ZONE): "restore"}  # fmt: skip
        else:
            self._backups = {}

    # -- one step ------------------------------------------------------------------------------------------------------

    def _step(self) -> None:
        self._act(list(self.people.due()))
        for moment, what in sorted(self._backups.items()):
            if moment <= self.local():
                del self._backups[moment]
                self._disk(what)
        self._work()
        self.people.look()
        for slot in (NINE, FOUR_PM):
            self._close(slot)

    def _act(self, acts: list[Act]) -> None:
        callbacks = []
        for act in acts:
            self.people.said(act)
            if act.kind == "kf":
                self.far.writes(act.who, act.text, act.menu)
            elif act.kind == "say":
                callbacks.append(self._text(act))
            elif act.card is not None:
                callbacks.append(self._press(act))
                self.ledger.pressed.add((act.text, act.who))
        if any(act.kind == "kf" for act in acts):
            callbacks.append(self.far.hint())
        again = [n for n in range(len(callbacks)) if self.plan.faults and self._dice.random() < 0.02]
        self.counts["callbacks_doubled"] += len(again)
        taken = self.box.take(callbacks, self._nonce, again=again)
        self._nonce += len(callbacks) + 1
        if taken != len(callbacks) + len(again):
            raise AssertionError(f"{taken} callbacks of {len(callbacks) + len(again)} were answered 200")

    @property
    def _settings(self) -> Any:
        return self.box.parts().settings

    def _text(self, act: Act) -> str:
        corp, agent = self._settings.wecom_corp_id, self._settings.wecom_agent_id
        return payloads.app_text(corp, act.who, self.far.clock.at, act.text, self.far.number(), agent)

    def _press(self, act: Act) -> str:
        corp, agent, card = self._settings.wecom_corp_id, self._settings.wecom_agent_id, act.card
        assert card is not None
        code, key = self.far.press_code(act.who, card), card.body["button_list"][0]["key"]
        return payloads.app_click(corp, act.who, self.far.clock.at, agent, card.body, key, code, {})

    def _pump(self, which: int, crash: tuple[str, int] | None = None) -> bool:
        """Have one scheduler do what is due; the books note that it came to the end."""
        done = self.box.pump(which, crash)
        if done:
            self.ledger.worked.append(self.local().replace(tzinfo=None))
        return done

    def _work(self) -> None:
        """One of four schedulers does what is due; with faults it may not, twice, late, or die on the way."""
        which = self._dice.randrange(SCHEDULERS)
        if not self.plan.faults:
            self._pump(which)
            return
        now, fate = self.box.clock.at, self._dice.random()
        if now < self._quiet_until:
            return
        if fate < 0.07:
            self.counts["ticks_lost"] += 1
        elif fate < 0.08 and self.local().hour in range(7, 13):
            self.counts["three_hours"] += 1
            self._quiet_until = now + 3 * 3600
        elif fate < 0.16:
            self.counts["ticks_doubled"] += 1
            self._pump(which)
            self._pump((which + 1) % SCHEDULERS)
        elif fate < 0.20:
            crash = (self._dice.choice(CRASHES), self._dice.randint(1, 3))
            if not self._pump(which, crash):
                self._pump((which + 1) % SCHEDULERS)
        elif fate < 0.24:
            for _ in range(3):
                if not self.box.send_one(which):
                    break
            self._pump((which + 1) % SCHEDULERS)
        else:
            self._pump(which)

    def _disk(self, what: str) -> None:
        file = self._folder / "backup.db"
        if what == "save":
            file.unlink(missing_ok=True)
            self.box.save(file)
            return
        self.counts["restores"] += 1
        self.ledger.excused.add((self.local().date(), NINE))
        self.box.lose_and_restore(file, bring_back)

    def _close(self, slot: int) -> None:
        """The sums of a round, once its time is over and everything about it came."""
        ends = time(15, 50) if slot == NINE and self.war() else time(20, 50)
        day = self.local().date()
        if (day, slot) in self.ledger.rounds or self.local().time() < ends or (slot == FOUR_PM and not self.war()):
            return
        self.ledger.rounds.append((day, slot))
        lost, late = self.ledger.close_round(list(self.county.homes), day, slot)
        self.lost, self.late = self.lost + lost, self.late + late

    def close(self) -> None:
        self.box.close()
        self.far.close()
