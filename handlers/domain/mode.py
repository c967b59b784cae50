"""Peace and war (平时/战时): the powers a declared emergency unlocks, with a fuse."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Mode:
    """A declared war mode over one node and all below it; there is no row for peace, which is the default."""

    id: int
    node_id: int
    issuer_id: int
    basis: str
    starts_at: datetime
    expires_at: datetime
    ended_at: datetime | None = None

    def on(self, now: datetime) -> bool:
        """Return whether it is in force: begun, not ended, its fuse not burnt down."""
        return self.starts_at <= now < self.expires_at and self.ended_at is None


def in_force(modes: Iterable[Mode], node_and_above: Iterable[int], now: datetime) -> Mode | None:
    """Return the mode that holds at a node: the nearest declared at it or above it; None means peace."""
    by_node = {mode.node_id: mode for mode in modes if mode.on(now)}
    return next((by_node[node] for node in node_and_above if node in by_node), None)
