"""The AI bot's later answer [D 101138]: to the `response_url` a message brought, once, within an hour, as markdown or a
card. In URL mode it has no other way to speak."""

from bot.channels.call import Call, Impossible, body_of
from bot.channels.cards import template_card
from bot.channels.http import NotSent, Origin
from handlers.domain.parcel import Parcel

CAPABILITIES = ("hear", "buttons")


def render(parcel: Parcel, origin: Origin) -> Call:
    """Return the call for *parcel*; Impossible when its address leads anywhere but to the platform."""
    try:
        path = origin.path_of(parcel.body["url"])
    except NotSent as error:
        raise Impossible("an answer to an address outside the platform") from error
    path = path.removeprefix(origin.prefix)
    if parcel.body["kind"] == "card":
        card = template_card(parcel.body, parcel.id)
        return Call(path, body_of({"msgtype": "template_card", "template_card": card}), needs_token=False)
    if parcel.body["kind"] not in ("text", "markdown"):
        raise Impossible("a bot answers in words")
    return Call(path, body_of({"msgtype": "markdown", "markdown": {"content": parcel.body["text"]}}), needs_token=False)
