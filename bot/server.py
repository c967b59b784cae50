"""`python -m bot.server HOST PORT`: the web server's own process, which starts the worker and watches over it.

It imports nothing of ours: the worker imports `wsgi` for itself, and what watches weighs 30 MB instead of 110.
"""

import sys

from granian import Granian
from granian.constants import HTTPModes, Interfaces, Loops
from granian.log import LogLevels


def main() -> None:
    """Serve until SIGTERM or SIGINT."""
    Granian(
        "wsgi:rsgi",
        address=sys.argv[1],
        port=int(sys.argv[2]),
        interface=Interfaces.RSGI,
        http=HTTPModes.http1,
        websockets=False,
        workers=1,
        loop=Loops.uvloop,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
    ).serve()


if __name__ == "__main__":
    main()
