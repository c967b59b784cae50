"""Nothing is kept longer than promised: four hundred days on a virtual clock, one rule a column, clocks that jump."""

from datetime import UTC, date, datetime, timedelta

import pytest
from ageing_samples import fill, left, longest
from sqlalchemy import insert, select
from village import WUHAN, Village, person

from bot.keeping import Keeping
from handlers import rights
from handlers.domain.privacy import Personal
from handlers.domain.retention import STEP, WATCH_FOR, Trust, Watch, believe, look
from store import models as m
from store.ageing import BY_HAND, RULES
from store.engine import Database
from store.migrate import migrate
from store.models import metadata
from store.tombstones import Tombstones, bring_together

pytestmark = pytest.mark.long


def test_every_personal_column_ages_by_exactly_one_rule() -> None:
    """A table or column that somebody adds and forgets here fails the build."""
    wanted = {
        (table.name, column.name)
        for table in metadata.tables.values()
        for column in table.columns
        if isinstance(column.info["about"], Personal)
    }
    covered = [(rule.table.name, column) for rule in RULES for column in rule.columns]
    covered += [(table, column) for table, columns in BY_HAND.items() for column in columns]
    assert sorted(covered) == sorted(set(covered))
    assert set(covered) == wanted


# -- the clock ---------------------------------------------------------------------------------------------------------

AT = datetime(2020, 2, 8, tzinfo=UTC)


def test_an_even_clock_is_believed_from_the_second_look_on() -> None:
    watch, trust = look(Watch(), AT)
    assert trust is Trust.FIRST
    for hour in range(1, 500):
        watch, trust = look(watch, AT + timedelta(hours=hour))
        assert trust is Trust.GOOD


@pytest.mark.parametrize("jump", [STEP + timedelta(hours=1), timedelta(days=400), -timedelta(days=1)])
def test_after_a_jump_nothing_is_destroyed_until_the_clock_ran_a_day(jump: timedelta) -> None:
    watch, _ = look(believe(AT), AT + timedelta(minutes=10))
    start = AT + jump
    seen = []
    for minutes in range(0, 60 * 26, 10):
        watch, trust = look(watch, start + timedelta(minutes=minutes))
        seen.append(trust)
    assert seen[0] in (Trust.JUMPED, Trust.BACK)
    waited = seen.index(Trust.GOOD)
    assert waited * timedelta(minutes=10) >= WATCH_FOR
    assert set(seen[waited:]) == {Trust.GOOD}


def test_a_clock_put_right_is_believed_at_once() -> None:
    watch = believe(AT)
    watch, trust = look(watch, AT + timedelta(days=400))
    assert trust is Trust.JUMPED
    watch, trust = look(watch, AT + timedelta(minutes=20))
    assert trust is Trust.GOOD


def test_a_clock_that_jumps_about_is_never_believed() -> None:
    watch = believe(AT)
    for n in range(1, 60):
        watch, trust = look(watch, AT + timedelta(days=100 * n))
        assert trust is not Trust.GOOD


# -- four hundred days -------------------------------------------------------------------------------------------------


class Clocked:
    """What `Keeping` needs of the counties: the moment and the zone."""

    def __init__(self, village: Village) -> None:
        self._village, self.county = village, village.county

    def now(self) -> datetime:
        return self._village.now


def test_four_hundred_days_of_a_village(village: Village, tmp_path) -> None:
    answer = village.declare(person(journey=WUHAN, temperature="37.8", phone="10400000009"))
    village.say("zhou", "接1")
    village.say("zhou", "1 办好了 已经退烧")
    assert answer.people[0].receipt is not None
    fill(village)
    start = village.now
    limits = longest()
    absent = {"rights_request.reason", "question.body", "audit.person_id"}  # of these there is none, or is told apart
    assert set(limits) - set(left(village)) == absent
    keeping = Keeping(village.store, Clocked(village), tmp_path / "stones")
    assert keeping.run() == 0  # nobody looked before
    last_days = {days + 2 for days in limits.values()}  # the first on which nothing of a column may be left
    around = {day + shift for day in last_days for shift in (-2, -1, 0)} | {1, 400}
    # every day on SQLite; on PostgreSQL, where a day is ten times as dear, the days around each end
    for day in range(1, 401) if village.database.sqlite else sorted(d for d in around if 0 < d <= 400):
        village.now = start + timedelta(days=day, hours=1)
        if not village.database.sqlite:
            keeping.believe()
        gone = keeping.run()
        if gone or day in last_days:
            late = {name: day for name in left(village) if day > limits[name] + 1}
            assert late == {}, late
    assert {name.partition(".")[0] for name in left(village)} <= {"consent"}  # the proof of consent, three years
    assert village.count("v1", "declared_people", day=date(2020, 1, 27)) == 1  # counts name nobody, and stay
    with village.store.read() as work:
        rows, _, broken = work.audit.verify()
    assert broken is None
    assert rows >= 3
    with village.database.read() as c:
        assert c.execute(select(m.audit)).all() == []


