"""How often somebody knocks: counts in memory, a window each, so many keys and no more. Thread-safe.

What it is for: 100,000 guesses at codes cost their sender minutes and us nothing, and one household cannot flood the
register. Whoever holds a good code is never turned away for what others at their address did.
"""

import ipaddress
import threading
from collections.abc import Callable, Hashable
from datetime import timedelta

KEYS_LIMIT = 50_000
MISSES, MISSES_IN = 30, timedelta(minutes=10)
"""Codes that open nothing, from one address."""
SHEETS_OF_HOUSEHOLD, SHEETS_OF_GATE, SHEETS_IN = 60, 3_000, timedelta(hours=1)
SHEETS_OF_VISITOR = 60
"""Sheets for one gate, enterprise or village from one address in `SHEETS_IN`: a phone network shares its addresses."""


class Knocks:
    """Counts by key. *clock* gives seconds."""

    def __init__(self, clock: Callable[[], float], keys_limit: int = KEYS_LIMIT) -> None:
        self._clock, self._limit = clock, keys_limit
        self._counts: dict[Hashable, tuple[float, int]] = {}  # key: end of its window, how often; oldest first
        self._lock = threading.Lock()

    def over(self, key: Hashable, most: int) -> bool:
        """Return whether *key* has had its *most* already; counts nothing."""
        ends, count = self._counts.get(key, (0.0, 0))
        return count >= most and ends > self._clock()

    def count(self, key: Hashable, most: int, window: timedelta) -> bool:
        """Count one knock; False when it is one too many. The window begins with the first."""
        now = self._clock()
        with self._lock:
            ends, count = self._counts.get(key, (0.0, 0))
            if ends <= now:
                self._counts.pop(key, None)  # to the end of the line
                ends, count = now + window.total_seconds(), 0
                self._make_room(now)
            self._counts[key] = (ends, min(count + 1, most + 1))
            return count < most

    def wait_s(self, key: Hashable) -> int:
        """Return in how many seconds the window of *key* ends, at least 1."""
        return max(1, int(self._counts.get(key, (0.0, 0))[0] - self._clock()) + 1)

    def _make_room(self, now: float) -> None:
        """Forget the oldest; those of an ended window first, as they stand in front."""
        while len(self._counts) >= self._limit:
            del self._counts[next(iter(self._counts))]
        for key in [k for k, _ in zip(self._counts, range(4), strict=False)]:
            if self._counts[key][0] <= now:
                del self._counts[key]


def neighbourhood(address: str) -> str:
    """Return what counts as one address: an IPv4 address, or the /64 of an IPv6 one, which is one subscriber.

    >>> neighbourhood("192.0.2.7"), neighbourhood("2001:db8:1:2:3:4:5:6"), neighbourhood("?")
    ('192.0.2.7', '2001:db8:1:2::', '?')
    """
    try:
        known = ipaddress.ip_address(address.strip("[]"))
    except ValueError:
        return address[:64]
    if isinstance(known, ipaddress.IPv6Address):
        if known.ipv4_mapped:
            return str(known.ipv4_mapped)
        return str(ipaddress.IPv6Address(int(known) >> 64 << 64))
    return str(known)
