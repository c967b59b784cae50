"""One scheduler of four over the same database, until the days are over: `killed_driver.py DATABASE_URL CLOCK_FILE`.

The clock is the number in a file, which the test moves; the process is killed at any moment and started again.
"""

import sys
import time
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from rounds_rig import PLANNED

from handlers import ask_households, open_rounds, send_lists
from handlers.ports import Context
from store.cipher import FieldCipher
from store.engine import Database
from store.work import Store

END = -1.0


def main(url: str, clock: Path) -> None:
    FieldCipher.install(b"sample key of 32 bytes for tests")
    store = Store(Database(url))
    with store.read() as work:
        tree = work.tree.load(PLANNED.levels, datetime(2020, 1, 20, tzinfo=UTC).date())
    county = replace(PLANNED)
    while (moment := _moment(clock)) != END:
        ctx = Context(datetime.fromtimestamp(moment, UTC), county, tree)
        for verb in (open_rounds, ask_households, send_lists):
            with store.read() as work:
                due = verb.due(work, ctx)
            if due:
                with store.begin() as work:
                    verb.run(work, ctx)
        time.sleep(0.01)


def _moment(clock: Path) -> float:
    with suppress(ValueError, OSError):
        return float(clock.read_text())
    return 0.0


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent))
    main(sys.argv[1], Path(sys.argv[2]))
