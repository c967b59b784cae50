"""Fixed words: receipts, answers and the bot's commands. Run before reading; a report is never one of them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType

from nlp import command_words as words
from nlp.command_words import CommandKind
from nlp.lazy import lazy
from nlp.metrics import metric_of
from nlp.normalize import normalize
from nlp.numerals import read_numeral
from nlp.order import is_order
from nlp.receipts import receipt_word

__all__ = ["Command", "CommandKind", "numbered_fixes", "quick_kind", "read_command", "strip_mention"]
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


def read_command(text: str) -> Command | None:
    """Return the command that *text* (mention stripped) is as a whole, None when it is anything else.

    >>> [(c.kind.value, c.ref, dict(c.args)) for c in map(read_command, ("收到 D17", "5=6 隔离是六户")) if c]
    [('receipt', 'D-17', {'word': '收到'}), ('fix', None, {'5': '6', '隔离': '六'})]
    >>> read_command("收到物资3份") is None
    True
    """
    plain = normalize(text).text.strip()
    if not plain or len(plain) > 400:
        return None
    refs = words.REF.findall(plain)
    ref = f"D-{int(refs[0])}" if refs else None
    rest = words.REF.sub(" ", plain).strip(" ,:。") if refs else plain
    return _short(rest, ref) or _long(rest, plain, ref)


def quick_kind(text: str) -> CommandKind | None:
    """Return the kind of the receipt, answer or one-word command that *text* (normalised) is, None when it is none."""
    if len(text) > _SHORT:
        return None
    refs = words.REF.search(text)
    rest = words.REF.sub(" ", text).strip(" ,:。") if refs else text.strip()
    command = _short(rest, None) if rest else None
    return command.kind if command else None


def _command(kind: CommandKind, ref: str | None = None, /, **args: str | None) -> Command:
    kept = {key: value.strip() for key, value in args.items() if value is not None and value.strip()}
    return Command(kind, ref, MappingProxyType(kept))


_CHOICE = lazy(r"(?:选|回|第)?\s*(?:[2-9]|[1-9]\d?(?=个)|二|三)\s*(?:个|项|号)?[。.]?")
_CHOSEN = lazy(r"\d{1,9}|[二三]")
_NUMBERED = lazy(
    r"(?P<word>(?:已|都|均)?(?:收到|收悉|知悉|知道|明白))了?\s*[,:#]?\s*(?:第\s*)?(?P<n>\d{1,4})\s*(?:号?(?:令|指令|通知)|号)?[\s!。.~了]*"
)
"""收到17 is 收到 D-17; 收到17份 counts something."""
_POINT = lazy(r"。(?=.)")
_DIGIT = re.compile(r"\d")


def _short(rest: str, ref: str | None) -> Command | None:
    if ref is None and _CHOICE.fullmatch(rest):
        found = _CHOSEN.search(rest)
        return _command(CommandKind.CHOICE, choice=str(read_numeral(found[0])) if found else None)
    if not _DIGIT.search(rest):  # no command of fixed words holds a figure
        said = _POINT.sub(",", rest)
        for kind, pattern in words.TABLE:
            found = pattern.fullmatch(said)
            if found:
                day = "".join(value for key, value in found.groupdict().items() if key.startswith("day") and value)
                return _command(kind, ref, word=rest.rstrip("!。. "), day=day)
    word = receipt_word(rest)
    if word:
        return _command(CommandKind.RECEIPT, ref, word=word)
    numbered = _NUMBERED.fullmatch(rest) if ref is None else None
    return _command(CommandKind.RECEIPT, f"D-{int(numbered['n'])}", word=numbered["word"]) if numbered else None


def _long(rest: str, plain: str, ref: str | None) -> Command | None:
    for reader in (_refusals, _decisions, _relays, _fixes, _mode, _absences):
        command = reader(rest, ref)
        if command is not None:
            return command
    trust = re.match(r"(?:这个?|这条)?(?:通知|消息)?(?:是)?(?:真的吗|真的假的|是不是真的)\??\s*\n", plain)
    if trust:
        return _command(CommandKind.VERIFY, ref, text=plain[trust.end() :])
    if words.ORDER_HEAD.match(plain) and is_order(plain):
        return _command(CommandKind.ORDER, ref, text=plain)
    return None


def _refusals(rest: str, ref: str | None) -> Command | None:
    found = words.CANNOT.fullmatch(rest)
    if found:
        return _command(CommandKind.BLOCKER, ref, reason=found["reason"])
    for kind, word in ((CommandKind.REFUSE, "不同意"), (CommandKind.APPROVE, "同意"), (CommandKind.VERIFY, "核验")):
        if rest.startswith(word) and (ref is not None or len(rest) <= len(word) + 1 or kind is CommandKind.REFUSE):
            return _command(kind, ref, reason=rest.removeprefix(word).strip(" ,。!:"))
    if rest.startswith("批准") and len(rest) <= 4:
        return _command(CommandKind.APPROVE, ref)
    return None


def _decisions(rest: str, ref: str | None) -> Command | None:
    for pattern in (words.AMEND, words.MOVE):
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
    if words.WITHDRAW.fullmatch(rest) and rest.strip("。!") != "作废":
        return _command(CommandKind.WITHDRAW, ref)
    annul = words.ANNUL.fullmatch(rest)
    if annul and not re.search(r"\d{1,9}\s*[户人]|为准", rest):
        return _command(CommandKind.VOID, ref, text=rest, more=annul["more"])
    return None


def _relays(rest: str, ref: str | None) -> Command | None:
    found = words.RELAYED.fullmatch(rest)
    if found and re.search(r"[A-Za-z]|\d", found["code"]) and not found["code"].isdigit():
        return _command(CommandKind.RELAY_DONE, ref, code=found["code"].upper())
    bind = words.BIND.fullmatch(rest)
    if bind:
        return _command(CommandKind.BIND, ref, code=bind["code"].upper(), place=bind["place"])
    return None


def numbered_fixes(text: str) -> int:
    """Return where the corrections by number end that open *text* (normalised): 3 in 5=6 隔离是六户, 0 for none."""
    if not _BY_NUMBER.match(text) or _fixes(text.strip(), None) is None:
        return 0
    found = _BY_NUMBER.match(text)
    at = 0
    while found:
        at = found.end()
        found = _BY_NUMBER.match(text, at)
    return at


_BY_NUMBER = lazy(r"[\s,;、]*\d{1,2}\s*(?:=|:|\)\s*=?)\s*\d{1,9}(?![\d.:])")
_CLOCKS = lazy(r"(?:\d{1,2}:[0-5]\d[\s,;、]*)+")
"""2:30 is an hour and no answer; 2:7 and 2:126 are."""
_NAMED_VALUE = lazy(r"[一-鿿]\s*:|:\s*[零一二两三四五六七八九十]")


def _fixes(rest: str, ref: str | None) -> Command | None:
    """Read 2=6 3=0, 第二项6, 隔离改6, and both halves of 5=6 隔离是六户; a comment may follow the last one."""
    if ref is not None or len(rest) > 60:
        return None
    args: dict[str, str] = {}
    at = 0
    while found := words.FIX_ITEM.match(rest, at):
        item = _fix_item(found, "=" in rest[:at])
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
    if _CLOCKS.fullmatch(rest) or (":" in rest[:at] and _NAMED_VALUE.search(rest)):
        return None
    return Command(CommandKind.FIX, None, MappingProxyType(args))


def _fix_item(found: re.Match[str], named_too: bool) -> str | None:
    """Return what is to be fixed: its number, or its name where that is said plainly (*named_too*: behind 5=6)."""
    item, sign, text = found["item"], found["sign"], found[0]
    number = read_numeral(item)
    if number is not None:
        numbered = text.startswith("第") or sign == "=" or (sign or "").startswith(("改", ")"))
        broken = (sign or "").startswith(")") and "." in found["value"]  # ①36.5 is a reading
        return f"{number:g}" if (numbered or sign == ":") and not broken else None
    plain = bool(sign) and (sign.startswith("改") or (named_too and sign != ":"))
    return item if plain and metric_of(item) else None  # 返乡=3 is a report


def _mode(rest: str, ref: str | None) -> Command | None:
    if words.PEACE.fullmatch(rest.strip("。! ")):
        return _command(CommandKind.PEACE, ref)
    found = words.WAR.fullmatch(rest)
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
    leave = words.LEAVE.fullmatch(rest)
    if leave:
        return _command(
            CommandKind.LEAVE, ref, when=leave["when"] or "今天", substitute=leave["substitute"], cover=leave["cover"]
        )
    snooze = words.SNOOZE.fullmatch(rest)
    if snooze:
        amount = read_numeral(snooze["n"] or "") or 0
        minutes = amount * (60 if snooze["unit"] in ("小时", "钟头") else 1) or 30
        return _command(CommandKind.SNOOZE, ref, minutes=f"{minutes:g}")
    return None
