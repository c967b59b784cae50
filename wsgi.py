"""The light switch: builds the parts of a web process and hands them to the server. Decides nothing.

`asgi` is for granian (what `geying serve` and `geying up` start); `app` is plain WSGI for any other server
(`gunicorn -w 1 --threads 32 wsgi:app`). Under `geying up` the engine and the ticks run in the same process.
"""

import os

from bot.doorway import asgi_app, wsgi_app
from bot.jobs import Jobs
from bot.parts import Parts
from bot.settings import load

parts = Parts(load())
app = wsgi_app(parts)
asgi = asgi_app(parts)

if os.environ.get("GEYING_EMBEDDED") == "1":
    parts.ringing = True
    parts.engine.start()
    Jobs(parts).start()
