"""The rules by which a figure is given to a label: units, scope, zeros, totals, and the last word winning."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from nlp.lookahead import ahead
from nlp.metrics import unit_of
from nlp.tokens import Token
from nlp.types import Slot
from nlp.wordbook import Entry

SUFFIX = {"new": "_new", "cum": "_cum", "now": "", "": ""}
REACH = 9
"""Characters of unknown text that may stand between a label and its figure."""
GUESSED = 0.6
"""The confidence of a figure whose metric only the kind of report says."""
ODD = 0.7
"""The confidence of a figure amid words that are not known, or that another label claims nearly as well."""
CREW = 20
"""People that one shift of a checkpoint may be; more of them are those who passed."""
SHIFTS = frozenset({"夜班", "白班", "早班", "中班", "晚班", "日班"})
LABELS = ("label", "return", "place")
_ENDS = ("text", *LABELS)
_RETURN_UNITS = {"人": "returnees", "个": "returnees"}
_MEASURED = frozenset({"毫米", "米", "平方米", "亩"})
"""Units that may be broken: nobody counts 36.4 people."""
PAIRS = {
    "households_checked": "people_checked", "households_visited": "people_visited",
    "isolated_households": "isolated_people", "released_households": "released_people",
    "relocated_households": "relocated_people", "households_registered": "people_registered",
}  # fmt: skip
"""The two halves of one verb: 户数 and 人数 behind a figure of the one are the other half."""
_HALVES = {"户": "户", "户数": "户", "人": "人", "人数": "人", "涉及": "", "涉及人口": "人", "人口": "人", "共": ""}
_NOT_DONE = frozenset({"没", "一个没", "一人没", "一户没", "没有", "未", "都没有"})
DEEDS = frozenset(
    {"households_checked", "people_checked", "households_visited", "people_visited", "temp_checked_people"}
    | {"relocated_people", "disinfections", "vaccinated_people", "swab_done", "households_registered"}
    | {"people_registered", "released_people", "staff_on_duty", "leaflets", "patrols", "issues_reported"}
)
_NOUNS = frozenset({"人员", "人", "车辆", "车", "司乘人员", "乘客"})
_TURNED = ("vehicles_turned_back", "people_turned_back", "turned_back")


@dataclass(slots=True)
class Figure:
    """A metric read: its key, its value, and the token it came from.

    `loose` when no label of its own stood by it, `guessed` when only the kind of report says what it counts, `odd`
    when the words around it are strange or another label claims it nearly as well.
    """

    key: str
    token: Token
    value: int | float | str
    approximate: bool = False
    unit: str = ""
    total: bool = False
    loose: bool = False
    guessed: bool = False
    odd: bool = False

    @property
    def confidence(self) -> float:
        return GUESSED if self.guessed else (ODD if self.odd else (0.8 if self.approximate else 1.0))


def _start(figure: Figure) -> int:
    return figure.token.start


@dataclass(slots=True)
class Reading:
    """All figures of one record, what was stated without a figure, and what stayed open.

    `skipped` are figures that were understood and count for nothing here (应排查, 务工3人, a part of a total);
    `totals` the identities of the loose tokens that a 合计 introduced, `dropped` figures that nothing was made of.
    """

    figures: dict[str, Figure] = field(default_factory=dict)
    states: dict[str, Token] = field(default_factory=dict)
    conflicts: list[str] = field(default_factory=list)
    loose: list[Token] = field(default_factory=list)
    skipped: list[Token] = field(default_factory=list)
    totals: set[int] = field(default_factory=set)
    dropped: list[Token] = field(default_factory=list)

    def slots(self) -> tuple[Slot, ...]:
        """Return the figures as slots in reading order; spans are of the text that was read."""
        made = [
            Slot(one.key, one.value, one.token.start, one.token.end, one.confidence, one.approximate)
            for one in sorted(self.figures.values(), key=_start)
        ]
        return tuple(made)


@dataclass(slots=True)
class Label:
    """A label that waits for figures, with the scope it was given; `parted` once a mark stood behind it."""

    entry: Entry
    token: Token
    scope: str = ""
    filled: bool = False
    parted: bool = False

    @property
    def ignored(self) -> bool:
        return self.entry.kind == "ignore"


class Rules:
    """The state of one reading and the rules that change it; `FigureReader` walks the tokens."""

    def __init__(self, tokens: Sequence[Token], context: str) -> None:
        self.tokens = tokens
        self.context = context
        self.out = Reading()
        self.label: Label | None = None
        self.last: Label | None = None
        self.open: Label | None = None
        self.topic: Label | None = None
        self.scope = self.child_scope = self.sticky = ""
        self.child_open = self.child_used = False
        self.no: Token | None = None
        self.waiting: list[Token] = []
        self.recent: list[Token] = []
        self.ignored: list[Token] = []
        self.skip = ""
        self.skipped_one = False
        self.redo = self.total = self.all = False
        self.distance = 0
        self.depth: list[Label | None] = []
        self.last_unit = ""
        self.jump = -1
        self.pure: set[int] = set()
        self.stands: dict[int, int] = {}
        self.run = ""
        self.seen: Label | None = None

    def key_for(self, entry: Entry, token: Token) -> str | None:
        """Return the metric that a figure with that unit gives under *entry*, None when it fits none."""
        if entry.kind == "ignore":
            return None
        key = entry.units.get(token.unit) if token.unit else entry.bare
        key = self.other_half(entry, key)
        if entry.word in _NOUNS and self.context == "checkpoint":
            key = self.turned_too(key, token)
        if key == "turned_back":
            key = "vehicles_turned_back" if self.last_unit == "辆" else "people_turned_back"
        broken = token.number is not None and isinstance(token.number.value, float)
        return None if key and broken and unit_of(key) not in _MEASURED else key

    def other_half(self, entry: Entry, key: str | None) -> str | None:
        """隔离户数3,人数8: a bare 人数 right behind a figure of households counts the people of the same verb."""
        if _HALVES.get(entry.word) is None or self.last is None or not self.out.figures:
            return key
        last = next(reversed(self.out.figures)).removesuffix("_new").removesuffix("_cum")
        partner = PAIRS.get(last) or next((one for one, two in PAIRS.items() if two == last), None)
        if partner is None or partner in self.out.figures or last == "households_checked":
            return key
        wanted = unit_of(partner)
        return partner if key is not None and unit_of(key) == wanted else key

    def turned_too(self, key: str | None, token: Token) -> str | None:
        """In 劝返车辆8台、人员15人 the noun keeps the verb, unless that many cannot sit in so few cars."""
        if self.last is None or self.last.entry.bare not in _TURNED or token.number is None:
            return key
        last = next(reversed(self.out.figures.values()), None)
        if last is not None and last.value == 0:
            return key  # 没劝返,车四百零三辆
        turned = {"people_checked": "people_turned_back", "vehicles_checked": "vehicles_turned_back"}.get(key or "")
        if turned is None or turned in self.out.figures:
            return key
        cars = self.out.figures.get("vehicles_turned_back")
        crowd = cars is not None and isinstance(cars.value, int) and token.number.value > 9 * max(1, cars.value)
        return key if crowd and key not in self.out.figures else turned

    def inherit(self, entry: Entry) -> str:
        """Return the scope a label takes from what stands before it: 其中, a list, a verb, 累计: over all."""
        scope = self.child_scope
        if scope or self.child_open:
            whole = entry.kind not in ("place", "return")
            if whole and self.child_used:
                self.child_scope, self.child_open, scope = "", False, ""
            self.child_used = True
            return scope or self.sticky
        held = self.label
        if held is not None and not held.filled and not held.ignored and held.scope:
            return held.scope  # 累计排查返乡人员45人: no figure between the two labels
        return self.sticky

    def fits(self, label: Label, at: int, token: Token) -> bool:
        """Return whether the figure *token* belongs to *label*, which stands before it."""
        key = self.key_for(label.entry, token)
        if key is None:
            return False
        if not label.filled:
            return True
        known = self.out.figures.get(f"{key}{SUFFIX[self.scope or label.scope]}")
        if known is not None:
            return _is_properly(key, known, token)
        # a second figure of one label is the other half of a 户/人 pair: it has a unit and ends its clause
        following = self.tokens[at + 1] if at + 1 < len(self.tokens) else None
        ends = following is None or following.kind not in _ENDS
        return token.unit != "" and (self.distance == 0 or ends)

    def put(self, label: Label, token: Token, guessed: bool = False) -> None:
        """Give the figure *token* to *label*."""
        key = self.key_for(label.entry, token)
        if key is None or token.number is None:
            return
        if self.scope:
            label.scope = self.scope
        number = token.number
        full = f"{key}{SUFFIX[label.scope]}"
        self.scope = ""
        figure = Figure(full, token, number.said(), number.approximate, token.unit, self.total, guessed=guessed)
        self.store(figure)
        label.filled = True
        self.last = self.label = label
        self.recent.append(token)
        self.last_unit = token.unit or _unit_of(label.entry, key) or self.last_unit
        self.distance = 0
        self.redo = self.total = self.all = False

    def store(self, figure: Figure) -> None:
        """Keep *figure*: the first of two stands unless the second is a total or a mending."""
        known = self.out.figures.get(figure.key)
        if known is not None and _is_properly(figure.key, known, figure.token):
            self.out.skipped.append(known.token)
            self.out.figures[figure.key] = figure
            return
        if known is not None and known.value != figure.value and not (figure.total or self.redo):
            if known.total:
                self.out.skipped.append(figure.token)
            else:
                self.out.conflicts.append(figure.key)  # stays unread, so that somebody is asked
            return
        if known is not None:
            self.out.skipped.append(known.token)
        self.out.figures[figure.key] = figure

    def zero(self, label: Label, token: Token) -> None:
        """Read a 无 beside *label* as 0."""
        key = label.entry.bare or next(iter(label.entry.units.values()), None)
        if key == "turned_back":
            key = "vehicles_turned_back" if self.last_unit == "辆" else "people_turned_back"
        label.filled = True
        if key is None or label.ignored:
            return
        unsure = label.entry.bare == "turned_back" and not self.last_unit
        self.store(Figure(f"{key}{SUFFIX[self.scope or label.scope]}", token, 0, odd=unsure))
        self.scope = ""
        self.last = label

    def state_zero(self, key: str, token: Token) -> None:
        """Read a word that says so (体温均正常) as 0, unless a figure stands already."""
        self.out.figures.setdefault(key, Figure(key, token, 0))
        self.no = None

    def deny(self, at: int, token: Token, entry: Entry) -> None:
        """无返乡, 无湖北返回人员, 无发热咳嗽: every label behind the 无 is 0 until the clause ends."""
        if self.no is not None and self.no.word in _NOT_DONE and (entry.bare or "") in DEEDS:
            return  # 没登记, 没撤出来: what was not done is no count of nothing
        following = ahead(self.tokens, at, frozenset({"space"}))
        if entry.kind == "place" and following is not None and following.kind == "return":
            self.jump = self.tokens.index(following)
        elif following is not None and following.kind in ("label", "return"):
            verb = "households_checked" in entry.units.values() and following.start - token.end <= 2
            if verb:
                return  # 无排查发现发热: the verb before the label is not what is denied
        self.label = Label(entry, token, self.scope)
        self.zero(self.label, token)

    def take_waiting(self, token: Token) -> None:
        """Give the label *token* the figures before it: 3户7人居家隔离, 湖北车辆5辆均劝返."""
        label = self.label
        if label is None:
            return
        near = self.row_before(label, token)
        if near:
            for one in near:
                self.put(label, one)
                self.waiting.remove(one)
        elif self.all and self.recent and self.touching(token, self.recent[-1]) and not self.only_told(label):
            self.put(label, self.recent[-1])
        elif (
            self.ignored
            and not self.waiting
            and label.entry.bare in ("isolated_people", "isolated_households", "released_people", "staff_on_duty")
            and self.touching(token, self.ignored[-1])
        ):
            for one in self.ignored:  # 次密接3户7人居家隔离
                self.put(label, one)

    def only_told(self, label: Label) -> bool:
        """返乡5人都已居家隔离 tells how they are kept and counts nobody anew (the schema's rule)."""
        whole = self.last is not None and self.last.entry.kind in ("return", "place")
        return whole and "isolated_people" in label.entry.units.values()

    def row_before(self, label: Label, token: Token) -> list[Token]:
        """Return the waiting figures that stand right before the label: 3户7人 of 3户7人居家隔离, not those apart."""
        out: list[Token] = []
        until = token.start
        for one in reversed(self.waiting):
            apart = until - one.end > (REACH if not out else 0)
            if apart or self.key_for(label.entry, one) is None:
                break
            out.insert(0, one)
            until = one.start
        return out

    def touching(self, token: Token, number: Token) -> bool:
        """Return whether only small words lie between the figure and the label behind it."""
        between = [one for one in self.tokens if number.end <= one.start < token.start]
        return all(one.kind == "scope" for one in between)

    def reuse(self, name: str, token: Token, figure: Token) -> None:
        """Give 累计1200户 or 新增2 behind a figure to the label before it, or to the one that heads the line."""
        known = self.label if self.label and not self.label.ignored else self.last
        if self.topic is not None and name == "now":
            known = self.topic
        whole = self.child_open and known is not None and known.entry.kind == "place"
        ended = known is not None and name == "new" and (known.entry.bare or "").startswith("released")
        if known is not None and not whole and not ended and self.key_for(known.entry, figure) is not None:
            self.label = Label(known.entry, token, name)
        elif name == "new" and figure.unit in ("", "人", "个"):
            self.label = Label(self.new_entry(), token, name)
        self.distance = 0

    def new_entry(self) -> Entry:
        """Return what a bare 新增 counts: those who came back."""
        return Entry("新增", "return", "returnees", _RETURN_UNITS, "returnees")

    def apply_total(self, token: Token) -> bool:
        """合计90户281人 and 共222辆 are figures of the last label; they replace its parts."""
        if self.label and not self.label.filled and self.key_for(self.label.entry, token):
            return False
        held = self.label if self.label and not self.label.ignored and self.label.filled else self.last
        if self.open is not None and self.key_for(self.open.entry, token):
            held = self.open  # 渔船全部回港,共429艘
        if held is not None and held.entry.kind == "place" and self.topic is not None and not self.topic.filled:
            held = self.topic  # 返乡:武汉2,省内3,共11人
        if (held is None or self.key_for(held.entry, token) is None) and self.seen is not None:
            held = self.seen  # 接种第一剂86人,第二剂120人,合计206人
        if held is None or self.key_for(held.entry, token) is None:
            return False
        self.put(Label(held.entry, held.token, held.scope), token)
        self.total = True
        return True

    def apply_redo(self, token: Token) -> bool:
        """哦不对是96户 mends the figure before it."""
        if self.last is None or self.key_for(self.last.entry, token) is None:
            return False
        self.put(self.last, token)
        return True

    def weigh_part(self, part: Token) -> None:
        """出动党员12人志愿者20人: what is more than the figure before it is no part of that, so somebody is asked."""
        whole = next(reversed(self.out.figures.values()), None)
        if whole is None or part.number is None or not isinstance(whole.value, int):
            return
        whole.odd |= whole.unit == part.unit != "" and 0 < whole.value < part.number.value and not self.depth

    def parts_of_doses(self) -> bool:
        """Return whether first, second and booster doses are told apart and no total says how many in all."""
        doses = sum(token.kind == "ignore" and token.word.endswith(("针", "剂")) for token in self.tokens)
        summed = any(token.kind == "scope" and token.entry and token.entry.name == "total" for token in self.tokens)
        return doses > 1 and not summed

    def closes(self, number: Token) -> bool:
        """Return whether a figure without a label stands for itself: 126户412人, not 20人参加."""
        at = self.stands[id(number)] + 1
        following = self.tokens[at] if at < len(self.tokens) else None
        told = following is not None and following.kind == "text" and len(following.word) > 1
        if following is not None and following.entry is not None:
            told = following.entry.name == "no" or following.word.startswith("未")  # 三户没人, 5人未测温
        return number.unit in ("户", "人", "辆") and not told


def _is_properly(key: str, known: Figure, token: Token) -> bool:
    """倒房2户5间: of two figures side by side the one in the measure of *key* is its count."""
    return known.unit not in ("", token.unit) and known.token.end == token.start and unit_of(key) == token.unit


def _unit_of(entry: Entry, key: str) -> str:
    """Return the class of measure words of *key*, for a figure that came without one: 测温260 are people."""
    return next((unit for unit, of in entry.units.items() if of == key), "")
