"""Yongtai under fire: the county as data, one directive to all its households, and the account of what became of it."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from faults_rig import ROOT, Deployment, Far, until
from sqlalchemy import func, select

from bot import tree_commands
from bot.demo_seed import bind_bots, seed_of
from bot.parts import Parts
from bot.settings import load
from handlers.domain.directive import ReceiptState, State
from store.migrate import migrate
from store.models import delivery, inbox, parcel, receipt
from store.models import directive as directive_rows

SINCE = datetime(2026, 1, 1, tzinfo=UTC)  # the sample people hold their posts from this day
MORNING = datetime(2026, 2, 8, 0, 30, tzinfo=UTC)  # 08:30 in the county
LEAD = "yt_county_lead"
ORDER = "急 给所有住户发 今晚8点前关好门窗 听网格员通知"
TRIES_AT_S = [0, 5, 10, 20, 40]  # the platform stops after the third; a busy machine may take longer to start us
CARDS, POSTS, RELAYS = 1401, 344, 1085


def environ_of(folder: Path, database_url: str, far: Far, port: int, redis_url: str = "") -> dict[str, str]:
    """Return the environment of a deployment in *folder* that talks to *far*."""
    return {
        "GEYING_DEMO": "1",
        "GEYING_DATABASE_URL": database_url,
        "GEYING_REDIS_URL": redis_url,
        "GEYING_HIERARCHY": str(ROOT / "hierarchy.yaml"),
        "GEYING_VAR": str(folder),
        "GEYING_PORT": str(port),
        "GEYING_BASE_URL": f"http://127.0.0.1:{port}",
        "GEYING_WECOM_API_BASE": far.url,
        "GEYING_CLOCK_FILE": str(far.clock_file),
        "GEYING_KF_ID": "",  # residents have tests of their own
    }


def lay(environ: dict[str, str]) -> dict[str, Any]:
    """Fill an empty database with the county, at war since this morning; returns the far side's seed that fits it."""
    parts = Parts(load(environ, dotenv=None))
    migrate(parts.database)
    hierarchy = ROOT / "hierarchy.yaml"
    county, tree = tree_commands.load_county(hierarchy, parts.database, SINCE.date(), SINCE)
    for name in ("roster.csv", "chats.csv"):
        path = ROOT / "data/yongtai" / name
        outcome = tree_commands.import_roster(path, parts.database, county, tree, SINCE.date(), SINCE)
        assert not outcome.plan.errors
    bind_bots(parts)
    with parts.store.begin() as work:
        lead = work.people.by_userid(LEAD, MORNING.date())
        assert lead
        work.modes.start(tree.root.id, lead.id, "县防指〔2026〕3号", MORNING, MORNING + timedelta(days=14))
    seed = seed_of(parts, environ["GEYING_BASE_URL"], retry_delays=TRIES_AT_S)
    if parts.database.sqlite:
        with parts.database.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    parts.database.close()
    return seed


@dataclass(frozen=True)
class Account:
    """What became of one directive, counted on the phones and in the rows."""

    lost: int
    doubled: int
    repeated_posts: int
    lost_answers: int
    reach: dict[tuple[str, str], int]


