"""The county of a simulation: tree and people from the project's own data, and a register of invented households."""

import csv
import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.demo_seed import seed_of
from bot.household_commands import import_households
from demo.households import COLUMNS, family
from demo.stage import COUNTIES, HOUSEHOLDS, Stage
from handlers.domain.hierarchy import Tree
from handlers.domain.people import HolderRow
from simulate import province
from simulate.box import Box
from simulate.far import Far

WITHOUT_WECHAT = 0.2
"""The share of households that are reached by telephone only."""


@dataclass(frozen=True, slots=True)
class Home:
    """One isolated household. *lead* enters the decision; *number* is where it is called, *path* how it is named."""

    code: str
    name: str
    door: str
    path: str
    number: str
    lead: str
    wechat: bool


@dataclass(frozen=True, slots=True)
class County:
    """Who takes part. *workers* are the gridworkers by township, *groups* the townships' leaders' groups."""

    homes: Mapping[str, Home]
    grids: int
    households: int
    workers: Mapping[str, Sequence[HolderRow]]
    leads: Mapping[str, str]
    county_lead: str
    groups: Mapping[str, str]
    townships: Mapping[str, str]


def base(profile: str, folder: Path) -> tuple[Path, Path]:
    """Return the database with the county's tree and people, and its hierarchy file."""
    if profile == "jiangsu":
        return province.lay(folder / "simulate-jiangsu")
    return Stage(folder / "base", profile, 0, 0).base(), COUNTIES[profile][0]


def settle(box: Box, far: Far, isolated: int, seed: int, folder: Path) -> County:
    """Put the chosen households into the register and everybody into the far side's world; returns who takes part."""
    parts = box.parts()
    context = parts.counties.context()
    tree, dice = context.tree, random.Random(f"{seed} homes")
    with parts.store.read() as work:
        holders = work.people.holders(context.day)
        rooms = {chat.node_id: chat.address for chat in work.chats.all("appchat")}
    towns = {node.id: node for node in tree if node.level == "township"}
    workers: dict[str, list[HolderRow]] = defaultdict(list)
    for row in holders:
        town = tree.at_level(row.node_id, "township") if row.role == "gridworker" else None
        if town is not None:
            workers[towns[town].code].append(row)
    leads = {towns[row.node_id].code: row.userid for row in holders if row.role == "township_lead"}
    grids = sorted({row.node_id for rows in workers.values() for row in rows})
    chosen = _choose(tree, grids, isolated, dice)
    rows = {code: family(code) for code in chosen}
    _register(folder / "households.csv", rows)
    outcome = import_households(folder / "households.csv", parts.store, context)
    if outcome.saved is None:
        raise RuntimeError(str(outcome.plan.errors[:3]))
    homes = {}
    for code in chosen:
        node = tree.by_code(code)
        assert node is not None
        first, town = rows[code][0], tree.at_level(node.id, "township")
        assert town is not None
        homes[code] = Home(
            code, first["姓名"], node.name, tree.path_name(node.id), first["手机号"], leads[towns[town].code],
            random.Random(f"{seed} {code} wechat").random() >= WITHOUT_WECHAT,
        )  # fmt: skip
    far.plant(seed_of(parts, "http://127.0.0.1:9"))
    _bind(box, far, homes, context.now)
    return County(
        homes, len(grids), tree.count(tree.root.id, "household"), dict(workers), leads,
        next(row.userid for row in holders if row.role == "county_lead"),
        {towns[n].code: rooms[n] for n in towns if n in rooms}, {towns[n].code: towns[n].name for n in towns},
    )  # fmt: skip


def _choose(tree: Tree, grids: Sequence[int], isolated: int, dice: random.Random) -> list[str]:
    """Choose households evenly over the grids, none of the sample register's."""
    with HOUSEHOLDS.open(encoding="utf-8-sig", newline="") as file:
        known = {row["户编码"] for row in csv.DictReader(file)}
    found: list[str] = []
    for n, grid in enumerate(grids):
        share = isolated * (n + 1) // len(grids) - isolated * n // len(grids)
        codes = [code for one in tree.within(grid, "household") if (code := tree.node(one).code) not in known]
        found += sorted(dice.sample(codes, min(share, len(codes))))
    return found


def _register(path: Path, rows: Mapping[str, list[dict[str, str]]]) -> None:
    """Write the register; the first of each household has a number of their own."""
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        out.writeheader()
        for n, family_rows in enumerate(rows.values()):
            family_rows[0]["手机号"] = f"104{n:08d}"
            for row in family_rows[1:]:
                row["手机号"] = ""
            out.writerows(family_rows)


def _bind(box: Box, far: Far, homes: Mapping[str, Home], now: datetime) -> None:
    """Whoever has WeChat scanned the code on their door once: the address is theirs."""
    parts = box.parts()
    tree, day = parts.counties.context().tree, parts.counties.context().day
    with parts.store.begin() as work:
        for home in homes.values():
            if not home.wechat:
                continue
            node = tree.by_code(home.code)
            assert node is not None
            own = next(one for one in work.households.contacts(node.id, day) if one.name == home.name)
            work.households.bind_address(own.id, "kf", far.external(home.code), now)
