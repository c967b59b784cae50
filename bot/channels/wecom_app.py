"""The self-built app's personal messages [D 90236, 94867, 94888]: text, cards, files; recall; greying a card's button.

Reads nothing back by itself, can push to anybody in its scope, 30 a minute and member. It is the only channel that
recognises a repeat.
"""

from typing import Any

from bot.channels.call import Call, Impossible, body_of, said
from bot.channels.cards import template_card
from handlers.domain.parcel import Parcel
from handlers.domain.retry import DUPLICATE_S, DUPLICATE_SPREAD_S

CAPABILITIES = ("push", "buttons", "recall")


def render(parcel: Parcel, agent_id: int, media_id: str | None = None) -> Call:
    """Return the call for *parcel*."""
    if parcel.endpoint == "message/recall":
        return Call("/cgi-bin/message/recall", body_of({"msgid": parcel.refers}))
    if parcel.endpoint == "message/update_template_card":
        return Call("/cgi-bin/message/update_template_card", body_of(_update(parcel, agent_id)))
    body: dict[str, Any] = {"touser": "|".join(parcel.to)}
    if parcel.body["kind"] == "card":
        body["msgtype"] = "template_card"
        body["agentid"] = agent_id
        body["template_card"] = template_card(parcel.body, parcel.id)
    else:
        body |= said(parcel.body, media_id)
        body["agentid"] = agent_id
    body["enable_duplicate_check"] = 1
    # two parcels that say the same to the same person (收到, twice a day) must not look like one sent twice: they
    # differ in the interval they ask for
    body["duplicate_check_interval"] = DUPLICATE_S - parcel.id % DUPLICATE_SPREAD_S
    return Call("/cgi-bin/message/send", body_of(body))


def _update(parcel: Parcel, agent_id: int) -> dict[str, Any]:
    code = parcel.body.get("code") or parcel.refers
    if not code:
        raise Impossible("no code to update the card with")
    userids = parcel.body.get("userids")
    whom: dict[str, Any] = {"userids": userids} if userids else {"atall": 1}
    button = {"replace_name": parcel.body["text"]}
    return {**whom, "agentid": agent_id, "response_code": code, "button": button}
