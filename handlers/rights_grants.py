"""Whose data a /me token opens: what one sheet said of its people, or all of one person known to be they."""

from dataclasses import dataclass
from datetime import datetime

from handlers.declared_form import declaring_of
from handlers.domain.declared import Said, Subject
from handlers.domain.errors import UnknownNode
from handlers.ports import Context, Work


@dataclass(frozen=True, slots=True)
class Mine:
    """One person a token opens. `sheet_id` is the sheet it belongs to; `whole`: everything about the person."""

    row: str
    subject: Subject
    said: tuple[Said, ...]
    sheet_id: int | None

    @property
    def whole(self) -> bool:
        """Return whether everything that is held may be shown."""
        return self.sheet_id is None


def all_mine(token: str, work: Work, ctx: Context) -> tuple[Mine, ...]:
    """Return everybody the token opens; UnknownNode when it opens nothing, or nobody is left."""
    grant = work.rights.opens(token, ctx.now)
    if grant is None:
        raise UnknownNode("no such token")
    if grant.subject_id is not None:
        subject = work.subjects.get(grant.subject_id)
        if subject is None or subject.profile is None:
            raise UnknownNode("no such token")
        return (Mine("me", subject, work.declarations.of_subject(subject.id), None),)
    assert grant.sheet_id is not None
    by_row: dict[str, list[Said]] = {}
    for said in work.declarations.of_sheet(grant.sheet_id):
        by_row.setdefault(said.row.partition("~")[0], []).append(said)
    subjects = work.subjects.many(said.subject_id for group in by_row.values() for said in group)
    found = tuple(
        Mine(row, subjects[group[0].subject_id], tuple(group), grant.sheet_id)
        for row, group in by_row.items()
        if subjects[group[0].subject_id].profile is not None
    )
    if not found:
        raise UnknownNode("no such token")
    return found


def mine(token: str, row: str | None, work: Work, ctx: Context) -> Mine:
    """Return the one person of that row; with a token of one person, or one row only, *row* may be None."""
    everybody = all_mine(token, work, ctx)
    if row is None and len(everybody) == 1:
        return everybody[0]
    found = next((one for one in everybody if one.row == row), None)
    if found is None:
        raise UnknownNode("no such row")
    return found


def due_at(ctx: Context) -> datetime:
    """Return by when a request made now is answered."""
    return ctx.now + declaring_of(ctx).answer_within
