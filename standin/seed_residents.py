"""The residents' part of a seed: ``kf``, ``official_accounts``, ``residents`` (shapes: ``standin/README.md``)."""

from __future__ import annotations

from typing import Any

from standin.address import Callback
from standin.residents import Account, KfAccount, Resident
from standin.world import World

KEYS = ("kf", "official_accounts", "residents")


def plant(world: World, seed: dict[str, Any]) -> None:
    """Put them into *world*; a ValueError names what cannot be."""
    for row in seed.get("residents") or ():
        world.residents[row["id"]] = Resident(row["id"], row.get("name", row["id"]))
    for row in seed.get("kf") or ():
        _kf(world, row)
    for row in seed.get("official_accounts") or ():
        _account(world, row)


def _kf(world: World, row: dict[str, Any]) -> None:
    apps = [a for a in world.apps.values() if row.get("agentid") in (None, a.agentid)]
    if not apps:
        raise ValueError(f"seed: kf {row['open_kfid']!r} belongs to no app")
    made = KfAccount(row["open_kfid"], row.get("name", "微信客服"), apps[0].corpid, apps[0].key)
    made.page, made.empty_pages = int(row.get("page", 1000)), bool(row.get("empty_pages"))
    world.kf[made.open_kfid] = made


def _account(world: World, row: dict[str, Any]) -> None:
    to = row["callback"]
    made = Account(
        row["appid"],
        row["secret"],
        row.get("name", "公众号"),
        row.get("gh_id", "gh_" + row["appid"][-12:]),
        Callback(to["url"], to["token"], to["aeskey"]),
        templates=list(row.get("templates") or ()),
        ips=list(row.get("ips") or ()),
        unverified=bool(row.get("unverified")),
    )
    made.permanent = int(row.get("permanent", 0))
    world.accounts[made.appid] = made
