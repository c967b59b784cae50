"""Which households are looked after by which plan: an isolation brings its own, from the day it is known to them."""

from handlers.domain.isolation import Episode
from handlers.ports import Context, Work


def begin(found: Episode, work: Work, ctx: Context) -> None:
    """Nothing is asked yet."""


def end(found: Episode, work: Work, ctx: Context) -> None:
    """Nothing is asked yet."""
