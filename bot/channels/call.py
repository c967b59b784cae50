"""A platform call as a channel renders it. The same parcel renders to the same bytes, whenever and by whomever: the
platform recognises a repeat by them alone."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from handlers.domain.errors import GeyingError

_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


class Impossible(GeyingError):
    """The parcel can never be sent; the text says why and names nobody."""


@dataclass(frozen=True, slots=True)
class Call:
    """One POST. `path` holds everything but the access token, which is put behind it when `needs_token`."""

    path: str
    body: bytes
    needs_token: bool = True


def body_of(values: dict[str, Any]) -> bytes:
    """Return *values* as the platform wants JSON: UTF-8 as it is, because escapes have been refused [D 90313]."""
    return _JSON.encode(values).encode("utf-8", "replace")


def said(body: Mapping[str, Any], media_id: str | None) -> dict[str, Any]:
    """Return the part of a message that is the same on every channel; Impossible for what none can say."""
    match body["kind"]:
        case "text":
            return {"msgtype": "text", "text": {"content": body["text"]}}
        case "markdown":
            return {"msgtype": "markdown", "markdown": {"content": body["text"]}}
        case "picture" if media_id:
            return {"msgtype": "image", "image": {"media_id": media_id}}
        case "file" if media_id:
            return {"msgtype": "file", "file": {"media_id": media_id}}
    raise Impossible(f"cannot say a {body['kind']}")
