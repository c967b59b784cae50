"""The county as a process holds it: rules from `hierarchy.yaml`, the tree from the database, fresh when it changes."""

import threading
from datetime import date, datetime

from bot.clock import Clock
from bot.plan_folders import PlanFolders
from handlers.domain.county import County
from handlers.domain.hierarchy import Tree
from handlers.ports import Context
from store.work import Store


class Counties:
    """Hands out a `Context` for now. The tree is loaded whole (arrays) and again when a new version was imported; steps
    and matters are read again when a file of *folders* changed."""

    def __init__(
        self, store: Store, county: County, clock: Clock, base_url: str, folders: PlanFolders | None = None
    ) -> None:
        self.county, self._store, self._clock, self._base_url = county, store, clock, base_url
        self._folders = folders or PlanFolders()
        self._lock = threading.Lock()
        self._tree: Tree | None = None
        self._held: tuple[str | None, date] | None = None
        self._looked_at: datetime | None = None

    def now(self) -> datetime:
        """Return the present moment."""
        return self._clock.now()

    def context(self) -> Context:
        """Return the present moment and the county as it stands."""
        now = self.now()
        self.county = self._folders.refreshed(self.county)
        return Context(now, self.county, self._fresh(now), self._base_url)

    @property
    def version(self) -> tuple[str | None, date] | None:
        """Return which tree was last handed out: its version and day; None before the first."""
        return self._held

    def _fresh(self, now: datetime) -> Tree:
        with self._lock:
            seconds = abs((now - self._looked_at).total_seconds()) if self._looked_at else None
            if self._tree is None or seconds is None or seconds > 2:
                self._looked_at = now
                day = now.astimezone(self.county.tz).date()
                with self._store.read() as work:
                    version = (work.tree.version(), day)
                    if self._tree is None or version != self._held:
                        self._tree = work.tree.load(self.county.levels, day)
                        self._held = version
            return self._tree
