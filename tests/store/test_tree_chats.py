"""Groups and the codes that bind them."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest

from handlers.domain.chats import CODE_LETTERS, Chat
from handlers.domain.hierarchy import NodeIn
from handlers.domain.roster import PlannedChat
from store.chats import ChatRepo
from store.engine import Database
from store.tree import TreeRepo

NOW = datetime(2022, 4, 3, 1, tzinfo=UTC)
ROWS = (
    NodeIn("35", "示例县", "county", None),
    NodeIn("v1", "旗山村", "village", "35"),
    NodeIn("g1", "一格", "grid", "v1"),
)


@pytest.fixture
def county(database: Database) -> Database:
    """A database with three nodes: 1 the county, 2 a village, 3 its grid."""
    with database.begin() as connection:
        TreeRepo(connection).import_nodes(ROWS, date(2022, 4, 3), now=NOW, sha256="a")
    return database


def test_a_code_binds_one_group_once(county: Database) -> None:
    with county.begin() as connection:
        code = ChatRepo(connection).new_code(2, NOW)
    assert len(code) == 4
    assert set(code) <= set(CODE_LETTERS)
    with county.begin() as connection:
        chats = ChatRepo(connection)
        assert chats.node_of_code(code.lower(), NOW) == 2
        bound = chats.bind(f" {code.lower()} ", "aibot", "room-1", "旗山村群", NOW)
        assert bound is not None
        assert bound == Chat(bound.id, 2, "aibot", "room-1", "旗山村群", ("hear", "push"))
    with county.begin() as connection:
        chats = ChatRepo(connection)
        assert chats.bound("aibot", "room-1") == bound == chats.get(bound.id)
        assert chats.bound("appchat", "room-1") is None
        assert chats.bind(code, "aibot", "room-2", "", NOW) is None
        assert chats.node_of_code(code, NOW) is None


def test_a_wrong_a_late_and_a_used_code_are_told_apart_by_nobody(county: Database) -> None:
    with county.begin() as connection:
        chats = ChatRepo(connection)
        code = chats.new_code(2, NOW, valid_for=timedelta(days=7))
        assert chats.bind(code, "aibot", "room-1", "", NOW + timedelta(days=7)) is None
        assert chats.bind("0O1I" + "x" * 100, "aibot", "room-1", "", NOW) is None
        assert chats.bound("aibot", "room-1") is None
        bound = chats.bind(code, "aibot", "room-1", "", NOW + timedelta(days=6))
        assert bound is not None
        assert bound.node_id == 2


def test_two_groups_that_use_one_code_at_once(county: Database) -> None:
    with county.begin() as connection:
        code = ChatRepo(connection).new_code(2, NOW)

    def post(room: str) -> bool:
        with county.begin() as connection:
            return ChatRepo(connection).bind(code, "aibot", room, "", NOW) is not None

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(post, [f"room-{n}" for n in range(8)])) == 1
    with county.read() as connection:
        assert len(ChatRepo(connection).all("aibot")) == 1


def test_old_codes_are_swept_and_fresh_ones_kept(county: Database) -> None:
    with county.begin() as connection:
        chats = ChatRepo(connection)
        old = chats.new_code(2, NOW - timedelta(days=60))
        fresh = [chats.new_code(2, NOW) for _ in range(40)]
        assert len(set(fresh)) == 40
        assert chats.node_of_code(old, NOW) is None
        assert {chats.node_of_code(code, NOW) for code in fresh} == {2}


def test_a_group_that_is_bound_again_moves_and_keeps_its_name(county: Database) -> None:
    with county.begin() as connection:
        chats = ChatRepo(connection)
        first = chats.put(2, "aibot", "room-1", "一家亲❤️", NOW)  # found by its address whatever it is called
        moved = chats.put(3, "aibot", "room-1", "", NOW + timedelta(days=1))
        assert (moved.id, moved.node_id, moved.name) == (first.id, 3, "一家亲❤️")
        assert chats.of_nodes([2]) == ()


def test_the_groups_of_a_node_are_its_own_and_all_of_them(county: Database) -> None:
    with county.begin() as connection:
        chats = ChatRepo(connection)
        rooms = [chats.put(3, "relay", f"G{n}", f"{n}群", NOW) for n in (1, 2)]  # over 500 members: two groups
        staff = chats.put(2, "appchat", "yt1", "村群", NOW)
        assert chats.of_nodes([3]) == tuple(rooms)
        assert chats.of_nodes([1, 2, 3], "appchat") == (staff,)
        assert chats.of_nodes([]) == ()
        assert chats.all() == (*rooms, staff)
        assert [chat.can("push") for chat in chats.all()] == [False, False, True]
        chats.unbind(rooms[0].id)  # dissolved
        assert chats.of_nodes([3]) == (rooms[1],)
        assert chats.bound("relay", "G1") is None
        gone = chats.get(rooms[0].id)
        assert gone is not None
        assert not gone.active
        assert chats.put(3, "relay", "G1", "1群", NOW).active


def test_a_list_of_groups_is_saved_at_once_and_again_without_change(county: Database) -> None:
    listed = [
        PlannedChat("v1", "appchat", "yt1", "村群", ("push",)),
        PlannedChat("g1", "relay", "G1", "户群", ("human",)),
    ]
    ids = {"v1": 2, "g1": 3}
    with county.begin() as connection:
        assert ChatRepo(connection).save(listed, ids, NOW) == 2
        assert ChatRepo(connection).save(listed, ids, NOW + timedelta(days=1)) == 0
        renamed = [PlannedChat("g1", "appchat", "yt1", "新名", ("push", "hear")), listed[1]]
        assert ChatRepo(connection).save(renamed, ids, NOW) == 1
        moved = ChatRepo(connection).bound("appchat", "yt1")
        assert moved is not None
        assert (moved.node_id, moved.name, moved.capabilities) == (3, "新名", ("push", "hear"))
