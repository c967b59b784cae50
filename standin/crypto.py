"""Callback signature and AES envelope, written from the platform's description [D 90930, 90968].

The stand-in's own: it shares no line with the product, so one misreading cannot hide on both sides.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
import struct
from functools import lru_cache

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

BLOCK = 32  # PKCS#7 pads to 32, not to AES's 16


class EnvelopeError(Exception):
    """The envelope cannot be trusted or read."""


class BadSignatureError(EnvelopeError):
    """The signature does not fit the four parts."""


class BadCipherTextError(EnvelopeError):
    """Signed, but not a well-formed envelope."""


class BadReceiverError(EnvelopeError):
    """Well-formed, but meant for another receiver."""


def sign(token: str, timestamp: str, nonce: str, encrypted: str) -> str:
    """40 hexadecimal digits: SHA-1 of the four parts, sorted and joined without separators [D 90968]."""
    joined = "".join(sorted((token, timestamp, nonce, encrypted)))
    return hashlib.sha1(joined.encode(), usedforsecurity=False).hexdigest()


@lru_cache(maxsize=64)
def _cipher(aes_key: str) -> Cipher[CBC]:
    if len(aes_key) != 43:
        raise ValueError("EncodingAESKey has 43 characters")
    key = base64.b64decode(aes_key + "=")
    return Cipher(AES(key), CBC(key[:16]))


def encrypt(aes_key: str, receive_id: str, text: str, random16: bytes | None = None) -> str:
    """Base64 of the encrypted envelope: 16 random bytes, big-endian length, text, receive id, padding [D 90968]."""
    body = text.encode()
    plain = (random16 or os.urandom(16)) + struct.pack("!I", len(body)) + body + receive_id.encode()
    pad = BLOCK - len(plain) % BLOCK
    worker = _cipher(aes_key).encryptor()
    return base64.b64encode(worker.update(plain + bytes((pad,)) * pad) + worker.finalize()).decode()


def decrypt(aes_key: str, receive_id: str, encrypted: str) -> str:
    """The text inside the envelope; BadCipherTextError or BadReceiverError otherwise [D 90968]."""
    return _open(_padded(aes_key, encrypted), receive_id)


def open_envelope(
    token: str, aes_key: str, receive_id: str, timestamp: str, nonce: str, encrypted: str, signature: str
) -> str:
    """The text of a signed envelope; the signature is held against the parts before anything is decrypted."""
    if not hmac.compare_digest(sign(token, timestamp, nonce, encrypted).encode(), signature.encode()):
        raise BadSignatureError("signature")
    return decrypt(aes_key, receive_id, encrypted)


def _padded(aes_key: str, encrypted: str) -> bytes:
    try:
        raw = base64.b64decode(encrypted, validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadCipherTextError("base64") from error
    if not raw or len(raw) % 16:
        raise BadCipherTextError("length")
    worker = _cipher(aes_key).decryptor()
    return worker.update(raw) + worker.finalize()


def _open(plain: bytes, receive_id: str) -> str:
    pad = plain[-1]
    if not 1 <= pad <= BLOCK or plain[-pad:] != bytes((pad,)) * pad:
        raise BadCipherTextError("padding")
    plain = plain[:-pad]
    if len(plain) < 20:
        raise BadCipherTextError("too short")
    (length,) = struct.unpack("!I", plain[16:20])
    if length > len(plain) - 20:
        raise BadCipherTextError("length field")
    if plain[20 + length :] != receive_id.encode():
        raise BadReceiverError("receive id")
    try:
        return plain[20 : 20 + length].decode()
    except UnicodeDecodeError as error:
        raise BadCipherTextError("not UTF-8") from error
