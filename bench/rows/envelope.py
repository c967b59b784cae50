"""A callback opened and read: our envelope against wechatpy's, the same messages, one core, CPU time."""

import statistics
import time
from collections.abc import Callable

from wechatpy.enterprise import parse_message
from wechatpy.enterprise.crypto import WeChatCrypto

from bench.callbacks import AES_KEY, CORP, TOKEN, callback
from bench.figure import Figure, Target
from bench.measure import by_turns, cpu_us, median_ratio
from bot.channels.envelope import Envelope
from bot.channels.inbound import from_wecom_app

ROUNDS, MESSAGES = 9, 3000


def run(tell: Callable[[str], None]) -> list[Figure]:
    """Return the CPU time a message takes."""
    now = time.time()
    messages = [callback(int(now)) for _ in range(MESSAGES)]
    envelope, crypto = Envelope(TOKEN, (AES_KEY,), CORP), WeChatCrypto(TOKEN, AES_KEY, CORP)

    def ours() -> None:
        for query, body in messages:
            from_wecom_app(envelope.open(query, body, now))

    def theirs() -> None:
        for query, body in messages:
            signature, stamp, nonce = query["msg_signature"], query["timestamp"], query["nonce"]
            parse_message(crypto.decrypt_message(body, signature, stamp, nonce))

    tell(f"{ROUNDS} 轮 × {MESSAGES} 条")
    mine, peer = by_turns(ROUNDS, lambda: cpu_us(ours, MESSAGES), lambda: cpu_us(theirs, MESSAGES))
    return [
        Figure(
            "callback_cpu",
            "回调解密、验签、读出(对 wechatpy)",
            "µs/条",
            statistics.median(mine),
            ROUNDS,
            statistics.median(peer),
            median_ratio(peer, mine),
            Target("≥", 3.0),
            f"133 字的报告,信封 {len(messages[0][1])} 字节",
        )
    ]