class County:
    """One deployment of the county and its far side, with a directive under way."""

    def __init__(self, deployment: Deployment, far: Far) -> None:
        self.deployment, self.far = deployment, far
        self.parts = Parts(load(deployment.environ, dotenv=None))
        self.told: Counter[str] = Counter()  # texts of earlier directives, by person
        self._calls_at_death = 0
        deployment.on_death = self._note_death

    # -- what people do ------------------------------------------------------------------------------------------------

    def order(self) -> int:
        """The county's lead orders, looks at the preview, and says 发; returns the directive's id."""
        before = self._newest()
        self.far.say(LEAD, ORDER)
        until(lambda: self._newest() > before, "the draft")
        self.far.heard(LEAD, "将发")
        self.far.say(LEAD, "发")
        return self._newest()

    def acknowledge(self, directive_id: int, people: int) -> list[str]:
        """So many gridworkers press 收到, all at once; returns who they are."""
        with self.parts.store.read() as work:
            directive = work.directives.get(directive_id)
        assert directive
        head = f"D-{directive.number}-{directive_id}"
        cards = {u: next((k for k in keys if k.startswith(head)), None) for u, keys in self.far.state("shown").items()}
        chosen = [(userid, key) for userid, key in sorted(cards.items()) if key][:people]
        for userid, key in chosen:
            self.far.click(userid, key, f"ack:{directive_id}")
        return [userid for userid, _ in chosen]

    # -- what became of it ---------------------------------------------------------------------------------------------

    def settle(self, directive_id: int, within_s: float = 90.0) -> float | None:
        """Wait until nothing is left to do; returns how many seconds after a restart the first message went, None when
        there was no restart or nothing left to send."""
        first: float | None = None

        def look() -> bool:
            nonlocal first
            restarted_at = self.deployment.restarted_at
            if restarted_at is not None and first is None and self.far.calls() > self._calls_at_death:
                first = time.monotonic() - restarted_at
            return self.far.idle() and self._nothing_waits(directive_id)

        until(look, f"directive {directive_id} is done", within_s)
        return first

    def _note_death(self) -> None:
        self._calls_at_death = self.far.calls()

    def _nothing_waits(self, directive_id: int) -> bool:
        with self.parts.store.read() as work:
            directive = work.directives.get(directive_id)
            assert directive
            left, _ = work.outbox.backlog(self.parts.clock.now())
            return directive.state is State.ISSUED and not left and not work.inbox.waiting()

    def account(self, directive_id: int) -> Account:
        """Count what everybody was shown, against what everybody was to be shown."""
        with self.parts.store.read() as work:
            directive = work.directives.get(directive_id)
            reach = dict(work.outbox.reach(directive_id))
            rows = work.connection.execute(
                select(delivery.c.purpose, delivery.c.address, func.count())
                .where(delivery.c.directive_id == directive_id)
                .group_by(delivery.c.purpose, delivery.c.address)
            ).all()
            doubts = dict(
                work.connection.execute(
                    select(delivery.c.address, parcel.c.unanswered + parcel.c.lost)
                    .join(parcel, parcel.c.id == delivery.c.parcel_id)
                    .where(parcel.c.directive_id == directive_id, parcel.c.purpose == "post")
                ).all()
            )
        assert directive
        due: dict[str, Counter[str]] = {"card": Counter(), "post": Counter(), "relay": Counter()}
        for purpose, address, count in rows:
            if purpose in due:
                due[purpose][address] += count
        planned = {purpose: addresses.total() for purpose, addresses in due.items()}
        assert planned == {"card": CARDS, "post": POSTS, "relay": RELAYS}, reach
        shown = self.far.state("shown")
        head = f"D-{directive.number}-{directive_id}@"
        cards = {u: sum(n for k, n in keys.items() if k.startswith(head)) for u, keys in shown.items()}
        said = {u: sum(n for k, n in keys.items() if k.startswith("body:")) for u, keys in shown.items()}
        posts = self._posts(directive.code)
        more = {u: said.get(u, 0) - self.told[u] - due["relay"][u] for u in due["card"]}
        lost = sum(1 for u in due["card"] if not cards.get(u))
        lost += sum(1 for chat in due["post"] if not posts[chat])
        lost += sum(-n for n in more.values() if n < 0)
        doubled = sum(n for n in more.values() if n > 0)
        doubled += sum(n - 1 for u, n in cards.items() if n > 1)
        doubled += sum(n - 1 for keys in shown.values() for n in keys.values())
        assert all(posts[chat] - 1 <= doubts[chat] for chat in due["post"]), "a post repeated without a lost answer"
        repeated = sum(posts[chat] - 1 for chat in due["post"] if posts[chat])
        self.told += due["relay"]
        return Account(lost, doubled, repeated, sum(doubts.values()), reach)

    def everything_arrived(self, directive_id: int, pressed: Collection[str]) -> None:
        """Nothing lost, nothing seen twice, a post repeated only where its answer was lost, receipts exact."""
        account = self.account(directive_id)
        assert (account.lost, account.doubled) == (0, 0)
        assert account.repeated_posts <= account.lost_answers
        assert account.reach == {("card", "sent"): CARDS, ("post", "sent"): POSTS, ("relay", "relaying"): RELAYS}
        answered, doubled = self.receipts(directive_id)
        assert (answered, doubled) == (set(pressed), 0)
        self.books_are_true()

    def reminded(self) -> int:
        """Return how many reminders were sent."""
        with self.parts.store.read() as work:
            return work.outbox.reach(1).get(("reminder", "sent"), 0)

    def receipts(self, directive_id: int) -> tuple[set[str], int]:
        """Return who has acknowledged, and how many receipts there are beyond one a person (0 is right)."""
        with self.parts.store.read() as work:
            counts = work.receipts.counts(directive_id)
            waiting = {owing.person_id for owing in work.receipts.waiting(directive_id)}
            holders = {row.person_id: row.userid for row in work.people.holders(MORNING.date())}
            owed = select(receipt.c.person_id).where(receipt.c.directive_id == directive_id)
            people = set(work.connection.scalars(owed))
        answered = {holders[person] for person in people - waiting}
        assert set(counts) <= {ReceiptState.WAITING, ReceiptState.ACKNOWLEDGED}
        return answered, sum(counts.values()) - len(people)

    def books_are_true(self) -> None:
        """The audit chain is whole, no message is left, every acknowledged callback has one row, handled."""
        with self.parts.store.read() as work:
            _, _, broken = work.audit.verify()
            assert broken is None
            rows = work.connection.execute(select(inbox.c.state, func.count()).group_by(inbox.c.state)).all()
        callbacks = self.far.state("callbacks")
        assert dict(rows) == {"done": callbacks["delivered"]}, callbacks
        assert callbacks["failed"] == callbacks["dropped"] == 0

    def _newest(self) -> int:
        with self.parts.store.read() as work:
            return int(work.connection.scalar(select(func.max(directive_rows.c.id))) or 0)

    def _posts(self, code: str) -> Counter[str]:
        found: Counter[str] = Counter()
        for chatid, room in self.far.state("appchats").items():
            found[chatid] = sum(1 for post in room["posts"] if code in post["text"] and post["origin"] == "appchat")
        return found

    def close(self) -> None:
        """Kill what is left and let go of the database."""
        self.deployment.kill()
        self.parts.database.close()
