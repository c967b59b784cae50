"""A thousand posters, each a PDF of its own, from codes in the database to files on the disk."""

import time
from collections.abc import Callable
from datetime import UTC, datetime

from bench.figure import Figure, Target
from bench.measure import folder
from bench.servers import environ_of
from bench.sheets import prepare
from bot.parts import Parts
from bot.qr_commands import print_posters
from bot.qr_prints import Prints
from handlers.domain.hierarchy import HOUSEHOLD

COUNT, AT_MOST_S, ROUNDS = 1_000, 60.0, 3


def run(tell: Callable[[str], None]) -> list[Figure]:
    """Return the seconds that a thousand posters take: the processor's own, and by the clock beside it."""
    with folder() as where:
        tell("建库、发码")
        settings, _ = prepare(environ_of(where, 1), datetime.now(UTC))
        parts = Parts(settings)
        try:
            context = parts.counties.context()
            homes = context.tree.within(context.tree.root.id, HOUSEHOLD)[:COUNT]
            taken = []
            for turn in range(ROUNDS):
                tell(f"第 {turn + 1}/{ROUNDS} 轮")
                out = where / f"posters{turn}"
                out.mkdir()
                began, used = time.perf_counter(), time.process_time()
                with parts.store.begin() as work:
                    prints = Prints(work, context)
                    posters = prints.posters(homes, prints.codes(homes))
                made = print_posters(posters, out, "pdf", bound=False)
                taken.append((time.process_time() - used, time.perf_counter() - began))
                if len({path.read_bytes() for path in made}) != COUNT:
                    raise RuntimeError("posters are missing, or two are the same")
        finally:
            parts.close()
    spent, wall = sorted(taken)[len(taken) // 2]
    note = f"处理器时间;钟表 {wall:.1f} 秒;每张一个 PDF"
    return [Figure("posters", f"{COUNT:,} 张海报", "秒", spent, ROUNDS, target=Target("≤", AT_MOST_S), note=note)]
