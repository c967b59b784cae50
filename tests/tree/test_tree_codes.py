"""Codes that people type by hand must not read as anything else."""

import random

import pytest

from handlers.domain.chats import CODE_LETTERS, make_code, read_code
from handlers.spoken import read_spoken
from nlp.command import CommandKind, read_command


def test_every_relay_code_is_read_as_one_however_it_is_typed() -> None:
    for digit in filter(str.isdigit, CODE_LETTERS):
        for letter in filter(str.isalpha, CODE_LETTERS):
            for typed in (f"已转 {digit}{letter}", f"已转{digit}{letter.lower()}", f"转了 {digit}{letter}"):
                command = read_command(typed)
                assert command is not None
                assert (command.kind, command.args["code"]) == (CommandKind.RELAY_DONE, digit + letter)
                assert read_spoken(typed) is None


@pytest.mark.parametrize("seed", range(4))
def test_every_binding_code_is_read_as_one_however_it_is_typed(seed: int) -> None:
    draw = random.Random(seed)
    for _ in range(500):
        code = make_code(draw.choice)
        for typed in (f"绑定 {code}", f"绑定:{code.lower()}"):
            command = read_command(typed)
            assert command is not None
            assert command.kind is CommandKind.BIND
            assert command.ref is None
            assert read_code(command.args["code"]) == code
            assert read_spoken(typed) is None