def test_what_is_kept_is_kept_until_its_day(village: Village, tmp_path) -> None:
    """Not earlier either: the day before its day a declaration is still there for the one it is about."""
    village.declare(person(journey=WUHAN))
    keeping = Keeping(village.store, Clocked(village), tmp_path / "stones")
    for _ in range(22):  # to the 18th of February: released on the 5th, destroyed on the 19th
        village.forward(days=1)
        keeping.run()
    with village.store.read() as work:
        [said] = work.declarations.of_subject(1)
    assert said.facts is not None
    assert said.destroy_on == date(2020, 2, 19)
    assert village.ctx.day == date(2020, 2, 18)
    village.forward(days=1)
    keeping.run()
    with village.store.read() as work:
        assert work.subjects.get(1).profile is None


def test_a_jump_of_the_clock_destroys_nothing_and_sounds_an_alarm(village: Village, tmp_path) -> None:
    village.declare(person(journey=WUHAN))
    keeping = Keeping(village.store, Clocked(village), tmp_path / "stones")
    keeping.run()
    village.forward(minutes=10)
    keeping.run()
    village.forward(days=400)
    assert keeping.run() == 0
    village.forward(minutes=10)
    assert keeping.run() == 0
    with village.database.read() as c:
        assert [row.kind for row in c.execute(select(m.alarm)).all()] == ["clock_jumped"]
        assert c.execute(select(m.declaration.c.journey)).scalar_one() is not None
    keeping.believe()  # somebody looked, and the clock is right
    village.forward(minutes=10)
    assert keeping.run() > 0


# -- copies ------------------------------------------------------------------------------------------------------------


def test_an_erased_person_who_comes_back_with_a_copy_is_erased_again(village: Village, tmp_path) -> None:
    """What a restore does: the rows and keys of yesterday are back, the tombstones outside are of today."""
    answer = village.declare(person(journey=WUHAN, temperature="37.8", phone="10400000009"))
    stays = village.declare(person(name="赵样"), at="v1g2h1")
    tables = [m.person_key, m.subject, m.declaration, m.colour_receipt, m.question, m.care_task, m.tombstone]
    with village.database.read() as c:
        copy = {table: [dict(row) for row in c.execute(select(table)).mappings()] for table in tables}
    with village.store.begin() as work:
        rights.erase(answer.me_token, None, work, village.ctx)
    stones = Tombstones(tmp_path / "stones")
    assert bring_together(village.store, stones, village.now) == (2, 0)
    with village.database.begin() as c:
        for table in (m.rights_request, m.mention, *reversed(tables)):
            c.execute(table.delete())
        for table in tables:
            if copy[table]:
                c.execute(insert(table), copy[table])
    with village.store.read() as work:
        assert work.subjects.get(1).name == "王样花"  # back from the copy
    assert bring_together(village.store, stones, village.now) == (0, 1)
    with village.store.read() as work:
        assert work.subjects.get(1).profile is None
        assert work.subjects.get(2).name == "赵样"  # nobody else's
    assert bring_together(village.store, stones, village.now) == (0, 0)
    assert stays.me_token


def test_a_torn_line_of_the_file_costs_that_line_only(tmp_path) -> None:
    stones = Tombstones(tmp_path / "deep" / "stones")
    assert stones.add({"a" * 32: AT}) == 1
    with (tmp_path / "deep" / "stones").open("a") as file:
        file.write("b" * 20)
    assert stones.add({"a" * 32: AT, "c" * 32: AT}) == 1
    assert set(stones.read()) == {"a" * 32, "c" * 32}
    assert stones.add({"a" * 32: AT}) == 0


def test_no_word_of_an_erased_person_is_left_in_any_file(tmp_path) -> None:
    """The database, its write-ahead log and its free pages, opened with the data key in hand: nothing opens."""
    from handlers import rights

    database = Database(f"sqlite:///{tmp_path / 'geying.db'}")
    migrate(database)
    village = Village(database)
    answer = village.declare(person(journey=WUHAN, name="金丝雀", phone="10400000009", temperature="38.8"))
    village.say("zhou", "接1")
    with village.store.begin() as work:
        wrapped = [bytes(r) for r in work.connection.exec_driver_sql("SELECT wrapped FROM person_key").scalars()]
        rights.erase(answer.me_token, None, work, village.ctx)
    database.scrub()
    files = {path: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()}
    assert len(wrapped) == 2
    for path, data in files.items():
        for canary in ("金丝雀", "10400000009", "38.8", "武汉"):
            assert canary.encode() not in data, (path, canary)
        for key in wrapped:
            assert key not in data, path
    database.close()


def test_many_old_rows_of_two_part_keys_go_at_once(village: Village) -> None:
    first = village.ctx.day - timedelta(days=90)
    with village.store.begin() as work:
        rows = [
            {"household_id": n, "plan": "elders", "first_day": first, "last_day": first, "since_at": village.now}
            for n in range(1, 1501)
        ]
        work.connection.execute(insert(m.enrolment), rows)
    with village.store.begin() as work:
        assert work.ageing.run(village.now, village.county.tz) == {"enrolment": 1500}
