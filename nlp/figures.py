"""One pass over the tokens of a record: which figure belongs to which label, with what scope."""

from collections.abc import Callable

from nlp.lookahead import (
    ahead,
    ends_clause,
    figure_follows,
    is_post_style,
    label_later,
    single_ok,
)
from nlp.pairing import share
from nlp.rules import CREW, DEEDS, LABELS, REACH, SHIFTS, SUFFIX, Figure, Label, Reading, Rules
from nlp.strange import strange_figures
from nlp.tokens import Token
from nlp.wordbook import Entry

__all__ = ["Figure", "FigureReader", "Reading"]
_CENTRAL = "central_isolated_people"
_LABEL_OR_NUMBER = (*LABELS, "number")
_NONE = ("无", "没有", "零")


class FigureReader(Rules):
    """Reads the tokens of one record into a `Reading`; one instance a record, one method a kind of token."""

    def read(self) -> Reading:
        """Return what the tokens say."""
        self.shares = share(self.tokens, self.key_for)
        self.claimed = set(self.shares.left.values())
        for at, token in enumerate(self.tokens):
            if at > self.jump:
                _HEAR[token.kind](self, at, token)
        self.clause_ends()
        if not self.out.figures:
            return self.out
        strange = strange_figures(self.tokens) | {id(self.tokens[at]) for at in self.shares.unsure}
        parts = any(key.startswith("vaccinated") for key in self.out.figures) and self.parts_of_doses()
        for figure in self.out.figures.values():
            figure.odd |= id(figure.token) in strange or (parts and figure.key.startswith("vaccinated"))
        return self.out

    def follows(self, at: int, entry: Entry) -> bool:
        """Return whether the figure of the label at *at* stands behind it."""
        if at in self.shares.right.values():
            return False
        return at in self.claimed or figure_follows(self.tokens, at, entry, REACH)

    def on_label(self, at: int, token: Token) -> None:
        entry = _entry(token)
        if len(token.word) == 1 and not single_ok(self.tokens, at):
            self.on_text(at, token)
            return
        follows = self.follows(at, entry)
        if self.no is not None and not follows:
            self.deny(at, token, entry)
            return
        if self.skip in ("clause", "part"):
            return
        held = self.label
        if held is not None and not held.filled and held.entry.bare == _CENTRAL and entry.bare == "isolated_people":
            self.distance = 0  # 隔离酒店现有隔离人员56人
            return
        if self.skipped_one:
            self.skip = ""
        self.no = None
        self.run = token.word
        self.label = Label(entry, token, self.scope or self.inherit(entry))
        self.seen = self.label
        self.distance = 0
        if not follows:
            self.take_waiting(token)

    def on_return(self, at: int, token: Token) -> None:
        held = self.label
        if held and held.entry.kind == "place" and not held.filled and self.distance <= 6:
            self.distance = 0
            if (
                self.tokens.index(held.token) not in self.claimed and not self.follows(at, held.entry)
            ) or self.tokens.index(held.token) in self.shares.right.values():
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
        if label and open_ and self.all and self.recent and not self.follows(at, label.entry):
            self.put(label, self.recent[-1])

    def on_ignore(self, at: int, token: Token) -> None:
        following = ahead(self.tokens, at)
        held = self.label is not None and not self.label.filled and not self.label.ignored
        if following is None or following.kind != "number" or held:
            self.on_text(at, token)  # 摸排外来务工人员15人: the verb before it owns the figure
            return
        self.no = None
        self.label = Label(Entry(token.word, "ignore", ""), token)
        self.distance = 0

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
            self.opens_children(held)
        elif name in ("should", "than"):
            self.skip, self.skipped_one = "number", False
        elif name == "redo":
            self.redo = True
            self.waiting.clear()
        elif name == "all":
            self.all = True

    def opens_children(self, held: Label | None) -> None:
        """其中, a bracket or a colon behind a figure: what follows are its parts, under the same scope."""
        self.child_scope, self.child_open, self.child_used, self.scope = (held.scope if held else ""), True, False, ""

    def on_reach(self, at: int, name: str, token: Token) -> None:
        if name == "now" and self.scope:
            return  # 今日新增, 目前累计: the stronger word rules
        following = self.tokens[at + 1] if at + 1 < len(self.tokens) else None
        if token.word == "新" and (following is None or following.kind not in _LABEL_OR_NUMBER):
            return
        if name == "new" and self.bare_new(at, token):
            return
        self.scope = name
        if name == "now":
            self.child_scope, self.child_open, self.sticky = "", False, ""
            if self.label is not None and self.label.filled:
                self.label = None
        nearest = ahead(self.tokens, at)
        if nearest is not None and nearest.kind == "number" and not (name == "now" and label_later(self.tokens, at)):
            self.reuse(name, token, nearest)

    def bare_new(self, at: int, token: Token) -> bool:
        """Read 无新增 and 0新增 alone as no newcomers; what else they might count is asked."""
        if not ends_clause(ahead(self.tokens, at, frozenset())) and not self.space_next(at):
            return False
        number = self.waiting[-1] if self.waiting else None
        if number is not None and number.number and number.number.value == 0 and number.end == token.start:
            self.out.skipped.append(self.waiting.pop())
        elif self.no is None:
            return False
        known = self.label is not None and not self.label.filled and not self.label.ignored
        key = f"{self.label.entry.bare}_new" if known and self.label else "returnees_new"
        self.store(Figure(key, token, 0, guessed=not known))
        self.no = None
        return True

    def space_next(self, at: int) -> bool:
        return at + 1 < len(self.tokens) and self.tokens[at + 1].kind == "space"

    def on_no(self, at: int, token: Token) -> None:
        following = ahead(self.tokens, at, frozenset({"space"}))
        waits = self.label is not None and not self.label.filled and self.distance <= 2
        own = following is not None and self.tokens.index(following) in self.claimed  # 发烧没有宣传单一百份
        whole = token.word.startswith("一")  # 武汉回来的一个没有
        glued = self.label is not None and self.label.token.end == token.start and self.space_next(at)
        own = own or (glued and token.word in _NONE)  # 发热无 需求3
        if self.label is not None and self.distance > 0 and self.label.entry.bare in DEEDS:
            waits = False  # 检查商铺无
        if waits and self.label and (whole or ends_clause(following) or own or is_post_style(self.tokens, at)):
            self.zero(self.label, token)
            return
        self.no = token

    def on_number(self, at: int, token: Token) -> None:
        if token.unit == "?" or token.number is None:
            self.recent.clear()
            return
        if self.skip or (token.word == "-" and self.depth):
            self.out.skipped.append(token)
            self.skip = "" if self.skip == "part" else self.skip
            self.skipped_one = True
            return
        if token.word == "+":
            self.scope = "new"
            self.reuse("new", token, token)
        if (self.total and self.apply_total(token)) or (self.redo and self.apply_redo(token)):
            return
        self.no = None
        self.last_unit = token.unit or self.last_unit
        if (not self.run and "cum" not in (self.scope, self.sticky)) or self.total or self.is_crew(token):
            self.pure.add(id(token))
            self.stands[id(token)] = at
            self.out.totals |= {id(token)} if self.total else set()
        self.give(at, token)

    def is_crew(self, token: Token) -> bool:
        """夜班5人 at a checkpoint: the word glued in front says that they are the shift."""
        few = token.number is not None and token.unit == "人" and token.number.value <= CREW
        return few and self.context == "checkpoint" and self.run in SHIFTS

    def give(self, at: int, token: Token) -> None:
        label = self.label
        held = self.open
        if self.depth and self.is_other_half(at, token):
            return
        if held is not None and not held.filled and self.resumes(at) and self.key_for(held.entry, token):
            self.put(held, token)  # 只有居家隔离变了,现在是4户
            self.open = None
            return
        if at in self.shares.right:
            self.waiting.append(token)
        elif label is not None and self.fits(label, at, token):
            self.put(label, token)
        elif self.odd_half(at, token):
            self.out.skipped.append(token)
        elif label is not None and label.ignored and self.distance <= 1 and not self.total:
            self.ignored.append(token)
            self.out.skipped.append(token)
            self.weigh_part(token)
        else:
            self.waiting.append(token)

    def is_other_half(self, at: int, token: Token) -> bool:
        """排查126户(412人): alone in a bracket behind the one half of a pair stands the other."""
        outer = self.depth[-1]
        following = self.tokens[at + 1].kind if at + 1 < len(self.tokens) else ""
        if outer is None or not outer.filled or following != "close" or self.tokens[at - 1].kind != "open":
            return False
        key = self.key_for(outer.entry, token) if token.unit in ("户", "人") else None
        if key is None or f"{key}{SUFFIX[outer.scope]}" in self.out.figures:
            return False
        self.put(outer, token)
        return True

    def odd_half(self, at: int, token: Token) -> bool:
        """湖北返乡1户3人: the half of a pair that its label does not count is no riddle."""
        if token.unit not in ("户", "人"):
            return False
        near = [to for to in (at - 1, at + 1) if 0 <= to < len(self.tokens) and self.tokens[to].kind == "number"]
        given = {id(figure.token) for figure in self.out.figures.values()}
        label = self.label
        for to in near:
            one = self.tokens[to]
            told = id(one) in given or to in self.shares.left or to in self.shares.right
            fits = label is not None and not label.ignored and self.key_for(label.entry, one) is not None
            if one.unit in ("户", "人") and one.unit != token.unit and (told or fits):
                return True
        return False

    def resumes(self, at: int) -> bool:
        """Return whether nothing but small words stands before the figure in its clause, and no label behind it."""
        if at in self.shares.right or at in self.shares.left:
            return False
        for token in reversed(self.tokens[:at]):
            if token.kind == "comma":
                return True
            small = token.kind == "space" or (token.kind == "text" and len(token.word) <= 2)
            if not small and not (
                token.kind == "scope" and token.entry and token.entry.name in ("now", "fill", "total")
            ):
                return False
        return False

    def on_text(self, at: int, token: Token) -> None:
        self.distance += len(token.word)
        self.run += token.word.strip("的了员有")
        if self.label is not None and not self.label.filled and (self.distance > REACH or "第" in token.word):
            self.label = None
        if self.no is not None and len(token.word.strip("人任何有出现新的")) > 4:
            self.no = None

    def on_colon(self, at: int, token: Token) -> None:
        before = self.tokens[at - 1] if at else None
        self.run = before.word if before is not None and self.is_foreign_key(at, before) else ""
        if before is not None and before.kind == "scope" and self.scope:
            self.sticky, self.scope = self.scope, ""  # 累计:排查1260户,返乡35人
        elif self.label is not None and not self.label.filled and before is self.label.token:
            self.topic = self.label
        elif self.label is not None and self.label.filled and before is not None and before.kind == "number":
            self.opens_children(self.label)  # 新增返乡2人:武汉1人,浙江1人
        if self.waiting and self.label is None:
            self.waiting.clear()

    def is_foreign_key(self, at: int, before: Token) -> bool:
        """投亲=21人: one figure behind an unknown word and a mark is that word's, unless the word heads the message."""
        if before.kind != "text" or len(before.word.strip("的了员")) < 2 or self.label is not None:
            return False
        behind = [one.kind for one in self.tokens[at + 1 : at + 3] if one.kind != "space"]
        keyed = behind[:1] == ["number"] and behind[1:] in ([], ["comma"], ["stop"], ["slash"])
        return keyed and any(one.kind in ("comma", "stop") for one in self.tokens[: at - 1])

    def on_space(self, at: int, token: Token) -> None:
        self.distance += 1
        self.run = ""
        if self.label is not None:
            self.label.parted = True

    def on_open(self, at: int, token: Token) -> None:
        self.depth.append(self.label)
        if self.label is not None and self.label.filled:
            self.opens_children(self.label)
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
        if self.tokens[at - 1].kind != "scope":
            self.total = False
        if listed and self.no is not None:
            return
        if listed and self.label is not None and self.label.entry.kind == "place" and not self.depth:
            scope = self.child_scope or self.label.scope  # 累计武汉23人、省外126人
            self.clause_ends()
            self.child_scope = scope
            return
        self.clause_ends()

    def on_stop(self, at: int, token: Token) -> None:
        following = ahead(self.tokens, at, frozenset({"space"}))
        if token.word.strip(" ") == "\n" and following is not None and following.kind == "place" and self.child_open:
            self.on_comma(at, token)  # 其中武汉12人 and 省外19人 on a line each
            return
        self.clause_ends()
        self.label = self.topic = self.seen = None
        self.scope = self.child_scope = self.sticky = ""
        self.child_open = self.total = False

    def next_number(self, at: int) -> int:
        """Return where the next figure stands, the end when there is none."""
        return next(
            (to for to in range(at + 1, len(self.tokens)) if self.tokens[to].kind == "number"), len(self.tokens)
        )

    def unclaimed(self) -> None:
        if self.depth:
            self.out.skipped += self.waiting  # parts of a figure that is known
        else:
            loose = [one for one in self.waiting if id(one) in self.pure and self.closes(one)]
            self.out.loose += loose
            self.out.dropped += [one for one in self.waiting if one not in loose]
        self.waiting.clear()

    def clause_ends(self) -> None:
        """Close a clause: figures nobody claimed are loose, a label nobody filled stays only if places may follow."""
        if self.waiting:
            self.unclaimed()
        self.ignored.clear()
        self.run = self.skip = ""
        self.no = None
        self.all = False
        if self.label is not None and not self.label.filled and self.label.entry.kind not in ("place", "return"):
            self.open, self.label = self.label, None
        if self.label is not None:
            self.label.parted = True
        self.distance = 0


def _entry(token: Token) -> Entry:
    assert token.entry is not None  # every word token carries its entry
    return token.entry


_HEAR: dict[str, Callable[[FigureReader, int, Token], None]] = {
    name.removeprefix("on_"): method for name, method in vars(FigureReader).items() if name.startswith("on_")
} | {"slash": FigureReader.on_space}
"""What is done with a token of each kind."""
