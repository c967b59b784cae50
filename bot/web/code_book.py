"""Codes of places as the doors see them: what opened something a moment ago needs no database."""

import threading
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime

from handlers.domain.place_code import CodeKind, PlaceCode
from store.away import is_away
from store.place_codes import is_ours
from store.work import Store

HELD_S = 10.0
"""A revoked code is read no longer than this."""
CODES_LIMIT = 20_000


class CodeBook:
    """Looks codes up. *clock* gives seconds. Thread-safe; only what opens something is remembered."""

    def __init__(self, store: Store, clock: Callable[[], float]) -> None:
        self._store, self._clock = store, clock
        self._held: dict[str, tuple[float, PlaceCode]] = {}
        self._lock = threading.Lock()

    def recall(self, token: str) -> PlaceCode | None:
        """Return the code if it was read a moment ago; asks nobody."""
        until, code = self._held.get(token, (0.0, None))
        return code if until > self._clock() else None

    def read(self, token: str) -> PlaceCode | None:
        """Return what the token opens now, None for one that opens nothing; a forged one never reaches the database."""
        if not is_ours(token):
            return None
        now = self._clock()
        with self._store.read() as work:
            code = work.codes.read(token, _moment(now))
        if code is not None:
            self._hold(token, code, now)
        return code

    def _hold(self, token: str, code: PlaceCode, now: float) -> None:
        with self._lock:
            while len(self._held) >= CODES_LIMIT:
                del self._held[next(iter(self._held))]
            self._held.pop(token, None)
            self._held[token] = (now + HELD_S, code)

    def kinds(self, tokens: Iterable[str]) -> Mapping[str, CodeKind]:
        """Return what kind of place each token opens, in one look-up; those that open nothing are left out. While the
        database is away it is as for `kind`."""
        asked, now = list(tokens), self._clock()
        try:
            with self._store.read() as work:
                codes = work.codes.read_many(asked, _moment(now))
        except Exception as error:
            if not is_away(error):
                raise
            return dict.fromkeys((token for token in asked if is_ours(token)), CodeKind.HOUSEHOLD)
        for token, code in codes.items():
            self._hold(token, code, now)
        return {token: code.kind for token, code in codes.items()}

    def kind(self, token: str) -> CodeKind | None:
        """Return what kind of place the token opens; while the database is away, one that we signed is taken for a
        household's, so that nothing is lost: what it is worth is told when the sheet is read."""
        try:
            code = self.read(token)
        except Exception as error:
            if not is_away(error):
                raise
            return CodeKind.HOUSEHOLD
        return code.kind if code else None


def _moment(epoch: float) -> datetime:
    return datetime.fromtimestamp(epoch, UTC)
