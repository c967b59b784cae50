"""0396户 上门了: of a household that waits for nobody, and never a report of 396 households."""

from asking import Asked
from village import Village


def test_a_door_nobody_waits_for_is_no_daily_report(hamlet: Village) -> None:
    home = Asked(hamlet)
    home.morning()
    village = home.village
    village.say("lv", "3-101 上门了 没事")
    assert "3-101没有等着您的电话或上门" in village.letters("lv")[-1]
    with village.store.read() as work:
        assert not work.reports.of_day([village.node("v1g1")], village.ctx.day)
