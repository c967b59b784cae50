"""What people type in their first hour, as they type it: short questions about the bot and their own work.

A text is one of these as a whole or not at all, and read after every other reader: no report is taken for one.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from nlp.metrics import metric_of
from nlp.normalize import normalize


class FirstKind(StrEnum):
    """What is asked. The values are names in the inbox, and none is a command's or an intent's."""

    EXAMPLE = "ask_example"  # 模板, 我要报什么
    AGAIN = "ask_again"  # 重报, 改一下
    NOTHING = "ask_nothing"  # 村里没事
    LATE = "ask_late"  # 昨天忘报了
    REPORTED = "ask_reported"  # 我报过了, 还用报吗
    FIGURE = "ask_figure"  # 隔离多少人
    WHY = "ask_why"  # 为啥比昨天少3
    DAILY = "ask_daily"  # 看日报, 昨天的日报
    WAITING = "ask_waiting"  # 有通知吗
    URGE = "ask_urge"  # 叫他们报数
    SENDING = "ask_sending"  # 怎么发通知
    PLACE = "ask_place"  # 我管几户
    BOSS = "ask_boss"  # 找谁, 人工
    POSTS = "ask_posts"  # 换人了, 怎么加人
    PHONE = "ask_phone"  # 我换手机了
    MODE = "ask_mode"  # 现在是战时吗
    PAGES = "ask_pages"  # 登录, 密码忘了
    BINDING = "ask_binding"  # 怎么绑定群
    NAMES = "ask_names"  # 名单
    RANKS = "ask_ranks"  # 排名
    VOICE = "ask_voice"  # 能语音吗
    TEACH = "ask_teach"  # 教教我


@dataclass(frozen=True, slots=True)
class FirstWord:
    """What was asked, and its arguments (read-only)."""

    kind: FirstKind
    said: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


_HOW = r"(?:怎么|如何|咋|怎样)"
_MY = r"(?:我们?的?|本|咱们?)?"
_DAY = r"(?P<day>今天|今日|昨天|昨日)?的?"
_ALL = r"(?:今天|现在|目前|全镇|全县|全村|各村|我们?镇?|一共|总共|有)*"
_SAID: dict[FirstKind, tuple[str, ...]] = {
    FirstKind.EXAMPLE: (
        r"(?:我|日报|今天)?(?:要|该)?报(?:些)?(?:什么|哪些)",
        rf"(?:日报)?(?:模板|例子|样例|格式)|{_HOW}(?:报数|填)",
    ),
    FirstKind.AGAIN: (
        r"我?(?:要|想)?(?:重报|重新报|改(?:一下|数|日报)?|修改)",
        rf"{_HOW}(?:改|修改)(?:日报|数)?",
    ),
    FirstKind.NOTHING: (
        r"(?:今天|(?:我们|我|本|咱)?(?:村|格|网格)里?|全村|全格|全网格)+(?:都|一切|全)*"
        r"(?:没事|正常|平安|没(?:有|什么)?情况|没什么事)",
    ),
    FirstKind.LATE: (r"我?(?:昨天|昨日)?的?(?:日报)?(?:忘(?:了|记)?报|漏报|没报)了?",),
    FirstKind.REPORTED: (
        r"(?:我|今天|这边|日报)*(?:已经?|都)?报(?:过|完|好)?了(?:吗|没有?)?",
        r"已报|(?:今天)?还?(?:用|要)报吗",
    ),
    FirstKind.FIGURE: (
        rf"{_ALL}(?P<what>[一-鿿]{{2,6}}?)(?:的|有)?(?:几|多少)[户人个例家处]?",
        r"(?:今天|现在)?有没有(?P<what>发烧|发热|隔离|返乡)的?人?",
        r"(?:现在|今天|最新)?(?:最新|什么|啥)情况|情况怎么样",
    ),
    FirstKind.WHY: (
        r"(?:为啥|为什么|怎么|咋)?(?:今天)?(?:[一-鿿]{2,4})?(?:比|跟|和)(?:昨天|昨日)(?:比)?(?:少|多|不一样|差)了?(?:这么多)?\d{0,5}[户人个]?",
        r"(?:和|跟|比|与)(?:昨天|昨日)(?:比|相比|对比)(?:怎么样)?|有什么变化|变化",
    ),
    FirstKind.DAILY: (rf"(?:看看?|查|发|要)?(?:一下)?{_DAY}日报(?:呢|在哪里?|发我)?",),
    FirstKind.WAITING: (
        r"我?还?(?:有(?:没有)?|有什么|看看?)?新?通知吗?",
        r"我?还?欠(?:什么|哪些)?回执",
    ),
    FirstKind.URGE: (
        r"(?:帮我|请)?(?:叫|让|催|提醒|通知)(?:一下)?"
        r"(?:他们|大家|各格|各村|没报的|网格员|[\d一二三四五六七八九十]{1,3}格|[一-鿿]{1,4}村)"
        r"(?:快点?|赶紧|都|来)?(?:报数|报日报|上报|报|交)?",
        r"帮我催",
    ),
    FirstKind.SENDING: (
        rf"{_HOW}(?:发|下发|下)(?:通知|指令)?",
        rf"{_HOW}(?:撤回?|作废|改截止|看回执)(?:通知)?",
    ),
    FirstKind.PLACE: (
        r"我管着?(?:几|多少)(?:户|家|个?网?格)|我的格",
        rf"{_MY}(?:村|社区|网?格)里?有?(?:几|多少)(?:户|家|个?网?格)",
    ),
    FirstKind.BOSS: (
        r"转?人工|(?:有事|我)?找(?:谁|人)",
        r"(?:有事)?找(?:村长|支书|网格长|领导|管理员|负责人)",
        rf"{_MY}(?:领导|上级|负责人)是谁|谁管我",
    ),
    FirstKind.POSTS: (
        r"我?调走了|(?:我们?|本)?(?:村|格)?换(?:网格员|人)了?",
        rf"新?来了一?个?新?网格员|(?:{_HOW})?加人",
        r"[一-鿿]{2,3}(?:不干了|调走了)",
    ),
    FirstKind.PHONE: (r"我?要?换了?(?:手机|号码?|微信)了?",),
    FirstKind.MODE: (r"(?:现在)?(?:是|还是)?(?:战时|平时)(?:还是(?:平时|战时))?吗?|现在是?什么模式",),
    FirstKind.PAGES: (
        rf"(?:{_HOW})?(?:登[录陆]|打开网页)|网页|网址|后台|电脑版",
        r"(?:忘(?:了|记)?)?密码(?:忘了?|是多少|错误?)?|改密码",
        rf"(?:{_HOW})?(?:导出|下载)(?:日报|报表|表格|数据)?|报表|表格",
    ),
    FirstKind.BINDING: (rf"(?:{_HOW})?(?:绑定?|拉)群?码?|(?:群|绑定)码|{_HOW}把你拉进群|加群",),
    FirstKind.NAMES: (r"看?(?:返乡|隔离|居民|人员)?名单(?:呢|发哪里?|在哪里?|发给谁)?|花名册",),
    FirstKind.RANKS: (r"(?:各村|各镇|各格|看)?的?(?:排名|排行)|谁(?:最|报得最)(?:慢|快|好|差|多|少)",),
    FirstKind.VOICE: (r"(?:能|可以)?(?:发|用)?(?:语音|图片|照片)(?:吗|行吗)?",),
    FirstKind.TEACH: (
        r"教教?我|太难了|我?(?:不会|看不懂|不懂)(?:用|弄|报|操作)?",
        r"我?是?新来的|怎么弄",
    ),
}
_PATTERNS = tuple((kind, re.compile(one)) for kind, every in _SAID.items() for one in every)
_END = re.compile(r"[\s。,.!?~啊呀呢哦]+$")
_LONGEST = 16


def read_first(text: str) -> FirstWord | None:
    """Return what *text* (mention stripped) asks as a whole, None when it is anything else.

    >>> [w.kind.value for w in map(read_first, ("模板", "隔离多少人", "我调走了")) if w]
    ['ask_example', 'ask_figure', 'ask_posts']
    >>> read_first("今天敲门46 空5"), read_first("王大爷多少岁")
    (None, None)
    """
    plain = _END.sub("", normalize(text.strip()).text.strip())
    if not plain or len(plain) > _LONGEST:
        return None
    for kind, pattern in _PATTERNS:
        found = pattern.fullmatch(plain)
        if found is None:
            continue
        said = {key: value for key, value in found.groupdict().items() if value}
        if kind is FirstKind.FIGURE and "what" in said and metric_of(said["what"]) is None:
            continue
        return FirstWord(kind, MappingProxyType(said))
    return None
