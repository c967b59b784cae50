"""Counts under five are not shown upwards, and cannot be worked out from what is."""

import random

from village import Village, person

from handlers import declared_counts
from handlers.domain.small_counts import THRESHOLD, Branch, shown


def tree(pick: random.Random, depth: int, number: list[int]) -> Branch:
    """A random tree whose counts add up; many of them small."""
    number[0] += 1
    node_id = number[0]
    if depth == 0:
        return Branch(node_id, pick.choice((0, 0, 1, 1, 2, 3, 4, 5, 8, 20)))
    children = tuple(tree(pick, depth - 1, number) for _ in range(pick.randint(1, 5)))
    return Branch(node_id, sum(child.count for child in children), children)


def bounds(root: Branch, seen: dict[int, int | None]) -> dict[int, tuple[int, int]]:
    """What somebody can work out who sees *seen* and knows that children add up: least and most, to a fixed point."""
    low: dict[int, int] = {}
    high: dict[int, int] = {}

    def start(branch: Branch) -> None:
        known = seen[branch.node_id]
        low[branch.node_id], high[branch.node_id] = (known, known) if known is not None else (0, 10**6)
        for child in branch.children:
            start(child)

    def tighten(branch: Branch) -> bool:
        moved = False
        if branch.children:
            ids = [child.node_id for child in branch.children]
            new_low = max(low[branch.node_id], sum(low[i] for i in ids))
            new_high = min(high[branch.node_id], sum(high[i] for i in ids))
            moved = (new_low, new_high) != (low[branch.node_id], high[branch.node_id])
            low[branch.node_id], high[branch.node_id] = new_low, new_high
            for i in ids:
                least = max(low[i], new_low - sum(high[j] for j in ids if j != i))
                most = min(high[i], new_high - sum(low[j] for j in ids if j != i))
                moved |= (least, most) != (low[i], high[i])
                low[i], high[i] = least, most
            for child in branch.children:
                moved |= tighten(child)
        return moved

    start(root)
    while tighten(root):
        pass
    return {node: (low[node], high[node]) for node in low}


def nodes(branch: Branch) -> list[Branch]:
    return [branch, *(one for child in branch.children for one in nodes(child))]


def test_ten_thousand_counts_left_out_and_none_worked_out() -> None:
    pick, left_out = random.Random(7), 0
    while left_out < 10_000:
        root = tree(pick, 3, [0])
        seen = dict(shown(root))
        known = bounds(root, seen)
        for branch in nodes(root):
            value = seen[branch.node_id]
            if value is None:
                left_out += 1
                least, most = known[branch.node_id]
                assert most - least >= 2, (branch.node_id, least, most)
            else:
                assert value == branch.count
                assert value == 0 or value >= THRESHOLD


def test_what_need_not_be_hidden_is_shown() -> None:
    root = Branch(1, 30, (Branch(2, 10), Branch(3, 20)))
    assert shown(root) == {1: 30, 2: 10, 3: 20}
    assert shown(Branch(1, 0, (Branch(2, 0), Branch(3, 0)))) == {1: 0, 2: 0, 3: 0}


def test_a_single_small_one_takes_the_next_along() -> None:
    root = Branch(1, 38, (Branch(2, 1), Branch(3, 7), Branch(4, 30)))
    assert shown(root) == {1: 38, 2: None, 3: None, 4: 30}


def test_the_village_sees_what_is_large_enough(village: Village) -> None:
    for n in range(6):
        village.declare(person(name=f"样例{'甲乙丙丁戊己'[n]}", symptoms=("cough",)), at="v1g1h1")
    village.declare(person(name="样例庚", symptoms=("cough",)), at="v1g2h1")
    with village.store.read() as work:
        seen = declared_counts.totals(village.node("v1"), village.ctx.day, "symptom_cough", work, village.ctx)
        county = declared_counts.totals(village.node("c"), village.ctx.day, "symptom_fever", work, village.ctx, depth=3)
    assert seen[village.node("v1")] == 7
    assert seen[village.node("v1g1")] is None  # shown, it would give the other grid's single one away
    assert seen[village.node("v1g2")] is None
    assert county[village.node("v1")] == 0  # people declared there, and none has a fever
    assert village.node("v2") not in county  # nobody declared there: 未报, not 0


def test_totals_follow_the_tree_when_it_is_counted_anew(village: Village) -> None:
    village.declare(person(symptoms=("cough",)))
    before = village.count("t1", "symptom_cough")
    with village.store.begin() as work:
        declared_counts.recount([village.ctx.day], work, village.ctx)
    assert village.count("t1", "symptom_cough") == before == 1
    assert village.count("v1g1", "declared_people") == 1


def test_the_cohort_of_arrivals(village: Village) -> None:
    from village import WUHAN

    village.declare(person(journey=WUHAN))
    village.declare(person(name="赵样", journey=WUHAN), at="v1g2h1")
    village.forward(days=3)
    village.declare(person(journey=WUHAN))  # the same person again is the same arrival
    with village.store.read() as work:
        days = declared_counts.cohort(village.node("v1"), village.ctx.day, 14, work)
    assert len(days) == 15
    assert {day.isoformat(): dict(found) for day, found in days if found} == {"2020-01-22": {"returnees_wuhan": 2}}


# -- said in a chat ----------------------------------------------------------------------------------------------------


def test_leaders_hear_the_symptoms_of_the_day_and_too_few_are_left_out(hamlet: Village) -> None:
    assert "还没有人申报" in hamlet.say("boss", "申报汇总")
    people = [person(f"p{n}", name=f"样例{'甲乙丙丁戊己庚'[n]}", symptoms=("cough",)) for n in range(6)]
    hamlet.declare(*people, at="v1g1h1")
    hamlet.declare(person(name="李样", temperature="37.9", symptoms=("fatigue",)), at="v1g2h1")
    heard = hamlet.say("boss", "今天申报情况")
    assert "申报7,量体温7,37.3℃以上<5" in heard
    assert "干咳6" in heard
    assert "乏力<5" in heard
    assert "未报,不是0):杨树村" in heard
    assert "李样" not in heard
    doctor = hamlet.say("zhou", "症状汇总")
    assert "37.3℃以上1" in doctor
    assert "乏力1" in doctor
    assert "发热在:第02网格1" in doctor


def test_a_group_hears_no_small_number_even_from_its_gridworker(hamlet: Village) -> None:
    hamlet.declare(person(temperature="37.9"))
    with hamlet.store.begin() as work:
        work.chats.put(hamlet.node("v1g1"), "aibot", "group1", "一格群", hamlet.now)
    hamlet.say("lv", "申报汇总", group="group1")
    told = [text for text in hamlet.all_letters() if "今天的申报" in text]
    assert told
    assert all("以上1" not in text for text in told)
