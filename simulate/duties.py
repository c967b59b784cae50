"""What the days bring: decisions entered, orders sent, reports made; put on people's agenda, drawn from the seed."""

from collections import Counter
from datetime import timedelta

from simulate.people import People

PAPER = "机关 样例县防指 文号 样防{n}号 依据 传染病防治法第三十九条 申诉 12345"


def orders(people: People, town: str, minutes: float) -> None:
    """The township's lead will send every grid an order."""
    local = people.local()
    name = people.county.townships[town]
    words = f"给所有网格发 {name}{local.month}月{local.day}日下午5点前把空户再看一遍 看完报数"
    people.orders[people.county.leads[town]] = words
    people.will("say", people.county.leads[town], words, minutes)


def reports(people: People, minutes: float, every: int, turn: int) -> int:
    """Every so many townships will report, all their grids; returns how many do."""
    count, day = 0, people.local().date()
    grids = Counter(row.userid for rows in people.county.workers.values() for row in rows)
    for n, (town, rows) in enumerate(sorted(people.county.workers.items())):
        if (n + turn) % every:
            continue
        alone = (row for row in rows if grids[row.userid] == 1)  # who has two grids would have to say which
        for row in sorted(alone, key=lambda row: row.userid):
            dice = people.dice("report", row.userid, day)
            knocked = dice.randint(8, 25)  # the smallest grids have 28 households
            grid = str(row.node_id)
            if grid in people.ledger.reports[town, day]:
                continue  # a second worker of the same grid
            people.ledger.reports[town, day][grid] = knocked
            words = f"今天敲门{knocked} 空户{dice.randint(0, 5)} 隔离{dice.randint(0, 3)}户 发热0"
            people.will("say", row.userid, words, minutes + dice.uniform(0, 80))
            count += 1
    for town, day_ in people.ledger.reports:
        if day_ == day:
            people.will("say", people.county.leads[town], "汇总", minutes + 345)
    return count


def decisions(people: People, minutes: float, expected: timedelta) -> None:
    """The leads will enter a decision for every household."""
    today = people.local().date()
    for code, home in people.county.homes.items():
        dice = people.dice("decision", code)
        start = today - timedelta(days=dice.randint(0, 4))
        until = start + expected
        words = (
            f"隔离 {code} {home.name} 从{start.month}月{start.day}日 到{until.month}月{until.day}日 {PAPER.format(n=2)}"
        )
        people.will("say", home.lead, words, minutes + dice.uniform(0, 20))


def ends(people: People, minutes: float, share: float) -> None:
    """The leads will enter the end of some isolations."""
    for code, number in sorted(people.episodes.items()):
        dice = people.dice("end", code)
        if dice.random() < share:
            words = f"解除隔离 {number} {PAPER.format(n=9)}"
            people.will("say", people.county.homes[code].lead, words, minutes + dice.uniform(0, 60))
