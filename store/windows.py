"""The windows in which residents may be written to. What was sent in one is counted from the parcels themselves, so
that no counter can drift from what really went out."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, bindparam, case, or_, select, text, update
from sqlalchemy.dialects import postgresql, sqlite

from handlers.domain.delivery import label
from handlers.domain.household import Address
from handlers.domain.message import RESIDENT, Channel
from handlers.domain.parcel import Parcel
from handlers.domain.window import LONGEST, Opening, Standing, Window, standing
from store.columns import UtcDateTime
from store.models import notice_refusal, parcel, reply_window, visit
from store.pieces import pieces
from store.prepared import Prepared

IN_A_WINDOW = frozenset({"kf/send_msg", "message/custom/send"})
NOTICES = frozenset({"message/subscribe/bizsend", "message/template/send"})
UNWANTED = "不收这类通知"

_INSERT: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
_W, _P, _N = reply_window.c, parcel.c, notice_refusal.c
_AT = bindparam("at", type_=UtcDateTime)
_AGAIN = Prepared(
    update(reply_window)
    .where(_W.label == bindparam("of"), _W.opening == bindparam("how"))
    .values(
        opened_at=case((_W.opened_at < _AT, _AT), else_=_W.opened_at),
        shut_at=case((_W.shut_at > bindparam("after"), _W.shut_at), else_=None),
    )
)
_FIRST = Prepared(
    {
        name: made(reply_window).on_conflict_do_nothing(index_elements=["label", "opening"])
        for name, made in _INSERT.items()
    },
    ("label", "opening", "channel", "opened_at"),
)
_SECOND = timedelta(seconds=1)  # the platform tells moments in whole seconds
_OF_RESIDENTS = text("parcel.channel IN ('kf', 'official_account')")  # spelt as the index has it
_WENT_OUT = or_(_P.state.in_(("flying", "sent", "unknown")), _P.unanswered + _P.lost > 0)


class WindowRepo:
    """Keeps `handlers.ports.Windows`; within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def heard(self, channel: Channel, label: str, opening: Opening, at: datetime) -> None:
        """Open the window: they spoke, or came, at that moment. What is handled late opens nothing anew."""
        if _AGAIN.run(self._connection, of=label, how=opening.value, at=at, after=at + _SECOND) == 0:
            row = {"label": label, "opening": opening.value, "channel": channel.value, "opened_at": at}
            _FIRST.run(self._connection, **row)

    def shut(self, labels: Iterable[str], now: datetime) -> None:
        """Close every window of these residents: the platform said so, or they left. A later word opens them again."""
        for some in pieces(labels):
            self._connection.execute(update(reply_window).where(_W.label.in_(some)).values(shut_at=now))

    def standings(self, addresses: Iterable[Address], now: datetime) -> Mapping[Address, Standing]:
        """Return how each address of a resident stands now; other addresses are left out."""
        named = {
            one: label(Channel(one.channel), one.address)
            for one in addresses
            if one.channel in {channel.value for channel in RESIDENT}
        }
        labels = list(named.values())
        windows, sent = self._windows(labels), self._sent(labels, now)
        left = set(self._connection.scalars(_gone(labels))) if labels else set()
        return {
            one: standing(windows[name], sent[name], now, left=name in left) for one, name in named.items()
        }  # fmt: skip

    def barred(self, taken: Sequence[Parcel], now: datetime) -> dict[int, str]:
        """Return which of the parcels just claimed must not go, by id, and why. The residents concerned are locked, so
        that two who send at once do not both take the last place."""
        found = self._unwanted([one for one in taken if one.endpoint in NOTICES])
        asked = [one for one in taken if one.endpoint in IN_A_WINDOW and one.target and not one.in_doubt]
        if not asked:
            return found
        labels = sorted({one.target for one in asked if one.target})
        windows = self._windows(labels, lock=True)
        sent = self._sent(labels, now, without=[one.id for one in asked])
        for one in asked:
            name = one.target or ""
            how = standing(windows[name], sent[name], now)
            if how is Standing.OPEN:
                sent[name].append(now)
            else:
                found[one.id] = how.value
        return found

    def _windows(self, labels: Sequence[str], *, lock: bool = False) -> defaultdict[str, list[Window]]:
        found: defaultdict[str, list[Window]] = defaultdict(list)
        for some in pieces(labels):
            wanted = select(reply_window).where(_W.label.in_(some)).order_by(_W.label, _W.opening)
            for row in self._connection.execute(wanted.with_for_update() if lock else wanted):
                window = Window(Channel(row.channel), Opening(row.opening), row.opened_at, row.shut_at)
                found[row.label].append(window)
        return found

    def _sent(
        self, labels: Sequence[str], now: datetime, without: Sequence[int] = ()
    ) -> defaultdict[str, list[datetime]]:
        """Return when messages went to each, as far back as a window can reach."""
        found: defaultdict[str, list[datetime]] = defaultdict(list)
        ours = frozenset(without)
        for some in pieces(labels):
            since = and_(_P.target.in_(some), _P.first_attempt_at > now - LONGEST)
            which = (_OF_RESIDENTS, since, _P.endpoint.in_(IN_A_WINDOW), _WENT_OUT)
            wanted = select(_P.id, _P.target, _P.first_attempt_at, _P.ended_at).where(*which)
            for row in self._connection.execute(wanted):
                if row.id not in ours:
                    found[row.target].append(row.ended_at or row.first_attempt_at)
        return found

    def _unwanted(self, taken: Sequence[Parcel]) -> dict[int, str]:
        if not taken:
            return {}
        wanted = select(_N.label, _N.template_id).where(_N.label.in_([one.target for one in taken]))
        refused = {(row.label, row.template_id) for row in self._connection.execute(wanted)}
        return {one.id: UNWANTED for one in taken if (one.target, one.body["template_id"][:64]) in refused}


def _gone(labels: Sequence[str]) -> Any:
    return select(visit.c.label).where(visit.c.label.in_(labels), visit.c.left_at.is_not(None))
