"""是本人: a worker who stood before somebody says that it is they; the code that opens their data is for them alone."""

from datetime import timedelta

from handlers.care_queue import visible
from handlers.care_words import CareKind, CareWord
from handlers.domain.rights import RequestState, RightKind
from handlers.domain.threshold import TaskKind
from handlers.ports import Context, Say, Turn, Work
from handlers.wording import care as say

intents = frozenset({CareKind.IDENTITY})
CODE_FOR = timedelta(days=1)


def handle(turn: Turn, word: CareWord, work: Work, ctx: Context) -> list[Say] | None:
    """Answer in private; None when there is no such task here."""
    task = visible(turn, word.number, work, ctx) if ctx.county.declaring is not None else None
    if task is None or task.kind is not TaskKind.IDENTITY:
        return None
    yes = bool(word.args.get("yes"))
    work.audit.note(ctx.now, turn.person.id, "identify", f"subject:{task.subject_id}", "proof", "yes" if yes else "no")
    work.care_tasks.close(task, "", ctx.now)
    for request in work.rights.of(task.subject_id):
        if request.kind is RightKind.ACCESS and request.state is RequestState.OPEN:
            state, reason = (RequestState.DONE, "") if yes else (RequestState.REFUSED, say.NOT_CONFIRMED)
            work.rights.answer(request, state, ctx.now, turn.person.id, reason)
    if not yes:
        return [Say(say.identity_refused(task.id), private=True)]
    code = work.rights.read_out(task.subject_id, ctx.now, ctx.now + CODE_FOR)
    return [Say(say.identity_confirmed(task.id, f"{code[:5]} {code[5:]}"), private=True, about=(task.subject_id,))]
