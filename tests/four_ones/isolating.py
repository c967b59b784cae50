"""A household and somebody who enters decisions about it; the sender of its messages, without a far side."""

from datetime import timedelta
from typing import Any

from household import Home
from sqlalchemy import select
from village import Village

from handlers import tell_decision
from store.models import audit, delivery, parcel

PAPER = "机关 样例县防指 文号 样防〔2020〕2号 依据 传染病防治法第三十九条 申诉 12345"
OPEN = f"隔离 3-101 王样花 从1月22日 到2月5日 {PAPER}"


def sent(village: Village, state: str = "sent") -> int:
    """Let everything that is due and waits go out (or end otherwise), then do what follows; returns how many went."""
    with village.database.begin() as connection:
        due = select(parcel.c.id).where(parcel.c.state == "queued", parcel.c.due_at <= village.now)
        ids = list(connection.scalars(due))
        gone = {"state": state, "ended_at": village.now}
        connection.execute(parcel.update().where(parcel.c.id.in_(ids)).values(gone))
        connection.execute(delivery.update().where(delivery.c.parcel_id.in_(ids)).values(gone))
    with village.store.begin() as work:
        if tell_decision.due(work, village.ctx):
            tell_decision.run(work, village.ctx)
    return len(ids)


def noted(village: Village, about: str) -> list[Any]:
    """What the audit says of a thing: who did what, oldest first."""
    with village.database.read() as connection:
        rows = connection.execute(select(audit.c.action).where(audit.c.object == about).order_by(audit.c.id))
        return [row.action for row in rows]


def night(village: Village) -> None:
    """Move to 23:30 of the day."""
    local = village.ctx.local(village.now)
    village.now += timedelta(hours=23 - local.hour, minutes=30 - local.minute)


__all__ = ["OPEN", "PAPER", "Home", "night", "noted", "sent"]
