"""Messages to single people through the durable outbox, against a loop over wechatpy's client: CPU time of the sending
process, the same stand-in for both. Ours includes writing the outbox, claiming, limits and recording the answers.
"""

import statistics
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from wechatpy.enterprise import WeChatClient

from bench.far_side import AGENT, CORP, SECRET, Deployment, deployment
from bench.figure import Figure, Target
from bench.measure import by_turns, cpu_us, median_ratio
from handlers.domain.letter import Letter, Purpose, Recipient, Text
from handlers.domain.message import Channel

ROUNDS, MESSAGES = 7, 500
WORDS = "D-17 今天下午5点前把外来人员再摸一遍,摸完报数。回「收到」即可。"


def run(tell: Callable[[str], None]) -> list[Figure]:
    """Return the CPU time a message takes."""
    with deployment(MESSAGES) as made:
        client = _Client(made.url)

        def theirs() -> None:
            for n in range(MESSAGES):
                client.message.send_text(AGENT, f"u{n}", content=f"{WORDS} {n}")

        def turn(work: Callable[[], None]) -> float:
            made.forward(121)  # the limits are whole again
            return cpu_us(work, MESSAGES)

        tell(f"{ROUNDS} 轮 × {MESSAGES} 条")
        mine, peer = by_turns(ROUNDS, lambda: turn(lambda: send(made)), lambda: turn(theirs))
        client._http.close()
        if made.sent() != 2 * ROUNDS * MESSAGES:
            raise RuntimeError(f"the stand-in took {made.sent()} of {2 * ROUNDS * MESSAGES}")
    return [
        Figure(
            "send_cpu", "群发一条,含发件箱(对 wechatpy 逐条)", "µs/条", statistics.median(mine), ROUNDS,
            statistics.median(peer), median_ratio(mine, peer), Target("≤", 0.2),
            "我们:写发件箱、领件、限速、发、记结果",
        )
    ]  # fmt: skip


def send(made: Deployment, messages: int = MESSAGES) -> None:
    """Send one word to each of the members: written, committed, claimed, sent, recorded."""
    now = datetime.now(UTC) + made.offset
    letters = [
        Letter(
            Purpose.REMINDER, Channel.WECOM_APP, Text(f"{WORDS} {n}"), (Recipient(f"u{n}", person_id=n + 1),), now, 5
        )
        for n in range(messages)
    ]
    summary = made.send(made.put(letters))
    if summary.sent != messages:
        raise RuntimeError(f"{summary} of {messages}")


class _Client(WeChatClient):  # type: ignore[misc]
    """wechatpy 1.8.18 turned towards the stand-in, as its own pages show the rest."""

    def __init__(self, base: str) -> None:
        self.API_BASE_URL = f"{base}/cgi-bin/"
        super().__init__(CORP, SECRET, timeout=10)

    def fetch_access_token(self) -> Any:
        params = {"corpid": self.corp_id, "corpsecret": self.secret}
        return self._fetch_access_token(url=f"{self.API_BASE_URL}gettoken", params=params)
