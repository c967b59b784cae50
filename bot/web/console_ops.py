"""Running the system: alarms, the quarantine, the audit chain. Nothing of the county's data is on these pages."""

from flask import redirect
from werkzeug.wrappers import Response

from bot.web.guard import Visit
from handlers.domain.errors import UnknownNode
from handlers.domain.policy import Action

OPS = "/console/ops"


def show(visit: Visit) -> Response:
    """Show the open alarms; the quarantine to whoever may release it; the chain to whoever may verify it."""
    return _page(visit)


def release(visit: Visit) -> Response:
    """Give what lies in quarantine to the inbox: stale by its stamp, rightly signed, an operator's decision."""
    with visit.parts.store.begin() as work:
        count = work.inbox.release(visit.context.now)
        visit.note(work, "quarantine release", f"{count} messages", "duty")
    if count:
        visit.parts.ring()
    return redirect(OPS, code=303)


def close_alarm(visit: Visit, alarm_id: int) -> Response:
    """Close an alarm that was dealt with."""
    with visit.parts.store.begin() as work:
        if alarm_id not in {row[0] for row in work.alarms.open()}:
            raise UnknownNode(f"alarm {alarm_id}")
        work.alarms.close(alarm_id, visit.context.now)
        visit.note(work, "close alarm", f"alarm {alarm_id}", "duty")
    return redirect(OPS, code=303)


def verify(visit: Visit) -> Response:
    """Walk the audit chain and show whether every row follows from the one before."""
    with visit.parts.store.read() as work:
        rows, head, broken = work.audit.verify()
    with visit.parts.store.begin() as work:
        visit.note(work, "verify audit", f"{rows} rows", "audit", "ok" if broken is None else "broken")
    return _page(visit, verified={"rows": rows, "head": head, "broken": broken})


def _page(visit: Visit, verified: dict[str, object] | None = None) -> Response:
    with visit.parts.store.read() as work:
        alarms = work.alarms.open()
        quarantined = work.inbox.quarantined() if visit.can(Action.SECURITY) else None
        waiting = work.inbox.waiting()
    return visit.page(
        "ops",
        alarms=[(i, kind, detail, visit.local(at), count) for i, kind, detail, at, count in alarms],
        quarantined=quarantined,
        waiting=waiting,
        may_close=visit.can(Action.ADMIN),
        may_verify=visit.can(Action.AUDIT),
        verified=verified,
    )
