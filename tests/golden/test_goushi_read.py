"""The golden day through the reader: the 24 loose texts, not their labels, add up to what the township published."""

from decimal import Decimal
from typing import Any

import pytest
from test_goushi import GOLDEN, TEMPLATE

from nlp.understand import understand

# A county's own words are read when its template is: here only what every county's reader knows.
SHARED = [key for key in GOLDEN["published"] if key in GOLDEN["reports"][0]["values"] and key not in TEMPLATE.own]


def read(item: dict[str, Any]) -> dict[str, object]:
    """Return the last figure read for each key, over all records of one message."""
    said = understand(item["text"], item["sent_at"], channel="group", sender_role="village")
    return {slot.key: slot.value for draft in said.drafts for slot in draft.slots}


@pytest.mark.parametrize("key", [*SHARED, "isolated_people", "fever_people"])
def test_the_texts_say_what_their_labels_say(key: str) -> None:
    found = {item["village"]: read(item).get(key) for item in GOLDEN["reports"]}
    assert found == {item["village"]: item["values"][key] for item in GOLDEN["reports"]}


def test_the_texts_roll_up_to_182() -> None:
    total = sum(
        Decimal(str(read(item)[key]))
        for item in GOLDEN["reports"]
        for key in ("returnees_wuhan", "returnees_hubei_other")
    )
    assert total == 182
    assert {"returnees_wuhan", "returnees_hubei_other", "returnees_in_province", "staff_on_duty"} <= set(SHARED)
