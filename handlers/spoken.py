"""What people say to steer a directive or a post, beyond the fixed words of `nlp.command`; read before them.

Deliberately narrow: a text is one of these as a whole or not at all, so that no report is ever taken for one.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from nlp.normalize import normalize
from nlp.numerals import read_numeral


class SpokenKind(StrEnum):
    """What was said. The values are names in the inbox, and none is a command's or an intent's."""

    REVISE = "revise"  # 更新 D-3 …, 上午那个通知作废 改成…, 改成…
    FINISHED = "finished"  # 办好了
    CANNOT = "cannot"  # 缺口罩 做不了: a blocker with its reason first
    ALL_RECEIVED = "all_received"  # 都收到
    PICK = "pick"  # 收到 2: an answer by the number in a list
    FOLLOW = "follow"  # 谁没回执, D-17
    COVERAGE = "coverage"  # 谁没报, 报齐了吗
    NUDGE = "nudge"  # 催一下
    RELAYED = "relayed"  # 已转, without the code
    STAND_IN = "stand_in"  # 王姐代我
    AWAY = "away"  # 请假一周, 明天请假到后天 王姐代
    GREETING = "greeting"  # 你好
    PLEASANTRY = "pleasantry"  # 谢谢, 哈哈
    COMPLAINT = "complaint"  # 天天问烦不烦


@dataclass(frozen=True, slots=True)
class Spoken:
    """What was said, the directive it names ("D-17", None when none), and its arguments (read-only)."""

    kind: SpokenKind
    ref: str | None = None
    args: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


_REF = r"[Dd]\s*[-_—–－]?\s*(?P<{}>\d{{1,6}})(?![A-Za-z\d])(?:\s*号?(?:令|指令|通知))?"
_GAP = r"[\s::,,。;;]*"
_NEW = r"(?:改成|改为|换成|更正为|更新为)"
_BODY = r"(?P<body>\S.*)"
_DEADLINE = re.compile(r"(?:截止|时间|期限)")
_REVISIONS = tuple(
    re.compile(pattern, re.S)
    for pattern in (
        rf"(?:更新|更正|修改|改)\s*{_REF.format('n')}{_GAP}{_NEW}?{_GAP}{_BODY}",
        rf"{_REF.format('n')}\s*的?(?:内容|原文|通知)?{_GAP}(?:作废|取消)?{_GAP}{_NEW}{_GAP}{_BODY}",
        rf"(?:作废|取消)\s*{_REF.format('n')}{_GAP}{_NEW}{_GAP}{_BODY}",
        (
            r"(?P<which>[^,,。\n]{0,12}?(?:通知|指令|号令|命令|那条|那个)[^,,。\n]{0,4}?)(?:作废|取消|不算了?|废止|撤销)"
            rf"{_GAP}{_NEW}{_GAP}{_BODY}"
        ),
        rf"(?:内容|原文|正文)?\s*{_NEW}{_GAP}{_BODY}",
    )
)
_FINISHED = re.compile(
    rf"(?:{_REF.format('n')})?\s*(?:都|已经?|全部|这边)*(?:办好|办完|做好|做完|搞定|完成|落实好|处理好)了?[!。~\s]*"
    rf"(?:{_REF.format('m')})?[!。~\s]*"
)
_CANNOT = re.compile(
    rf"(?:{_REF.format('n')}[\s::,,]*)?(?P<reason>(?:缺|少|没|无|不够|差)[^,,。;;\d]{{1,16}})[\s,,。]*"
    r"(?:所以|实在|现在|今天|这边|我们?)*(?:做|办|干|完成|搞|落实)不(?:了|成)[!。~\s]*"
)
_ALL_RECEIVED = re.compile(r"(?:全部|全|都|所有的?)(?:已经?)?(?:都)?收到了?[!。~\s]*")
_PICK = re.compile(r"(?:收到|选|回|第|是)?\s*(?:第)?\s*(?P<n>\d{1,2}|[一二三四五六七八九])\s*(?:条|个|号)?[、。.\s]*")
_FOLLOW = re.compile(
    rf"{_REF.format('n')}|(?:{_REF.format('m')}\s*)?(?:还有)?(?:谁|哪些人?|哪几个)(?:还)?没(?:有)?(?:回执?|收到|回)(?:的|吗)?[??\s]*"
    r"|没回(?:执)?的(?:有|是)?(?:谁|哪些)[??\s]*"
)
_PLACE = r"(?P<{}>[一-鿿\d]{{1,20}}(?:镇|乡|街道|村|社区|居|网格|格))"
_COVERAGE = re.compile(
    r"(?:我们?村|本村|全村|我们?镇|全镇|今天|日报|还有)*(?:谁|哪些?(?:个)?(?:村|社区|网格|格|单位|地方)?|哪几个(?:村|社区|网格|格)?)(?:还)?(?:没有?|未)(?:上)?报(?:的|吗)?[??\s]*"
    r"|(?:没|未)报的(?:有|是)?(?:谁|哪些?|哪几个)(?:村|社区|网格|格)?[??\s]*|(?:还)?缺谁[??\s]*"
    r"|(?:今天|各村|各格|各网格|日报|都)*(?:报得怎么样|报齐了?(?:吗|没有?)|报了多少)了?[??\s]*"
    rf"|(?:看看?|查)?(?:一下)?汇总[\s::]*{_PLACE.format('n')}[??\s]*"
    rf"|(?:看看?|查)?(?:一下)?{_PLACE.format('m')}(?:的|今天|昨天)*(?:汇总|报得怎么样|报齐了?(?:吗|没有?)|报了多少)了?[??\s]*"
)
_NUDGE = re.compile(r"(?:再)?催(?:办|促)?(?:一下|一催|催|他们|大家)*[!。\s]*")
_RELAYED = re.compile(
    r"(?:(?P<code>(?=[A-Z]*\d)(?=\d*[A-Z])[A-Z\d]{2,4})[\s,,]*)?"
    r"(?:都|已经?|全)*转(?:发)?(?:好|完|过)?了?(?:到?(?:住户)?群里?了?)?[!。\s]*"
)
_WHEN = (
    r"(?:今天|明天|后天|大后天|今日|明日|今晚|\d{1,2}月\d{1,2}[日号]|\d{1,2}[日号]|(?:下?周|下?星期)[一二三四五六日天])"
)
_NAME = r"(?:徒弟|同事|邻居|隔壁)?(?P<substitute>[一-鿿·]{2,8}?)"
_COVERS = rf"(?:由|让|请|麻烦|找)?\s*{_NAME}\s*(?:来|先)?(?:代|替|顶)"
_FOR_ME = r"(?:我的?班|我|班|岗|一下|一天|几天)"
_STAND_IN = re.compile(rf"(?:(?P<when>{_WHEN})\s*)?{_COVERS}{_FOR_ME}+[!。\s]*")
_AWAY = re.compile(
    rf"(?P<when>{_WHEN})?\s*(?:我|想|要|请)*\s*(?:请(?:个)?假|休假)\s*"
    rf"(?:(?P<span>(?:\d{{1,2}}|[一二两三四五六七八九十]{{1,3}})\s*个?(?:天|周|星期))|(?:到|至)\s*(?P<until>{_WHEN}))"
    rf"(?:[\s,,。]*{_COVERS}{_FOR_ME}*)?[!。\s]*"
)
_ME_FIRST = re.compile(rf"^(?:我|本人|俺)(?:想|要)?\s*(?={_WHEN})")
_GREETING = re.compile(
    r"(?:小格)?(?:(?:大家|各位|各位领导)好|你好|您好|在吗|在不在|hi|hello|嗨)(?:小格)?[!?。~,呀啊\s]*", re.IGNORECASE
)
_PLEASANTRY = re.compile(
    r"(?:谢谢|多谢|感谢|谢了|辛苦了?|不客气|早上好|早|中午好|下午好|晚上好|晚安|哈+|呵+|嘿+|加油|"
    r"[!?。~.,、\s啊呀了哦]|您|你|小格|大家|领导|\[[一-鿿]{1,3}\]|🙏|🌹|👏|💪|😊|😄|😀|😂|🎉|❤)+"
)
_COMPLAINT = re.compile(r"(?:.{0,8}(?:烦不烦|烦死|烦人|别老|别再问|问个没完|骚扰).{0,12}|天天(?:问|催).{0,8})")


def read_spoken(text: str) -> Spoken | None:
    """Return what *text* (mention stripped) says as a whole, None when it is anything else.

    >>> [(s.kind.value, s.ref, dict(s.args)) for s in map(read_spoken, ("更新 D-3 只看武汉的", "办好了 D-3")) if s]
    [('revise', 'D-3', {'body': '只看武汉的'}), ('finished', 'D-3', {})]
    >>> read_spoken("上午那个通知作废 改成只看武汉的").args["which"], read_spoken("今天敲门46 空5")
    ('上午那个通知', None)
    """
    words = text.strip()
    revised = _revision(words)
    if revised is not None or len(words) > 40:
        return revised
    plain = normalize(words).text.strip()
    for kind, pattern in (
        (SpokenKind.FINISHED, _FINISHED),
        (SpokenKind.CANNOT, _CANNOT),
        (SpokenKind.ALL_RECEIVED, _ALL_RECEIVED),
        (SpokenKind.PICK, _PICK),
        (SpokenKind.FOLLOW, _FOLLOW),
        (SpokenKind.COVERAGE, _COVERAGE),
        (SpokenKind.NUDGE, _NUDGE),
        (SpokenKind.RELAYED, _RELAYED),
        (SpokenKind.STAND_IN, _STAND_IN),
        (SpokenKind.AWAY, _AWAY),
        (SpokenKind.GREETING, _GREETING),
        (SpokenKind.PLEASANTRY, _PLEASANTRY),
        (SpokenKind.COMPLAINT, _COMPLAINT),
    ):
        if found := pattern.fullmatch(plain.upper() if kind is SpokenKind.RELAYED else plain):
            return _spoken(kind, found)
    return None


def without_me(text: str) -> str:
    """Return a leave as it is read, its day first: 我明天请假; any other text as it is.

    >>> without_me("我今天请假"), without_me("我明天报")
    ('今天请假', '我明天报')
    """
    return _ME_FIRST.sub("", text.strip()) if "请假" in text or "休假" in text else text


def codes_in(text: str) -> tuple[str, ...]:
    """Return the directives a text names, each once: what a quoted card or post is about.

    >>> codes_in("【急】通知 D-17\\n今晚排查\\n回执请 @小格 收到 D-17")
    ('D-17',)
    """
    found = re.finditer(rf"(?<![A-Za-z]){_REF.format('n')}", text)
    return tuple(dict.fromkeys(f"D-{int(hit['n'])}" for hit in found))


def _revision(words: str) -> Spoken | None:
    """Read as typed: the new text goes out as its author wrote it."""
    for pattern in _REVISIONS:
        found = pattern.fullmatch(words)
        if found is None:
            continue
        body = found["body"].strip()
        if _DEADLINE.match(body) or not re.search(r"[^\d\s.=+-]{2}", body):
            return None  # 截止改…, 改成6: other words, or a report's
        return _spoken(SpokenKind.REVISE, found)
    return None


def _spoken(kind: SpokenKind, found: re.Match[str]) -> Spoken:
    groups = {key: value.strip() for key, value in found.groupdict().items() if value and value.strip()}
    number = groups.pop("n", None), groups.pop("m", None)
    if kind is SpokenKind.COVERAGE:
        return Spoken(kind, None, MappingProxyType({"where": number[0] or number[1] or ""}))
    if kind is SpokenKind.PICK:
        return Spoken(kind, None, MappingProxyType({"choice": f"{read_numeral(number[0] or '') or 0:g}"}))
    named = next((one for one in number if one), None)
    return Spoken(kind, f"D-{int(named)}" if named else None, MappingProxyType(groups))
