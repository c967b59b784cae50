"""Moving, merging, splitting, closing: codes still found, people kept, dates kept, the file undoing nothing."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from household_samples import COUNTY, DAY, GRID, LEVELS, NOW, OTHER_GRID, ROWS, SECTOR, VILLAGE, keeper
from sqlalchemy import select

from handlers import close_household, merge_households, move_household, split_household
from handlers.domain.errors import Refused, UnknownNode
from handlers.domain.hierarchy import NodeIn
from handlers.domain.household import Relation, Step
from handlers.domain.place_code import CodeKind
from handlers.ports import Context
from store.models import audit, household_change
from store.tree import TreeRepo
from store.work import SqlWork, Store

A, B, C = "35010101-0001", "35010101-0002", "35010102-0001"
HOUSE, NEXT_DOOR, FAR = 6, 7, 11
NEXT = DAY + timedelta(days=1)
Fresh = Callable[[], Context]


def steps(work: SqlWork, household_id: int) -> list[Step]:
    return [change.step for change in work.households.history(household_id)]


def test_a_household_moves_with_its_people_its_code_and_its_door(work: SqlWork, ctx: Context, fresh: Fresh) -> None:
    member = work.households.add_member(HOUSE, "王拟花", DAY, NOW)
    door = work.codes.issue(HOUSE, CodeKind.HOUSEHOLD, NOW)
    assert move_household.run(A, OTHER_GRID, work, ctx) == A
    one = work.households.by_code(A)
    assert one is not None
    assert (one.id, one.grid_id, one.code) == (HOUSE, OTHER_GRID, A)
    assert work.households.members(HOUSE, DAY) == (member,)
    assert work.codes.read(door.token, NOW) == door
    assert fresh().tree.parent(HOUSE) == OTHER_GRID
    assert steps(work, HOUSE) == [Step.MOVED]
    assert work.household_steps.placed(HOUSE, DAY - timedelta(days=1)) == GRID
    assert work.household_steps.placed(HOUSE, DAY) == OTHER_GRID
    assert work.household_steps.placed(9999, DAY) is None


def test_a_moved_household_may_have_a_new_code_and_is_found_by_the_old(
    work: SqlWork, ctx: Context, fresh: Fresh
) -> None:
    assert move_household.run(A, OTHER_GRID, work, ctx, new_code="") == "35010102-0004"
    for code in (A, "35010102-0004"):
        one = work.households.by_code(code)
        assert one is not None
        assert (one.id, one.name) == (HOUSE, "0004户")
    tree = fresh().tree
    assert tree.by_code(A) == tree.by_code("35010102-0004")
    assert steps(work, HOUSE) == [Step.MOVED, Step.RECODED]
    with pytest.raises(Refused, match="用过了"):  # a code printed on a card is never given to others
        move_household.run(B, OTHER_GRID, work, fresh(), new_code=A)


def test_merged_households_are_found_under_one_and_lose_nobody(work: SqlWork, ctx: Context, fresh: Fresh) -> None:
    people = [
        work.households.add_member(house, f"王测{n}", DAY, NOW) for n, house in enumerate((HOUSE, NEXT_DOOR, FAR))
    ]
    daughter = work.households.add_contact(FAR, "林样女", Relation.CHILD, DAY, NOW, may_answer=True)
    work.households.bind_address(daughter.id, "kf", "wmA", NOW)
    for house, count in ((HOUSE, 2), (NEXT_DOOR, 1)):
        work.households.put(house, NOW, head_count=count)
    door = work.codes.issue(FAR, CodeKind.HOUSEHOLD, NOW)
    assert merge_households.run([B], A, work, ctx) == 2
    one = work.households.get(HOUSE)
    assert one is not None
    assert one.head_count == 3
    assert merge_households.run([C], A, work, fresh()) == 3
    one = work.households.get(HOUSE)
    assert one is not None
    assert one.head_count is None  # one of the two was unknown, and so is the sum
    assert [m.id for m in work.households.members(HOUSE, DAY)] == [person.id for person in people]
    assert [m.number for m in work.households.members(HOUSE, DAY)] == [1, 2, 3]
    for code in (A, B, C):
        found = work.households.by_code(code)
        assert found is not None
        assert found.id == HOUSE
        assert fresh().tree.by_code(code).id == HOUSE  # type: ignore[union-attr]
    assert [c.household_id for c in work.households.of_address("kf", "wmA", DAY)] == [HOUSE]
    opened = work.codes.read(door.token, NOW)
    assert opened is not None
    assert (opened.node_id, opened.replaced) == (HOUSE, True)
    assert steps(work, HOUSE) == [Step.TOOK_IN, Step.TOOK_IN]
    assert steps(work, FAR) == [Step.MERGED]
    gone = work.households.get(FAR)
    assert gone is not None
    assert gone.closed
    assert work.households.members(FAR, DAY - timedelta(days=1)) == ()
    assert not fresh().tree.has(FAR)


def test_a_proxy_of_both_households_is_one_after_the_merge(work: SqlWork, ctx: Context) -> None:
    for house in (HOUSE, NEXT_DOOR):
        one = work.households.add_contact(house, "林样女", Relation.CHILD, DAY, NOW)
        work.households.bind_address(one.id, "kf", "wmA", NOW)
        work.households.bind_address(one.id, "phone", f"1040000000{house}", NOW)
    merge_households.run([B], A, work, ctx)
    addresses = [a.address for c in work.households.contacts(HOUSE, DAY) for a in c.addresses]
    assert sorted(addresses) == ["10400000006", "10400000007", "wmA"]


def test_people_split_off_take_their_addresses_and_leave_the_proxies(work: SqlWork, ctx: Context, fresh: Fresh) -> None:
    old, son, child = (work.households.add_member(HOUSE, name, DAY, NOW) for name in ("王拟花", "王测", "王例"))
    work.households.put(HOUSE, NOW, head_count=4)
    proxy = work.households.add_contact(HOUSE, "林样女", Relation.CHILD, DAY, NOW, may_answer=True)
    own = work.households.add_contact(HOUSE, "王测", Relation.MEMBER, DAY, NOW, member_id=son.id)
    work.households.bind_address(own.id, "kf", "wmSon", NOW)
    called = split_household.run(A, [2, 3], work, ctx, grid_id=OTHER_GRID)
    assert called == "35010102-0004"
    made = work.households.by_code(called)
    assert made is not None
    assert (made.grid_id, made.name, made.head_count) == (OTHER_GRID, "0004户", 2)
    assert [m.id for m in work.households.members(made.id, DAY)] == [son.id, child.id]
    assert [m.id for m in work.households.members(HOUSE, DAY)] == [old.id]
    assert [c.id for c in work.households.contacts(HOUSE, DAY)] == [proxy.id]
    assert [c.household_id for c in work.households.of_address("kf", "wmSon", DAY)] == [made.id]
    one = work.households.get(HOUSE)
    assert one is not None
    assert one.head_count == 2
    assert steps(work, HOUSE) == [Step.SPLIT]
    assert steps(work, made.id) == [Step.SPLIT_OFF]
    assert fresh().tree.by_code(called).id == made.id  # type: ignore[union-attr]
    with pytest.raises(Refused, match="第9号"):
        split_household.run(called, [9], work, fresh())
    with pytest.raises(Refused, match="全家"):
        split_household.run(called, [1, 2], work, fresh())


def test_a_closed_household_ends_with_everything_on_it(work: SqlWork, ctx: Context, fresh: Fresh) -> None:
    work.households.add_member(HOUSE, "王拟花", DAY - timedelta(days=30), NOW)
    door = work.codes.issue(HOUSE, CodeKind.HOUSEHOLD, NOW)
    close_household.run(A, work, ctx)
    assert work.codes.read(door.token, NOW) is None
    assert work.households.members(HOUSE, DAY) == ()
    assert len(work.households.members(HOUSE, DAY - timedelta(days=1))) == 1
    with pytest.raises(Refused, match="注销"):
        move_household.run(A, OTHER_GRID, work, fresh())


def test_what_cannot_be_is_refused_in_words(work: SqlWork, ctx: Context) -> None:
    cases: list[tuple[Callable[[], object], str]] = [
        (lambda: move_household.run("没有", OTHER_GRID, work, ctx), "没有“没有”这一户"),
        (lambda: move_household.run(A, GRID, work, ctx), "本来就在"),
        (lambda: move_household.run(A, NEXT_DOOR, work, ctx), "不能放户"),
        (lambda: move_household.run(A, SECTOR, work, ctx), "不能放户"),
        (lambda: move_household.run(A, OTHER_GRID, work, ctx, day=NEXT), "还没到"),
        (lambda: move_household.run(A, OTHER_GRID, work, ctx, day=date(2025, 1, 1)), "31 天"),
        (lambda: merge_households.run([A], A, work, ctx), "并进自己"),
        (lambda: merge_households.run([], A, work, ctx), "哪一户"),
        (lambda: split_household.run(A, [1], work, ctx), "还没登记人"),
        (lambda: split_household.run(A, [], work, ctx), "哪几个人"),
    ]
    for run, say in cases:
        with pytest.raises(Refused, match=say):
            run()
    move_household.run(A, OTHER_GRID, work, ctx, day=DAY)
    with pytest.raises(Refused, match="日期不能更早"):
        move_household.run(A, GRID, work, ctx, day=DAY - timedelta(days=1))
    assert [row.household_id for row in work.connection.execute(select(household_change))] == [HOUSE]


def test_only_whoever_keeps_both_grids_moves_between_them(work: SqlWork, ctx: Context) -> None:
    for refused in (
        keeper(GRID),
        keeper(OTHER_GRID),
        keeper(VILLAGE, "auditor"),
        keeper(1, "sysadmin"),
        keeper(1, "sector"),
    ):
        with pytest.raises(UnknownNode):
            move_household.run(A, OTHER_GRID, work, ctx, by=refused)
    with pytest.raises(UnknownNode):
        merge_households.run([C], A, work, ctx, by=keeper(GRID))
    assert merge_households.run([B], A, work, ctx, by=keeper(GRID)) == 0
    move_household.run(A, OTHER_GRID, work, ctx, by=keeper(VILLAGE, "village_lead"))
    (change,) = [c for c in work.households.history(HOUSE) if c.step is Step.MOVED]
    assert change.by == 99
    noted = [(row.action, row.object) for row in work.connection.execute(select(audit))]
    assert noted == [("merge household", "household 7 into 6"), ("move household", "household 6 node 5")]


def test_nothing_is_kept_of_a_merge_that_breaks_in_the_middle(store: Store) -> None:
    def merge(fail: bool) -> None:
        with store.begin() as work:
            ctx = Context(NOW, COUNTY, work.tree.load(LEVELS, DAY))
            merge_households.run([B, C], A, work, ctx)
            if fail:
                raise OSError("power cut")

    with pytest.raises(OSError, match="power cut"):
        merge(fail=True)
    with store.read() as work:
        assert work.households.history(HOUSE) == ()
        assert work.households.by_code(B).id == NEXT_DOOR  # type: ignore[union-attr]
    merge(fail=False)
    with store.read() as work:
        assert work.households.by_code(C).id == HOUSE  # type: ignore[union-attr]


def test_importing_the_hierarchy_again_undoes_nothing(work: SqlWork, ctx: Context, fresh: Fresh) -> None:
    move_household.run(A, OTHER_GRID, work, ctx, new_code="")
    merge_households.run([B], C, work, fresh())
    work.households.add_member(8, "王测", DAY, NOW)
    work.households.add_member(8, "王例", DAY, NOW)
    made = split_household.run("35010101-0003", [2], work, fresh())
    before = {node.code: node.parent_id for node in fresh().tree}
    assert work.tree.drift(ROWS) == ()
    done = work.tree.import_nodes(ROWS, NEXT, now=NOW, sha256="b")
    assert (done.new, done.changed, done.closed) == (0, 0, 0)
    assert {node.code: node.parent_id for node in fresh().tree} == before
    assert made in before
    assert A not in before
    assert B not in before


def test_where_the_file_closes_a_grid_it_says_where_its_households_go(work: SqlWork, ctx: Context) -> None:
    move_household.run(A, OTHER_GRID, work, ctx)
    rows = [row for row in ROWS if row.code != "35010102" and row.parent_code != "35010102"]
    rows += [NodeIn(C, "0001户", "household", "35010101")]
    work.tree.import_nodes(rows, NEXT, now=NOW, sha256="b")
    tree = TreeRepo(work.connection).load(LEVELS, NEXT)
    assert tree.parent(HOUSE) == tree.parent(FAR) == GRID


def test_every_process_hears_of_a_step(work: SqlWork, ctx: Context) -> None:
    before = work.tree.version()
    move_household.run(A, OTHER_GRID, work, ctx)
    assert work.tree.version() != before
