"""The light switch: builds the parts of a web process and hands them to the server. Decides nothing.

`rsgi` is for granian (what `geying serve` and `geying up` start, which say so in `GEYING_EMBEDDED`); `app` is plain
WSGI for any other server (`gunicorn -w 1 --threads 32 wsgi:app`). Under `geying up` the engine and the ticks run in the
same process.
"""

import atexit
import os

from bot.doorway import rsgi_app, wsgi_app
from bot.parts import Parts
from bot.running import Running
from bot.settings import load

under = os.environ.get("GEYING_EMBEDDED")
whole = under == "1"
parts = Parts(load())
running = Running(parts, doors=True, workers=4 if whole else 0, ticks=whole, parent=os.getppid() if under else None)
app = wsgi_app(parts)
rsgi = rsgi_app(parts, running.start, running.stop)

if under is None:
    running.start()
    atexit.register(running.stop)
