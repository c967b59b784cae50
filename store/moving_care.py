"""What becomes of isolations, plans, contacts and needs when households are merged, left, or put under another grid."""

from datetime import date, timedelta

from sqlalchemy import Connection, select, update

from handlers.domain.four_ones import UNSETTLED, ContactState
from store.models import contact_due, enrolment, episode, need, visit_word

_E = enrolment.c


def moved(connection: Connection, household_id: int, grid_id: int) -> None:
    """Let open isolations stand at the grid the household is under now."""
    theirs = (episode.c.household_id == household_id) & (episode.c.state == "open")
    connection.execute(update(episode).where(theirs).values(node_id=grid_id))


def merged(connection: Connection, gone_id: int, into_id: int, grid_id: int, day: date) -> None:
    """Hand everything over to the household that takes the people in; a plan it is on already goes on as it is."""
    for table in (episode, need, visit_word):
        connection.execute(update(table).where(table.c.household_id == gone_id).values(household_id=into_id))
    moved(connection, into_id, grid_id)
    has = select(_E.plan).where(_E.household_id == into_id, _E.last_day.is_(None))
    new = (_E.household_id == gone_id) & _E.last_day.is_(None) & _E.plan.not_in(has)
    stale = select(_E.plan).where(new)
    plans = list(connection.scalars(stale))
    connection.execute(enrolment.delete().where(_E.household_id == into_id, _E.plan.in_(plans)))  # ended earlier
    connection.execute(
        update(enrolment).where(_E.household_id == gone_id, _E.plan.in_(plans)).values(household_id=into_id)
    )
    left(connection, gone_id, day)


def left(connection: Connection, household_id: int, day: date) -> None:
    """Ask nothing more of a household that is no more."""
    mine = (_E.household_id == household_id) & _E.last_day.is_(None)
    connection.execute(update(enrolment).where(mine).values(last_day=day - timedelta(days=1)))
    open_still = contact_due.c.state.in_([state.value for state in UNSETTLED])
    over = {"state": ContactState.DROPPED.value, "due_at": None}
    connection.execute(update(contact_due).where(contact_due.c.household_id == household_id, open_still).values(**over))
