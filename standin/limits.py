"""How often is too often: the platform's windows [D 90312, 90236, 90248, 99110].

Windows slide, which is the strictest reading: whatever passes here passes a fixed minute as well.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, fields

MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0


@dataclass(slots=True)
class Limits:
    """The documented numbers; a seed may set others under ``limits``."""

    api_per_min: int = 10_000
    api_per_hour: int = 150_000
    ip_per_min: int = 20_000
    ip_per_hour: int = 600_000
    member_per_min: int = 30
    member_per_hour: int = 1000
    app_day_per_account: int = 200
    appchat_person_times_per_min: int = 20_000
    appchat_person_times_per_hour: int = 300_000
    appchat_member_per_min: int = 200
    appchat_member_per_day: int = 10_000
    appchat_create_per_day: int = 1000
    appchat_update_per_hour: int = 1000
    webhook_per_min: int = 20
    bot_per_min: int = 30
    bot_per_hour: int = 1000
    bad_secrets_before_ban: int = 10
    kf_bare_pulls_per_min: int = 60
    mp_qrcodes_per_day: int = 100_000
    mp_permanent_codes: int = 100_000
    mp_forced_tokens_per_day: int = 20

    @classmethod
    def from_seed(cls, given: dict[str, int]) -> Limits:
        known = {f.name for f in fields(cls)}
        if unknown := set(given) - known:
            raise ValueError(f"unknown limits: {sorted(unknown)}")
        return cls(**given)


class Windows:
    """Sliding windows by name. Not kept over a restart: the platform's own counters are not ours to restore."""

    def __init__(self) -> None:
        self._spent: dict[tuple[str, float], deque[tuple[float, int]]] = {}
        self._sums: dict[tuple[str, float], int] = {}
        self._blocked: dict[str, float] = {}

    def take(self, name: str, now: float, *rules: tuple[float, int], weight: int = 1, block: bool = False) -> bool:
        """Whether *weight* fits into every ``(window seconds, limit)``; only then is it spent.

        With *block* an excess closes the door for the whole window, as the per-API quota does.
        """
        if block and self._blocked.get(name, 0.0) > now:
            return False
        for window, limit in rules:
            if self._sum(name, window, now) + weight > limit:
                if block:
                    self._blocked[name] = now + window
                return False
        for window, _ in rules:
            self._spent[name, window].append((now, weight))
            self._sums[name, window] += weight
        return True

    def _sum(self, name: str, window: float, now: float) -> int:
        spent = self._spent.setdefault((name, window), deque())
        total = self._sums.get((name, window), 0)
        while spent and spent[0][0] <= now - window:
            total -= spent.popleft()[1]
        self._sums[name, window] = total
        return total
