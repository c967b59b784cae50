"""Invented households for a sample county, as its register would keep them: the same code, the same family, always.

`python -m demo.households --under 350125105204 --under 35012510400301001 --out data/town/households.csv` made
the file in `data/town`. With `--each township` a whole county goes into one file a township.
"""

import argparse
import csv
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

from bot import hierarchy_file
from handlers.domain.hierarchy import HOUSEHOLD, NodeIn

ROOT = Path(__file__).parents[1]
COUNTIES = {"yongtai": ROOT / "hierarchy.yaml", "town": ROOT / "data/town.yaml"}
SEED = 20220406
COLUMNS = (
    "户编码", "住址", "人数", "在群", "方便时间", "姓名", "年龄", "重点人群", "长期用药", "语言", "手机号", "是否同住",
    "关系", "可代报",
)  # fmt: skip
_SURNAMES = "陈林黄张吴李王郑蔡刘叶许庄卢江何谢罗方鄢程余赖檀"
_MARKS = "测样例拟仿模演虚"  # every given name begins with one: no such people
_GIVEN = "安平花英明兰福寿宁秀康乐和泰芳勇强珠梅松生金水旺"
_TIMES = ("上午", "晚上", "8:00-9:30", "中午、晚上", "19:00-20:30", "")
_OLD_NEEDS = ("独居", "失能卧床", "残疾", "透析", "家庭氧疗", "低保特困")
_MEDICINES = ("降压药", "降压药", "降糖药", "胰岛素", "心脏病药", "抗凝药", "哮喘用药")


def family(code: str) -> list[dict[str, str]]:
    """Return the rows of one household; the first one carries what is said of the household itself."""
    dice = random.Random(f"{SEED} {code}")
    surname, used = dice.choice(_SURNAMES), set[str]()
    old = dice.random() < 0.28
    rows = _old(dice, surname, used) if old else _young(dice, surname, used)
    home = {
        "户编码": code, "住址": f"样例自然村{dice.randint(1, 9)}组{dice.randint(1, 80)}号",
        "人数": str(sum(row["是否同住"] == "是" for row in rows)), "在群": dice.choice(("是", "是", "是", "否", "")),
        "方便时间": dice.choice(_TIMES),
    }  # fmt: skip
    return [
        {**dict.fromkeys(COLUMNS, ""), **(home if not n else {"户编码": code}), **row} for n, row in enumerate(rows)
    ]


def _old(dice: random.Random, surname: str, used: set[str]) -> list[dict[str, str]]:
    """An old person or couple; the children live far away, and some answer for them."""
    alone = dice.random() < 0.45
    rows = []
    for n in range(1 if alone else 2):
        years = dice.randint(63, 92)
        needs = ["独居"] if alone else []
        if dice.random() < 0.15:
            needs.append(dice.choice(_OLD_NEEDS[1:]))
        rows.append(
            {
                "姓名": _name(dice, surname if not n else dice.choice(_SURNAMES), used),
                "年龄": str(years),
                "重点人群": "、".join(needs),
                "长期用药": dice.choice(_MEDICINES) if dice.random() < 0.55 else "",
                "语言": "本地话",
                "手机号": _phone(dice) if dice.random() < 0.5 else "",
                "是否同住": "是",
                "关系": "",
            }
        )
    if dice.random() < 0.7:
        rows.append(
            {
                "姓名": _name(dice, surname, used),
                "手机号": _phone(dice),
                "是否同住": "否",
                "关系": dice.choice(("女儿", "儿子", "儿媳", "孙女", "邻居")),
                "可代报": dice.choice(("是", "是", "否")),
            }
        )
    return rows


def _young(dice: random.Random, surname: str, used: set[str]) -> list[dict[str, str]]:
    """A family of one to six."""
    rows = []
    for n in range(dice.choice((1, 2, 3, 3, 3, 4, 4, 5, 6))):
        years = dice.randint(22, 58) if n < 2 else dice.choice((dice.randint(0, 17), dice.randint(60, 84)))
        need = ""
        if years < 3:
            need = "婴幼儿"
        elif 22 <= years <= 40 and n == 1 and dice.random() < 0.06:
            need = "孕产妇"
        elif dice.random() < 0.02:
            need = "残疾"
        rows.append(
            {
                "姓名": _name(dice, surname if n != 1 else dice.choice(_SURNAMES), used),
                "年龄": str(years),
                "重点人群": need,
                "长期用药": dice.choice(_MEDICINES) if years > 55 and dice.random() < 0.4 else "",
                "语言": "普通话" if years < 60 else "本地话",
                "手机号": _phone(dice) if years > 15 and (n < 2 or dice.random() < 0.4) else "",
                "是否同住": "是",
                "可代报": "是" if n < 2 else "",
            }
        )
    return rows


def _name(dice: random.Random, surname: str, used: set[str]) -> str:
    while (name := surname + dice.choice(_MARKS) + dice.choice(_GIVEN)) in used:
        pass
    used.add(name)
    return name


def _phone(dice: random.Random) -> str:
    return f"104{dice.randrange(100_000_000):08d}"  # no operator has 104: nobody is called


def rows_of(nodes: Sequence[NodeIn], under: str) -> Iterator[dict[str, str]]:
    """Yield the rows of every household at or under the node of that code."""
    inside = {under}
    for node in nodes:
        if node.parent_code in inside:
            inside.add(node.code)
        if node.level == HOUSEHOLD and node.code in inside:
            yield from family(node.code)


def write(rows: Iterator[dict[str, str]], path: Path) -> int:
    """Write the rows as a CSV that spreadsheets open; returns how many."""
    count = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        out.writeheader()
        for row in rows:
            out.writerow(row)
            count += 1
    return count


def main() -> None:
    """Write the sample that was asked for."""
    parser = argparse.ArgumentParser(prog="python -m demo.households", description="做样例户册")
    parser.add_argument("--county", choices=sorted(COUNTIES), default="town")
    parser.add_argument("--under", action="append", default=[], metavar="CODE", help="只做这个节点下面的户")
    parser.add_argument("--each", metavar="LEVEL", help="这一级每个节点一个文件")
    parser.add_argument("--out", type=Path, required=True, help="文件;有 --each 时是目录")
    options = parser.parse_args()
    nodes = hierarchy_file.read(COUNTIES[options.county]).nodes()
    if options.each:
        options.out.mkdir(parents=True, exist_ok=True)
        for node in [node for node in nodes if node.level == options.each]:
            print(node.code, node.name, write(rows_of(nodes, node.code), options.out / f"{node.code}.csv"))
        return
    tops = options.under or [nodes[0].code]
    print(write((row for top in tops for row in rows_of(nodes, top)), options.out))


if __name__ == "__main__":
    main()
