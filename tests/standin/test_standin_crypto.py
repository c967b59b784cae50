"""The stand-in's crypto against the shared vectors and against wechatpy."""

from __future__ import annotations

import json
from typing import Any

import pytest
from standin_peer import SAMPLES
from wechatpy.enterprise.crypto import WeChatCrypto

from standin import crypto

VECTORS = json.loads((SAMPLES / "crypto/vectors.json").read_text())
FIELDS = ("token", "encoding_aes_key", "receive_id", "timestamp", "nonce", "encrypt", "msg_signature")
REFUSALS = {
    "signature_error": crypto.BadSignatureError,
    "decrypt_error": crypto.BadCipherTextError,
    "receive_id_error": crypto.BadReceiverError,
    "receive_id_error_or_decrypt_error": (crypto.BadCipherTextError, crypto.BadReceiverError),
}


def named(vectors: list[dict[str, Any]]) -> list[Any]:
    return [pytest.param(v, id=v["name"]) for v in vectors]


@pytest.mark.parametrize("vector", named(VECTORS["vectors"]))
def test_vectors_open_and_close(vector: dict[str, Any]) -> None:
    assert crypto.open_envelope(*(vector[f] for f in FIELDS)) == vector["plaintext"]
    if vector.get("random16_hex"):
        random16 = bytes.fromhex(vector["random16_hex"])
        again = crypto.encrypt(vector["encoding_aes_key"], vector["receive_id"], vector["plaintext"], random16)
        assert again == vector["encrypt"]


@pytest.mark.parametrize("vector", named(VECTORS["negative"]))
def test_bad_vectors_are_refused_for_their_reason(vector: dict[str, Any]) -> None:
    with pytest.raises(REFUSALS[vector["expect"]]):
        crypto.open_envelope(*(vector[f] for f in FIELDS))


@pytest.mark.parametrize("length", [0, 1, 11, 12, 13, 31, 32, 33, 5000])
def test_wechatpy_reads_what_we_wrote(length: int) -> None:
    text, key = "格" * length, "xKBVbF58gVRexyC+8eipRZfHmHpVcjGHpJObvUUnqHc"
    sealed = crypto.encrypt(key, "wwcorp", text)
    signature = crypto.sign("tok", "1795000000", "n", sealed)
    opened = WeChatCrypto("tok", key, "wwcorp").decrypt_message({"Encrypt": sealed}, signature, "1795000000", "n")
    assert (opened if isinstance(opened, str) else opened.decode()) == text


def test_a_short_key_is_named() -> None:
    with pytest.raises(ValueError, match="43"):
        crypto.encrypt("tooshort", "", "x")
