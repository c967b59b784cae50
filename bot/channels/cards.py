"""Template cards [D 90236]: the accountable directive, with its buttons."""

from collections.abc import Mapping
from typing import Any

from handlers.domain.text_parts import clip

TITLE, TITLE_AGENT, WORDS, KEYNAME, VALUE, ROWS, BUTTONS = 26, 13, 112, 5, 26, 6, 6


def template_card(body: Mapping[str, Any], parcel_id: int) -> dict[str, Any]:
    """Return the card; its task_id is made unique by the parcel, because a used one is refused (42014)."""
    card: dict[str, Any] = {"card_type": "button_interaction" if body["buttons"] else "text_notice"}
    if body["source"]:
        card["source"] = {"desc": clip(body["source"], TITLE_AGENT), "desc_color": 0}
    card["main_title"] = {"title": clip(body["title"], TITLE)}
    if body["body"]:
        card["sub_title_text"] = clip(body["body"], WORDS)
    if body["fields"]:
        card["horizontal_content_list"] = [
            {"keyname": clip(name, KEYNAME), "value": clip(value, VALUE)} for name, value in body["fields"][:ROWS]
        ]
    card["task_id"] = f"{body['task_id']}@{parcel_id}"
    if body["buttons"]:
        card["button_list"] = [
            {"text": text, "style": style, "key": key} for key, text, style in body["buttons"][:BUTTONS]
        ]
    if body["url"]:  # whoever has only the WeChat plug-in may see no working button, but can open a page
        card["card_action"] = {"type": 1, "url": body["url"]}
    return card
