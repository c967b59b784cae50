"""Field encryption: AES-256-GCM under the deployment's data key, and a keyed index for look-ups.

A sealed value is `version(1) | nonce(12) | ciphertext+tag`. The key is derived per use (sealing, indexing)
from `GEYING_DATA_KEY`, so that an index never helps to open a field.
"""

import base64
import binascii
import hashlib
import hmac
import os
from collections import deque
from typing import ClassVar

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from handlers.domain.errors import BadSetting, Unreadable

_VERSION = b"\x01"


def key_of(text: str) -> bytes:
    """Return the 32 bytes of a URL-safe base64 key; BadSetting when it is anything else."""
    try:
        key = base64.urlsafe_b64decode(text.encode() + b"=" * (-len(text) % 4))
    except (binascii.Error, ValueError) as error:
        raise BadSetting("GEYING_DATA_KEY 不是 URL-safe base64") from error
    if len(key) != 32:
        raise BadSetting("GEYING_DATA_KEY 解开后应是 32 字节")
    return key


class FieldCipher:
    """Seals and opens field values; one per process, installed at start by `install`."""

    _installed: ClassVar["FieldCipher | None"] = None

    def __init__(self, data_key: bytes) -> None:
        self._nonces: deque[bytes] = deque()
        self._aead = AESGCM(hashlib.sha256(b"geying-seal" + data_key).digest())
        self._index_key = hashlib.sha256(b"geying-index" + data_key).digest()

    @classmethod
    def install(cls, data_key: bytes) -> "FieldCipher":
        """Make the cipher of *data_key* the one this process uses, and return it."""
        cls._installed = cls(data_key)
        return cls._installed

    @classmethod
    def current(cls) -> "FieldCipher":
        """Return the installed cipher; BadSetting when none was."""
        if cls._installed is None:
            raise BadSetting("数据密钥还没有装载")
        return cls._installed

    def seal(self, clear: bytes) -> bytes:
        """Return *clear* encrypted and authenticated."""
        nonce = self._nonce()
        return _VERSION + nonce + self._aead.encrypt(nonce, clear, None)

    def _nonce(self) -> bytes:
        try:
            return self._nonces.pop()
        except IndexError:
            drawn = os.urandom(12 * 257)  # a system call for 257 messages instead of one for each
            self._nonces.extend(drawn[at : at + 12] for at in range(12, len(drawn), 12))
            return drawn[:12]

    def open(self, sealed: bytes) -> bytes:
        """Return what was sealed; Unreadable when it was altered or sealed with another key."""
        try:
            return self._aead.decrypt(sealed[1:13], sealed[13:], None)
        except (InvalidTag, ValueError) as error:
            raise Unreadable("密文被改动,或密钥不对") from error

    def index(self, value: str) -> str:
        """Return the look-up index of *value*: 32 hex digits, the same for the same value and key only."""
        return hmac.digest(self._index_key, value.encode(), "sha256")[:16].hex()
