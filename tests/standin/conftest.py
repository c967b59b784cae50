"""A product for the stand-in to call, and a stand-in for the product."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from standin_peer import Peer, Platform, seed_for

from standin.server import StandIn


@pytest.fixture
def peer() -> Iterator[Peer]:
    peer = Peer()
    yield peer
    peer.close()


@pytest.fixture
def wx(peer: Peer) -> Iterator[Platform]:
    with StandIn(seed_for(peer.url)) as server:
        platform = Platform(server)
        yield platform
        platform.http.close()
