"""What reading yields: an `Utterance` of `Draft`s made of `Slot`s, each kept to its span in the raw text."""

from enum import StrEnum
from typing import NamedTuple

Value = int | float | str | bool | tuple[str, ...] | None


class Intent(StrEnum):
    """What a message is for; the names are those of the corpus schema."""

    DAILY_REPORT = "daily_report"
    TEMPERATURE_ROLL = "temperature_roll"
    CHECKPOINT = "checkpoint"
    NEEDS = "needs"
    DELIVERY = "delivery"
    EVENT = "event"
    CORRECTION = "correction"
    ACK = "ack"
    CHECKIN_REPLY = "checkin_reply"
    HEALTH_QUESTION = "health_question"
    HELP = "help"
    CHATTER = "chatter"


class Slot(NamedTuple):
    """One value read from the text.

    `start`/`end` index the raw text as typed (end exclusive); (0, 0) when the value was inferred, not read.
    `confidence` is 0..1; each repair (a digit, a typo, an approximate word) lowers it.
    """

    key: str
    value: Value
    start: int = 0
    end: int = 0
    confidence: float = 1.0
    approximate: bool = False


class Draft(NamedTuple):
    """One record that a message states: its type (see the corpus schema) and its slots, in reading order."""

    type: str
    slots: tuple[Slot, ...]
    start: int = 0
    end: int = 0

    def get(self, key: str) -> Value:
        """Return the last value read for *key*, None when there is none (the last self-correction wins)."""
        for slot in reversed(self.slots):
            if slot.key == key:
                return slot.value
        return None


class Utterance(NamedTuple):
    """All that was understood of one message.

    `ask` is the single question to put to the sender (Chinese, short) when a value cannot be taken as read;
    `unread` are spans of the raw text that hold digits or report words nothing was made of.
    """

    text: str
    intent: Intent
    drafts: tuple[Draft, ...] = ()
    confidence: float = 1.0
    needs_confirm: bool = False
    ask: str | None = None
    unread: tuple[tuple[int, int], ...] = ()
    alarms: tuple[str, ...] = ()
