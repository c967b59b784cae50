"""The rows, in the order they run. One file a row; each returns one figure or more."""

from collections.abc import Callable
from dataclasses import dataclass

from bench.figure import Figure
from bench.rows import (
    accept,
    answers,
    counters,
    declare,
    due,
    envelope,
    households,
    planner,
    posters,
    reader,
    rounds,
    send,
    start,
)


@dataclass(frozen=True, slots=True)
class Row:
    """One thing to measure. *run* says through its argument how far it is."""

    name: str
    words: str
    run: Callable[[Callable[[str], None]], list[Figure]]


ROWS = (
    Row("envelope", "回调:解密、验签、读出", envelope.run),
    Row("accept", "回调:落库后才答 200", accept.run),
    Row("send", "群发:每条的处理器时间", send.run),
    Row("planner", "下发:一段话给许多人要几次调用", planner.run),
    Row("start", "启动:演示就绪、内存", start.run),
    Row("reader", "读报:每秒几条、最慢几毫秒", reader.run),
    Row("counters", "汇总:查、记、重建", counters.run),
    Row("due", "到时:领件、空转", due.run),
    Row("rounds", "四个一:开一轮、领件、空转", rounds.run),
    Row("answers", "四个一:居民的回答,落库再答,随后读", answers.run),
    Row("declare", "申报:落库后才答", declare.run),
    Row("posters", "海报:一千张", posters.run),
    Row("households", "户册:10 万户和 100 万户,查一次", households.run),
)
