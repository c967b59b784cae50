"""A signed official list: a YAML file with its issuer, basis, number and expiry, and an Ed25519 signature beside it.

The signature is over the bytes of the file; its key is pinned in `hierarchy.yaml` under the issuer's name, so that a
list nobody signed, or somebody else did, is no list.
"""

import base64
import binascii
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot import yaml_text
from bot.declaration_file import said
from bot.yaml_types import Day, Key, Word
from handlers.domain.errors import BadSetting
from handlers.domain.official_list import Listed, Named
from handlers.domain.receipt_colour import OfficialList
from handlers.domain.returnees import is_place

BYTES_AT_MOST = 1_000_000
LONGEST_DAYS = 90
_BASIS_LIMIT = 120


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _PersonPart(_Part):
    household: Word  # its code; or the door, with `place`
    place: Word | None = None
    name: Word
    away: Literal["yes", "no"] = "yes"
    origin: Word | None = None
    arrived: Day | None = None


class _ListPart(_Part):
    list_id: Key = Field(alias="list")
    kind: Literal["places", "people"]
    issuer: Word
    basis: Word
    number: Word
    issued_on: Day
    expires_on: Day
    places: list[Word] = []
    people: Annotated[list[_PersonPart], Field(max_length=20_000)] = []


@dataclass(frozen=True, slots=True)
class SignedList:
    """A list whose signature held. `sha256` of the file (hex), `signature` as base64."""

    listed: Listed
    sha256: str
    signature: str


def read(path: Path, signature: Path, issuers: Mapping[str, str], rules: frozenset[str], today: date) -> SignedList:
    """Return the list of *path*; BadSetting names every fault: of the signature first, for what nobody signed is not
    looked into.

    *issuers* are public keys (URL-safe base64 of 32 bytes) by name, *rules* the lists that the rule table knows.
    """
    raw, signed = _bytes(path), _bytes(signature).strip()
    issuer = _signer(raw, signed, issuers)
    text = yaml_text.read(raw)
    try:
        part = _ListPart.model_validate(text.value)
    except ValidationError as error:
        raise BadSetting("\n".join(said(path.name, text, fault) for fault in error.errors())) from error
    faults = list(_contradictions(part, issuer, rules, today))
    if faults:
        raise BadSetting("\n".join(f"{path.name}:{fault}" for fault in faults))
    listed = OfficialList(
        part.list_id, part.issuer, f"{part.basis} {part.number}", part.issued_on, part.expires_on,
        frozenset(part.places),
    )  # fmt: skip
    people = tuple(
        Named(at, one.place, one.household, one.name, one.away == "yes", one.origin or "", one.arrived)
        for at, one in enumerate(part.people, 1)
    )
    return SignedList(Listed(listed, part.kind, people), hashlib.sha256(raw).hexdigest(), signed.decode())


def _bytes(path: Path) -> bytes:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise BadSetting(f"读不了 {path.name}:{error.strerror or error}") from error
    if len(raw) > BYTES_AT_MOST:
        raise BadSetting(f"{path.name} 太大,一个名单最多 {BYTES_AT_MOST // 1_000_000} MB,请分开")
    return raw


def _signer(raw: bytes, signed: bytes, issuers: Mapping[str, str]) -> str:
    """Return whose key the signature is by; BadSetting when it is nobody's of those pinned."""
    if not issuers:
        raise BadSetting("hierarchy.yaml 的 declaration.issuers 里还没有发布单位的公钥,先核对公钥再加上")
    try:
        given = base64.b64decode(signed, b"-_" if b"-" in signed or b"_" in signed else None, validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadSetting("签名不是 base64,请向发布单位要原来的签名文件") from error
    for issuer, key in issuers.items():
        public = Ed25519PublicKey.from_public_bytes(base64.urlsafe_b64decode(key + "=" * (-len(key) % 4)))
        try:
            public.verify(given, raw)
        except InvalidSignature:
            continue
        return issuer
    raise BadSetting("签名对不上任何一个登记在册的发布单位:文件可能被改过,或者不是他们签的,没有导入")


def _contradictions(part: _ListPart, issuer: str, rules: frozenset[str], today: date) -> Iterator[str]:
    if part.issuer != issuer:
        yield f"写的发布单位是“{part.issuer}”,签名却是“{issuer}”的"
    if part.expires_on < part.issued_on:
        yield "expires_on 早于 issued_on"
    elif (part.expires_on - part.issued_on).days > LONGEST_DAYS:
        yield f"有效期最长 {LONGEST_DAYS} 天,到期请重新发布"
    if part.expires_on < today:
        yield f"名单 {part.expires_on} 已经过期,不再导入"
    if part.issued_on > today:
        yield f"名单 {part.issued_on} 才发布,还没到"
    if len(part.basis) + len(part.number) + 1 > _BASIS_LIMIT:
        yield f"basis 和 number 合起来最多 {_BASIS_LIMIT} 个字"
    if part.kind == "places":
        yield from _of_places(part, rules)
    elif part.places or not part.people:
        yield "kind: people 的名单只写 people,至少一个人"
    for at, one in enumerate(part.people, 1):
        if one.away == "yes" and not one.origin:
            yield f"people 第{at}个:从哪里回来(origin)没有写"


def _of_places(part: _ListPart, rules: frozenset[str]) -> Iterator[str]:
    if part.people or not part.places:
        yield "kind: places 的名单只写 places,至少一个地方"
    if part.list_id not in rules:
        yield f"口径里没有用到名单“{part.list_id}”,可用:{'、'.join(sorted(rules))}"
    for place in part.places:
        if not is_place(place):
            yield f"不认识的地方“{place}”,请写全称,如 湖北省、武汉市"
