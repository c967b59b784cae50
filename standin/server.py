"""The stand-in as a server: in this process on a thread, or as ``python -m standin``."""

from __future__ import annotations

import contextlib
import logging
import threading
from pathlib import Path
from typing import Any

from waitress.server import create_server

from standin import keep
from standin.app import Application
from standin.clock import Clock
from standin.plant import PlantedSite

THREADS = 48
CONNECTIONS = 2000


class StandIn:
    """A local WeChat/WeCom: ``start()``, then ``url`` is what to put where the official address would stand.

    *seed* is a dict (see ``standin/README.md``), *port* 0 lets the system choose, *clock_file* shares the clock,
    *state_file* keeps the world over a restart.
    """

    def __init__(
        self,
        seed: dict[str, Any] | None = None,
        port: int = 0,
        clock_file: str | Path | None = None,
        *,
        host: str = "127.0.0.1",
        state_file: str | Path | None = None,
    ) -> None:
        self.site = PlantedSite(Clock(clock_file))
        self.site.plant(seed or {})
        self._state_file = Path(state_file) if state_file else None
        if self._state_file and (kept := keep.load(self._state_file)):
            self.site.world = kept
        self._host, self._port = host, port
        self._keeper = keep.Keeper(self.site, self._state_file) if self._state_file else None
        self._server: Any = None
        self._thread: threading.Thread | None = None

    def start(self) -> StandIn:
        """Listening when it returns."""
        logging.getLogger("waitress").setLevel(logging.ERROR)  # answers cut short on purpose are no news
        self._server = create_server(
            Application(self.site),
            host=self._host,
            port=self._port,
            threads=THREADS,
            connection_limit=CONNECTIONS,
            channel_request_lookahead=1,
            asyncore_use_poll=True,
            clear_untrusted_proxy_headers=True,
            ident=None,
        )
        reached = "127.0.0.1" if self._host == "0.0.0.0" else self._host  # noqa: S104 - compared, not bound
        self.site.base_url = f"http://{reached}:{self._server.effective_port}"
        self._thread = threading.Thread(target=self._server.run, name="stand-in", daemon=True)
        self._thread.start()
        self.site.emitter.start()
        if self._keeper:
            self._keeper.start()
        return self

    @property
    def url(self) -> str:
        return self.site.base_url

    def stop(self) -> None:
        """Close every connection and join every thread; hanging requests are cut."""
        if self._server is None or self._thread is None:
            return
        self.site.stopping.set()
        self.site.emitter.stop()  # first, so that nobody waits for a callback any more
        self._server.task_dispatcher.shutdown()  # then those who answer, while the loop can still carry answers
        with contextlib.suppress(OSError):  # the loop, awake for another reason, may close before it is woken
            self._server.trigger.pull_trigger(self._close_all)
        self._thread.join(timeout=10)
        if self._keeper:
            self._keeper.stop()
        self._server = None

    def _close_all(self) -> None:
        """Runs in the server's own loop, which ends when nothing is left to watch."""
        for channel in list(self._server._map.values()):
            close = getattr(channel, "handle_close", None) if channel is not self._server else None
            (close or channel.close)()

    def __enter__(self) -> StandIn:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()
