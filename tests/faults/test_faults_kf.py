"""Residents write in 微信客服 while our process is killed: everything they said is kept once and answered once."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from faults_county import MORNING, environ_of
from faults_rig import Deployment, Far, until
from sqlalchemy import select

from bot.parts import Parts
from bot.process import inbound_of
from bot.settings import DEMO_SECRETS, load
from store.messages import Kept
from store.models import inbox

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]

KF = DEMO_SECRETS["KF_ID"]
PLACES = (
    "kf.leased:1",
    "kf.pulled:2",
    "kf.before_commit:1",
    "kf.before_commit:2",
    "kf.after_commit:1",
    "kf.after_commit:2",
    "inbox.before_commit:1",  # how many there are hangs on how many messages wait together
    "sender.written:3",
    "sender.answered:2",
    "sender.before_record:2",
)
RESIDENTS, WORDS = 4, 4


class Residents:
    """One deployment, and residents who write to it."""

    def __init__(self, deployment: Deployment, far: Far) -> None:
        self.deployment, self.far = deployment, far
        self.parts = Parts(load(deployment.environ, dotenv=None))

    def say(self, resident: int, text: str) -> None:
        act = {"kind": "resident_kf_text", "resident": f"r{resident}", "text": text}
        self.far.control("act", act)

    def inbox(self) -> Counter[str]:
        """How often each thing that was said lies in the inbox."""
        with self.parts.store.read() as work:
            columns = [inbox.c[name] for name in Kept.__dataclass_fields__]
            rows = work.connection.execute(select(*columns).where(inbox.c.channel == "kf")).mappings().all()
        return Counter(inbound_of(Kept(**row)).text for row in rows)

    def answers(self, resident: int) -> int:
        messages = self.far.control(f"phone?resident=r{resident}")["messages"]
        return sum(message["from"]["kind"] == "kf" for message in messages)

    def done(self) -> bool:
        with self.parts.store.read() as work:
            left, _ = work.outbox.backlog(self.parts.clock.now())
            return not left and not work.inbox.waiting() and sum(self.inbox().values()) == RESIDENTS * WORDS

    def close(self) -> None:
        self.deployment.kill()
        self.parts.database.close()


@pytest.fixture
def residents(tmp_path: Path, base, far: Far, near_port: int) -> Iterator[Residents]:
    path = tmp_path / "geying.db"
    shutil.copyfile(base.path, path)
    seed = base.seed | {"kf": [{"open_kfid": KF, "name": "居民服务", "page": 3}]}
    far.plant(seed, MORNING.isoformat())
    environ = environ_of(tmp_path, f"sqlite:///{path}", far, near_port) | {"GEYING_KF_ID": KF}
    made = Residents(Deployment(tmp_path, environ), far)
    yield made
    made.close()


@pytest.mark.parametrize("place", PLACES)
def test_killed_anywhere_everything_is_kept_and_answered_once(residents: Residents, place: str) -> None:
    deployment = residents.deployment
    deployment.start("up", crash_at={"up": place})
    deployment.guard("up")
    said = [f"居民{one}第{n}句" for n in range(WORDS) for one in range(RESIDENTS)]
    for n in range(WORDS):
        for one in range(RESIDENTS):
            residents.say(one, f"居民{one}第{n}句")
    until((deployment.folder / "died").exists, f"{place} is reached")
    assert deployment.died()
    until(lambda: residents.done() or _later(residents), "everything was said and answered", 90.0, 0.5)
    assert residents.inbox() == Counter(said)
    assert [residents.answers(one) for one in range(RESIDENTS)] == [WORDS] * RESIDENTS


def test_the_account_answers_inside_the_200_of_the_real_server(residents: Residents) -> None:
    residents.deployment.start("up")
    act = {"kind": "resident_mp_follow", "resident": "r1", "wait": True}
    callback = residents.far.control("act", act)["callback"]
    assert (callback["status"], callback["reply"]["msgtype"]) == (200, "text")
    assert callback["attempts"][0]["ms"] < 2000
    messages = residents.far.control("phone?resident=r1")["messages"]
    assert "请扫您家门口" in messages[0]["text"]


def _later(residents: Residents) -> None:
    """A hint that found nobody there is made good within five minutes of the clock."""
    residents.far.forward(20)
