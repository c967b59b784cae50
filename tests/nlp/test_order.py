"""A leader's loose directive: for whom, until when, and what is passed on."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from nlp.order import is_order, read_order

NOW = datetime(2020, 2, 8, 0, 5, tzinfo=UTC)  # 08:05 in Asia/Shanghai
ZONE = ZoneInfo("Asia/Shanghai")

ORDERS = [
    (
        "给所有村发 今天下午5点前把湖北回来的再摸一遍 重点看上次没人在家的 摸完报数",
        ("今天下午5点前把湖北回来的再摸一遍 重点看上次没人在家的 摸完报数", "village", None, ()),
        "08 17:00",
        "counts",
    ),
    ("通知各网格 明早8点集合", ("明早8点集合", "grid", None, ()), "09 08:00", ""),
    ("@北街村 全部网格长 今晚7点开会", ("今晚7点开会", "grid", "lead", ("北街村",)), "08 19:00", ""),
    ("发给城峰镇所有网格 今天内上报", ("今天内上报", "grid", None, ("城峰镇",)), "08 23:59", ""),
    ("急 给所有村发 立即转移低洼户", ("立即转移低洼户", "village", None, ()), None, "urgent"),
    ("给所有村发 【急】马上排查", ("马上排查", "village", None, ()), None, "urgent"),
    ("给所有村发 急!马上排查", ("马上排查", "village", None, ()), None, "urgent"),
    ("给所有村发 紧急转移低洼户", ("紧急转移低洼户", "village", None, ()), None, ""),
    ("给所有村发 急需口罩的报数", ("急需口罩的报数", "village", None, ()), None, "counts"),
    ("演练 通知各村 测试", ("测试", "village", None, ()), None, "drill"),
    ("【紧急】通知所有网格员:半小时内到岗", ("半小时内到岗", "grid", "gridworker", ()), "08 08:35", "urgent"),
    (
        "给北街村、南街村发 2月9日中午12点前报人数",
        ("2月9日中午12点前报人数", "village", None, ("北街村", "南街村")),
        "09 12:00",
        "counts",
    ),
    ("全镇各村 请于今天下班前上报返乡人数", ("请于今天下班前上报返乡人数", "village", None, ()), "08 18:00", "counts"),
    (
        "通知城峰镇各村支书 明天上午9点开会",
        ("明天上午9点开会", "village", "lead", ("城峰镇",)),
        "09 09:00",
        "",
    ),
    ("给全体居民发 今晚停水", ("今晚停水", "household", None, ()), None, ""),
    ("给所有网格和住户群发 今晚停水", ("今晚停水", "household", None, ()), None, ""),
    ("通知所有村和网格 明早8点集合", ("明早8点集合", "village", None, ()), "09 08:00", ""),
    ("给网格长和网格员发 开会", ("开会", "grid", None, ()), None, ""),
    ("通知村支书和网格长 开会", ("开会", "village", "lead", ()), None, ""),
    ("群发 大家注意安全", ("大家注意安全", None, None, ()), None, ""),
]


@pytest.mark.parametrize(("text", "said", "deadline", "flags"), ORDERS, ids=[one[0] for one in ORDERS])
def test_order(text: str, said: tuple[str, str | None, str | None, tuple[str, ...]], deadline: str, flags: str) -> None:
    order = read_order(text, NOW)
    assert order is not None
    assert (order.body, order.level, order.role, order.places) == said
    at = order.deadline_at
    assert (at.astimezone(ZONE).strftime("%d %H:%M") if at else None) == deadline
    raised = [
        name
        for name, flag in (("urgent", order.urgent), ("drill", order.drill), ("counts", order.counts_asked))
        if flag
    ]
    assert " ".join(raised) == flags
    assert text[order.start : order.end] == order.body


@pytest.mark.parametrize("text", ["给王奶奶发药", "通知:明天停水", "3网格排查20户", "收到", "各村都下雨了", "发热0"])
def test_no_order(text: str) -> None:
    assert not is_order(text)
    assert read_order(text, NOW) is None


def test_two_audiences_that_none_holds_are_no_order() -> None:
    """Residents without the villages, or villages without the residents, would go without, and nobody would know."""
    assert not is_order("给所有村和居民发 今晚停水")
