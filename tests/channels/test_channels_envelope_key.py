"""One decryption context serves all messages of a key: none of them may feel the one before."""

import base64
import sys
import threading
import time

import pytest

from bench.callbacks import AES_KEY, CORP, TOKEN, callback, clear_text
from bot.channels.envelope import Envelope, Rejected
from standin.crypto import encrypt, sign

NOW = int(time.time())
OTHER_KEY = base64.b64encode(bytes(range(7, 39))).decode()[:43]


def sealed_as(sealed):
    stamp, nonce = str(NOW), "1234567890"
    query = {"msg_signature": sign(TOKEN, stamp, nonce, sealed), "timestamp": stamp, "nonce": nonce}
    return query, f"<xml><Encrypt><![CDATA[{sealed}]]></Encrypt></xml>".encode()


def test_messages_of_every_length_after_each_other():
    envelope = Envelope(TOKEN, (AES_KEY,), CORP)
    for length in range(1, 200):
        text = f"<xml><MsgType>text</MsgType><Content>{'长' * length}</Content></xml>"
        assert envelope.open(*sealed_as(encrypt(AES_KEY, CORP, text)), NOW).clear.decode() == text


def test_the_previous_key_opens_what_was_sealed_before_the_change():
    envelope = Envelope(TOKEN, (AES_KEY, OTHER_KEY), CORP)
    for n, key in enumerate((OTHER_KEY, AES_KEY, AES_KEY, OTHER_KEY, OTHER_KEY)):
        text = clear_text(n, NOW)
        assert envelope.open(*sealed_as(encrypt(key, CORP, text)), NOW).clear.decode() == text


def test_what_cannot_be_opened_spoils_nothing_for_the_next():
    envelope = Envelope(TOKEN, (AES_KEY,), CORP)
    for junk in (base64.b64encode(b"x" * 64).decode(), encrypt(OTHER_KEY, CORP, "<xml/>"), "AAAA", ""):
        with pytest.raises(Rejected):
            envelope.open(*sealed_as(junk), NOW)
        query, body = callback(NOW)
        assert envelope.open(query, body, NOW).fields["MsgType"] == "text"


def test_threads_do_not_mix_their_messages():
    """A WSGI server opens several at once."""
    envelope, messages = Envelope(TOKEN, (AES_KEY,), CORP), [callback(NOW) for _ in range(300)]
    right = [envelope.open(query, body, NOW).clear for query, body in messages]
    opened: list[list[bytes]] = []

    def open_all():
        opened.append([envelope.open(query, body, NOW).clear for query, body in messages])

    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        threads = [threading.Thread(target=open_all) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(before)
    assert opened == [right] * 6


@pytest.mark.parametrize(
    ("name", "value"),
    [("nonce", "12345\n"), ("nonce", ""), ("timestamp", "12345678901"), ("msg_signature", "A" * 40), ("nonce", "1 2")],
)
def test_the_shapes_of_what_is_signed_are_strict(name, value):
    query, body = callback(NOW)
    stamp, nonce = query["timestamp"], query["nonce"]
    sealed = body.split(b"CDATA[")[2].split(b"]")[0].decode()
    changed = {"timestamp": stamp, "nonce": nonce} | {name: value}
    signed = {"msg_signature": sign(TOKEN, changed["timestamp"], changed["nonce"], sealed)} | changed
    with pytest.raises(Rejected):
        Envelope(TOKEN, (AES_KEY,), CORP).open(signed, body, NOW)
