"""A sample in the shape of Jiangsu: its 13 cities and 104 counties, in each one township of its 1,487; places and
people are invented. Thirty million households do not fit into a simulation; the shape of the tree does.
"""

import csv
import gzip
import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import yaml

from bot import tree_commands
from bot.parts import Parts
from bot.settings import load
from demo.stage import ROOT, SINCE
from store.migrate import migrate

CITIES, COUNTIES = 13, 104
VILLAGES, GRIDS, HOUSEHOLDS = 2, 2, 28  # in each township, village, grid
LEVELS = (
    ("county", "省"), ("city", "市"), ("district", "县区"), ("township", "乡镇"), ("village", "村"), ("grid", "网格"),
    ("household", "户"),
)  # fmt: skip
_SURNAMES, _GIVEN = "陈林黄张吴李王郑蔡刘叶许庄卢江何谢罗方程", "安平花英明兰福寿宁秀康乐和泰芳勇强珠梅松"

Node = tuple[str, str, str, str]  # code, name, level, parent


def lay(folder: Path) -> tuple[Path, Path]:
    """Write the province's files and make its database; returns the database and the hierarchy file."""
    folder.mkdir(parents=True, exist_ok=True)
    nodes = list(_nodes())
    with gzip.open(folder / "nodes.csv.gz", "wt", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(("code", "name", "level", "parent_code", "branch", "aliases"))
        out.writerows((*node, "", "") for node in nodes)
    hierarchy = folder / "hierarchy.yaml"
    stated = yaml.load((ROOT / "data/town.yaml").read_text("utf-8"), yaml.BaseLoader)  # noqa: S506 - words only
    stated |= {"name": "样例省", "code": "32", "province": "样例省", "tree": {"include": "nodes.csv.gz"}}
    stated["levels"] = [{"key": key, "title": title} for key, title in LEVELS]
    stated["levels"][-1]["staff"] = "false"
    stated["faq"], stated["declaration"]["rules"] = "faq.yaml", "declaration.yaml"
    for name in ("faq.yaml", "rules/declaration.yaml"):  # a hierarchy names only what lies beside it
        shutil.copy(ROOT / "data" / name, folder)
    for name in ("steps", "matters"):
        shutil.copytree(ROOT / "data" / name, folder / name, dirs_exist_ok=True)
    hierarchy.write_text(yaml.safe_dump(stated, allow_unicode=True, sort_keys=False), "utf-8")
    _write(folder / "roster.csv", ("编码", "姓名", "手机号", "企业微信账号", "职务"), _people(nodes))
    _write(folder / "chats.csv", ("编码", "群名", "群号", "渠道"), _chats(nodes))
    base = folder / "base.db"
    base.unlink(missing_ok=True)
    parts = Parts(load({"GEYING_DEMO": "1", "GEYING_DATABASE_URL": f"sqlite:///{base}",
                        "GEYING_HIERARCHY": str(hierarchy), "GEYING_VAR": str(folder)}, dotenv=None))  # fmt: skip
    migrate(parts.database)
    county, tree = tree_commands.load_county(hierarchy, parts.database, SINCE.date(), SINCE)
    for name in ("roster.csv", "chats.csv"):
        outcome = tree_commands.import_roster(folder / name, parts.database, county, tree, SINCE.date(), SINCE)
        if outcome.plan.errors:
            raise RuntimeError(str(outcome.plan.errors[:3]))
    parts.database.scrub()
    parts.database.close()
    return base, hierarchy


def _nodes() -> Iterator[Node]:
    yield "32", "样例省", "county", ""
    for city in range(1, CITIES + 1):
        yield f"32{city:02}", f"样例{city:02}市", "city", "32"
    for n in range(1, COUNTIES + 1):
        city = (n - 1) % CITIES + 1
        district = f"32{city:02}{n:03}"
        yield district, f"样例{n:03}县", "district", f"32{city:02}"
        town = f"{district}101"
        yield town, f"样例{n:03}镇", "township", district
        for v in range(1, VILLAGES + 1):
            village = f"{town}{v}"
            yield village, f"样{n:03}之{v}村", "village", town
            for g in range(1, GRIDS + 1):
                grid = f"{village}{g}"  # shorter than anything that could be taken for an identity number
                yield grid, f"第{g:02}网格", "grid", village
                for h in range(1, HOUSEHOLDS + 1):
                    yield f"{grid}-{h:04}", f"{h:04}户", "household", grid


def _people(nodes: list[Node]) -> Iterator[tuple[str, ...]]:
    titles = {"county": "县领导", "township": "乡镇领导", "village": "村支书", "grid": "网格员"}
    dice, n = random.Random("province"), 0
    for code, _, level, _ in nodes:
        if level not in titles:
            continue
        n += 1
        name = f"{dice.choice(_SURNAMES)}样{dice.choice(_GIVEN)}{dice.choice(_GIVEN)}"
        yield code, name, f"1049{n:07}", f"js_{code}", titles[level]
        if level == "village":
            n += 1
            yield code, f"{dice.choice(_SURNAMES)}测{dice.choice(_GIVEN)}", f"1049{n:07}", f"js_{code}_doc", "村医"


def _chats(nodes: list[Node]) -> Iterator[tuple[str, ...]]:
    for code, name, level, _ in nodes:
        if level in ("county", "township", "village"):
            yield code, f"{name}工作群", f"js{code}", "应用群"


def _write(path: Path, head: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(head)
        out.writerows(rows)
