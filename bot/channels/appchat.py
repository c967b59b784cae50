"""Groups the app made [D 90244-90248]: posts only. It hears nothing, recalls nothing, shows no cards with buttons, and
does not notice a repeat."""

from bot.channels.call import Call, body_of, said
from handlers.domain.parcel import Parcel

CAPABILITIES = ("push",)


def render(parcel: Parcel, media_id: str | None = None) -> Call:
    """Return the call for *parcel*."""
    body = {"chatid": parcel.to[0]} | said(parcel.body, media_id) | {"safe": 0}
    return Call("/cgi-bin/appchat/send", body_of(body))
