"""Fixed words: receipts, answers and the bot's commands. Run before reading; a report is never one of them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from types import MappingProxyType

from nlp.metrics import metric_of
from nlp.normalize import normalize
from nlp.numerals import read_numeral
from nlp.order import is_order
from nlp.receipts import receipt_word


class CommandKind(StrEnum):
    """What a fixed word does."""

    RECEIPT = "receipt"
    BLOCKER = "blocker"
    RELAY_DONE = "relay_done"
    ORDER = "order"
    GO = "go"
    UNDO = "undo"
    VOID = "void"
    AMEND = "amend"
    PROGRESS = "progress"
    BIND = "bind"
    FIX = "fix"
    CONFIRM = "confirm"
    DENY = "deny"
    WITHDRAW = "withdraw"
    SNOOZE = "snooze"
    LEAVE = "leave"
    BACK = "back"
    HELP = "help"
    DUTY = "duty"
    WAR = "war"
    PEACE = "peace"
    APPROVE = "approve"
    REFUSE = "refuse"
    VERIFY = "verify"
    OPT_OUT = "opt_out"
    ERASE = "erase"
    WHO_AM_I = "who_am_i"
    ROLLUP = "rollup"
    CHOICE = "choice"


_SHORT = 60
"""Characters: a one-word command with its politeness is shorter."""
_NO_ARGS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Command:
    """A command: its kind, the directive it names ("D-17", None when none), and its arguments (read-only)."""

    kind: CommandKind
    ref: str | None = None
    args: Mapping[str, str] = field(default_factory=lambda: _NO_ARGS)


def strip_mention(text: str, names: tuple[str, ...] = ("小格",)) -> tuple[str, bool]:
    """Return *text* without the mention of the bot, and whether it was mentioned; other people's @ stay.

    >>> strip_mention("@小格\\u2005收到 D-17"), strip_mention("＠小格：进度"), strip_mention("@王主任 收到")
    (('收到 D-17', True), ('进度', True), ('@王主任 收到', False))
    """
    mention = _mention(names)
    if mention is None or not _AT.search(text):
        return text.strip(), False
    rest, count = mention.subn(" ", text)
    lines = (re.sub(r"[ \u2005\u3000\xa0]{2,}", " ", line).strip(" \u2005\u3000\xa0") for line in rest.split("\n"))
    return ("\n".join(lines).strip(), True) if count else (text.strip(), False)


_AT = re.compile("[@\uff20\ufe6b]")


@cache
def _mention(names: tuple[str, ...]) -> re.Pattern[str] | None:
    longest = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True) if name)
    gap = "[\u2005\u3000\xa0 \t]*"
    return (
        re.compile(rf"[@\uff20\ufe6b]{gap}(?:{longest})(?:机器人)?{gap}[::\uff1a,,\uff0c]?{gap}") if longest else None
    )


_REF = re.compile(r"(?<![A-Za-z])[Dd]\s*[-_—–]?\s*(\d{1,6})(?!\d)(?:\s*号?(?:令|指令|通知))?")
_TAIL = (
    r"(?:[\s!.。,、~…?]|[\U0001f300-\U0001faff\u2600-\u27bf\ufe0f]|领导|书记|主任|镇长|村长|老师|谢谢|辛苦了?|哈|哦|啦|呀|🙏|🌹|👌|👍|💪|😊|😄|🤝|❤|✅"
    r"|\[[^\[\]]{1,4}\])*"
)
_CANNOT = re.compile(
    (
        r"(?:这个|这事|目前|暂时|实在)?(?:做不了|办不了|办不到|做不到|完不成|完成不了|搞不了|搞不定"
        r"|干不了|弄不了|没法(?:做"
        r"|办|完成|弄)|去不了|有困难)(?:了|啊|呀)?[\s,:。!(]*(?P<reason>.{0,80}?)[\s)。!]*"
    ),
    re.S,
)
_CODE = r"(?:[一-鿿A-Za-z0-9]{1,12}-)?(?=[A-Za-z0-9]*[A-Za-z0-9])[A-Za-z0-9]{2,6}"
_RELAYED = re.compile(
    rf"(?:已经?|都)?(?:转|转发|发群|转群)(?:了|好了?|完了?|到群里?了?|过了?)?\s*[::]?\s*(?P<code>{_CODE}){_TAIL}"
)
_BIND = re.compile(r"绑定\s*[::]?\s*(?P<place>\S.*?\s+)?(?P<code>[A-Za-z0-9]{3,12})\s*")
_AMEND = re.compile(
    r"(?P<first>发(?:吧|送)?[\s,]*)?(?:把)?(?:截止(?:时间|日期)?|时间|期限|deadline)\s*(?:改(?:成|为|到|在)?"
    r"|调(?:成|为|到)|推(?:迟)?到|延(?:长|期)?到|提前到|换成)\s*(?P<deadline>.+?)(?:[\s,,。]+(?P<go>发(?:吧"
    r"|送)?))?[\s!。]*"
)
_MOVE = re.compile(r"(?:改|延|推迟|提前|调)到\s*(?P<deadline>.+?)(?:[\s,。]+(?P<go>发(?:吧|送)?))?[\s!。]*")
_ANNUL = re.compile(
    (
        r"(?:[^,。\n]{0,12}(?:通知|指令|号令|命令|那条|那个)[^,。\n]{0,4}(?:作废|取消|不算了?|废止|撤销)|(?:作废"
        r"|取消|撤销|废止)[^,。\n]{0,12}(?:通知|指令|号令|命令)|作废)(?P<more>[\s,。].{0,200})?"
    ),
    re.S,
)
_WITHDRAW = re.compile(
    r"(?:(?:刚才|刚刚|上面|上一?条|我|那条|前面)?(?:的|那条|这条)?(?:报告|日报|消息)?(?:报错|发错|写错"
    r"|填错|搞错|弄错)了?[,,\s]*)?(?:(?:请|帮我)?撤回(?:吧|一下|来|上一?条|刚才的?|我的报告|日报|报告"
    r"|刚才那条)?|(?:上一?条|刚才那条|刚才的|前面那条)?(?:作废|别算|不算|不要算)了?|(?:刚才|刚刚|上面"
    r"|上一?条)(?:的|那条)?(?:作废|别算|不算)了?)[\s!。.了吧哈]*"
)
_SNOOZE = re.compile(
    r"(?:(?:我|现在)?(?:在|正在)?(?:开车|开会|忙|路上|吃饭|骑车)(?:呢|中|着)?[\s,,。]*)?(?:(?:晚点"
    r"|晚一点|等会|等一会儿?|等下|待会儿?|一会儿?|稍后|稍等|过会儿?|回头)(?:再)?(?:报|回|说|弄|填|办|处理|看)?"
    r"|(?P<n>\d{1,3}|半|[一二两三四五六七八九十]{1,3})(?:个)?(?P<unit>分钟|小时|钟头)后?(?:再)?(?:报"
    r"|回|说|提醒我?|弄))[\s!。吧哈了啊]*|(?:我|现在)?(?:在|正在)(?:开车|开会|忙)(?:呢|中|着)?[\s!。]*"
)
_WHEN = (
    r"(?:今天|明天|后天|今日|明日|今晚|明早|下午|上午"
    r"|[\d一二三四五六七八九十]{1,3}(?:月[\d一二三四五六七八九十]{1,3})?[日号]|(?:下?周"
    r"|星期)[一二三四五六日天])"
)
_LEAVE = re.compile(
    rf"(?P<when>{_WHEN}(?:\s*(?:到|至|-|、|和)\s*{_WHEN})?)?\s*(?:我|想|要|请)*\s*(?:请(?:个|一天"
    rf"|半天|[\d一二两三四五六七八九十]天)?假|休假|有事(?:不在|来不了)"
    rf"|不在岗)(?:[一二两三四五六七八九十\d半]{{1,9}}天)?(?P<later>[\s,,。]*(?P<cover>{_WHEN})?\s*(?:由|让|请"
    rf"|麻烦)?\s*(?P<substitute>[一-鿿]{{1,4}}?)\s*(?:代|替|顶)(?:我|班|替|岗|一下|一天"
    rf"|我班)*)?[\s!。]*"
)
_WAR = re.compile(
    (
        r"(?P<text>(?:启动|进入|宣布|开启|转入?|切换(?:到|为)?)\s*(?:[^,。\n]{0,12}?(?:战时|应急响应"
        r"|应急|预案|一级响应|二级响应|三级响应|四级响应)).*)"
    ),
    re.S,
)
_PEACE = re.compile(
    r"(?:转(?:为|入|回)?|恢复|回到|进入|切换(?:到|为)?)?\s*平时(?:状态|模式)?|(?:解除|结束|终止|退出"
    r"|关闭)\s*(?:战时|应急|预案|应急响应|[一-鿿]{0,6}预案)(?:状态|模式)?"
)
_FIX_ITEM = re.compile(
    r"(?:第\s*)?(?P<item>\d{1,2}|[一二三四五六七八九十]{1,3}|[一-鿿()]{1,10}?)\s*(?:项|条"
    r"|个)?\s*(?P<sign>=|改(?:成|为|到)?|应该是|应为|是|:)?\s*(?P<value>-?\d{1,9}(?:\.\d{1,9})?"
    r"|[零一二两三四五六七八九十百千万半俩仨]{1,9}|无|没有)\s*(?:户|人|个|名|辆|台|份|张|次|条|起|处|℃|度)?"
)
_TABLE: tuple[tuple[CommandKind, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(rf"(?:{pattern})[\s!。.~吧啊哈]*", re.IGNORECASE | re.S))
    for kind, pattern in (
        (CommandKind.GO, r"(?:可以|确认|行|好|就这样|没问题)?[,\s]*(?:发|发送|发出去?|发了吧|发布|下发)"),
        (CommandKind.UNDO, r"撤|撤掉|撤了|别发|先别发|不发了|停|停发|取消发送|取消|暂停发送|等等别发"),
        (CommandKind.CONFIRM,(
            r"(?:对+的?|嗯+|是的?|没错|正确|确认(?:无误)?|对头|是这样|没问题|无误"
            r"|对对对?)(?:[,\s]*(?:就这样|没错|是的|对的?|没问题|可以))*"
        )),
        (CommandKind.DENY, r"不对(?:不对)?|不是|错了|不正确|有误|否|不行|不可以"),
        (CommandKind.BACK, r"我?(?:已经)?(?:回来了|回岗了?|返岗了?|到岗了)|销假(?:了)?|请假结束(?:了)?"),
        (CommandKind.HELP,(
            r"帮助|help|菜单|说明书?|使用说明|怎么用|你是谁|你会什么|你能干(?:什么|啥)|你有什么功能|指令"
            r"|命令|\?+"
        )),
        (CommandKind.DUTY, r"(?:今天|今晚|明天|现在)?(?:谁|哪个)?(?:在)?值班(?:表|电话|人员是谁|的是谁|是谁)?"),
        (CommandKind.VERIFY, r"(?:这个?|这条)?(?:通知|消息)?(?:是)?(?:真的吗|真的假的|真的么|真假|是不是真的)"),
        (CommandKind.OPT_OUT,(
            r"(?:请)?(?:不要|别)再(?:给我)?发(?:消息|信息)?了?|退订|td|不想再收到(?:消息)?了?|停止(?:推送"
            r"|接收)"
        )),
        (CommandKind.ERASE, r"请?(?:删除|删掉|清除|注销)(?:我的?|本人)(?:所有)?的?(?:个人)?(?:信息|数据|资料|账号)?"),
        (CommandKind.WHO_AM_I, r"我是谁|我的身份|我[是在]哪个(?:村|网格|格|群)的?|我的(?:网格|信息)"),
        (CommandKind.ROLLUP,(
            r"(?P<day>今天|今日|昨天|昨日)?的?(?:汇总|总数|数据汇总)(?:一下|表)?|(?:看|发"
            r"|出)(?:一?下)?(?P<day2>今天|今日|昨天|昨日)?的?汇总(?:表)?"
        )),
        (CommandKind.PROGRESS, r"[看查]?(?:一?下)?(?:现在)?的?(?:进度|进展|完成情况|回执情况)(?:怎么样|如何|呢)?\??"),
    )
)  # fmt: skip


def read_command(text: str) -> Command | None:
    """Return the command that *text* (mention stripped) is as a whole, None when it is anything else.

    >>> [(c.kind.value, c.ref, dict(c.args)) for c in map(read_command, ("收到 D17", "5=6 隔离是六户")) if c]
    [('receipt', 'D-17', {'word': '收到'}), ('fix', None, {'5': '6'})]
    >>> read_command("收到物资3份") is None
    True
    """
    plain = normalize(text).text.strip()
    if not plain or len(plain) > 400:
        return None
    refs = _REF.findall(plain)
    ref = f"D-{int(refs[0])}" if refs else None
    rest = _REF.sub(" ", plain).strip(" ,:。") if refs else plain
    return _short(rest, ref) or _long(rest, plain, ref)


_ORDER_HEAD = re.compile(
    r"[\s@\[【(#]*(?:请|帮|麻烦|给|向|通知|下?发|转告|告诉|群发|全|下通知|急|特急|加急|紧急|演练|实战|所有|各|每"
    r"|[一-鿿0-9]{1,16}(?:所有|全|各|每))"
)


def quick_kind(text: str) -> CommandKind | None:
    """Return the kind of the receipt, answer or one-word command that *text* (normalised) is, None when it is none."""
    if len(text) > _SHORT:
        return None
    refs = _REF.search(text)
    rest = _REF.sub(" ", text).strip(" ,:。") if refs else text.strip()
    command = _short(rest, None) if rest else None
    return command.kind if command else None


def _command(kind: CommandKind, ref: str | None = None, /, **args: str | None) -> Command:
    kept = {key: value.strip() for key, value in args.items() if value is not None and value.strip()}
    return Command(kind, ref, MappingProxyType(kept))


def _short(rest: str, ref: str | None) -> Command | None:
    if ref is None and re.fullmatch(r"(?:选|回|第)?\s*(?:[2-9]|[1-9]\d?(?=个)|二|三)\s*(?:个|项|号)?[。.]?", rest):
        found = re.search(r"\d{1,9}|[二三]", rest)
        return _command(CommandKind.CHOICE, choice=str(read_numeral(found[0])) if found else None)
    said = re.sub(r"。(?=.)", ",", rest)
    for kind, pattern in _TABLE:
        found = pattern.fullmatch(said)
        if found:
            day = "".join(value for key, value in found.groupdict().items() if key.startswith("day") and value)
            return _command(kind, ref, word=rest.rstrip("!。. "), day=day)
    word = receipt_word(rest)
    return _command(CommandKind.RECEIPT, ref, word=word) if word else None


def _long(rest: str, plain: str, ref: str | None) -> Command | None:
    for reader in (_refusals, _decisions, _relays, _fixes, _mode, _absences):
        command = reader(rest, ref)
        if command is not None:
            return command
    trust = re.match(r"(?:这个?|这条)?(?:通知|消息)?(?:是)?(?:真的吗|真的假的|是不是真的)\??\s*\n", plain)
    if trust:
        return _command(CommandKind.VERIFY, ref, text=plain[trust.end() :])
    if _ORDER_HEAD.match(plain) and is_order(plain):
        return _command(CommandKind.ORDER, ref, text=plain)
    return None


def _refusals(rest: str, ref: str | None) -> Command | None:
    found = _CANNOT.fullmatch(rest)
    if found:
        return _command(CommandKind.BLOCKER, ref, reason=found["reason"])
    for kind, word in ((CommandKind.REFUSE, "不同意"), (CommandKind.APPROVE, "同意"), (CommandKind.VERIFY, "核验")):
        if rest.startswith(word) and (ref is not None or len(rest) <= len(word) + 1 or kind is CommandKind.REFUSE):
            return _command(kind, ref, reason=rest.removeprefix(word).strip(" ,。!:"))
    if rest.startswith("批准") and len(rest) <= 4:
        return _command(CommandKind.APPROVE, ref)
    return None


def _decisions(rest: str, ref: str | None) -> Command | None:
    for pattern in (_AMEND, _MOVE):
        found = pattern.fullmatch(rest)
        if (
            found
            and re.search(r"[\d一二两三四五六七八九十点:天晚早午]", found["deadline"])
            and len(found["deadline"]) <= 16
        ):
            go = found["go"] or found.groupdict().get("first")
            return _command(CommandKind.AMEND, ref, deadline=found["deadline"], go="1" if go else None)
    if ref is not None and re.search(r"作废|撤回|撤销|取消|废止", rest):
        return _command(CommandKind.VOID, ref, text=rest)
    if _WITHDRAW.fullmatch(rest) and rest.strip("。!") != "作废":
        return _command(CommandKind.WITHDRAW, ref)
    annul = _ANNUL.fullmatch(rest)
    if annul and not re.search(r"\d{1,9}\s*[户人]|为准", rest):
        return _command(CommandKind.VOID, ref, text=rest, more=annul["more"])
    return None


def _relays(rest: str, ref: str | None) -> Command | None:
    found = _RELAYED.fullmatch(rest)
    if found and re.search(r"[A-Za-z]|\d", found["code"]) and not found["code"].isdigit():
        return _command(CommandKind.RELAY_DONE, ref, code=found["code"].upper())
    bind = _BIND.fullmatch(rest)
    if bind:
        return _command(CommandKind.BIND, ref, code=bind["code"].upper(), place=bind["place"])
    return None


def _fixes(rest: str, ref: str | None) -> Command | None:
    """Read 2=6 3=0, 第二项6, 隔离改6; a comment may follow the last one: 5=6 隔离是六户."""
    if ref is not None or len(rest) > 60:
        return None
    args: dict[str, str] = {}
    at = 0
    while found := _FIX_ITEM.match(rest, at):
        item = _fix_item(found)
        if item is None:
            break
        args[item] = found["value"]
        at = found.end()
        while at < len(rest) and rest[at] in " ,,;;、。\n":
            at += 1
    if not args:
        return None
    left = rest[at:]
    if left and ("=" not in rest[:at] or re.search(r"[=\d]", left)):
        return None
    return Command(CommandKind.FIX, None, MappingProxyType(args))


def _fix_item(found: re.Match[str]) -> str | None:
    item, sign, text = found["item"], found["sign"], found[0]
    number = read_numeral(item)
    if number is not None:
        numbered = text.startswith("第") or sign == "=" or (sign or "").startswith("改")
        return f"{number:g}" if numbered else None
    return item if metric_of(item) and sign and sign.startswith("改") else None  # 返乡=3 is a report


def _mode(rest: str, ref: str | None) -> Command | None:
    if _PEACE.fullmatch(rest.strip("。! ")):
        return _command(CommandKind.PEACE, ref)
    found = _WAR.fullmatch(rest)
    if not found:
        return None
    basis = re.search(r"(?:依据|根据|按照|按)\s*[::]?\s*(?P<basis>[^,。;\n]+?)(?=\s+(?:到|至|截止)|[,。;\n]|$)", rest)
    until = re.search(
        (
            r"(?:到|至|有效期至?|截止)\s*[::]?\s*(?P<until>\d{1,2}月\d{1,2}[日号]?[^,。;\s]*"
            r"|\d{4}-\d\d?-\d\d?|[一-鿿\d]{1,6}[日号天])\s*(?:止|为止)?[。!]*$"
        ),
        rest,
    )
    return _command(
        CommandKind.WAR,
        ref,
        text=found["text"],
        basis=basis["basis"] if basis else None,
        until=until["until"] if until else None,
    )


def _absences(rest: str, ref: str | None) -> Command | None:
    leave = _LEAVE.fullmatch(rest)
    if leave:
        return _command(
            CommandKind.LEAVE, ref, when=leave["when"] or "今天", substitute=leave["substitute"], cover=leave["cover"]
        )
    snooze = _SNOOZE.fullmatch(rest)
    if snooze:
        amount = read_numeral(snooze["n"] or "") or 0
        minutes = amount * (60 if snooze["unit"] in ("小时", "钟头") else 1) or 30
        return _command(CommandKind.SNOOZE, ref, minutes=f"{minutes:g}")
    return None
