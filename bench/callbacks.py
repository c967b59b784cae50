"""Callbacks as the platform sends them: encrypted, signed, each a message of its own, stamped just now.

The far side's own crypto makes them (`standin.crypto`), so that no reader here is measured against its own writer.
"""

import itertools
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

from bot.settings import DEMO_SECRETS
from standin.crypto import encrypt, sign

TOKEN, AES_KEY, CORP = (DEMO_SECRETS[name] for name in ("WECOM_TOKEN", "WECOM_AES_KEY", "WECOM_CORP_ID"))
AGENT = DEMO_SECRETS["WECOM_AGENT_ID"]
PATH = "/wecom/callback"
# 133 characters, as a village says it in the evening; invented
REPORT = (
    "青禾镇东村2月8日17时日报:排查46户173人,外来返乡9人,其中省外3人,新增居家观察2户5人,累计居家观察7户16人,"
    "解除1户3人,发热0人,劝返车辆4台,宣传喇叭全天播放,卡口值守6人,口罩差120只,消毒液够用3天,"
    "独居老人5位已逐一上门看过,无其他情况。"
)
assert len(REPORT) == 133, len(REPORT)
_numbers = itertools.count(int(time.time()) * 1_000_000)  # distinct from one run to the next as well


def clear_text(msgid: int, now: int, sender: str = "yt_bench") -> str:
    """Return a text message as it lies inside the envelope."""
    return (
        f"<xml><ToUserName><![CDATA[{CORP}]]></ToUserName><FromUserName><![CDATA[{sender}]]></FromUserName>"
        f"<CreateTime>{now}</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[{REPORT}]]></Content>"
        f"<MsgId>{msgid}</MsgId><AgentID>{AGENT}</AgentID></xml>"
    )


def callback(now: int) -> tuple[dict[str, str], bytes]:
    """Return query and body of one callback with a message nobody sent before."""
    msgid = next(_numbers)
    sealed = encrypt(AES_KEY, CORP, clear_text(msgid, now))
    stamp, nonce = str(now), f"{msgid % 10**10:010d}"
    query = {"msg_signature": sign(TOKEN, stamp, nonce, sealed), "timestamp": stamp, "nonce": nonce}
    body = (
        f"<xml><ToUserName><![CDATA[{CORP}]]></ToUserName><Encrypt><![CDATA[{sealed}]]></Encrypt>"
        f"<AgentID><![CDATA[{AGENT}]]></AgentID></xml>"
    )
    return query, body.encode()


def requests(count: int, host: str, now: int) -> Iterator[bytes]:
    """Yield whole HTTP requests, all of one length."""
    for _ in range(count):
        query, body = callback(now)
        head = (
            f"POST {PATH}?{urlencode(query)} HTTP/1.1\r\nHost: {host}\r\nContent-Type: text/xml\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        yield head.encode() + body


def write_requests(path: Path, count: int, host: str) -> int:
    """Write *count* requests to *path* one after the other; returns the length of each in bytes."""
    now, size = int(time.time()), 0
    with path.open("wb") as file:
        for request in requests(count, host, now):
            assert size in (0, len(request)), "requests of one length"
            size = len(request)
            file.write(request)
    return size
