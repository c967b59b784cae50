"""How many of the staff's messages nobody has tried yet, of those received until a moment."""

from datetime import UTC, datetime, timedelta

from store.engine import Database
from store.inbox import row
from store.messages import AGAIN_AFTER, InboxRepo

HOUR = datetime(2026, 2, 8, 8, 0, tzinfo=UTC)


def test_only_what_was_received_by_then_and_never_tried_counts(database: Database) -> None:
    def came(key: str, received: datetime, channel: str = "wecom_app") -> None:
        with database.begin() as connection:
            InboxRepo(connection).insert([row(key, channel, "text", key, None, b"<xml/>", received, received)])

    def unread() -> int:
        with database.read() as connection:
            return InboxRepo(connection).unread(HOUR)

    came("before", HOUR - timedelta(minutes=1))
    came("at", HOUR)
    came("after", HOUR + timedelta(seconds=1))
    came("resident", HOUR, "kf")
    came("form", HOUR, "page")
    assert unread() == 2
    with database.begin() as connection:
        inbox = InboxRepo(connection)
        first, second, *_ = inbox.due(HOUR)
        assert inbox.take(first) is not None
    assert unread() == 1
    with database.begin() as connection:
        InboxRepo(connection).failed(second, HOUR)
    assert unread() == 0, "what failed once is not waited for"
    with database.read() as connection:
        assert second in InboxRepo(connection).due(HOUR + AGAIN_AFTER)
