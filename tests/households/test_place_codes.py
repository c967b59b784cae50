"""Codes of places: signed, replaced, revoked, and one answer for everything that opens nothing."""

import base64
import doctest
import secrets
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Connection, event, func, select, text

from handlers.domain import care_team, household, place_code
from handlers.domain.hierarchy import NodeIn
from handlers.domain.place_code import KF_SCENE_LIMIT, OA_SCENE_LIMIT, CodeKind, kf_link, page_link, scene, token_of
from store.cipher import FieldCipher
from store.engine import Database
from store.models import place_code as table
from store.place_codes import PlaceCodeRepo
from store.tree import TreeRepo

NOW = datetime(2026, 2, 8, 1, tzinfo=UTC)
DAY = timedelta(days=1)
ROWS = (
    NodeIn("35", "示例县", "county", None),
    NodeIn("3501", "清凉镇", "township", "35"),
    *(NodeIn(f"3501-{n:04d}", f"{n:04d}户", "household", "3501") for n in range(1, 6)),
)
VILLAGE, HOUSE, OTHER = 2, 3, 4


@pytest.fixture
def connection(database: Database) -> Iterator[Connection]:
    with database.begin() as connection:
        TreeRepo(connection).import_nodes(ROWS, date(2026, 1, 1), now=NOW, sha256="a")
        yield connection


@pytest.fixture
def codes(connection: Connection) -> PlaceCodeRepo:
    return PlaceCodeRepo(connection)


@pytest.mark.parametrize("module", [place_code, household, care_team])
def test_the_examples_in_the_words_are_true(module: object) -> None:
    assert doctest.testmod(module).failed == 0  # type: ignore[arg-type]


def test_a_code_opens_its_place_and_printing_again_gives_the_same(codes: PlaceCodeRepo) -> None:
    made = codes.issue(HOUSE, CodeKind.HOUSEHOLD, NOW)
    assert codes.read(made.token, NOW) == made
    assert (made.node_id, made.kind, made.serial, made.until, made.replaced) == (HOUSE, "household", 1, None, False)
    assert codes.issue(HOUSE, CodeKind.HOUSEHOLD, NOW + 400 * DAY) == made
    assert made.token not in repr(made)
    assert len(base64.urlsafe_b64decode(made.token)) == 24  # 128 random bits and the signature


def test_places_do_not_share_codes_and_nothing_is_read_out_of_one(codes: PlaceCodeRepo) -> None:
    made = codes.issue_many(((n, CodeKind.HOUSEHOLD) for n in range(3, 8)), NOW)
    assert sorted(made) == [3, 4, 5, 6, 7]
    tokens = [code.token for code in made.values()]
    assert len({token[:4] for token in tokens}) == 5  # no common head to tell a town by
    assert {codes.read(token, NOW).node_id for token in tokens} == set(made)  # type: ignore[union-attr]


def test_a_new_print_replaces_the_old_which_has_a_weeks_grace(codes: PlaceCodeRepo) -> None:
    first = codes.issue(VILLAGE, CodeKind.NODE, NOW)
    second = codes.rotate([(VILLAGE, CodeKind.NODE)], NOW)[VILLAGE]
    assert (second.serial, second.replaced, second.token != first.token) == (2, False, True)
    assert codes.issue(VILLAGE, CodeKind.NODE, NOW) == second
    old = codes.read(first.token, NOW + 6 * DAY)
    assert old is not None
    assert (old.node_id, old.serial, old.replaced, old.until) == (VILLAGE, 1, True, NOW + 7 * DAY)
    assert codes.read(first.token, NOW + 7 * DAY) is None
    third = codes.rotate([(VILLAGE, CodeKind.NODE)], NOW + DAY)[VILLAGE]
    assert codes.read(first.token, NOW + DAY) is None  # only the last print has grace
    assert codes.read(second.token, NOW + DAY) is not None
    assert codes.read(third.token, NOW + 900 * DAY) == third
    assert [code.serial for code in codes.of_node(VILLAGE)] == [3, 2, 1]


def test_grace_never_makes_a_code_live_longer(codes: PlaceCodeRepo) -> None:
    short = codes.issue(VILLAGE, CodeKind.NODE, NOW, 2 * DAY)
    codes.rotate([(VILLAGE, CodeKind.NODE)], NOW)
    assert codes.read(short.token, NOW + DAY) is not None
    assert codes.read(short.token, NOW + 2 * DAY) is None


def test_a_code_that_ran_out_is_followed_by_a_new_one(codes: PlaceCodeRepo) -> None:
    made = codes.issue(HOUSE, CodeKind.HOUSEHOLD, NOW, 30 * DAY)
    assert codes.read(made.token, NOW + 30 * DAY - timedelta(seconds=1)) == made
    assert codes.read(made.token, NOW + 30 * DAY) is None
    again = codes.issue(HOUSE, CodeKind.HOUSEHOLD, NOW + 30 * DAY)
    assert (again.serial, again.token != made.token) == (2, True)


def test_a_revoked_code_is_worth_nothing_at_once(codes: PlaceCodeRepo) -> None:
    first = codes.issue(HOUSE, CodeKind.HOUSEHOLD, NOW)
    second = codes.rotate([(HOUSE, CodeKind.HOUSEHOLD)], NOW)[HOUSE]
    kept = codes.issue(OTHER, CodeKind.HOUSEHOLD, NOW)
    assert codes.revoke(HOUSE, "海报被换", NOW) == 2
    assert codes.read(first.token, NOW) is codes.read(second.token, NOW) is None
    assert codes.read(kept.token, NOW) == kept
    assert codes.issue(HOUSE, CodeKind.HOUSEHOLD, NOW).serial == 3
    assert codes.revoke(9999, "", NOW) == 0


