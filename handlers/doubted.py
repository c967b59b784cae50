"""The question about figures that cannot stand: over the roster, against each other, no figure at all."""

from handlers import wording
from handlers.domain.daily_text import figure
from handlers.domain.plausible import Doubt, Figures, Why
from handlers.domain.report import exact
from nlp.metrics import label_of, unit_of


def question(doubt: Doubt, said: Figures, standing: Figures, place: str) -> str:
    """Return what is asked about *doubt*; *standing* are the figures that were there before and stay."""
    together = {**standing, **said}
    words = [f"{label_of(key)}{figure(exact(together[key] or 0))}{unit_of(key)}" for key in doubt.keys]
    fresh = sum(key in said for key in doubt.keys)
    if doubt.why is Why.NO_FIGURE:
        return wording.bad_number(label_of(doubt.keys[0]))
    if doubt.why is Why.OVER_ROSTER:
        return wording.over_roster(words[0], place, doubt.limit)
    if doubt.why is Why.FEWER_PEOPLE:
        return wording.fewer_people(words[0], words[1], fresh)
    return wording.over_whole(words[0], words[1], fresh)
