"""The code on a door, a gate or a wall: what it stands for, and how the same code is opened in three ways.

A token is 128 random bits and a 64-bit signature, 32 marks of URL-safe base64; nothing can be read out of it. Who made
it, whether it is still good and which place it belongs to is known to `store.place_codes` alone. The place's name and
the check digits stand on the poster and on the page, so that a swapped poster is seen.
"""

import hashlib
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import quote

TOKEN_MARKS = 32
GRACE = timedelta(days=7)
"""How long the previous print is still read after a rotation: posters are not all changed on one day."""
KF_SCENE_LIMIT = 128  # bytes, url-encoded: WeCom kf/add_contact_way, `scene_param`
OA_SCENE_LIMIT = 64  # marks: official account qrcode/create, `scene_str`
_TOKEN = re.compile(rf"[0-9A-Za-z_-]{{{TOKEN_MARKS}}}")
_SCENE = "d_"
_SUBSCRIBED = "qrscene_"  # what an official account puts before the scene when somebody follows by it
_PATH = re.compile(rf"(?:https?://[^/\s]+)?/d/([0-9A-Za-z_-]{{{TOKEN_MARKS}}})/?(?:[?#].*)?")


class CodeKind(StrEnum):
    """What a code hangs at."""

    HOUSEHOLD = "household"
    GATE = "gate"
    ENTERPRISE = "enterprise"
    NODE = "node"


@dataclass(frozen=True, slots=True)
class PlaceCode:
    """One issue of a place's code. `serial` counts the prints of this place from 1.

    `until`: the moment from which it is not read any more, None while it simply holds. `replaced`: a newer print is
    out and this one is read for its grace only.
    """

    id: int
    node_id: int
    kind: CodeKind
    serial: int
    made_at: datetime
    token: str = field(repr=False)
    until: datetime | None = None
    replaced: bool = False

    @property
    def check(self) -> str:
        """Return the digits that stand on the poster and on the page."""
        return check_digits(self.token)


def kind_of(level: str) -> CodeKind:
    """Return the kind of code that a node of *level* has.

    >>> kind_of("household"), kind_of("gate"), kind_of("village")
    (<CodeKind.HOUSEHOLD: 'household'>, <CodeKind.GATE: 'gate'>, <CodeKind.NODE: 'node'>)
    """
    return CodeKind(level) if level in tuple(CodeKind) else CodeKind.NODE


def check_digits(token: str) -> str:
    """Return six digits to compare by eye, in two groups; they follow from the token, so they are never stored.

    >>> check_digits("A" * 32)
    '501 541'
    """
    number = int.from_bytes(hashlib.sha256(b"geying-check" + token.encode()).digest()[:8], "big") % 1_000_000
    return f"{number // 1000:03d} {number % 1000:03d}"


def page_link(base_url: str, token: str) -> str:
    """Return the page of the code: opened by any phone's camera, no app, nothing to follow.

    >>> page_link("https://a.example/", "x")
    'https://a.example/d/x'
    """
    return f"{base_url.rstrip('/')}/d/{token}"


def scene(token: str) -> str:
    """Return what stands for the code in a kf link's `scene_param` and in an official account's `scene_str`.

    >>> scene("A" * 32) == "d_" + "A" * 32 and len(scene("A" * 32)) <= OA_SCENE_LIMIT
    True
    """
    return _SCENE + token


def kf_link(kf_url: str, token: str) -> str:
    """Return the kf link of the code; *kf_url* is what `kf/add_contact_way` gave.

    >>> kf_link("https://work.weixin.qq.com/kfid/kfc1?enc_scene=E", "x")
    'https://work.weixin.qq.com/kfid/kfc1?enc_scene=E&scene_param=d_x'
    """
    said = quote(scene(token), safe="")
    if len(said) > KF_SCENE_LIMIT:
        raise ValueError("a scene of more than 128 bytes")
    return f"{kf_url}{'&' if '?' in kf_url else '?'}scene_param={said}"


def token_of(text: str) -> str | None:
    """Return the token in a scene, a link or a token by itself; None when there is nothing of its shape.

    >>> token_of("qrscene_d_" + "A" * 32) == token_of("https://a.example/d/" + "A" * 32) == "A" * 32
    True
    >>> token_of("A" * 31), token_of("d_")
    (None, None)
    """
    said = text.strip()
    link = _PATH.fullmatch(said)
    if link:
        return link[1]
    for before in (_SUBSCRIBED + _SCENE, _SCENE, _SUBSCRIBED, ""):
        if said.startswith(before) and _TOKEN.fullmatch(said[len(before) :]):
            return said[len(before) :]
    return None
