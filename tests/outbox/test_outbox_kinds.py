"""Which limits a kind of call is charged to: leaving the others out changes nothing."""

import pytest

from handlers.domain.limits import STANDARD, charges, of_kind
from handlers.domain.message import Channel

ENDPOINTS = ("message/send", "message/recall", "message/update_template_card", "appchat/send", "webhook/send")


@pytest.mark.parametrize("channel", Channel)
@pytest.mark.parametrize("endpoint", [*ENDPOINTS, "aibot/response"])
def test_leaving_out_the_other_limits_changes_nothing(channel, endpoint):
    kept = of_kind(channel, endpoint, STANDARD)
    call = (channel, endpoint, "t1", ("u1", "u2"), 7)
    assert list(charges(*call, kept)) == list(charges(*call, STANDARD))
    assert {charge.limit for charge in charges(*call, STANDARD)} == set(kept)
