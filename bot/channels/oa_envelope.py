"""The envelope of a 公众号 in AES mode [MP]: the same crypto with the app id as receiver, an address check that comes
in clear, and answers inside the 200."""

import base64
import hashlib
import hmac
import os
import re
import secrets
from collections.abc import Mapping

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from bot.channels.envelope import FRESH_SECONDS, Envelope, Rejected

_SIGNATURE = re.compile(r"^[0-9a-f]{40}$")
_TIMESTAMP = re.compile(r"^\d{10}$", re.ASCII)
_NONCE = re.compile(r"^[0-9A-Za-z_-]{1,64}$")
_ECHO = re.compile(r"^[0-9A-Za-z_-]{1,64}$")
_BLOCK = 32


class AccountEnvelope(Envelope):
    """Opens the callbacks of one account and seals what is answered to them."""

    def __init__(self, token: str, aes_keys: tuple[str, ...], app_id: str) -> None:
        super().__init__(token, aes_keys, app_id)
        self._word, self._app_id = token, app_id
        key = base64.b64decode(aes_keys[0] + "=")
        self._sealing = Cipher(algorithms.AES(key), modes.CBC(key[:16]))

    def echo(self, query: Mapping[str, str], now: float) -> bytes:
        """Return the echo of an address check, which comes in clear: rightly signed, fresh and a short token, or
        `Rejected`; a message sent here never comes back."""
        given, stamp, nonce = query.get("signature", ""), query.get("timestamp", ""), query.get("nonce", "")
        if not (_SIGNATURE.match(given) and _TIMESTAMP.match(stamp) and _NONCE.match(nonce)):
            raise Rejected("query shape")
        if not hmac.compare_digest(_signature(self._word, stamp, nonce), given):
            raise Rejected("signature")
        echo = query.get("echostr", "")
        if abs(now - int(stamp)) > FRESH_SECONDS or not _ECHO.match(echo):
            raise Rejected("not an echo")
        return echo.encode()

    def reply(self, to: str, sender: str, text: str, now: float) -> bytes:
        """Return a text as the answer inside the 200: to the openid *to*, from the account's own id *sender*."""
        plain = (
            f"<xml><ToUserName>{_cdata(to)}</ToUserName><FromUserName>{_cdata(sender)}</FromUserName>"
            f"<CreateTime>{int(now)}</CreateTime><MsgType>{_cdata('text')}</MsgType>"
            f"<Content>{_cdata(text)}</Content></xml>"
        )
        stamp, nonce, sealed = str(int(now)), str(secrets.randbelow(10**10)), self._seal(plain.encode())
        return (
            f"<xml><Encrypt>{_cdata(sealed)}</Encrypt><MsgSignature>"
            f"{_cdata(_signature(self._word, stamp, nonce, sealed))}</MsgSignature>"
            f"<TimeStamp>{stamp}</TimeStamp><Nonce>{_cdata(nonce)}</Nonce></xml>"
        ).encode()

    def _seal(self, message: bytes) -> str:
        plain = os.urandom(16) + len(message).to_bytes(4, "big") + message + self._app_id.encode()
        pad = _BLOCK - len(plain) % _BLOCK
        encryptor = self._sealing.encryptor()
        return base64.b64encode(encryptor.update(plain + bytes((pad,)) * pad) + encryptor.finalize()).decode()


def _signature(*parts: str) -> str:
    return hashlib.sha1("".join(sorted(parts)).encode()).hexdigest()  # noqa: S324 - the protocol's own choice


def _cdata(text: str) -> str:
    """The one sequence that would end a section is split over two."""
    return "<![CDATA[" + text.replace("]]>", "]]]]><![CDATA[>") + "]]>"
