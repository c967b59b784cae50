"""What Prometheus sees: counts of what came and went, gauges of what waits. Ids and names are never labels."""

from prometheus_client import CollectorRegistry, Counter, generate_latest
from prometheus_client.core import GaugeMetricFamily

from bot.county import Counties
from store.spool import Spool
from store.work import Store


class Metrics:
    """The counters of this process, and gauges read from the database when somebody asks."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._callbacks = Counter(
            "geying_callbacks", "回调请求,按门和结果", ["channel", "outcome"], registry=self.registry
        )

    def count(self, channel: str, outcome: str) -> None:
        """Count one callback."""
        self._callbacks.labels(channel, outcome).inc()

    def watch(self, store: Store, counties: Counties, spool: Spool) -> None:
        """Add the gauges of the database and the spool."""
        self.registry.register(_Waiting(store, counties, spool))

    def text(self) -> bytes:
        """Return the metrics in Prometheus' text format."""
        return generate_latest(self.registry)


class _Waiting:
    """Read at scrape time; a database that does not answer leaves its gauges out rather than failing the scrape."""

    def __init__(self, store: Store, counties: Counties, spool: Spool) -> None:
        self._store, self._counties, self._spool = store, counties, spool

    def describe(self) -> list[GaugeMetricFamily]:
        """Return nothing: registering must not touch the database."""
        return []

    def collect(self) -> list[GaugeMetricFamily]:
        """Return the gauges."""
        found = {"geying_spool_bytes": ("等待入库的字节", float(self._spool.size()))}
        try:
            found.update(self._from_database())
        except Exception:  # the scrape itself must survive what it reports on
            found["geying_database_up"] = ("数据库可用", 0.0)
        return [GaugeMetricFamily(name, words, value) for name, (words, value) in found.items()]

    def _from_database(self) -> dict[str, tuple[str, float]]:
        with self._store.read() as work:
            queued, oldest = work.outbox.backlog(self._counties.now())
            age = (self._counties.now() - oldest).total_seconds() if oldest else 0.0
            return {
                "geying_database_up": ("数据库可用", 1.0),
                "geying_inbox_waiting": ("等待处理的消息", float(work.inbox.waiting())),
                "geying_outbox_due": ("到时未发的包裹", float(queued)),
                "geying_outbox_oldest_seconds": ("最早一件等了多久", max(age, 0.0)),
                "geying_quarantine": ("隔离待放行的消息", float(work.inbox.quarantined())),
                "geying_alarms_open": ("未关闭的警报", float(len(work.alarms.open()))),
            }
