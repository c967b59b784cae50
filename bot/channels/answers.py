"""What an HTTP response says about a parcel. The platform answers 200 for failures too; success is errcode 0, and what
is not the platform's own JSON proves nothing."""

import json
import re
from typing import Any

from bot.channels.http import NoAnswer, NotSent, Result
from bot.channels.http_answer import Answer
from handlers.domain.parcel import Came, Outcome
from handlers.domain.retry import WRONG_JSON

_IP = re.compile(r"from ip: ([0-9a-fA-F.:]{3,45})")
QUOTA = 45009


def read(result: Result) -> Outcome:
    """Return the outcome of one attempt."""
    if isinstance(result, NotSent):
        return Outcome(Came.UNSENT, note=str(result))
    if isinstance(result, NoAnswer):
        return Outcome(Came.UNANSWERED, note=str(result))
    if result.status != 200:
        return _not_ok(result.status)
    return _ok(result)


def _not_ok(status: int) -> Outcome:
    note = f"http {status}"
    if status == 429:
        return Outcome(Came.ANSWERED, QUOTA, note=note)
    if status >= 500:  # a gateway speaks for itself: the platform behind it may have done its part
        return Outcome(Came.UNANSWERED, note=note)
    return Outcome(Came.UNSENT, note=note)


def _ok(answer: Answer) -> Outcome:
    body = fields(answer.body)
    code = body.get("errcode") if body is not None else None
    if body is None or type(code) is not int:
        return Outcome(Came.UNANSWERED, note="not the platform's JSON")
    message = body.get("errmsg")
    return Outcome(
        Came.ANSWERED,
        code,
        _names(body.get("invaliduser")) + _names(body.get("unlicenseduser")),
        _short(body.get("msgid")),
        _short(body.get("response_code"), 512),
        note=_note(code, message if isinstance(message, str) else ""),
    )


def fields(body: bytes) -> dict[str, Any] | None:
    """Return a JSON object, None when *body* is anything else."""
    try:
        read = json.loads(body.decode())
    except (ValueError, RecursionError):
        return None
    return read if isinstance(read, dict) else None


def _note(code: int, message: str) -> str:
    """Return what of *message* is for us: it changes from day to day and may hold anything."""
    if WRONG_JSON in message:
        return WRONG_JSON
    found = _IP.search(message) if code else None
    return f"from ip: {found[1]}" if found else ""


def _names(value: Any) -> tuple[str, ...]:
    """Return account ids: the platform separates them by bars, or lists them."""
    if not value:
        return ()
    if isinstance(value, str):
        return tuple(name for name in value.split("|") if name)
    return tuple(name for name in value if isinstance(name, str)) if isinstance(value, list) else ()


def _short(value: Any, most: int = 200) -> str | None:
    if type(value) is int:  # a 公众号 numbers its notices
        value = str(value)
    return value if isinstance(value, str) and 0 < len(value) <= most else None
