"""The small county of the tests' own, and the way to the sample counties."""

from pathlib import Path

from bot import hierarchy_file
from handlers.domain.county import County, Level
from handlers.domain.hierarchy import Node, Tree

REPOSITORY = Path(__file__).parents[2]
LEVELS = (
    Level("county", "县"),
    Level("township", "乡镇"),
    Level("village", "村"),
    Level("base_grid", "基础网格"),
    Level("grid", "网格"),
    Level("household", "户", staff=False),
    Level("sector", "行业", side=True),
)
SMALL = (
    Node(1, "35", "示例县", "county", None),
    Node(2, "3501", "清凉镇", "township", 1),
    Node(3, "3502", "城峰镇", "township", 1),
    Node(4, "350101", "旗山村委会", "village", 2),
    Node(5, "350102", "坵演村委会", "village", 2, aliases=("丘演村委会", "350199")),
    Node(6, "350201", "旗山社区居民委员会", "village", 3),
    Node(7, "350202", "城峰村委会", "village", 3),
    Node(8, "35010101", "旗山村基础网格", "base_grid", 4),
    Node(9, "3501010101", "旗山村第01网格", "grid", 8),
    Node(10, "3501010102", "旗山村第02网格", "grid", 8),
    Node(11, "35020101", "旗山社区第1基础网格", "base_grid", 6),
    Node(12, "3502010101", "旗山社区第01网格", "grid", 11),
    Node(13, "3501010101-0001", "0001户", "household", 9),
    Node(14, "3501010101-0002", "0002户", "household", 9),
    Node(15, "35-T01", "卫健", "sector", 1, branch="trade"),
)


def sample_tree(name: str) -> tuple[County, Tree]:
    """Return a sample county with ids in the order of its file."""
    file = hierarchy_file.read(REPOSITORY / name)
    rows, ids = file.nodes(), {}
    for number, row in enumerate(rows, start=1):
        ids[row.code] = number
    plain = ((ids[r.code], r.code, r.name, r.level, ids.get(r.parent_code or ""), r.branch) for r in rows)
    aliases = {ids[row.code]: row.aliases for row in rows if row.aliases}
    return file.county, Tree.of_rows(plain, file.county.levels, aliases)
