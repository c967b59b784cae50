"""The main journey, played by typing and pressing on the far side: every line travels as real encrypted HTTP."""

import shutil
import sys
from datetime import UTC, datetime
from pathlib import Path

from demo.far import Far
from demo.stage import Stage
from handlers.domain.people import HolderRow
from handlers.ports import Context
from store.work import SqlWork

MORNING = datetime(2026, 2, 8, 0, 30, tzinfo=UTC)  # 08:30 in the county
TOWN = "350125105"  # 清凉镇
TOWN_GROUP = f"yt{TOWN}"


def play(stage: Stage, far: Far, ready_s: float) -> int:
    """Play the journey, print it, leave the papers in `out/`; 0 when everything came as it should."""
    story = Story(stage, far)
    print(f"格应演示:{stage.county},两个进程已就绪({ready_s:.1f} 秒)。")
    print("每一句都经过加密回调(/wecom/callback、/aibot/callback)和真实的 HTTP 接口。\n")
    for scene in (story.reports, story.war, story.directive, story.chase, story.relay, story.cancel, story.freeze):
        scene()
    story.books()
    return 0


class Story:
    """The people of one township, and what happens to them in a day."""

    def __init__(self, stage: Stage, far: Far) -> None:
        self.stage, self.far = stage, far
        parts = stage.parts()
        with parts.store.read() as work:
            self._people(work, parts.counties.context())
        parts.database.close()

    def _people(self, work: SqlWork, context: Context) -> None:
        tree = context.tree
        town = tree.by_code(TOWN)
        assert town is not None
        holders = [h for h in work.people.holders(context.day) if tree.contains(town.id, h.node_id)]
        self.names = work.people.names({h.person_id for h in holders})
        self.lead = next(h for h in holders if h.role == "township_lead")
        self.deputy = next(h for h in holders if h.role == "deputy")
        self.workers = [h for h in holders if h.role == "gridworker"]
        self.groups = {
            h.userid: f"wr{chat.address}"
            for h in self.workers
            for chat in work.chats.of_nodes([tree.at_level(h.node_id, "village") or 0], "appchat")
        }
        self.places = {h.userid: tree.path_name(h.node_id) for h in holders}
        self.staff = len({h.person_id for h in holders if h.role in ("gridworker", "grid_lead")})

    # -- scenes --------------------------------------------------------------------------------------------------------

    def reports(self) -> None:
        """Loose words come up: read back, corrected with one sign, rolled up."""
        title("一、日报上得来:随口一报,读回,一个字改")
        first, second = self.workers[0], self.workers[1]
        self.says(first, "今天敲门46 空户5 新增返乡2人 隔离5户 发热0", group=True)
        self.hears_in(self.groups[first.userid], "R-1")
        self.says(first, "@小格 3=6", group=True, at=False)
        self.hears_in(self.groups[first.userid], "隔离")
        self.says(first, "对", group=True)
        self.hears_in(self.groups[first.userid], "已确认")
        self.says(second, "零报告")
        self.hears(second, "按「无」报")
        self.says(self.lead, "汇总", place=f"wr{TOWN_GROUP}")
        self.hears_in(f"wr{TOWN_GROUP}", "网格已报")

    def war(self) -> None:
        """The powers of war need an issuer, a basis and an end."""
        title("二、平战转换:要有依据、有期限")
        self.says(self.lead, "启动战时 依据县防指〔2026〕3号 到2月20日")
        self.hears(self.lead, "进入战时")

    def directive(self) -> None:
        """A directive goes down: preview, a minute's hold, cards, posts, receipts."""
        title("三、指令下得去:先预览,60秒可撤,谁收到谁没收到")
        self.says(self.lead, "给所有网格发 今天下午5点前把湖北回来的再摸一遍 摸完报数")
        self.hears(self.lead, "将发")
        self.says(self.lead, "截止改4点半 发")
        self.hears(self.lead, "截止:16:30")
        self.says(self.lead, "发")
        self.hears(self.lead, "回「撤」取消")
        self.forward(61)
        first, second, third = self.workers[:3]
        self.hears(first, "D-1")
        self.hears_in(f"wr{TOWN_GROUP}", "D-1", show=False)
        self.far.click(first.userid, self._ack(first))
        print(f"  {self.who(first)} 点了卡片上的[收到]")
        self.says(second, "收到 D-1", group=True)
        self.hears_in(self.groups[second.userid], "已记:D-1")
        self.says(third, "做不了 缺口罩")
        self.hears(third, "做不了(缺口罩)")

    def chase(self) -> None:
        """Who is silent is reminded in private, then the substitute, then one list goes up."""
        title("四、催办只在私下,一级一级来,谁回了就停")
        silent = self.workers[5]
        self.forward(600)
        self.hears(silent, "还没收到您的回执")
        self.says(silent, "1")
        self.hears(silent, "已记:D-1")
        self.forward(1200)
        self.hears(self.lead, "未回执名单", optional=True)
        self.says(self.lead, "进度 D-1")
        self.hears(self.lead, "回执 ")

    def relay(self) -> None:
        """Household groups take no bot: the gridworker relays by hand, under a code."""
        title("五、人工接力:住户群机器人进不去,由网格员转一手")
        self.says(self.lead, "给所有住户发 明早8点起分批做核酸 带好口罩 听网格员通知")
        self.hears(self.lead, "人工转发")
        self.says(self.lead, "发")
        said = self.hears(self.lead, "回「撤」取消")
        if "复核" in said:
            raise AssertionError(said)
        self.forward(61)
        worker = self.workers[0]
        text = self.hears(worker, "接力码")
        code = text.split("接力码 ")[1][:2]
        self.says(worker, f"已转 {code}")
        self.hears(worker, "转好了")

    def cancel(self) -> None:
        """A wrong one is cancelled: what can be recalled is, everybody hears of the rest."""
        title("六、发错了能收:撤回卡片,补发取消")
        self.says(self.lead, "作废 D-2")
        self.hears(self.lead, "D-2 已停")
        self.forward(2)
        self.hears(self.workers[0], "取消 D-3")

    def freeze(self) -> None:
        """At four the day is frozen: text, picture and workbook; later arrivals are corrections."""
        title("七、16:00 定稿:文字、图、五张表")
        now = self.far.control("clock", {"advance_s": 0})["epoch"]
        self.forward(datetime(2026, 2, 8, 8, 0, 5, tzinfo=UTC).timestamp() - now)
        self.hears_in(f"wr{TOWN_GROUP}", "疫情防控日报】")
        self.says(self.workers[2], "今天敲门30 空户1 隔离2户 发热0")
        self.hears(self.workers[2], "更正")
        out = Path("out")
        out.mkdir(exist_ok=True)
        for paper in sorted((self.stage.folder / "papers").glob(f"{TOWN}*")):
            shutil.copy(paper, out / paper.name)
            print(f"  已写 out/{paper.name}({paper.stat().st_size // 1024} KB)")

    def books(self) -> None:
        """What the far side counted."""
        title("对账(替身服务器记的)")
        state = self.far.control("state")
        calls = {path.rpartition("cgi-bin/")[2]: n["total"] for path, n in state["calls"].items() if n["total"]}
        print(f"  接口调用:{calls}")
        seen = [n for keys in state["shown"].values() for key, n in keys.items() if key.startswith("D-")]
        print(f"  指令卡片送出 {len(seen)} 份,有人看到两次的:{sum(1 for n in seen if n > 1)}")
        print(f"  回调:{state['callbacks']};超限静默丢弃:{state['dropped_total']}")

    # -- helpers -------------------------------------------------------------------------------------------------------

    def who(self, person: HolderRow) -> str:
        return f"{self.names[person.person_id]}({self.places[person.userid]})"

    def says(
        self, person: HolderRow, text: str, *, group: bool = False, place: str | None = None, at: bool = True
    ) -> None:
        """Type it; a group message is addressed to the bot."""
        chat = place or (self.groups[person.userid] if group else None)
        typed = f"@小格 {text}" if chat and at else text
        print(f"  {self.who(person)}{' 在群里' if chat else ''}:{typed}")
        answer = self.far.text(person.userid, typed, chat)
        status = answer["callback"]["status"]
        if status != 200:
            raise AssertionError(f"回调没收下:{status}")

    def hears(self, person: HolderRow, holds: str, *, optional: bool = False) -> str:
        """Print what came to the phone."""
        try:
            said = self.far.heard(person.userid, holds, 2.0 if optional else 20.0)
        except TimeoutError:
            if optional:
                return ""
            raise
        print(f"    → {self.who(person)} 手机:{indent(said)}")
        return said

    def hears_in(self, chat: str, holds: str, *, show: bool = True) -> str:
        """Print what came to the group."""
        said = self.far.stands(chat, holds)
        if show:
            print(f"    → 群里:{indent(said)}")
        return said

    def forward(self, seconds: float) -> None:
        """Move the clock of both sides."""
        minutes = seconds / 60
        print(f"  ……{minutes:.0f} 分钟后" if minutes >= 2 else f"  ……{seconds:.0f} 秒后")
        self.far.forward(seconds)

    def _ack(self, person: HolderRow) -> str:
        card = next(m for m in reversed(self.far.phone(person.userid)) if m.get("task_id"))
        return str(card["card"]["button_list"][0]["key"])


def title(words: str) -> None:
    print(f"\n■ {words}")
    sys.stdout.flush()


def indent(text: str) -> str:
    return text.replace("\n", "\n        ")
