"""One pass over the tokens of a record: which figure belongs to which label, with what scope."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from nlp.lexicon import Entry
from nlp.lookahead import (
    adjacent,
    ahead,
    binds_right,
    ends_clause,
    figure_follows,
    is_post_style,
    label_later,
    single_ok,
)  # fmt: skip
from nlp.tokens import Token
from nlp.types import Slot

_SUFFIX = {"new": "_new", "cum": "_cum", "now": "", "": ""}
_REACH = 9
"""Characters of unknown text that may stand between a label and its figure."""
_RETURN_UNITS = {"人": "returnees", "个": "returnees"}
_NOUNS = frozenset({"人员", "人", "车辆", "车", "司乘人员", "乘客"})
_LABELS = ("label", "return", "place")


@dataclass(slots=True)
class Figure:
    """A metric read: its key, its value, and the token it came from."""

    key: str
    token: Token
    value: int | float | str
    approximate: bool = False
    unit: str = ""
    total: bool = False
    loose: bool = False


@dataclass(slots=True)
class Reading:
    """All figures of one record, what was stated without a figure, and what stayed open.

    `skipped` are figures that were understood and count for nothing here (应排查, 务工3人, a part of a total);
    `totals` the identities of the loose tokens that a 合计 introduced.
    """

    figures: dict[str, Figure] = field(default_factory=dict)
    states: dict[str, Token] = field(default_factory=dict)
    conflicts: list[str] = field(default_factory=list)
    loose: list[Token] = field(default_factory=list)
    skipped: list[Token] = field(default_factory=list)
    totals: set[int] = field(default_factory=set)

    def slots(self) -> tuple[Slot, ...]:
        """Return the figures as slots in reading order; spans are of the text that was read."""
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
    parted: bool = False

    @property
    def ignored(self) -> bool:
        return self.entry.kind == "ignore"


class FigureReader:
    """Reads the tokens of one record into a `Reading`; one instance a record."""

    def __init__(self, tokens: Sequence[Token], context: str) -> None:
        self.tokens = tokens
        self.context = context
        self.out = Reading()
        self.label: _Label | None = None
        self.last: _Label | None = None
        self.open: _Label | None = None
        self.scope = self.child_scope = ""
        self.child_open = self.child_used = False
        self.no: Token | None = None
        self.waiting: list[Token] = []
        self.recent: list[Token] = []
        self.ignored: list[Token] = []
        self.skip = ""
        self.redo = self.total = self.all = False
        self.distance = 0
        self.depth: list[_Label | None] = []
        self.last_unit = ""
        self.jump = -1
        self.pure: set[int] = set()
        self.run = ""

    def read(self) -> Reading:
        for at, token in enumerate(self.tokens):
            if at > self.jump:
                getattr(self, f"on_{token.kind}")(at, token)
        self.clause_ends()
        return self.out

    # labels

    def on_label(self, at: int, token: Token) -> None:
        entry = _entry(token)
        if len(token.word) == 1 and not single_ok(self.tokens, at):
            self.on_text(at, token)
            return
        if self.no is not None and not figure_follows(self.tokens, at, entry, _REACH):
            self.deny(at, token, entry)
            return
        if self.skip in ("clause", "part"):
            return
        self.skip = ""
        self.no = None
        self.run = token.word
        first = bool(self.waiting) and adjacent(self.tokens, self.waiting[-1], token)
        self.label = _Label(entry, token, self.scope or self.inherit(entry))
        self.distance = 0
        follows = figure_follows(self.tokens, at, entry, _REACH)
        if not follows or (first and binds_right(self.tokens, self.next_number(at))):
            self.take_waiting(token)

    def on_return(self, at: int, token: Token) -> None:
        held = self.label
        if held and held.entry.kind == "place" and not held.filled and self.distance <= 6:
            self.distance = 0
            if not figure_follows(self.tokens, at, held.entry, _REACH):
                self.take_waiting(token)
            return
        self.on_label(at, token)

    def on_place(self, at: int, token: Token) -> None:
        if self.context != "daily":
            self.skip = "part"  # 湖北方向旅客15人 at a checkpoint is a part of another figure
            return
        self.on_label(at, token)
        label = self.label
        open_ = label is not None and not label.filled and label.token is token
        if label and open_ and self.all and self.recent and not figure_follows(self.tokens, at, label.entry, _REACH):
            self.put(label, self.recent[-1])

    def on_ignore(self, at: int, token: Token) -> None:
        following = ahead(self.tokens, at)
        held = self.label is not None and not self.label.filled and not self.label.ignored
        if following is None or following.kind != "number" or held:
            self.on_text(at, token)  # 摸排外来务工人员15人: the verb before it owns the figure
            return
        self.no = None
        self.label = _Label(Entry(token.word, "ignore", ""), token)
        self.distance = 0

    # words

    def on_clear(self, at: int, token: Token) -> None:
        self.state_zero(_entry(token).name, token)

    def on_state(self, at: int, token: Token) -> None:
        name = _entry(token).name
        measured = self.last is not None and self.last.entry.name == "temp_checked_people"
        if self.context == "checkpoint":
            measured = measured or "temp_checked_people" in self.out.figures or "people_checked" in self.out.figures
        if measured and name == "no_abnormality" and token.word.endswith("正常"):
            self.state_zero("fever_people", token)
            return
        self.out.states[name] = token

    def on_scope(self, at: int, token: Token) -> None:
        name = _entry(token).name
        if name in ("new", "cum", "now"):
            self.on_reach(at, name, token)
        elif name == "no":
            self.on_no(at, token)
        elif name == "total":
            self.total = True
        elif name == "among":
            held = self.label if self.label and not self.label.ignored else self.last
            self.child_scope, self.child_open, self.scope = (held.scope if held else ""), True, ""
            self.child_used = False
        elif name in ("should", "than"):
            self.skip = "number" if name == "should" else "clause"
        elif name == "redo":
            self.redo = True
            self.waiting.clear()
        elif name == "all":
            self.all = True

    def on_reach(self, at: int, name: str, token: Token) -> None:
        if name == "now" and self.scope:
            return  # 今日新增, 目前累计: the stronger word rules
        following = self.tokens[at + 1] if at + 1 < len(self.tokens) else None
        if token.word == "新" and (following is None or following.kind not in (*_LABELS, "number")):
            return
        self.scope = name
        if name == "now":
            self.child_scope, self.child_open = "", False
            if self.label is not None and self.label.filled:
                self.label = None
        nearest = ahead(self.tokens, at)
        if nearest is not None and nearest.kind == "number" and not (name == "now" and label_later(self.tokens, at)):
            self.reuse(name, token, nearest)

    def reuse(self, name: str, token: Token, figure: Token) -> None:
        """Give 累计1200户 or 新增2 behind a figure to the label before it."""
        known = self.label if self.label and not self.label.ignored else self.last
        whole = self.child_open and known is not None and known.entry.kind == "place"
        if known is not None and not whole and self.key_for(known.entry, figure) is not None:
            self.label = _Label(known.entry, token, name)
        elif name == "new" and figure.unit in ("", "人", "个"):
            self.label = _Label(Entry("新增", "return", "returnees", _RETURN_UNITS, "returnees"), token, name)
        self.distance = 0

    def on_no(self, at: int, token: Token) -> None:
        following = ahead(self.tokens, at, frozenset({"space"}))
        waits = self.label is not None and not self.label.filled and self.distance <= 2
        if waits and self.label and (ends_clause(following) or is_post_style(self.tokens, at)):
            self.zero(self.label, token)
            return
        self.no = token

    # figures

    def on_number(self, at: int, token: Token) -> None:
        if token.unit == "?" or token.number is None:
            self.recent.clear()
            return
        if self.skip:
            self.out.skipped.append(token)
            self.skip = "" if self.skip == "part" else self.skip
            return
        if (self.total and self.apply_total(token)) or (self.redo and self.apply_redo(token)):
            return
        self.no = None
        self.last_unit = token.unit or self.last_unit
        if not self.run:
            self.pure.add(id(token))
            self.out.totals |= {id(token)} if self.total else set()
        label = self.label
        glued = label is not None and not label.filled and not label.parted and self.distance == 0
        right = None if glued else binds_right(self.tokens, at, self.key_for)
        if right is not None:
            self.waiting.append(token)
        elif label is not None and self.fits(label, at, token):
            self.put(label, token)
        elif label is not None and label.ignored and self.distance <= 1:
            self.ignored.append(token)
            self.out.skipped.append(token)
        else:
            self.waiting.append(token)

    def on_text(self, at: int, token: Token) -> None:
        self.distance += len(token.word)
        self.run += token.word.strip("的了员有")
        if self.label is not None and not self.label.filled and (self.distance > _REACH or "第" in token.word):
            self.label = None
        if self.no is not None and len(token.word.strip("人任何有出现新的")) > 4:
            self.no = None

    def on_colon(self, at: int, token: Token) -> None:
        self.run = ""
        if self.waiting and self.label is None:
            self.waiting.clear()

    def on_space(self, at: int, token: Token) -> None:
        self.distance += 1
        self.run = ""
        if self.label is not None:
            self.label.parted = True

    on_slash = on_space

    def on_open(self, at: int, token: Token) -> None:
        self.depth.append(self.label)
        if self.label is not None and self.label.filled:
            self.child_scope, self.child_open = self.label.scope, True
            self.child_used = False
            self.label = None

    def on_close(self, at: int, token: Token) -> None:
        if not self.depth:
            return
        outer = self.depth.pop()
        self.label = self.label if outer is None and self.label and not self.label.filled else outer
        self.out.skipped += self.waiting
        self.waiting.clear()
        self.child_scope, self.child_open = "", False
        self.distance = 0

    def on_comma(self, at: int, token: Token) -> None:
        listed = token.word == "、"
        if listed and self.no is not None:
            return
        if listed and self.label is not None and self.label.entry.kind == "place" and not self.depth:
            self.child_scope = self.child_scope or self.label.scope  # 累计武汉23人、省外126人
            scope = self.child_scope
            self.clause_ends()
            self.child_scope = scope
            return
        self.clause_ends()

    def on_stop(self, at: int, token: Token) -> None:
        self.clause_ends()
        self.label = None
        self.scope = self.child_scope = ""
        self.child_open = self.total = False

    # rules

    def next_number(self, at: int) -> int:
        return next(
            (to for to in range(at + 1, len(self.tokens)) if self.tokens[to].kind == "number"), len(self.tokens)
        )

    def inherit(self, entry: Entry) -> str:
        """Return the scope a label takes from the words around it: 其中, a list, or a verb just before it."""
        scope = self.child_scope
        if scope or self.child_open:
            whole = entry.kind not in ("place", "return")
            if whole and self.child_used:
                self.child_scope, self.child_open, scope = "", False, ""
            self.child_used = True
            return scope
        held = self.label
        if held is not None and not held.filled and not held.ignored:
            return held.scope  # 累计排查返乡人员45人: no figure between the two labels
        return ""

    def key_for(self, entry: Entry, token: Token) -> str | None:
        if entry.kind == "ignore":
            return None
        key = entry.units.get(token.unit) if token.unit else entry.bare
        if entry.word in _NOUNS and self.context == "checkpoint":
            key = self.turned_too(key, token)
        if key == "turned_back":
            key = "vehicles_turned_back" if self.last_unit == "辆" else "people_turned_back"
        return key

    def turned_too(self, key: str | None, token: Token) -> str | None:
        """In 劝返车辆8台、人员15人 the noun keeps the verb, unless that many cannot sit in so few cars."""
        if self.last is None or self.last.entry.bare not in (
            "vehicles_turned_back",
            "people_turned_back",
            "turned_back",
        ):
            return key
        turned = {"people_checked": "people_turned_back", "vehicles_checked": "vehicles_turned_back"}.get(key or "")
        cars = self.out.figures.get("vehicles_turned_back")
        if turned is None or turned in self.out.figures or token.number is None:
            return key
        crowd = cars is not None and isinstance(cars.value, int) and token.number.value > 9 * max(1, cars.value)
        return key if crowd and key not in self.out.figures else turned

    def fits(self, label: _Label, at: int, token: Token) -> bool:
        key = self.key_for(label.entry, token)
        if key is None:
            return False
        if not label.filled:
            return True
        if f"{key}{_SUFFIX[self.scope or label.scope]}" in self.out.figures:
            return False
        # a second figure of one label is the other half of a 户/人 pair: it has a unit and ends its clause
        following = self.tokens[at + 1] if at + 1 < len(self.tokens) else None
        ends = following is None or following.kind not in ("text", *_LABELS)
        return token.unit != "" and (self.distance == 0 or ends)

    def put(self, label: _Label, token: Token) -> None:
        key = self.key_for(label.entry, token)
        if key is None or token.number is None:
            return
        if self.scope:
            label.scope = self.scope
        number = token.number
        full = f"{key}{_SUFFIX[label.scope]}"
        self.scope = ""
        self.store(Figure(full, token, number.said(), number.approximate, token.unit, self.total))
        label.filled = True
        self.last = self.label = label
        self.recent.append(token)
        self.last_unit = token.unit or _unit_of(label.entry, key) or self.last_unit
        self.distance = 0
        self.redo = self.total = self.all = False

    def store(self, figure: Figure) -> None:
        known = self.out.figures.get(figure.key)
        if known is not None and known.value != figure.value and not (figure.total or self.redo):
            if known.total:
                self.out.skipped.append(figure.token)
            else:
                self.out.conflicts.append(figure.key)  # stays unread, so that somebody is asked
            return
        if known is not None:
            self.out.skipped.append(known.token)
        self.out.figures[figure.key] = figure

    def zero(self, label: _Label, token: Token) -> None:
        key = label.entry.bare or next(iter(label.entry.units.values()), None)
        if key == "turned_back":
            key = "vehicles_turned_back" if self.last_unit == "辆" else "people_turned_back"
        label.filled = True
        if key is None or label.ignored:
            return
        self.store(Figure(f"{key}{_SUFFIX[self.scope or label.scope]}", token, 0))
        self.scope = ""
        self.last = label

    def state_zero(self, key: str, token: Token) -> None:
        self.out.figures.setdefault(key, Figure(key, token, 0))
        self.no = None

    def deny(self, at: int, token: Token, entry: Entry) -> None:
        """无返乡, 无湖北返回人员, 无发热咳嗽: every label behind the 无 is 0 until the clause ends."""
        following = ahead(self.tokens, at, frozenset({"space"}))
        if entry.kind == "place" and following is not None and following.kind == "return":
            self.jump = self.tokens.index(following)
        elif following is not None and following.kind in ("label", "return") and self.is_verb(entry, token, following):
            return  # 无排查发现发热: the verb before the label is not what is denied
        self.label = _Label(entry, token, self.scope)
        self.zero(self.label, token)

    def is_verb(self, entry: Entry, token: Token, following: Token) -> bool:
        return "households_checked" in entry.units.values() and following.start - token.end <= 2

    def take_waiting(self, token: Token) -> None:
        label = self.label
        if label is None:
            return
        near = self.row_before(label, token)
        if near:
            for one in near:
                self.put(label, one)
                self.waiting.remove(one)
        elif self.all and self.recent and self.touching(token, self.recent[-1]):
            self.put(label, self.recent[-1])  # 湖北车辆5辆均劝返: the figure counts for the verb behind 均 too
        elif self.ignored and not self.waiting and self.touching(token, self.ignored[-1]):
            for one in self.ignored:  # 次密接3户7人居家隔离
                self.put(label, one)

    def row_before(self, label: _Label, token: Token) -> list[Token]:
        """Return the waiting figures that stand right before the label: 3户7人 of 3户7人居家隔离, not those apart."""
        out: list[Token] = []
        until = token.start
        for one in reversed(self.waiting):
            apart = until - one.end > (_REACH if not out else 0)
            if apart or self.key_for(label.entry, one) is None:
                break
            out.insert(0, one)
            until = one.start
        return out

    def closes(self, number: Token) -> bool:
        """Return whether a figure without a label stands for itself: 126户412人, not 20人参加."""
        following = next((one for one in self.tokens if one.start >= number.end), None)
        told = following is not None and following.kind == "text" and len(following.word) > 1
        return number.unit in ("户", "人", "辆") and not told

    def touching(self, token: Token, number: Token) -> bool:
        between = [one for one in self.tokens if number.end <= one.start < token.start]
        return all(one.kind == "scope" for one in between)

    def apply_total(self, token: Token) -> bool:
        """合计90户281人 and 共222辆 are figures of the last label; they replace its parts."""
        if self.label and not self.label.filled and self.key_for(self.label.entry, token):
            return False
        held = self.label if self.label and not self.label.ignored and self.label.filled else self.last
        if self.open is not None and self.key_for(self.open.entry, token):
            held = self.open  # 渔船全部回港,共429艘
        if held is None or self.key_for(held.entry, token) is None:
            return False
        self.put(_Label(held.entry, held.token, held.scope), token)
        self.total = True
        return True

    def apply_redo(self, token: Token) -> bool:
        if self.last is None or self.key_for(self.last.entry, token) is None:
            return False
        self.put(self.last, token)
        return True

    def clause_ends(self) -> None:
        if self.depth:
            self.out.skipped += self.waiting  # parts of a figure that is known
        else:
            self.out.loose += [one for one in self.waiting if id(one) in self.pure and self.closes(one)]
        self.waiting.clear()
        self.ignored.clear()
        self.run = ""
        self.no = None
        self.all = False
        self.skip = ""
        if self.label is not None and not self.label.filled and self.label.entry.kind not in ("place", "return"):
            self.open, self.label = self.label, None
        if self.label is not None:
            self.label.parted = True
        self.distance = 0


def _unit_of(entry: Entry, key: str) -> str:
    """Return the class of measure words of *key*, for a figure that came without one: 测温260 are people."""
    return next((unit for unit, of in entry.units.items() if of == key), "")


def _entry(token: Token) -> Entry:
    assert token.entry is not None  # every word token carries its entry
    return token.entry
