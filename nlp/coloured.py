"""A message cut into pieces, each with the slot that was read from it: what *try a sentence* shows in colours."""

from dataclasses import dataclass

from nlp.metrics import label_of
from nlp.types import Utterance


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of the raw text. `key` and `label` name the slot read from it, "" where nothing was; `record` is the number
    of the record it belongs to, from 1, 0 for none; `unread`: it holds a figure or report word nothing was made of."""

    text: str
    key: str = ""
    label: str = ""
    record: int = 0
    unread: bool = False


def coloured(said: Utterance) -> tuple[Piece, ...]:
    """Return the whole raw text of *said* as pieces, in order; joined they are the text.

    Where two slots were read from the same characters, the first keeps them: a figure has one colour.
    """
    marks: list[tuple[int, int, Piece]] = []
    for number, draft in enumerate(said.drafts, 1):
        for slot in draft.slots:
            if slot.end > slot.start:
                marks.append((slot.start, slot.end, Piece("", slot.key, label_of(slot.key), number)))
    marks += [(start, end, Piece("", unread=True)) for start, end in said.unread]
    marks.sort(key=lambda mark: (mark[0], mark[1]))
    pieces: list[Piece] = []
    at = 0
    for start, end, mark in marks:
        start = max(start, at)
        if start >= end:
            continue
        if start > at:
            pieces.append(Piece(said.text[at:start]))
        pieces.append(Piece(said.text[start:end], mark.key, mark.label, mark.record, mark.unread))
        at = end
    if at < len(said.text):
        pieces.append(Piece(said.text[at:]))
    return tuple(pieces)
