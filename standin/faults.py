"""Faults on request: what the network, the platform and the callback path may do to a caller [platform §F.7].

A rule is ``{"kind", "match": {"path", "app", "nth", "count", "prob", "seed"}, …parameters}``. *path* is the end
of the path, *app* an agentid, ``app`` or ``bot``; *nth* fires on the nth fitting request (counted from 1) and
*count* at most so many times (1 when *nth* is given, without end otherwise); *prob* draws from a generator
seeded with *seed*, so a run can be repeated.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

HTTP_KINDS = frozenset(
    {
        "latency",
        "timeout",
        "reset",
        "http_502",
        "html_200",
        "truncated_json",
        "busy",
        "err",
        "token_revoke_now",
        "quota_exhaust",
        "concurrency",
        "commit_then_timeout",
        "partial_invalid",
        "silent_drop",
    }
)
CALLBACK_KINDS = frozenset(
    {
        "cb_duplicate",
        "cb_reorder",
        "cb_delay",
        "cb_drop",
        "cb_bad_signature",
        "cb_same_second_pair",
        "clock_skew",
    }
)
MATCH_KEYS = frozenset({"path", "app", "nth", "count", "prob", "seed"})


@dataclass(slots=True)
class Rule:
    id: int
    kind: str
    match: dict[str, Any]
    params: dict[str, Any]
    random: random.Random
    seen: int = 0
    fired: int = 0
    until: float = field(default=0.0)

    @property
    def most(self) -> float:
        """How often it may fire: once when *nth* is given, else without end, unless *count* says otherwise."""
        return float(self.match.get("count", 1 if "nth" in self.match else "inf"))

    def view(self) -> dict[str, Any]:
        known = {"id": self.id, "kind": self.kind, "match": self.match, "seen": self.seen, "fired": self.fired}
        return known | {"spent": self.fired >= self.most} | self.params


class Faults:
    """The standing rules, in the order they were given."""

    def __init__(self) -> None:
        self.rules: list[Rule] = []
        self._last = 0

    def add(self, given: dict[str, Any]) -> Rule:
        """The new rule; ValueError for a kind or a match key nobody knows."""
        params = dict(given)
        kind, match = params.pop("kind", None), dict(params.pop("match", None) or {})
        if kind not in HTTP_KINDS | CALLBACK_KINDS:
            raise ValueError(f"unknown fault kind {kind!r}")
        if unknown := set(match) - MATCH_KEYS:
            raise ValueError(f"unknown match keys {sorted(unknown)}")
        self._last += 1
        rule = Rule(self._last, str(kind), match, params, random.Random(match.get("seed", 0)))
        self.rules.append(rule)
        return rule

    def clear(self, rule_id: int | None = None) -> None:
        self.rules = [] if rule_id is None else [r for r in self.rules if r.id != rule_id]

    def http(self, path: str, app: str) -> list[Rule]:
        """The rules that fire on a request to *path* by the app with agentid *app*."""
        if not self.rules:
            return []
        return [r for r in self.rules if r.kind in HTTP_KINDS and _fires(r, path, (app,))]

    def callback(self, path: str, *names: str) -> list[Rule]:
        """The rules that fire on a callback to *path*, meant for an app or bot known by *names*."""
        if not self.rules:
            return []
        return [r for r in self.rules if r.kind in CALLBACK_KINDS and _fires(r, path, names)]


def _fires(rule: Rule, path: str, names: tuple[str, ...]) -> bool:
    match = rule.match
    if "path" in match and not path.endswith(str(match["path"])):
        return False
    if "app" in match and str(match["app"]) not in names:
        return False
    rule.seen += 1
    if "nth" in match and rule.seen < int(match["nth"]):
        return False
    if rule.fired >= rule.most:
        return False
    if "prob" in match and rule.random.random() >= float(match["prob"]):
        return False
    rule.fired += 1
    return True