def test_a_place_that_is_gone_has_no_code(codes: PlaceCodeRepo, connection: Connection) -> None:
    made = codes.issue(HOUSE, CodeKind.HOUSEHOLD, NOW)
    TreeRepo(connection).import_nodes(ROWS[:2], date(2026, 2, 8), now=NOW, sha256="b")
    assert codes.read(made.token, NOW) is None


def test_what_hangs_at_a_merged_household_opens_its_successor_for_a_week(codes: PlaceCodeRepo) -> None:
    gone, kept = (codes.issue(node, CodeKind.HOUSEHOLD, NOW) for node in (HOUSE, OTHER))
    assert codes.hand_over(HOUSE, OTHER, NOW) == 1
    found = codes.read(gone.token, NOW)
    assert found is not None
    assert (found.node_id, found.replaced) == (OTHER, True)
    assert codes.issue(OTHER, CodeKind.HOUSEHOLD, NOW) == kept
    assert codes.read(gone.token, NOW + 7 * DAY) is None


ODD = ("", " ", "A" * 32, "A" * 31, "A" * 33, "汉" * 32, "..%2f" * 7, "A" * 100_000, "\0" * 32, "AAAA AAAA" * 4)


@pytest.mark.parametrize("guess", ODD, ids=range(len(ODD)))
def test_any_other_text_reads_as_nothing(codes: PlaceCodeRepo, guess: str) -> None:
    assert codes.read(guess, NOW) is None


def test_one_mark_changed_anywhere_opens_nothing(codes: PlaceCodeRepo) -> None:
    token = codes.issue(HOUSE, CodeKind.HOUSEHOLD, NOW).token
    for at, mark in enumerate(token):
        other = "B" if mark == "A" else "A"
        assert codes.read(token[:at] + other + token[at + 1 :], NOW) is None


def test_guesses_open_nothing_and_cost_no_query(codes: PlaceCodeRepo, connection: Connection) -> None:
    codes.issue(HOUSE, CodeKind.HOUSEHOLD, NOW)
    asked: list[str] = []
    event.listen(connection, "before_cursor_execute", lambda *args: asked.append(args[2]))
    assert not any(codes.read(secrets.token_urlsafe(24), NOW) for _ in range(20_000))
    assert asked == []


def test_another_data_key_knows_none_of_our_codes(codes: PlaceCodeRepo) -> None:
    token = codes.issue(HOUSE, CodeKind.HOUSEHOLD, NOW).token
    current = FieldCipher.current()
    FieldCipher.install(b"another key, so that nothing can be opened"[:32])
    try:
        assert codes.read(token, NOW) is None
    finally:
        FieldCipher._installed = current
    assert codes.read(token, NOW) is not None


def test_a_copy_of_the_database_holds_no_token(codes: PlaceCodeRepo, connection: Connection) -> None:
    token = codes.issue(HOUSE, CodeKind.HOUSEHOLD, NOW).token
    row = connection.execute(text("SELECT lookup, secret FROM place_code")).one()
    for part in (token, token[:21], base64.urlsafe_b64decode(token)[:16].hex()):
        assert part not in row.lookup
        assert part.encode() not in bytes(row.secret)


def test_two_who_issue_at_once_hang_up_one_code(database: Database) -> None:
    with database.begin() as connection:
        TreeRepo(connection).import_nodes(ROWS, date(2026, 1, 1), now=NOW, sha256="a")
    found: list[str] = []

    def issue() -> None:
        with database.begin() as connection:
            made = PlaceCodeRepo(connection).issue_many([(n, CodeKind.HOUSEHOLD) for n in (3, 4, 5)], NOW)
            found.append("".join(code.token for code in made.values()))

    threads = [threading.Thread(target=issue) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 1
    assert len(found) == 6
    with database.read() as connection:
        assert connection.execute(select(func.count()).select_from(table)).scalar_one() == 3


def test_the_same_code_opens_in_three_ways(codes: PlaceCodeRepo) -> None:
    token = codes.issue(HOUSE, CodeKind.HOUSEHOLD, NOW).token
    link = kf_link("https://work.weixin.qq.com/kfid/kfc1?enc_scene=ENC", token)
    said = link.partition("scene_param=")[2]
    assert len(said.encode()) <= KF_SCENE_LIMIT
    assert len(scene(token)) <= OA_SCENE_LIMIT
    assert said == scene(token)  # nothing that an address would have to escape
    ways = (said, scene(token), f"qrscene_{scene(token)}", page_link("https://a.example", token), f"/d/{token}?x=1")
    assert {token_of(way) for way in ways} == {token}
    assert token_of("qrscene_" + "x" * 64) is None


def test_many_are_read_in_one_look_as_each_is_alone(codes: PlaceCodeRepo, connection: Connection) -> None:
    made = codes.issue_many(((node, CodeKind.HOUSEHOLD) for node in (HOUSE, OTHER, 5)), NOW)
    codes.revoke(OTHER, "换", NOW)
    tokens = [*(code.token for code in made.values()), "A" * 32, made[HOUSE].token[:-1] + "A", ""]
    asked: list[str] = []
    event.listen(connection, "before_cursor_execute", lambda *args: asked.append(args[2]))
    found = codes.read_many(tokens, NOW)
    assert len(asked) == 1
    assert found == {token: code for token in tokens if (code := codes.read(token, NOW)) is not None}
    assert set(found) == {made[HOUSE].token, made[5].token}
    assert codes.read_many(["x", ""], NOW) == {}
