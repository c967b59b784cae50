"""The main journey, played by typing and pressing on the far side: every line travels as real encrypted HTTP."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from demo.cast import TOWN, Cast, cast_of
from demo.doors import Doors, doors_of
from demo.far import Far, words
from demo.fourteen import Fourteen
from demo.guide import PASSWORD
from demo.papers import sheets_of, trace
from demo.player import Player, title
from demo.resident import ResidentPhone, facts, text
from demo.stage import Stage
from demo.visitor import Visitor, cards
from handlers.domain.people import HolderRow

MORNING = datetime(2026, 2, 8, 0, 30, tzinfo=UTC)  # 08:30 in the county
FREEZE = datetime(2026, 2, 8, 8, 0, 5, tzinfo=UTC)  # 16:00 and a little
METRIC, SHOWN = "空户", 3
WORDS = (
    "今天敲门{a} 空户{b} 新增返乡{d}人 隔离{c}户 发热0",
    "走访{a}户,空户{b}户,武汉返回{c}人,省外返回{d}人,省内返回{d}人,发热0人",
    "敲门{a}户 见到的都好 空{b} 湖北(除武汉)返回{c}人 调解1起",
    "敲了{a}户,空户{b}户,隔离{c}户,省内回来{d}人,没人发热",
)
SAMPLE_IDENTITY = "11010519491231002X"  # the standard's own example (GB 11643), nobody's


def play(stage: Stage, far: Far, ready_s: float) -> tuple[Cast, Doors]:
    """Play the journey, print it, leave the papers in `out/`; raises when something did not come as it should."""
    parts = stage.parts()
    cast, doors = cast_of(parts), doors_of(parts)
    parts.database.close()
    story = Story(Player(far, cast), Visitor(stage.url), stage.url)
    print(f"格应演示:{stage.county},两个进程已就绪({ready_s:.1f} 秒)。")
    print("每一句都经过加密回调(/wecom/callback、/aibot/callback)和真实的 HTTP 接口。")
    for scene in (story.reports, story.strangers, story.war, story.directive, story.chase, story.correct, story.relay,
                  story.cancel):  # fmt: skip
        scene()
    story.declare(doors)
    story.freeze(Path("out"))
    story.trace()
    parts = stage.parts()
    Fourteen(story.p, parts, doors).play()
    parts.close()
    story.books()
    return cast, doors


class Story:
    """The people of one township, and what happens to them in a day."""

    def __init__(self, player: Player, console: Visitor, url: str) -> None:
        self.p, self.far, self.cast, self.console, self.url = player, player.far, player.cast, console, url
        self.lead, self.workers = self.cast.lead, self.cast.workers
        self.town_group = self.cast.town_group
        self.relayed, self.workbook = "", b""

    def reports(self) -> None:
        """Loose words come up: read back, corrected with one sign, rolled up."""
        title("日报上得来:随口一报,读回,一个字改")
        first, second = self.workers[0], self.workers[1]
        group = self.cast.groups[first.userid]
        self.p.says(first, "今天敲门46 空户5 新增返乡2人 隔离5户 发热0", group=True)
        self.p.hears_in(group, "①")
        self.p.says(first, "2=6", group=True)
        self.p.hears_in(group, "空户6户")
        self.p.says(first, "对", group=True)
        self.p.hears_in(group, "已确认")
        self.p.says(second, "零报告")
        self.p.hears(second, "按「无」报")
        self._the_others(self.workers[2:-2])
        self.p.says(self.lead, "汇总", place=self.town_group)
        self.p.hears_in(self.town_group, "网格已报")

    def _the_others(self, workers: Sequence[HolderRow]) -> None:
        """Everybody reports in words of their own; the last two grids keep silent, which is not zero."""
        for n, worker in enumerate(workers):
            text = WORDS[n % len(WORDS)].format(a=24 + n % 17, b=n % 4, c=n % 3, d=1 + n % 5)
            self.p.types(worker.userid, text)
            if n < len(WORDS):
                print(f"  {self.cast.who(worker)}:{text}")
        print(f"  ……{len(workers)} 个网格员各说各的")

    def strangers(self) -> None:
        """Who is not on the roster gets a way on; an identity number in a group is never said again."""
        title("不在册的人、群里的身份证号:说清怎么办,不该留的不留")
        self.far.control("act", {"kind": "member_join", "userid": "lu_ren", "name": "路样"})
        print("  路样(不在花名册):今天敲门46")
        self.p.types("lu_ren", "今天敲门46")
        said = self.far.heard("lu_ren", "")
        print(f"    → 路样 手机:{said}")
        worker = self.workers[0]
        group = self.cast.groups[worker.userid]
        self.p.says(worker, f"王测 {SAMPLE_IDENTITY} 发热", group=True)
        self.p.hears(worker, "身份证号")
        ours = [
            m["text"] for m in self.far.room(group) + self.far.phone(worker.userid) if m["from"]["kind"] != "member"
        ]
        if any(SAMPLE_IDENTITY in text for text in ours):
            raise AssertionError("身份证号被念出来了")
        print("    (群里没有人念出这个号)")

    def war(self) -> None:
        """The powers of war need an issuer, a basis and an end."""
        title("平战转换:要有依据、有期限")
        self.p.says(self.lead, "启动战时 依据县防指〔2026〕3号 到2月20日")
        self.p.hears(self.lead, "进入战时")

    def directive(self) -> None:
        """A directive goes down: preview, a minute's hold, cards, posts, receipts."""
        title("指令下得去:先预览,60秒可撤,谁收到谁没收到")
        self.p.says(self.lead, "给所有网格发 今天下午5点前把湖北回来的再摸一遍 摸完报数")
        self.p.hears(self.lead, "将发")
        self.p.says(self.lead, "截止改4点半 发")
        self.p.hears(self.lead, "回「撤」取消")
        self.p.forward(61)
        first, second, third = self.workers[:3]
        self.p.hears(first, "D-1")
        self.p.hears_in(self.town_group, "D-1", show=False)
        self.p.presses(first)
        self.p.says(second, "收到 D-1", group=True)
        self.p.hears_in(self.cast.groups[second.userid], "已记:D-1")
        self.p.says(third, "做不了 缺口罩")
        self.p.hears(third, "做不了(缺口罩)")

    def chase(self) -> None:
        """Who is silent is reminded in private, then the substitute, then one list goes up."""
        title("催办只在私下,一级一级来,谁回了就停")
        silent = self.workers[5]
        self.p.forward(600)
        self.p.hears(silent, "还没收到您的回执")
        self.p.says(silent, "1")
        self.p.hears(silent, "已记:D-1")
        self.p.forward(1200)
        self.p.hears(self.lead, "未回执名单", optional=True)
        self.p.says(self.lead, "进度 D-1")
        self.p.hears(self.lead, "回执 ")

    def correct(self) -> None:
        """What was wrong is replaced: the correction carries its reference, the old card is greyed."""
        title("发错了能改:更正替代原通知,旧卡片变灰")
        self.p.says(self.lead, "上午那个通知作废 改成只看武汉的")
        self.p.hears(self.lead, "将发更正")
        self.p.says(self.lead, "发")
        self.p.hears(self.lead, "回「撤」取消")
        self.p.forward(61)
        worker = self.workers[0]
        self.p.hears(worker, "更正 D-2")
        old = next(m for m in self.far.phone(worker.userid) if "通知 D-1" in words(m))
        print(f"    (D-1 的卡片上现在写着:{old['replaced']})")

    def relay(self) -> None:
        """Household groups take no bot: the gridworker relays by hand, under a code."""
        title("人工接力:住户群机器人进不去,由网格员转一手")
        self.p.says(self.lead, "给所有住户发 明早8点起分批做核酸 带好口罩 听网格员通知")
        self.p.hears(self.lead, "人工转发")
        self.p.says(self.lead, "发")
        said = self.p.hears(self.lead, "回「撤」取消")
        if "复核" in said:
            raise AssertionError(said)
        self.p.forward(61)
        worker = self.workers[0]
        text = self.p.hears(worker, "接力码")
        code = text.split("接力码 ")[1][:2]
        self.p.forwards(worker, text.split("————")[1].strip())
        self.p.says(worker, f"已转 {code}")
        self.p.hears(worker, "转好了")
        self.relayed = said.split()[0]

    def cancel(self) -> None:
        """A wrong one is cancelled: what can be recalled is, everybody hears of the rest."""
        title("发错了能收:撤回卡片,补发取消")
        self.p.says(self.lead, f"作废 {self.relayed}")
        self.p.hears(self.lead, self.relayed)
        self.p.forward(2)
        self.p.hears(self.workers[0], "▤ 取消")

    def declare(self, doors: Doors) -> None:
        """A resident scans the door's code; a temperature over the line puts a task on the doctor's phone."""
        title("居民扫码申报:不装应用、不用关注,得一张凭据;发热的村医马上知道")
        phone = ResidentPhone(self.url, doors.home)
        print(f"  扫门上的码 → {phone.place}(核对码 {phone.check}),同住的人只见姓:{'、'.join(phone.people[:-1])}")
        said = {"by": "self", "away": "no", "s": "cough", "temperature": "三十八度二"}
        print("  填:本人,一直在本地,干咳,体温「三十八度二」,三项分别同意")
        self.p.begin()
        page = phone.declare(1, said, ("declare", "health", "care"))
        print(f"    → 手机上:{text(page.partition('<h2>')[2].partition('</h2>')[0])}")
        for name, words_said in facts(page):
            print(f"        {name}:{words_said}")
        number = self.p.hears(self.cast.doctor, "【待看").partition("待看")[2].partition("】")[0]
        self.p.says(self.cast.doctor, f"接{number}")
        self.p.hears(self.cast.doctor, "您接了")
        self.p.says(self.cast.doctor, f"{number} 办好了")
        self.p.hears(self.cast.doctor, "记好了")
        mine = phone.mine()
        looked = [text(line) for line in mine.split('<p class="d-look">')[1:]]
        print(f"  「谁看过我的信息」:{next(line for line in looked if '村医' in line)}(共 {len(looked)} 条)")

    def freeze(self, out: Path) -> None:
        """At four the day is frozen: text, picture and workbook; later arrivals are corrections."""
        title("16:00 定稿:文字、图、五张表都到镇级群")
        self.p.forward(FREEZE.timestamp() - self.far.now())
        self.p.hears_in(self.town_group, "疫情防控日报】")
        out.mkdir(exist_ok=True)
        for kind, suffix in (("image", "png"), ("file", "xlsx")):
            file = self.p.gets(self.town_group, kind)
            content = self.far.bytes_of(file)
            path = out / f"{TOWN}-{MORNING:%Y-%m-%d}.{suffix}"
            path.write_bytes(content)
            print(f"      存为 {path}")
        self.workbook = content
        print(f"      表:{'、'.join(sheets_of(content))}")
        self.p.says(self.workers[2], "今天敲门30 空户1 隔离2户 发热0")
        self.p.hears(self.workers[2], "更正")

    def trace(self) -> None:
        """Every figure leads back to the messages it was made of."""
        title("每个数都追得到:表里点得到来源,看板里看得到原文")
        figure, rows = trace(self.workbook, METRIC)
        print(f"  表里:{METRIC} {figure},来自 {len(rows)} 份报告")
        for row in rows[:SHOWN]:
            print(f"    {row.report} ← 消息{row.message} {row.place} {row.role} {row.at} 报{row.figure}")
        self.console.sign_in(self.lead.userid, PASSWORD)
        figure, page = self.console.follow(self.console.page(f"/console/daily/{MORNING:%Y-%m-%d}"), METRIC)
        print(f"  看板里:{METRIC} {figure},看原文会记审计")
        for card in cards(page)[:SHOWN]:
            print(f"    {card}")
        if not rows or not cards(page):
            raise AssertionError("追不到来源")

    def books(self) -> None:
        """What the far side counted."""
        title("对账(替身服务器记的)")
        state = self.far.control("state")
        calls = {path.rpartition("cgi-bin/")[2]: n for path, n in state["calls"].items() if n["total"]}
        print(f"  接口调用:{ {path: n['total'] for path, n in calls.items()} }")
        refused = {path: n["errcodes"] for path, n in calls.items() if n["errcodes"]}
        print(f"  其中被拒:{refused or '无'}")
        seen = [n for keys in state["shown"].values() for key, n in keys.items() if key.startswith("D-")]
        print(f"  指令卡片送出 {len(seen)} 份,有人看到两次的:{sum(1 for n in seen if n > 1)}")
        print(f"  回调:{state['callbacks']};超限静默丢弃:{state['dropped_total']}")
