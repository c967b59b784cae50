"""Over TLS: the sender, the token and the cold calls trust the system's certificates or the one file they are given."""

from __future__ import annotations

import asyncio
import ipaddress
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from channel_rig import AGENT, CORP, SECRET, Rig, word
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from raw_server import RawServer, response

from bot.channels.client import Client
from bot.channels.http import Http, NotSent, Origin
from bot.channels.tokens import TokenStore
from bot.sender import Sender
from handlers.domain.errors import SendFailed


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sample platform")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "platform.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM) + private)
    return path


@pytest.fixture
def platform(certificate: Path) -> Iterator[RawServer]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    token = response(b'{"errcode":0,"access_token":"T","expires_in":7200}')
    server = RawServer(lambda request: token if b"gettoken" in request else response(), tls=context)
    yield server
    server.close()


def test_everything_goes_over_tls(rig: Rig, platform: RawServer, certificate: Path) -> None:
    origin = Origin(platform.url, str(certificate))
    tokens = TokenStore(rig.database, origin, CORP, AGENT, SECRET, rig.now)
    sender = Sender(rig.database, origin, tokens, AGENT, rig.now, "tls")
    ids = rig.put(*[word(f"u{n}", f"第{n}号", rig.now()) for n in range(20)])
    assert sender.send(ids).sent == 20
    sender.close()
    assert Client(origin, tokens, AGENT).call("message/recall", {"msgid": "M"}) == {"errcode": 0, "errmsg": "ok"}


def test_a_stranger_gets_nothing(rig: Rig, platform: RawServer) -> None:
    """Nothing is written before the certificate is believed, so it is surely not sent."""
    origin = Origin(platform.url)
    rig.tokens.get()

    async def ask() -> object:
        return await Http(origin).fetch("/cgi-bin/message/send?access_token=T", b"{}")

    assert isinstance(asyncio.run(ask()), NotSent)
    with pytest.raises(SendFailed):
        TokenStore(rig.database, origin, CORP, AGENT, "another secret", rig.now).get()
    with pytest.raises(SendFailed) as caught:
        Client(origin, rig.tokens, AGENT).recall("M")
    assert (caught.value.unanswered, caught.value.retryable) == (False, True)
    assert platform.requests == []
