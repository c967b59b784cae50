"""申报: a household hands in a sheet and has its receipts; the same sheet sent twice is one row and one answer."""

from handlers.domain.declaration import Answer, Form, Sheet
from handlers.ports import Context, Work


def form_of(place_id: int, household_id: int | None, work: Work, ctx: Context, *, known: bool = False) -> Form:
    """Return what a page shows for the code of *place_id*; at a gate, *household_id* is the one picked, or None.

    *known*: whoever looks is known to belong to the household (a bound kf or 公众号 address, the household's own link):
    only they see what was said last. Raises UnknownNode for a place or household that is not there or not under it.
    """
    raise NotImplementedError


def submit(sheet: Sheet, work: Work, ctx: Context) -> Answer:
    """Take the sheet in the transaction of *work*; with faults nothing is kept, and all of them are told at once.

    Raises UnknownNode for a place or household that is not there, or a handle that is not of this household.
    """
    raise NotImplementedError


def settle(token: str, key: str, choice: str, work: Work, ctx: Context) -> Answer:
    """Take the answer to one `Question`; *token* is the sheet's `me_token`. Raises UnknownNode when it opens nothing."""
    raise NotImplementedError
