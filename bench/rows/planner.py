"""One text to many people: how many calls it takes, counted by the stand-in. The platform takes 1,000 people a call."""

import math
from collections.abc import Callable
from datetime import UTC, datetime

from bench.far_side import deployment
from bench.figure import Figure, Target
from handlers.domain.letter import Letter, Purpose, Recipient, Text
from handlers.domain.message import Channel

PEOPLE = (1_401, 10_000)
A_CALL = 1_000


def run(tell: Callable[[str], None]) -> list[Figure]:
    """Return the calls for one text to the county's gridworkers, and to ten thousand people."""
    figures = []
    with deployment(max(PEOPLE)) as made:
        for people in PEOPLE:
            tell(f"一段话给 {people} 人")
            made.forward(121)
            before = made.sent()
            to = tuple(Recipient(f"u{n}", person_id=n + 1) for n in range(people))
            now = datetime.now(UTC) + made.offset
            text = Text(f"今晚八点前把外来人员再摸一遍,摸完报数。({people})")
            made.send(made.put([Letter(Purpose.NOTICE, Channel.WECOM_APP, text, to, now, 5)]))
            calls, least = made.sent() - before, math.ceil(people / A_CALL)
            shown = sum(1 for one in made.far.control("state")["shown"].values() if one)
            if shown != people:
                raise RuntimeError(f"{shown} of {people} saw it")
            figures.append(
                Figure(
                    f"planner_{people}", f"一段话给 {people:,} 人", "次调用", calls, 1, least, calls / least,
                    Target("≤", 1.0), f"最少 {least} 次;逐人发要 {people:,} 次",
                )
            )  # fmt: skip
    return figures
