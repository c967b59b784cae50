"""Common questions (核酸点在哪, 怎么申报, 几点交): which of a county's written answers a question asks for."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from nlp.lazy import lazy
from nlp.normalize import normalize

_APART = lazy(r"[\s,。!?、;:~.…\"'“”()]+")
_COURTESY = lazy(r"^(?:请问|问一下|问下|麻烦问|想问|你好|您好|小格|@\S+)+")


@dataclass(frozen=True, slots=True)
class Faq:
    """One answer of the county's: `asks` are ways of asking it, each one or more words that must all be there.

    `source` is who says so, `as_of` when they said it: both are told with the answer.
    """

    asks: tuple[str, ...]
    answer: str
    source: str
    as_of: date


def answer_to(text: str, known: Iterable[Faq]) -> Faq | None:
    """Return the answer that *text* asks for: the one with the longest way of asking in it; None when none is.

    >>> swab = Faq(("核酸 哪", "核酸点"), "镇文化站,8点到17点。", "镇卫生院(样例)", date(2026, 2, 8))
    >>> answer_to("请问做核酸去哪儿", [swab]) is swab, answer_to("核酸做完了", [swab])
    (True, None)
    """
    plain = _COURTESY.sub("", _APART.sub("", normalize(text).text))
    best: tuple[int, Faq] | None = None
    for faq in known:
        for ask in faq.asks:
            words = normalize(ask).text.split()
            if words and all(word in plain for word in words):
                weight = sum(map(len, words))
                if best is None or weight > best[0]:
                    best = weight, faq
    return best[1] if best else None
