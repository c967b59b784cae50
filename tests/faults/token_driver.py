"""One process that holds an access token and, with sixteen threads at once, hears that it does not hold any more.

Run by `test_faults_token.py`: `token_driver.py FOLDER SECRET`. It prints "ready", waits for a line on stdin, and prints
what its threads got, one a line: a token, or `-` where there was none to be had.
"""

from __future__ import annotations

import os
import sys
from concurrent.futures import ThreadPoolExecutor

from bot.channels.http import Origin
from bot.channels.tokens import TokenStore
from bot.parts import Parts
from bot.settings import load
from handlers.domain.errors import SendFailed

THREADS = 16


def main(secret: str) -> None:
    settings = load(os.environ, dotenv=None)
    parts = Parts(settings)
    origin = Origin(settings.wecom_api_base)
    corp, agent = settings.wecom_corp_id, settings.wecom_agent_id
    tokens = TokenStore(parts.database, origin, corp, agent, secret, parts.clock.now)
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(lambda _: None, range(THREADS)))  # the threads are there before the word comes
        stale = sys.argv[2] if len(sys.argv) > 2 else None
        print("ready", flush=True)
        sys.stdin.readline()

        def ask(_: int) -> str:
            try:
                return tokens.get(stale)
            except SendFailed:
                return "-"

        for found in pool.map(ask, range(THREADS)):
            print(found)
    parts.database.close()


if __name__ == "__main__":
    main(sys.argv[1])
