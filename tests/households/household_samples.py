"""A small county with two grids of households."""

from datetime import UTC, date, datetime
from types import MappingProxyType

from handlers.domain.county import County, Level, usual_roles
from handlers.domain.hierarchy import NodeIn
from handlers.domain.people import Holding, Person
from store.work import SqlWork

DAY = date(2026, 2, 8)
NOW = datetime(2026, 2, 8, 1, tzinfo=UTC)
LEVELS = (
    Level("county", "县"),
    Level("township", "乡镇"),
    Level("village", "村"),
    Level("grid", "网格"),
    Level("household", "户", staff=False),
    Level("gate", "卡点", staff=False, side=True),
    Level("sector", "行业", side=True),
)
ROWS = (
    NodeIn("35", "示例县", "county", None),
    NodeIn("3501", "清凉镇", "township", "35"),
    NodeIn("350101", "旗山村委会", "village", "3501"),
    NodeIn("35010101", "旗山村第01网格", "grid", "350101"),
    NodeIn("35010102", "旗山村第02网格", "grid", "350101"),
    *(NodeIn(f"35010101-{n:04d}", f"{n:04d}户", "household", "35010101") for n in range(1, 6)),
    *(NodeIn(f"35010102-{n:04d}", f"{n:04d}户", "household", "35010102") for n in range(1, 4)),
    NodeIn("35-T01", "卫健", "sector", "35", "trade"),
)
COUNTY = County("示例县", "35", "", LEVELS, roles=MappingProxyType(usual_roles(LEVELS)), sample=True)
VILLAGE, GRID, OTHER_GRID, SECTOR = 3, 4, 5, 14
POSTS = (
    ("yt_lin", "林样安", "35010101", "gridworker"),
    ("yt_he", "何拟平", "35010102", "gridworker"),
    ("yt_wu", "吴演石", "350101", "village_lead"),
    ("yt_zhou", "周仿医", "35-T01", "sector"),
    ("yt_sun", "孙模警", "35-T01", "sector"),
)


def person(work: SqlWork, userid: str) -> Person:
    """Return somebody of the roster."""
    found = work.people.by_userid(userid, DAY)
    assert found is not None
    return found


def keeper(node_id: int, role: str = "gridworker") -> Person:
    """Return somebody with that post there."""
    return Person(99, "yt_x", "郑测禾", (Holding(99, node_id, role),))
