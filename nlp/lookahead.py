"""What stands around a token: pure looks at a row of tokens, used by the reader of figures."""

from collections.abc import Callable, Sequence

from nlp.tokens import Token
from nlp.wordbook import Entry

_LABELS = ("label", "return", "place")
_SKIP = frozenset({"fill", "all", "among"})
_BLANK = frozenset({"colon", "space"})
_ENDS = ("stop", "comma", "close", "slash")
_STANDS = (*_ENDS, *_LABELS)
_BARE = frozenset("户人返隔烧")
_PARTICLES = "的了员为于在地过"


def is_filler(token: Token) -> bool:
    """Return whether *token* is a small word without a say: 人员, 共, 均."""
    return token.kind == "scope" and token.entry is not None and token.entry.name in _SKIP


def ahead(tokens: Sequence[Token], at: int, through: frozenset[str] = _BLANK) -> Token | None:
    """Return the next token behind *at* that is not a filler, a particle or of a kind in *through*; None at the end."""
    for token in tokens[at + 1 :]:
        if token.kind in through or is_filler(token):
            continue
        if token.kind == "text" and len(token.word.strip()) <= 3 and not token.word.strip(_PARTICLES):
            continue
        return token
    return None


def ends_clause(token: Token | None) -> bool:
    """Return whether nothing more comes in this clause."""
    return token is None or token.kind in _ENDS


def figure_follows(tokens: Sequence[Token], at: int, entry: Entry, reach: int) -> bool:
    """Return whether the figure of *entry* stands behind it: 返乡 5人, 返乡人员今日共 5人, 返乡: 5."""
    length = 0
    for token in tokens[at + 1 :]:
        if token.kind == "number":
            return token.unit == "" or token.unit in entry.units
        if token.kind == "text":
            length += len(token.word)
            if length > reach:
                return False
        elif (
            token.kind == "scope" and token.entry and token.entry.name in ("no", "should", "than", "redo")
        ) or token.kind not in ("colon", "space", "scope", "open"):
            return False
    return False


def label_later(tokens: Sequence[Token], at: int) -> bool:
    """Return whether a label stands behind the figures of this clause: 还有2户5人在隔离."""
    for token in tokens[at + 1 :]:
        if token.kind in ("stop", "comma"):
            return False
        if token.kind in ("label", "return"):
            return True
    return False


def is_post_style(tokens: Sequence[Token], at: int) -> bool:
    """Return whether the 无 of this clause stand behind their labels: 返乡无 隔离无 发热无."""
    last = None
    for to in range(at, len(tokens)):
        token = tokens[to]
        if token.kind in ("stop", "comma"):
            break
        if token.kind in _LABELS:
            last = "label"
        elif token.kind == "scope" and token.entry and token.entry.name == "no":
            following = ahead(tokens, to, frozenset({"space"}))
            stands = following is None or following.kind in _STANDS
            last = "no" if stands else "verb"  # 没报 is no figure
    return last == "no"


def single_ok(tokens: Sequence[Token], at: int) -> bool:
    """Return whether a label of one character (空, 查, 车) stands apart and has its figure right behind it."""
    before = tokens[at - 1] if at else None
    if tokens[at].word in _BARE and before is not None and before.kind == "text":
        return False  # 每人5个
    for token in tokens[at + 1 :]:
        if token.kind == "number":
            return True
        small = token.kind == "scope" and token.word in ("了", "到", "有", "共")
        if token.kind not in ("colon", "space") and not small:
            return False
    return False


def adjacent(tokens: Sequence[Token], number: Token, token: Token) -> bool:
    """Return whether only small words lie between *number* and the label *token*."""
    between = [one for one in tokens if number.end <= one.start < token.start]
    return all(one.kind == "scope" or (one.kind == "text" and len(one.word) <= 4) for one in between)


def binds_right(
    tokens: Sequence[Token], at: int, key_for: Callable[[Entry, Token], str | None] | None = None
) -> Token | None:
    """Return the label glued behind the figure at *at* that has no figure of its own: 0返乡, 一个武汉的一个浙江."""
    if at >= len(tokens):
        return None
    label_at = _glued(tokens, at)
    if label_at is None:
        return None
    label = tokens[label_at]
    if label.entry is None or (key_for is not None and key_for(label.entry, tokens[at]) is None):
        return None
    behind = _behind(tokens, label_at)
    if behind is None or tokens[behind].kind != "number" or binds_right(tokens, behind) is not None:
        return label
    return None


def _glued(tokens: Sequence[Token], at: int) -> int | None:
    for to in range(at + 1, len(tokens)):
        token = tokens[to]
        if token.kind in _LABELS:
            return to
        small = is_filler(token) or (token.kind == "text" and not token.word.strip(_PARTICLES))
        if not small and not (token.kind == "scope" and token.entry and token.entry.name == "new"):
            return None
    return None


def _behind(tokens: Sequence[Token], at: int) -> int | None:
    for to in range(at + 1, len(tokens)):
        token = tokens[to]
        if token.kind == "return" or is_filler(token) or (token.kind == "text" and len(token.word) <= 3):
            continue
        return to
    return None
