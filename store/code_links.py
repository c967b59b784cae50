"""Where a code leads in WeChat: the link of a kf account, the QR codes of a 公众号. Each is asked for once.

Permanent codes of a 公众号 are counted: 100,000 an account, and none is ever given back [MP qrcode/create].
"""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, or_, select

from handlers.domain.message import Channel
from store.cipher import FieldCipher
from store.models import code_link

_C = code_link.c


@dataclass(frozen=True, slots=True)
class CodeLink:
    """What stands in the QR code; `expires_at` is None for one that stays."""

    url: str = field(repr=False)
    permanent: bool
    expires_at: datetime | None


class CodeLinkRepo:
    """Within one transaction. A scene may hold a code's token, so it stands here as a keyed index only."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, channel: Channel, scene: str, now: datetime, *, permanent: bool) -> CodeLink | None:
        """Return the link of *scene* that still leads there, None when there is none. A permanent one serves both."""
        holds = or_(_C.expires_at.is_(None), _C.expires_at > now)
        wanted = select(_C.url, _C.permanent, _C.expires_at).where(_C.lookup == _lookup(channel, scene), holds)
        row = self._connection.execute(wanted).one_or_none()
        return CodeLink(*row) if row is not None and (row.permanent or not permanent) else None

    def put(self, channel: Channel, scene: str, link: CodeLink, now: datetime) -> None:
        """Keep *link*, in the place of an earlier one of that scene."""
        lookup = _lookup(channel, scene)
        self._connection.execute(delete(code_link).where(_C.lookup == lookup))
        values = {"url": link.url, "permanent": link.permanent, "expires_at": link.expires_at, "made_at": now}
        self._connection.execute(insert(code_link).values(lookup=lookup, channel=channel.value, **values))

    def permanent(self, channel: Channel) -> int:
        """Return how many permanent codes were made."""
        counted = select(func.count()).select_from(code_link).where(_C.channel == channel.value, _C.permanent)
        return int(self._connection.execute(counted).scalar_one())


def _lookup(channel: Channel, scene: str) -> str:
    return FieldCipher.current().index(f"code link {channel.value} {scene}")
