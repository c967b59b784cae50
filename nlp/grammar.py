"""Figures of a report: label × unit → metric; the reach of 累计 and 其中; 无 is a number; totals beat parts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from nlp.lexicon import Entry
from nlp.tokens import Token, tokenize
from nlp.types import Slot

_SUFFIX = {"new": "_new", "cum": "_cum", "now": "", "": ""}
_REACH = 9
"""Characters of unknown text that may stand between a label and its figure."""
_SKIP = frozenset({"fill", "all", "among"})


@dataclass(slots=True)
class Figure:
    """A metric read: its key, its value, and the token it came from."""

    key: str
    token: Token
    value: int | float | str
    approximate: bool = False
    unit: str = ""
    total: bool = False


@dataclass(slots=True)
class Reading:
    """All figures of one record, what was stated without a figure, and what stayed open."""

    figures: dict[str, Figure] = field(default_factory=dict)
    states: dict[str, Token] = field(default_factory=dict)
    conflicts: list[str] = field(default_factory=list)
    loose: list[Token] = field(default_factory=list)
    has_return: bool = False

    def slots(self) -> tuple[Slot, ...]:
        """Return the figures as slots in reading order; spans are of the normalised text."""
        made = [
            Slot(one.key, one.value, one.token.start, one.token.end, 0.8 if one.approximate else 1.0, one.approximate)
            for one in self.figures.values()
        ]
        return tuple(sorted(made, key=lambda slot: slot.start))


@dataclass(slots=True)
class _Label:
    """The label that waits for figures, with the scope it was given."""

    entry: Entry
    token: Token
    scope: str = ""
    filled: bool = False
    inherited: bool = False


class _Reader:
    """One pass over the tokens of one record."""

    def __init__(self, tokens: Sequence[Token], context: str) -> None:
        self.tokens = tokens
        self.context = context
        self.out = Reading()
        self.label: _Label | None = None
        self.last: _Label | None = None
        self.scope = ""
        self.child_scope = ""
        self.no: Token | None = None
        self.waiting: list[Token] = []
        self.recent: list[Token] = []
        self.ignored: list[Token] = []
        self.skip_until = ""
        self.redo = self.total = self.all = False
        self.distance = 0
        self.depth: list[_Label | None] = []
        self.post_no = False
        self.last_unit = ""
        self.jump = -1

    def read(self) -> Reading:
        self.out.has_return = any(token.kind == "return" for token in self.tokens)
        for at, token in enumerate(self.tokens):
            if at <= self.jump:
                continue
            getattr(self, f"on_{token.kind}")(at, token)
        self.clause_ends()
        self.sentence_ends()
        return self.out

    # -- looking around ---------------------------------------------------------------------------------------------

    def ahead(self, at: int, through: frozenset[str] = frozenset({"colon", "space"})) -> Token | None:
        """Return the next token that is not a filler (nor in *through*), None at the end."""
        for token in self.tokens[at + 1 :]:
            if token.kind in through or self.is_filler(token):
                continue
            if token.kind == "text" and len(token.word.strip()) <= 3 and not token.word.strip("的了员为于在地"):
                continue
            return token
        return None

    def is_filler(self, token: Token) -> bool:
        return token.kind == "scope" and token.entry is not None and token.entry.name in _SKIP

    def next_is_figure(self, at: int, entry: Entry) -> bool:
        """Return whether the figure of *entry* stands behind it: 返乡 5人, 返乡人员今日共 5人, 返乡: 5."""
        through = frozenset({"colon", "space", "scope", "open"})
        reach = 0
        for token in self.tokens[at + 1 :]:
            if token.kind == "number":
                return self.key_for(entry, token) is not None or token.unit == ""
            if token.kind == "text":
                reach += len(token.word)
                if reach > _REACH:
                    return False
            elif (
                token.kind == "scope" and token.entry and token.entry.name in ("no", "should", "than", "redo")
            ) or token.kind not in through:
                return False
        return False

    # -- tokens ----------------------------------------------------------------------------------------------------

    def on_label(self, at: int, token: Token) -> None:
        assert token.entry is not None
        entry = token.entry
        if len(token.word) == 1 and not self.single_ok(at):
            return
        if self.no is not None:
            self.deny(at, token, entry)
            return
        if self.skip_until and self.skip_until != "number":
            return
        number_first = bool(self.waiting) and self.adjacent(self.waiting[-1], token)
        has_next = self.next_is_figure(at, entry)
        scope, self.scope = self.scope or self.inherit(), self.scope
        self.label = _Label(entry, token, scope, inherited=not self.scope)
        self.distance = 0
        if has_next and not (number_first and self.next_belongs_to_next(at)):
            return
        self.take_waiting(token)

    def on_return(self, at: int, token: Token) -> None:
        if self.label and self.label.entry.kind == "place" and not self.label.filled and self.distance <= 6:
            self.distance = 0
            if not self.next_is_figure(at, self.label.entry):
                self.take_waiting(token)
            return
        self.on_label(at, token)

    def on_place(self, at: int, token: Token) -> None:
        if self.context != "daily":
            self.skip_until = "number"  # 湖北方向旅客15人 at a checkpoint is a part of another figure
            return
        self.on_label(at, token)
        if (
            self.all
            and self.label
            and not self.label.filled
            and self.recent
            and not self.next_is_figure(at, self.label.entry)
        ):
            self.put(self.label, self.recent[-1])

    def on_ignore(self, at: int, token: Token) -> None:
        following = self.ahead(at)
        if following is None or following.kind != "number":
            self.on_text(at, token)
            return
        self.no = None
        self.label = _Label(Entry(token.word, "ignore", ""), token)
        self.distance = 0

    def on_clear(self, at: int, token: Token) -> None:
        assert token.entry is not None
        self.state_zero(token.entry.name, token)

    def on_state(self, at: int, token: Token) -> None:
        assert token.entry is not None
        measured = "temp_checked_people" in self.out.figures or "people_checked" in self.out.figures
        if measured and self.context == "checkpoint" and token.word.endswith("正常"):
            self.state_zero("fever_people", token)
            return
        self.out.states[token.entry.name] = token

    def on_scope(self, at: int, token: Token) -> None:
        assert token.entry is not None
        name = token.entry.name
        if name in ("new", "cum", "now"):
            self.on_reach(at, name, token)
        elif name == "no":
            self.on_no(at, token)
        elif name == "total":
            self.total = True
        elif name == "among":
            self.child_scope = self.label.scope if self.label else (self.last.scope if self.last else "")
            self.scope = ""
        elif name in ("should", "than"):
            self.skip_until = "number" if name == "should" else "clause"
        elif name == "redo":
            self.redo = True
            self.waiting.clear()
        elif name == "all":
            self.all = True

    def opens_label(self, at: int) -> bool:
        following = self.tokens[at + 1] if at + 1 < len(self.tokens) else None
        return following is not None and following.kind in ("return", "label", "number", "place")

    def on_reach(self, at: int, name: str, token: Token) -> None:
        if name == "now" and self.scope:
            return  # 今日新增, 目前累计: the stronger word rules
        if token.word == "新" and not self.opens_label(at):
            return
        self.scope = name
        if name == "now":
            self.child_scope = ""
            if self.label is not None and self.label.filled:
                self.label = None
        following = self.ahead(at)
        if following is not None and following.kind == "number" and not (name == "now" and self.label_later(at)):
            self.reuse(name, self.tokens[at])

    def label_later(self, at: int) -> bool:
        """Return whether a label stands behind the figures of this clause: 还有2户5人在隔离."""
        for token in self.tokens[at + 1 :]:
            if token.kind in ("stop", "comma"):
                return False
            if token.kind in ("label", "return"):
                return True
        return False

    def reuse(self, name: str, token: Token) -> None:
        """Give 累计1200户 or 新增2 after a figure to the label before it."""
        known = self.label if self.label and self.label.entry.kind != "ignore" else self.last
        if known is not None:
            self.label = _Label(known.entry, token, name)
        elif name == "new":
            self.label = _Label(
                Entry("新增", "return", "returnees", {"人": "returnees", "个": "returnees"}, "returnees"), token, name
            )
        self.distance = 0

    def on_no(self, at: int, token: Token) -> None:
        following = self.ahead(at, frozenset({"space"}))
        ends = following is None or following.kind in ("stop", "comma", "close")
        waits = self.label is not None and not self.label.filled and self.distance <= 2
        if waits and (ends or self.is_post_style(at)):
            self.zero(self.label, token)  # type: ignore[arg-type]
            return
        self.no = token

    def is_post_style(self, at: int) -> bool:
        """Return whether the 无 of this clause stand behind their labels: 返乡无 隔离无 发热无."""
        last = None
        for token in self.tokens[at:]:
            if token.kind in ("stop", "comma"):
                break
            if token.kind in ("label", "return", "place"):
                last = "label"
            elif token.kind == "scope" and token.entry and token.entry.name == "no":
                last = "no"
        return last == "no"

    def on_number(self, at: int, token: Token) -> None:
        assert token.number is not None
        if token.unit == "?":
            return
        if self.skip_until:
            self.skip_until = "" if self.skip_until == "number" else self.skip_until
            return
        if self.total and self.apply_total(at, token):
            return
        if self.redo and self.apply_redo(token):
            return
        self.no = None
        label = self.label
        if label is not None and self.fits(label, at, token):
            self.put(label, token)
        elif label is not None and label.entry.kind == "ignore" and self.distance == 0:
            self.ignored.append(token)
        else:
            self.waiting.append(token)

    def on_text(self, at: int, token: Token) -> None:
        self.distance += len(token.word)
        if (self.distance > _REACH or "第" in token.word) and self.label is not None and not self.label.filled:
            self.label = None
        if self.no is not None and len(token.word.strip("人任何有出现新的")) > 4:
            self.no = None

    def on_colon(self, at: int, token: Token) -> None:
        if self.waiting and self.label is None:
            self.waiting.clear()

    def on_space(self, at: int, token: Token) -> None:
        self.distance += 1

    on_slash = on_space

    def on_open(self, at: int, token: Token) -> None:
        self.depth.append(self.label)
        if self.label is not None and self.label.filled:
            self.child_scope = self.label.scope
            self.label = None

    def on_close(self, at: int, token: Token) -> None:
        if not self.depth:
            return
        outer = self.depth.pop()
        self.label = self.label if outer is None and self.label and not self.label.filled else outer
        self.waiting.clear()
        self.child_scope = ""
        self.distance = 0

    def on_comma(self, at: int, token: Token) -> None:
        if token.word == "、" and self.no is not None:
            return
        self.clause_ends()

    def on_stop(self, at: int, token: Token) -> None:
        self.clause_ends()
        self.sentence_ends()

    # -- rules -----------------------------------------------------------------------------------------------------

    def single_ok(self, at: int) -> bool:
        """A label of one character (空, 敲, 车) needs its figure right behind it."""
        for token in self.tokens[at + 1 :]:
            if token.kind == "number":
                return True
            if token.kind not in ("colon", "space") and not (
                token.kind == "scope" and token.word in ("了", "到", "有", "共")
            ):
                return False
        return False

    def adjacent(self, number: Token, token: Token) -> bool:
        between = [one for one in self.tokens if number.end <= one.start < token.start]
        return all(one.kind == "scope" or (one.kind == "text" and len(one.word) <= 4) for one in between)

    def next_belongs_to_next(self, at: int) -> bool:
        """In 一个武汉的一个浙江 the figure behind 武汉 is the one of 浙江."""
        rest = iter(self.tokens[at + 1 :])
        for token in rest:
            if token.kind == "number":
                following = next(rest, None)
                return following is not None and following.kind in ("place", "label", "return")
            if token.kind not in ("text", "scope"):
                return False
        return False

    def inherit(self) -> str:
        if self.child_scope:
            return self.child_scope
        if self.label is not None and not self.label.filled and self.label.entry.kind != "ignore":
            return self.label.scope  # 累计排查返乡人员45人: no figure between the two labels
        return ""

    def key_for(self, entry: Entry, token: Token) -> str | None:
        if entry.kind == "ignore":
            return None
        key = entry.units.get(token.unit) if token.unit else entry.bare
        if key == "turned_back":
            key = "vehicles_turned_back" if self.last_unit == "辆" else "people_turned_back"
        return key

    def fits(self, label: _Label, at: int, token: Token) -> bool:
        key = self.key_for(label.entry, token)
        if key is None:
            return False
        if not label.filled:
            return True
        full = f"{key}{self.suffix(label)}"
        if full in self.out.figures:
            return False
        # a second figure of the same label must be the other half of a 户/人 pair and end its clause
        following = self.tokens[at + 1] if at + 1 < len(self.tokens) else None
        return token.unit != "" and (
            self.distance == 0 or following is None or following.kind not in ("text", "label", "return")
        )

    def suffix(self, label: _Label) -> str:
        return _SUFFIX.get(self.scope or label.scope, "")

    def put(self, label: _Label, token: Token, value: int | float | str | None = None) -> None:
        key = self.key_for(label.entry, token)
        assert token.number is not None
        if key is None:
            return
        if (self.scope and self.scope != "now") or (self.scope == "now" and not label.inherited):
            label.scope = self.scope
        full = f"{key}{_SUFFIX.get(label.scope, '')}"
        self.scope = ""
        self.store(Figure(full, token, token.number.said(), token.number.approximate, token.unit, self.total))
        label.filled = True
        self.last, self.label = label, label
        self.recent.append(token)
        self.last_unit = token.unit or self.last_unit
        self.distance = 0
        self.redo = self.total = self.all = False

    def store(self, figure: Figure) -> None:
        known = self.out.figures.get(figure.key)
        if known is not None and known.value != figure.value and not (figure.total or self.redo):
            if not known.total:
                self.out.conflicts.append(figure.key)
            return
        self.out.figures[figure.key] = figure

    def zero(self, label: _Label, token: Token) -> None:
        key = label.entry.bare or next(iter(label.entry.units.values()), None)
        if key == "turned_back":
            key = "vehicles_turned_back" if self.last_unit == "辆" else "people_turned_back"
        if key is None or label.entry.kind == "ignore":
            label.filled = True
            return
        full = f"{key}{_SUFFIX.get(self.scope or label.scope, '')}"
        self.scope = ""
        self.store(Figure(full, token, 0))
        label.filled = True
        self.last = label

    def state_zero(self, key: str, token: Token) -> None:
        if key not in self.out.figures:
            self.out.figures[key] = Figure(key, token, 0)
        self.no = None

    def deny(self, at: int, token: Token, entry: Entry) -> None:
        """无返乡, 无湖北返回人员, 无发热咳嗽: every label behind the 无 is 0 until the clause ends."""
        following = self.ahead(at, frozenset({"space"}))
        if entry.kind == "place" and following is not None and following.kind == "return":
            self.jump = self.tokens.index(following)
        elif following is not None and following.kind in ("label", "return") and self.closer(at, following):
            return  # 无新增返乡人员 with two labels in a row: the last one counts
        self.label = _Label(entry, token, self.scope)
        self.zero(self.label, token)

    def closer(self, at: int, following: Token) -> bool:
        """排查 in 无排查发现发热 is a verb before the label that is denied."""
        entry = self.tokens[at].entry
        return (
            entry is not None
            and "households_checked" in entry.units.values()
            and following.start - self.tokens[at].end <= 2
        )

    def take_waiting(self, token: Token) -> None:
        label = self.label
        if label is None:
            return
        fitting = [one for one in self.waiting if self.key_for(label.entry, one) is not None]
        near = [one for one in fitting if token.start - one.end <= _REACH]
        if near and near[-1] is self.waiting[-1]:
            for one in fitting:
                self.put(label, one)
                self.waiting.remove(one)
        elif self.all and self.recent and self.copyable(token, self.recent[-1]):
            self.put(label, self.recent[-1])
        elif self.ignored and not self.waiting and self.copyable(token, self.ignored[-1]):
            for one in self.ignored:  # 次密接3户7人居家隔离
                self.put(label, one)

    def copyable(self, token: Token, number: Token) -> bool:
        """湖北车辆5辆均劝返: the figure counts for the verb behind 均 too, when nothing but 均 or 已 lies between."""
        between = [one for one in self.tokens if number.end <= one.start < token.start]
        return all(one.kind == "scope" for one in between)

    def apply_total(self, at: int, token: Token) -> bool:
        """合计90户281人 and 共222辆 are figures of the last label; they replace its parts."""
        label = self.label if self.label and self.label.entry.kind != "ignore" and not self.label.filled else self.last
        if self.label and not self.label.filled and self.key_for(self.label.entry, token):
            return False
        if label is not None and self.key_for(label.entry, token) is not None:
            self.put(_Label(label.entry, label.token, label.scope), token)
            self.total = True
            return True
        return False

    def apply_redo(self, token: Token) -> bool:
        if self.last is None or self.key_for(self.last.entry, token) is None:
            return False
        self.put(self.last, token)
        return True

    def clause_ends(self) -> None:
        self.out.loose += [one for one in self.waiting if one.unit in ("户", "人", "辆")]
        self.waiting.clear()
        self.ignored.clear()
        self.no = None
        self.all = False
        self.skip_until = ""
        if self.label is not None and not self.label.filled and self.label.entry.kind != "place":
            self.label = self.label if self.label.entry.kind == "return" else None
        self.distance = 0

    def sentence_ends(self) -> None:
        self.label = None
        self.scope = self.child_scope = ""
        self.total = False


_LOOSE = {
    "daily": {"户": "households_checked", "人": "people_checked"},
    "checkpoint": {"人": "people_checked", "辆": "vehicles_checked"},
    "census": {"户": "households_registered", "人": "people_registered"},
}


def read_figures(text: str, context: str = "daily", masks: Iterable[tuple[int, int]] = ()) -> Reading:
    """Return what the figures of *text* (normalised, one record) say.

    *context* is daily, checkpoint or census; *masks* are spans that hold no figures (dates, addresses).
    """
    reading = _Reader(tokenize(text, context, masks), context).read()
    _pair_loose(reading, context)
    _settle_hubei(reading, text)
    return reading


def _pair_loose(reading: Reading, context: str) -> None:
    for token in reading.loose:
        key = _LOOSE[context].get(token.unit)
        if key and key not in reading.figures and token.number is not None:
            reading.figures[key] = Figure(key, token, token.number.said(), token.number.approximate, token.unit)


def _settle_hubei(reading: Reading, text: str) -> None:
    """湖北 beside 武汉 means the rest of the province; 湖北 of which 武汉 stays whole."""
    for suffix in ("", "_new", "_cum"):
        whole = reading.figures.get(f"returnees_hubei{suffix}")
        part = reading.figures.get(f"returnees_wuhan{suffix}")
        if whole is None or part is None:
            continue
        between = text[whole.token.end : part.token.start]
        if whole.token.start < part.token.start and any(word in between for word in ("其中", "含", "(")):
            continue
        del reading.figures[whole.key]
        whole.key = f"returnees_hubei_other{suffix}"
        reading.figures.setdefault(whole.key, whole)
