"""WeChat groups: an address bound to a node, never the node itself; and the short codes that bind one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Channel(StrEnum):
    """How a group can be reached; the value is what stands in the database."""

    APPCHAT = "appchat"  # a group the app made: we post, it cannot hear
    AIBOT = "aibot"  # a group the bot was added to: hears @, answers
    WEBHOOK = "webhook"  # a group robot's address: we post, it cannot hear
    RELAY = "relay"  # a household group no bot can enter: a person pastes


class Capability(StrEnum):
    """What a group can do for us by itself."""

    PUSH = "push"
    HEAR = "hear"
    HUMAN = "human"  # only a person's tap or paste gets a text in


CAPABILITIES: dict[str, tuple[str, ...]] = {
    Channel.APPCHAT: (Capability.PUSH,),
    Channel.AIBOT: (Capability.HEAR, Capability.PUSH),
    Channel.WEBHOOK: (Capability.PUSH,),
    Channel.RELAY: (Capability.HUMAN,),
}
# no 0/O, 1/I/L: they are read aloud and copied by hand; no D: 绑定 D96Z would name the directive D-96
CODE_LETTERS = "23456789ABCEFGHJKMNPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class Chat:
    """A group bound to a node. `address` is the channel's own id for it; ids of two channels cannot be joined."""

    id: int
    node_id: int
    channel: str
    address: str
    name: str
    capabilities: tuple[str, ...] = ()
    active: bool = True

    def can(self, capability: str) -> bool:
        """Return whether the group has the capability."""
        return capability in self.capabilities


def make_code(choice: Callable[[Sequence[str]], str], length: int = 4) -> str:
    """Return a new code made with *choice* (`secrets.choice` outside tests).

    >>> make_code(lambda letters: letters[-1])
    'ZZZZ'
    """
    return "".join(choice(CODE_LETTERS) for _ in range(length))


def read_code(text: str) -> str:
    """Return a code as typed by hand, in its one form: upper case, without spaces and dashes.

    >>> read_code(" 8k-2q ")
    '8K2Q'
    """
    return "".join(mark for mark in text.upper() if mark.isalnum())
