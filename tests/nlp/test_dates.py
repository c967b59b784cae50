"""Days, times of day and deadlines, against the moment of sending."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from nlp.clock import scan_spans, scan_times
from nlp.dates import read_deadline, scan_days

NOW = datetime(2020, 2, 8, 0, 5, tzinfo=UTC)  # Saturday, 08:05 in Asia/Shanghai
ZONE = ZoneInfo("Asia/Shanghai")

DAYS = [
    ("今日", ["2020-02-08"]),
    ("昨晚", ["2020-02-07"]),
    ("前天和大前天", ["2020-02-06", "2020-02-05"]),
    ("2月7日", ["2020-02-07"]),
    ("二月七号", ["2020-02-07"]),
    ("2.7 体温", ["2020-02-07"]),
    ("2/7", ["2020-02-07"]),
    ("24号", ["2020-01-24"]),
    ("1月20日回", ["2020-01-20"]),
    ("12月30日", ["2019-12-30"]),
    ("2020-02-05", ["2020-02-05"]),
    ("2020年2月5日", ["2020-02-05"]),
    ("20200205", ["2020-02-05"]),
    ("正月初三", ["2020-01-27"]),
    ("大年二十九", ["2020-01-23"]),
    ("腊月二十八", ["2020-01-22"]),
    ("除夕", ["2020-01-24"]),
    ("元宵节", ["2020-02-08"]),
    ("上周五", ["2020-01-31"]),
    ("3天前", ["2020-02-05"]),
    ("3号楼,1号线,84号,5号电池", []),
    ("36.5", []),
    ("大米2.5公斤", []),
    ("降雨量10.5毫米", []),
    ("2月30日", []),
]


@pytest.mark.parametrize(("text", "days"), DAYS, ids=[one[0] for one in DAYS])
def test_days(text: str, days: list[str]) -> None:
    assert [day.day.isoformat() for day in scan_days(text, NOW)] == days


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("下午5点半", ["17:30"]),
        ("晚8点", ["20:00"]),
        ("20点到次日8点", ["20:00", "08:00"]),
        ("17:00", ["17:00"]),
        ("十一点一刻", ["11:15"]),
        ("凌晨2点半", ["02:30"]),
        ("中午12点", ["12:00"]),
        ("卡点3,点心2盒,3点5公斤", []),
    ],
)
def test_times(text: str, times: list[str]) -> None:
    assert [time.clock() for time in scan_times(text)] == times


@pytest.mark.parametrize(
    ("text", "opens", "closes", "overnight"),
    [
        ("早8点-晚8点", "08:00", "20:00", False),
        ("20点到次日8点", "20:00", "08:00", True),
        ("下午3点到6点", "15:00", "18:00", False),
        ("15:00-23:00", "15:00", "23:00", False),
        ("2月8日20:00至2月9日8:00", "20:00", "08:00", True),
    ],
)
def test_spans(text: str, opens: str, closes: str, overnight: bool) -> None:
    (span,) = scan_spans(text)
    assert (span.opens.clock(), span.closes.clock(), span.overnight) == (opens, closes, overnight)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("今天下午5点前", "02-08 17:00"),
        ("明早8点", "02-09 08:00"),
        ("4点半", "02-08 16:30"),
        ("17:00前", "02-08 17:00"),
        ("2月9日中午12点前", "02-09 12:00"),
        ("2小时内", "02-08 10:05"),
        ("半小时内", "02-08 08:35"),
        ("今天内", "02-08 23:59"),
        ("明天中午前", "02-09 12:00"),
        ("今晚12点前", "02-09 00:00"),
        ("下班前", "02-08 18:00"),
        ("上午10点开会,下午5点前报数", "02-08 17:00"),
        ("尽快", None),
    ],
)
def test_deadline(text: str, at: str | None) -> None:
    found = read_deadline(text, NOW)
    assert (found.astimezone(ZONE).strftime("%m-%d %H:%M") if found else None) == at
    assert found is None or found.utcoffset() == NOW.utcoffset()
