"""The callback envelope: signature, freshness, AES-256-CBC, and the message inside, read strictly.

One door in, one error out: whatever is wrong with a request, `Rejected` is all that is said. A request that is
rightly signed but outside the freshness window comes back marked `fresh=False`, for the quarantine.
Source: developer.work.weixin.qq.com/document/path/90930 and 90968; security facts F1-F4, F10-F12.
"""

import base64
import binascii
import hashlib
import hmac
import json
import re
import threading
from collections.abc import Mapping
from typing import Any, NamedTuple
from xml.parsers import expat

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

BODY_LIMIT = 64 * 1024  # bytes; the largest documented callback is under 8 KiB
DEPTH_LIMIT = 8
FRESH_SECONDS = 300

_SIGNED = re.compile(r"[0-9a-f]{40} \d{10} [0-9A-Za-z_-]{1,64}", re.ASCII)  # signature, timestamp, nonce
_ECHO = re.compile(rb"^[0-9A-Za-z_-]{1,64}$")
_XML_ENCRYPT = re.compile(rb"<Encrypt>\s*(?:<!\[CDATA\[([^\]<]*)\]\]>|([^<]*?))\s*</Encrypt>")
_JSON_ENCRYPT = re.compile(rb'^\s*\{\s*"encrypt"\s*:\s*"([^"\\]*)"\s*\}\s*$')
_FLAT_FIELDS = 16  # the longest flat message documented has 12
_FLAT_FIELD = r"(?:<([A-Za-z_]\w*)>(?:<!\[CDATA\[([^\]]*)\]\]>|([^<&\]]*))</\{}>\s*"
_FLAT = re.compile(  # field in field in field: one that does not fit is not tried again at another place
    rf"<xml>\s*{''.join(_FLAT_FIELD.format(3 * n + 1) for n in range(_FLAT_FIELDS))}{')?' * _FLAT_FIELDS}</xml>",
    re.ASCII,
)
_NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")


class Rejected(Exception):
    """Not for us, forged, malformed or oversized. The reason is for counters, never for the answer."""


class Opened(NamedTuple):
    """A rightly signed message: its fields, its bytes as decrypted, and when it was stamped (epoch seconds)."""

    fields: Mapping[str, Any]
    clear: bytes
    stamped: int
    fresh: bool


class Envelope:
    """Opens the callbacks of one application.

    *aes_keys* are 43-character EncodingAESKeys, the current one first, then the previous one during a rotation.
    *receive_id* is the corp id for an app, the app id for an official account, "" for an AI bot.
    """

    def __init__(self, token: str, aes_keys: tuple[str, ...], receive_id: str, *, json_body: bool = False) -> None:
        self._token = token.encode()
        self._receive_id = receive_id.encode()
        self._keys = tuple(_Key(key) for key in aes_keys)
        self._find = _JSON_ENCRYPT if json_body else _XML_ENCRYPT
        self._read = read_json if json_body else read_xml

    def open(self, query: Mapping[str, str], body: bytes, now: float) -> Opened:
        """Return the message of a POST; Rejected when anything at all is wrong with it."""
        if len(body) > BODY_LIMIT:
            raise Rejected("oversized")
        sealed = _encrypt_of(body, self._find)
        stamped = self._verify(query, sealed)
        clear = self._decrypt(sealed)
        return Opened(self._read(clear), clear, stamped, abs(now - stamped) <= FRESH_SECONDS)

    def echo(self, query: Mapping[str, str], now: float) -> bytes:
        """Return the plaintext of a GET check. Anything but a short token is refused: a captured message fed
        here must never come back in clear (F2)."""
        sealed = query.get("echostr", "").replace(" ", "+").encode("ascii", "replace")
        stamped = self._verify(query, sealed)
        if abs(now - stamped) > FRESH_SECONDS:
            raise Rejected("stale echo")
        clear = self._decrypt(sealed)
        if not _ECHO.match(clear):
            raise Rejected("not an echo")
        return clear

    def _verify(self, query: Mapping[str, str], sealed: bytes) -> int:
        given, stamp, nonce = query.get("msg_signature", ""), query.get("timestamp", ""), query.get("nonce", "")
        # strict shapes close the separator-less signature's splits: digits cannot move between the fields (F1)
        if not _SIGNED.fullmatch(f"{given} {stamp} {nonce}"):
            raise Rejected("query shape")
        parts = sorted((self._token, stamp.encode(), nonce.encode(), sealed))
        made = hashlib.sha1(b"".join(parts)).hexdigest()  # noqa: S324 - the protocol's own choice
        if not hmac.compare_digest(made, given):
            raise Rejected("signature")
        return int(stamp)

    def _decrypt(self, sealed: bytes) -> bytes:
        try:
            data = binascii.a2b_base64(sealed, strict_mode=True)
        except (binascii.Error, ValueError) as error:
            raise Rejected("base64") from error
        if len(data) < 32 or len(data) % 16:
            raise Rejected("block length")
        for key in self._keys:
            clear = self._unpad(key.decrypt(data))
            if clear is not None:
                return clear
        raise Rejected("undecryptable")

    def _unpad(self, plain: bytes) -> bytes | None:
        pad = plain[-1]
        if not 1 <= pad <= 32 or plain[-pad:] != bytes((pad,)) * pad or len(plain) - pad < 20:
            return None
        end = 20 + int.from_bytes(plain[16:20], "big")
        if end > len(plain) - pad or plain[end : len(plain) - pad] != self._receive_id:
            return None
        return plain[20:end]


