"""Figures amid words nobody knows: what was read there may be something else, so somebody is asked."""

from collections.abc import Sequence

from nlp.lazy import lazy
from nlp.tokens import Token

_CUTS = ("comma", "stop", "colon", "open", "close")
_HAN = lazy(r"[一-鿿]")
_PLAIN = str.maketrans(
    "",
    "",
    "的了员为于在地过人口们都数有着呢啊是到就还也我俺咱今天日昨上下午晚早夜间白凌晨这那里边家个位等共计其中报送告汇填全部本村镇格组点已被把来去回没和及与每名号中因并但只再又很多几",
)
_END = Token("stop", 0, 0)
_MOST = 0.34
_LEAST = 3


def unknown_before(tokens: Sequence[Token], number: Token) -> int:
    """Return how many unknown characters stand before *number* in its clause."""
    out = 0
    for token in tokens:
        if token.start >= number.start:
            break
        if token.kind in _CUTS:
            out = 0
        elif token.kind == "text":
            out += len(_HAN.findall(token.word.translate(_PLAIN)))
    return out


def strange_figures(tokens: Sequence[Token]) -> set[int]:
    """Return the identities of the figures in clauses that consist of unknown words by a third and three at least."""
    out: set[int] = set()
    figures: list[int] = []
    unknown = known = 0
    for token in [*tokens, _END]:
        kind = token.kind
        if kind in _CUTS:
            if figures and unknown >= _LEAST and unknown >= _MOST * (unknown + known):
                out.update(figures)
            figures.clear()
            unknown = known = 0
        elif kind == "text":
            unknown += len(_HAN.findall(token.word.translate(_PLAIN)))
        elif kind == "number":
            figures.append(id(token))
        elif kind != "space":
            known += len(token.word)
    return out
