"""Codes looked up in the event loop's time: all that came while the last look-up was under way are the next one.

A look-up of its own for each form costs more than the rest of the form; the database answers a hundred as fast as one.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor

from handlers.domain.place_code import CodeKind

LOOK_WITHIN_S = 1.0
THREADS = 2  # one look-up may stand still
Look = Callable[[Iterable[str]], Mapping[str, CodeKind]]


class CodeLooks:
    """Belongs to one event loop. *look* is run in a thread."""

    def __init__(self, look: Look) -> None:
        self._look = look
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="codes")
        self._waiting: dict[str, asyncio.Future[CodeKind | None]] = {}
        self._rounds: asyncio.Task[None] | None = None

    async def kind(self, token: str) -> CodeKind | None:
        """Return what a token that we signed opens, None for nothing any more.

        A database that stands still must not stop the loop, nor lose the form: then it is taken for a household's.
        """
        future = self._waiting.get(token)
        if future is None:
            future = self._waiting[token] = asyncio.get_running_loop().create_future()
        if self._rounds is None:
            self._rounds = asyncio.get_running_loop().create_task(self._run())
        return await asyncio.shield(future)

    async def _run(self) -> None:
        while self._waiting:
            asked, self._waiting = self._waiting, {}
            try:
                found = await self._found(list(asked))
            except Exception as error:
                for future in asked.values():
                    future.set_exception(error)
            else:
                for token, future in asked.items():
                    future.set_result(found.get(token))
        self._rounds = None

    async def _found(self, tokens: list[str]) -> Mapping[str, CodeKind]:
        looking = asyncio.get_running_loop().run_in_executor(self._threads, self._look, tokens)
        try:
            return await asyncio.wait_for(looking, LOOK_WITHIN_S)
        except TimeoutError:
            return dict.fromkeys(tokens, CodeKind.HOUSEHOLD)
