"""The answer to a sheet as plain data, for the phone that sent it: what a page shows, and nothing else."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from handlers.domain.declaration import Answer, FieldFault, PersonAnswer
from handlers.domain.receipt_colour import Receipt


class Outcome(StrEnum):
    """What became of a sheet."""

    TAKEN = "taken"
    FAULTS = "faults"
    REFUSED = "refused"  # no declaration is taken here; `say` tells what to do instead
    GONE = "gone"  # the code opens nothing any more, or names what is not there


def of_answer(answer: Answer, form: str) -> Mapping[str, Any]:
    """Return the outcome of an answer; *form* goes back with faults, so that a browser without script has it again."""
    if answer.faults:
        return {"state": Outcome.FAULTS.value, "faults": [_fault(one) for one in answer.faults], "form": form}
    return {
        "state": Outcome.TAKEN.value,
        "people": [_person(one) for one in answer.people],
        "me": answer.me_token,
        "help": answer.help,
    }


def refused(say: str) -> Mapping[str, Any]:
    """Return the outcome of a sheet that cannot be taken at all."""
    return {"state": Outcome.REFUSED.value, "say": say}


def gone() -> Mapping[str, Any]:
    """Return the outcome of a sheet for a place or people that are not there."""
    return {"state": Outcome.GONE.value}


def _fault(fault: FieldFault) -> dict[str, Any]:
    return {"row": fault.row, "field": fault.field, "say": fault.say, "offer": list(fault.offer)}


def _person(one: PersonAnswer) -> dict[str, Any]:
    return {
        "row": one.row,
        "label": one.label,
        "receipt": receipt(one.receipt) if one.receipt else None,
        "notes": list(one.notes),
        "questions": [{"key": q.key, "say": q.say, "choices": [list(c) for c in q.choices]} for q in one.questions],
    }


def receipt(one: Receipt) -> dict[str, Any]:
    """Return a receipt as a page shows it; moments and days as ISO text."""
    return {
        "colour": one.colour.value,
        "reason": one.reason,
        "next_steps": one.next_steps,
        "valid_until": one.valid_until.isoformat(),
        "ask": one.ask,
        "version": one.version,
        "made_at": one.made_at.isoformat(),
        "arrived_at": one.arrived_at.isoformat(),
        "by": one.by,
    }
