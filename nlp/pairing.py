"""Which side a figure belongs to: the cheapest way to share the labels of a clause among its figures.

返乡5人 隔离3户 puts labels first, 5人返乡 3户隔离 puts figures first; in speech without marks only the whole clause
tells which. Every figure goes to the label before it, to the one behind it, or to none; the shares are weighed as a
whole (Viterbi over the figures of a clause) and the cheapest stands.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from nlp.lookahead import is_filler
from nlp.tokens import Token
from nlp.wordbook import Entry

KeyFor = Callable[[Entry, Token], str | None]
_LABELS = ("label", "return", "place", "ignore")
_CUTS = ("comma", "stop", "close")
_CUTS_OR_SPACE = (*_CUTS, "space")
_PARTICLES = "的了员为于在地过人口们都数有着呢啊是到就还也"
_NEVER = 99.0
_REACH = 9
_CLOSE = 0.25
"""Two shares nearer than this are a toss-up: somebody is asked."""
_SPLIT = 0.6
"""What it costs to part 3户7人, the first to one label and the second to another."""
_SCOPED = frozenset({"new", "cum", "now", "total", "redo", "should", "than"})


class Shares(NamedTuple):
    """For figures (by their place among the tokens) the label before or behind that they belong to.

    `unsure` are the figures that nearly as cheap a share gives to another label.
    """

    left: dict[int, int]
    right: dict[int, int]
    unsure: set[int]


class _Gap(NamedTuple):
    """What lies between two neighbours: characters of unknown text, spaces, and marks."""

    text: int = 0
    spaces: int = 0
    colon: bool = False
    open: bool = False
    slash: bool = False
    scoped: bool = False
    no: bool = False


def share(tokens: Sequence[Token], key_for: KeyFor) -> Shares:
    """Return the cheapest shares of labels among the figures of *tokens*, clause by clause."""
    out = Shares({}, {}, set())
    start = 0
    for at, token in enumerate(tokens):
        if token.kind in _CUTS:
            if at > start:
                _clause(tokens, start, at, key_for, out)
            start = at + 1
    _clause(tokens, start, len(tokens), key_for, out)
    return out


def _gap(tokens: Sequence[Token], start: int, end: int) -> _Gap:
    text = spaces = 0
    colon = open_ = slash = scoped = no = False
    for token in tokens[start:end]:
        if token.kind == "text":
            text += len(token.word.strip(_PARTICLES))
        elif token.kind == "space":
            spaces += bool(token.word)  # a date or an address between is no gap of its own
        elif token.kind == "colon":
            colon = True
        elif token.kind == "open":
            open_ = True
        elif token.kind == "slash":
            slash = True
        elif token.kind == "scope" and not is_filler(token) and token.entry:
            scoped |= token.entry.name in _SCOPED
            no |= token.entry.name == "no"
        elif token.kind in ("state", "clear"):
            text += 4
    return _Gap(text, spaces, colon, open_, slash, scoped, no)


def _before(gap: _Gap) -> float:
    """Return what it costs a figure to belong to the label before it."""
    if gap.text > _REACH or gap.no:
        return _NEVER
    if gap.scoped:
        return 0.3
    return 0.25 * gap.text + 0.15 * bool(gap.spaces) + 0.3 * gap.open + 0.3 * gap.slash


def _behind(gap: _Gap, number: Token) -> float:
    """Return what it costs a figure to belong to the label behind it."""
    if gap.text > 4 or gap.colon or gap.open or gap.no:
        return _NEVER
    glued = 0.5 if number.unit else 0.4
    return glued + 0.3 * gap.text + 0.6 * bool(gap.spaces) + 1.0 * gap.slash + 0.3 * gap.scoped


def _alone(tokens: Sequence[Token], at: int) -> float:
    """Return what it costs a figure to belong to no label: little for a bare 126户412人."""
    token = tokens[at]
    if token.unit in ("户", "人", "辆"):
        pair = any(
            0 <= to < len(tokens) and tokens[to].kind == "number" and tokens[to].unit in ("户", "人", "辆")
            and tokens[to].unit != token.unit
            for to in (at - 1, at + 1)
        )  # fmt: skip
        return 0.35 if pair else 0.9
    return 1.6 if token.unit else 2.6


def _contested(tokens: Sequence[Token], at: int, near: int, after: int, key_for: KeyFor) -> float:
    """Return what it costs besides that a label glued to a figure, before or behind it, would take it."""
    out = 0.0
    if near >= 0 and near == at - 1 and _fits(tokens, near, tokens[at], key_for):
        out += 0.8
    following = next((to for to in range(at + 1, after) if tokens[to].kind != "number"), after)
    gap = _gap(tokens, following, after) if after > 0 else _Gap(text=9)
    if (
        after > 0
        and not (gap.text or gap.spaces or gap.colon or gap.open or gap.no)
        and _fits(tokens, after, tokens[at], key_for)
    ):
        out += 0.4
    return out


def _unfilled(tokens: Sequence[Token], at: int, following: int | None) -> float:
    token = tokens[at]
    if token.kind == "ignore":
        return 0.1
    between = tokens[at + 1 : following] if following is not None else ()
    apart = any(one.kind == "number" for one in between)
    if following is not None and not apart and following - at <= 2 and _gap(tokens, at + 1, following).text == 0:
        return 0.2  # 摸排返乡人员45人: the verb before the label
    return 0.7 if token.kind == "place" else (0.5 if _is_verb(token) else 0.8)


def _is_verb(token: Token) -> bool:
    return token.entry is not None and len(token.word) <= 2 and len(token.entry.units) > 1


_Labels = list[tuple[int, float]]
"""The labels of a clause: where each stands, and what it costs that it stays without a figure."""


class _State(NamedTuple):
    """How far the shares have come: the last label, the figures it holds, whether they came from before it.

    `took` says that the last figure got a label.
    """

    label: int
    units: tuple[str, ...]
    from_before: bool
    took: bool = False


def _clause(tokens: Sequence[Token], start: int, end: int, key_for: KeyFor, out: Shares) -> None:
    numbers = [at for at in range(start, end) if tokens[at].kind == "number" and tokens[at].unit != "?"]
    if not numbers:
        return
    labels = [at for at in range(start, end) if tokens[at].kind in _LABELS and not _one_label(tokens, at, start)]
    if not labels or len(numbers) > 60:
        return
    if len(labels) == 1 and all(labels[0] < at for at in numbers):
        return  # nothing to choose
    costs = [(at, _unfilled(tokens, at, following)) for at, following in zip(labels, [*labels[1:], None], strict=True)]
    best: dict[_State, tuple[float, tuple[tuple[int, int], ...]]] = {_State(-1, (), False): (0.0, ())}
    for number in numbers:
        best = _step(tokens, best, number, costs, key_for)
    if not best:
        return
    cost = {
        state: total + _left_over(costs, state.label, labels[-1] + 1, bool(state.units))
        for state, (total, _) in best.items()
    }
    ranked = sorted(cost, key=lambda one: cost[one])
    _, given = best[ranked[0]]
    for other in ranked[1:4]:
        if cost[other] - cost[ranked[0]] < _CLOSE:
            out.unsure.update(number for number, _ in set(given) ^ set(best[other][1]))
    for number, label in given:
        (out.left if label < number else out.right)[number] = label


def _one_label(tokens: Sequence[Token], at: int, start: int) -> bool:
    """武汉返回 is one label: its figures are those of the place."""
    if tokens[at].kind != "return" or at <= start:
        return False
    before = next((to for to in range(at - 1, start - 1, -1) if not is_filler(tokens[to])), start)
    return tokens[before].kind == "place"


def _left_over(labels: _Labels, last: int, until: int, filled: bool) -> float:
    """Return what the labels cost that stay without a figure: from the one last used up to the place *until*."""
    total = 0.0
    for at, cost in labels:
        if last <= at < until and not (at == last and filled):
            total += cost
    return total


def _step(
    tokens: Sequence[Token],
    best: dict[_State, tuple[float, tuple[tuple[int, int], ...]]],
    number: int,
    labels: _Labels,
    key_for: KeyFor,
) -> dict[_State, tuple[float, tuple[tuple[int, int], ...]]]:
    token = tokens[number]
    near = max([at for at, _ in labels if at < number], default=-1)
    after = min([at for at, _ in labels if at > number], default=-1)
    alone = _alone(tokens, number)
    behind = number > 0 and tokens[number - 1].kind == "number" and not _alike(tokens[number - 1].unit, token.unit)
    out: dict[_State, tuple[float, tuple[tuple[int, int], ...]]] = {}

    def offer(state: _State, cost: float, given: tuple[tuple[int, int], ...]) -> None:
        if cost < _NEVER and (state not in out or cost < out[state][0]):
            out[state] = (cost, given)

    contested = _contested(tokens, number, near, after, key_for)
    for state, (cost, given) in best.items():
        passed = 0.0
        if near > state.label:
            passed = _left_over(labels, state.label, near, bool(state.units))
        parted = _SPLIT if state.took and behind else 0.0
        offer(_at_least(state, near), cost + passed + alone + parted + contested, given)
        if near >= 0 and near >= state.label:
            fresh = near > state.label
            held = () if fresh else state.units
            extra = _left_cost(tokens, near, number, token, held, not fresh and state.from_before, key_for)
            offer(_State(near, (*held, token.unit), False, True), cost + passed + extra, (*given, (number, near)))
        if after >= 0 and after >= state.label:
            waiting = after == state.label and state.from_before
            passed = 0.0 if waiting else _left_over(labels, state.label, near + 1, bool(state.units))
            if not waiting and behind:
                passed += _SPLIT
            held = state.units if waiting else ()
            extra = _right_cost(tokens, number, after, token, held, key_for)
            offer(_State(after, (*held, token.unit), True, True), cost + passed + extra, (*given, (number, after)))
    return out


def _alike(one: str, other: str) -> bool:
    """三个人两个武汉的: two figures of people side by side are no pair of one label."""
    return one != "" and (one == other or {one, other} == {"人", "个"})


def _has(held: tuple[str, ...], unit: str) -> bool:
    return any(_alike(one, unit) for one in held)


def _at_least(state: _State, near: int) -> _State:
    return _State(near, (), False) if near > state.label else state._replace(took=False)


def _fits(tokens: Sequence[Token], label: int, token: Token, key_for: KeyFor) -> bool:
    entry = tokens[label].entry
    return entry is not None and (tokens[label].kind == "ignore" or key_for(entry, token) is not None)


def _left_cost(
    tokens: Sequence[Token],
    label: int,
    number: int,
    token: Token,
    held: tuple[str, ...],
    behind: bool,
    key_for: KeyFor,
) -> float:
    if not _fits(tokens, label, token, key_for):
        return _NEVER
    gap = _gap(tokens, label + 1, number)
    if not held:
        following = tokens[number + 1] if number + 1 < len(tokens) else None
        bare = not token.unit and following is not None and following.kind in ("label", "return", "place")
        return _before(gap) + (0.2 if bare else 0.0)
    if gap.scoped:
        return 0.3
    before = next((at for at in range(number - 1, label, -1) if tokens[at].kind == "number"), label)
    apart = _gap(tokens, before + 1, number)
    if behind or _has(held, token.unit) or not token.unit or apart.text or apart.scoped:
        return _NEVER
    return 0.2 + 0.2 * bool(apart.spaces)


def _denied(tokens: Sequence[Token], label: int) -> bool:
    """Return whether a 无 behind the label says already how many: 劝返车辆无, 发烧没有."""
    behind = tokens[label + 1] if label + 1 < len(tokens) else None
    if behind is None or behind.kind != "scope" or behind.entry is None or behind.entry.name != "no":
        return False
    following = tokens[label + 2] if label + 2 < len(tokens) else None
    return following is None or following.kind in _CUTS_OR_SPACE


def _keyed(tokens: Sequence[Token], number: int, label: int) -> bool:
    """Return whether figure and label stand in one row of keys and values: in 白天岗:2 值守:12 the 2 is 白天岗's."""
    behind = [one.kind for one in tokens[label + 1 : label + 3]]
    return number > 0 and tokens[number - 1].kind == "colon" and behind == ["colon", "number"]


def _right_cost(
    tokens: Sequence[Token], number: int, label: int, token: Token, held: tuple[str, ...], key_for: KeyFor
) -> float:
    if (
        _denied(tokens, label)
        or _keyed(tokens, number, label)
        or not _fits(tokens, label, token, key_for)
        or (held and (_has(held, token.unit) or not token.unit))
    ):
        return _NEVER
    if not held:
        following = next((at for at in range(number + 1, label) if tokens[at].kind == "number"), label)
        pair = following < label and not _gap(tokens, number + 1, following).text
        return 0.2 if pair else _behind(_gap(tokens, number + 1, label), token)
    return _behind(_gap(tokens, number + 1, label), token)
