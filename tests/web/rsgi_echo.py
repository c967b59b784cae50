"""An application for granian that says what it was asked, under the standard library's WSGI validator.

Run as `python -m rsgi_echo PORT`.
"""

import json
import sys
from wsgiref.validate import validator

from bot.web.doors_rsgi import Durable, RsgiDoors
from bot.web.pages_rsgi import RsgiPages

SEEN = ("REQUEST_METHOD", "PATH_INFO", "QUERY_STRING", "CONTENT_TYPE", "CONTENT_LENGTH", "HTTP_COOKIE", "HTTP_X_TWICE",
        "HTTP_X_WHO", "HTTP_HOST", "REMOTE_ADDR", "SERVER_PROTOCOL", "wsgi.url_scheme")  # fmt: skip


class _NoDoors:
    doors = {}  # noqa: RUF012


def echo(environ, start_response):
    if environ["PATH_INFO"] == "/broken":
        raise ZeroDivisionError
    body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
    seen = {name: environ[name] for name in SEEN if name in environ} | {"length": len(body)}
    said = json.dumps(seen).encode()
    head = [("Content-Type", "application/json"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")]
    start_response("201 Created", [*head, ("Content-Length", str(len(said)))])
    return [said]


rsgi = RsgiDoors(_NoDoors(), Durable(None), RsgiPages(validator(echo), limit=1000))

if __name__ == "__main__":
    from granian import Granian
    from granian.constants import HTTPModes, Interfaces, Loops

    Granian("rsgi_echo:rsgi", port=int(sys.argv[1]), interface=Interfaces.RSGI, loop=Loops.uvloop,
            http=HTTPModes.http1, websockets=False).serve()  # fmt: skip