class _Key:
    """One EncodingAESKey, and one decryption context for all messages: making one costs more than the decryption.

    In CBC a block depends on the cipher block before it and on nothing else; so the initialisation vector is fed in
    as a cipher block, and what comes out for it is thrown away.
    """

    def __init__(self, encoding_aes_key: str) -> None:
        key = base64.b64decode(encoding_aes_key + "=")
        self._vector = key[:16]
        self._context = Cipher(algorithms.AES(key), modes.CBC(self._vector)).decryptor()
        self._lock = threading.Lock()

    def decrypt(self, data: bytes) -> bytes:
        """Return the plain text of whole blocks, padding and all."""
        with self._lock:
            return self._context.update(self._vector + data)[16:]


def _encrypt_of(body: bytes, form: re.Pattern[bytes]) -> bytes:
    start = body.find(b"<Encrypt><![CDATA[") + 18
    end = body.find(b"]]></Encrypt>", start)
    if start > 17 and end > 0:  # the form the platform sends; anything else goes the slower way
        sealed = body[start:end]
    else:
        found = form.search(body)
        if found is None:
            raise Rejected("no Encrypt")
        sealed = found[found.lastindex or 1]
    if body.count(b"<Encrypt") > 1:
        raise Rejected("two Encrypt")
    return sealed


def read_xml(data: bytes) -> dict[str, Any]:
    """Return the fields of `<xml>…</xml>`: text, or a dict for a nested element, a list where a tag repeats inside one.

    Refused: DTD, entities, processing instructions, attributes, depth over 8, a repeated top-level field, control
    characters. Bytes only and one parse: this interpreter's expat is quadratic when fed in pieces (F11).
    """
    return _read_flat(data) or _read_any(data)


def _read_flat(data: bytes) -> dict[str, Any] | None:
    """Return the fields of the flat form that nearly every callback has, at a quarter of the price of expat;
    None when the document is anything else, and expat decides (a property test holds the two together)."""
    if b"\r" in data:
        return None
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return None
    found = _FLAT.fullmatch(text)
    if found is None or (not text.isprintable() and _NOT_IN_XML.search(text)):
        return None
    fields, groups = {}, found.groups()
    count = ((found.lastindex or 0) + 1) // 3
    for at in range(0, 3 * count, 3):
        fields[groups[at]] = groups[at + 1] or groups[at + 2] or ""
    return fields if len(fields) == count > 0 else None  # none, or a name twice: expat says no to it


def _read_any(data: bytes) -> dict[str, Any]:
    builder = _Builder()
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.text
    parser.StartDoctypeDeclHandler = parser.ProcessingInstructionHandler = builder.refuse
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise Rejected("xml") from error
    if not builder.fields:
        raise Rejected("empty")
    return builder.fields


class _Builder:
    """Collects one XML document into a dict, refusing what a callback never holds."""

    def __init__(self) -> None:
        self.fields: dict[str, Any] = {}
        self._open: list[dict[str, Any]] = []
        self._names: list[str] = []
        self._said: list[str] = []

    def refuse(self, *_: object) -> None:
        raise Rejected("dtd or instruction")

    def start(self, name: str, attributes: dict[str, str]) -> None:
        depth = len(self._names)
        if attributes or depth >= DEPTH_LIMIT or (depth == 0 and name != "xml"):
            raise Rejected("xml shape")
        self._names.append(name)
        self._open.append({})
        self._said.clear()

    def text(self, said: str) -> None:
        self._said.append(said)

    def end(self, name: str) -> None:
        inner = self._open.pop()
        self._names.pop()
        if not self._names:
            self.fields = inner
            return
        value: Any = inner or "".join(self._said)
        self._said.clear()
        if isinstance(value, str) and _CONTROL.search(value):
            raise Rejected("control character")
        outer = self._open[-1]
        if name not in outer:
            outer[name] = value
        elif len(self._names) == 1:
            raise Rejected("repeated field")
        elif isinstance(outer[name], list):
            outer[name].append(value)
        else:
            outer[name] = [outer[name], value]


def read_json(data: bytes) -> dict[str, Any]:
    """Return the fields of a JSON object; refused: repeated keys, NaN, depth over 8, lone surrogates, control marks."""
    try:
        found = json.loads(data, object_pairs_hook=_unique, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise Rejected("json") from error
    if not isinstance(found, dict) or not found:
        raise Rejected("json shape")
    _check(found, 0)
    return found


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise Rejected("repeated key")
    return made


def _no_constant(name: str) -> Any:
    raise Rejected(name)


def _check(value: Any, depth: int) -> None:
    if depth > DEPTH_LIMIT:
        raise Rejected("json depth")
    if isinstance(value, str):
        if _CONTROL.search(value):
            raise Rejected("control character")
    elif isinstance(value, dict):
        for key, inner in value.items():
            _check(key, depth + 1)
            _check(inner, depth + 1)
    elif isinstance(value, list):
        for inner in value:
            _check(inner, depth + 1)
