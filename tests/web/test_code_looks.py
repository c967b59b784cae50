"""Codes looked up together: what came meanwhile is the next look; one that stands still stops nobody."""

import asyncio
import threading
from collections.abc import Iterable, Mapping

import pytest

from bot.web import code_looks
from bot.web.code_looks import CodeLooks
from handlers.domain.place_code import CodeKind


class Book:
    """Opens what begins with h; notes what it was asked together, and waits when told to."""

    def __init__(self) -> None:
        self.asked: list[list[str]] = []
        self.free = threading.Event()
        self.free.set()

    def __call__(self, tokens: Iterable[str]) -> Mapping[str, CodeKind]:
        asked = list(tokens)
        self.asked.append(asked)
        self.free.wait(5)
        if "hbroken" in asked:
            raise RuntimeError("no such table")
        return {token: CodeKind.HOUSEHOLD for token in asked if token.startswith("h")}


def test_what_comes_meanwhile_is_one_look() -> None:
    book = Book()

    async def run() -> list[CodeKind | None]:
        looks = CodeLooks(book)
        book.free.clear()
        first = asyncio.create_task(looks.kind("h0"))
        await asyncio.sleep(0.05)
        later = [asyncio.create_task(looks.kind(token)) for token in ("h1", "x2", "h1", "h3")]
        await asyncio.sleep(0.05)
        book.free.set()
        return list(await asyncio.gather(first, *later))

    kind = CodeKind.HOUSEHOLD
    assert asyncio.run(run()) == [kind, kind, None, kind, kind]
    assert book.asked == [["h0"], ["h1", "x2", "h3"]]


def test_a_look_that_stands_still_loses_no_form(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(code_looks, "LOOK_WITHIN_S", 0.1)
    book = Book()

    async def run() -> CodeKind | None:
        book.free.clear()
        try:
            return await CodeLooks(book).kind("x1")
        finally:
            book.free.set()

    assert asyncio.run(run()) is CodeKind.HOUSEHOLD


def test_a_fault_is_told_to_who_waited_and_the_next_is_asked_anew() -> None:
    book = Book()

    async def run() -> CodeKind | None:
        looks = CodeLooks(book)
        with pytest.raises(RuntimeError):
            await looks.kind("hbroken")
        return await looks.kind("h1")

    assert asyncio.run(run()) is CodeKind.HOUSEHOLD


def test_who_gives_up_takes_nobody_along() -> None:
    book = Book()

    async def run() -> CodeKind | None:
        looks = CodeLooks(book)
        book.free.clear()
        one, other = (asyncio.create_task(looks.kind("h1")) for _ in range(2))
        await asyncio.sleep(0.05)
        one.cancel()
        book.free.set()
        return await other

    assert asyncio.run(run()) is CodeKind.HOUSEHOLD
