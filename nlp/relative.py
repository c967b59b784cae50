"""One more or one less than reported: 再加一户空户, 空户多报了一户. How many there are now only the sender can say."""

import re
from datetime import datetime

from nlp.cue import Cue, bits_of, seen_in
from nlp.grammar import read_figures
from nlp.lazy import lazy
from nlp.mended import blanked, scope_of
from nlp.metrics import metric_of
from nlp.places import scan_places
from nlp.types import Draft, Slot
from nlp.when import read_when

_BY = r"(?:\d{1,4}|[一二两三四五六七八九十俩仨]{1,3})"
_MORE = Cue(
    rf"(?:多|少|漏|重)(?:报|写|算|填|登|数|记|打)了?(?=\s*{_BY})"
    rf"|(?:报|写|算|填|登|数|记|打)(?:多了|少了|漏了|重了)(?=\s*{_BY})|(?:再|还要|还得)(?:加|添|补|增|减|扣)(?:上|了|去|掉|报)?(?=\s*{_BY})"
    rf"|(?<![增参添追附施])(?:加上|减去|减掉|去掉|扣掉|扣除|扣)(?=\s*{_BY})|(?<=[一-鿿])(?<![增参添追附施另])(?:加|减)(?=\s*{_BY}\s*(?:[户人名例个辆台起]|$))"
    rf"|(?<=[一-鿿])(?<![最不差许大太减增至众好十百千万多])(?:多|少)(?=\s*{_BY}\s*[户人名例辆台起]$)"
    rf"|(?:又|还)?(?<![最不差许大太减增])(?:多了|少了)(?=\s*{_BY}\s*(?:[户人名例个辆台起]|$))|(?:又多|又少|还多|还少|再多|再少)(?=\s*{_BY}\s*[户人名例个辆台起])"
)
_ONE_DIGIT = Cue(r"(?P<label>[一-鿿]{2,6}?)(?:多|少|漏)(?:写|报|打|填|输)了?\s*[一1]?个?\s*(?:零|0|位数?)(?![\d.户人])")
_SIGNS = bits_of(_MORE, _ONE_DIGIT)
_SHORT = 40
"""Characters: who says one more says little else."""
_PLUS = lazy(r"再|还")
_THAN = lazy(r"[比较](?:昨|前|上)")
_GRAVE = frozenset({"fever_people", "suspected_cases", "trapped_people", "missing_people", "casualties"})
_NEWS = lazy(r"再|又|还|多了")
"""One more of these is news, whatever was reported before."""
_ANY_FIGURE = lazy(rf"\d{{1,9}}|{_BY}(?=\s*[户人名例个辆台起])")


def read_more_or_less(text: str, sent_at: datetime) -> list[Draft]:
    """Return which figure *text* says is one too few or too many (再加一户空户, 空户多报了一户), [] when it says none.

    How many there are now hangs on what was reported before, so the draft holds a field and no value.
    """
    if len(text) > _SHORT or not seen_in(text) & _SIGNS:
        return []
    slip = _ONE_DIGIT.search(blanked(text, scope_of(text)))
    key = metric_of(slip["label"]) if slip else None
    if slip and key and not re.search(r"\d", text[slip.end() :]):
        return [Draft("correction", (*scope_of(text), Slot("field", key, *slip.span("label"))), 0, len(text))]
    found = _MORE.search(text)
    if found is None or _THAN.search(text):
        return []
    when = read_when(text, sent_at)
    masks = [*when.masks, *((place.start, place.end) for place in scan_places(text))]
    bare = text
    for start, end in masks:
        bare = bare[:start] + "." * (end - start) + bare[end:]
    blank = bare[: found.start()] + " " * (found.end() - found.start()) + bare[found.end() :]
    figures = [*read_figures(blank, "daily", masks).figures.values()]
    if len(figures) != len(_ANY_FIGURE.findall(bare)) or (len(figures) > 1 and not _PLUS.match(found[0])):
        return []  # 多报了1户,应为4户 says how many there are
    if any(
        figure.loose or figure.token.start < found.end() or (figure.key in _GRAVE and _NEWS.match(found[0]))
        for figure in figures
    ):
        return []
    scope = [*scope_of(text), *(slot for slot in when.slots if slot.key == "date")]
    return [
        Draft("correction", (*scope, Slot("field", figure.key, found.start(), figure.token.end)), 0, len(text))
        for figure in figures
    ]
