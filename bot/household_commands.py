"""`geying import-households`, `household`, and the steps: move-, split-, close-household, merge-households."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Protocol

import click

from bot import household_file, tree_commands
from bot.parts import Parts
from bot.tree_commands import said
from handlers import close_household, merge_households, move_household, split_household
from handlers.domain.errors import BadSetting, GeyingError
from handlers.domain.hierarchy import Tree
from handlers.domain.household import LANGUAGES, REACH
from handlers.domain.household_plan import plan
from handlers.domain.household_planned import HouseholdPlan, HouseRow, SavedHouseholds
from handlers.ports import Context
from handlers.wording import households as words
from store.household_save import HouseholdImport
from store.work import SqlWork, Store

_ERRORS_SHOWN = 200


class Setting(Protocol):
    """What the commands need of the context object."""

    @property
    def parts(self) -> Parts: ...


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an import did: the plan, and what was saved of it; `saved` is None when nothing was written."""

    plan: HouseholdPlan
    saved: SavedHouseholds | None = None


def import_households(
    path: Path, store: Store, context: Context, *, dry_run: bool = False, partial: bool = False, grow: bool = False,
    watch: Callable[[Iterable[HouseRow], int], Iterable[HouseRow]] = lambda rows, _count: rows,
) -> Outcome:  # fmt: skip
    """Import the file in one transaction, or not at all: with a faulty row nothing is written, unless *partial*."""
    county = context.county
    rows = household_file.read(path, county)
    with store.read() as work:
        staff = {row.userid: row.person_id for row in work.people.holders(context.day)}
    made = plan(
        watch(rows, len(rows)), context.tree, county.care, context.day, frozenset(staff),
        allow_sample_phones=county.sample, grow=grow,
    )  # fmt: skip
    if dry_run or (made.errors and not partial):
        return Outcome(made)
    with store.begin() as work:
        return Outcome(made, _write(work, made, staff, context.day, context.now))


def _write(work: SqlWork, made: HouseholdPlan, staff: dict[str, int], day: date, now: datetime) -> SavedHouseholds:
    if work.tree.add_nodes(made.nodes, day):
        work.household_steps.announce(now)
    ids = work.tree.ids_of(one.code for one in made.households)
    saved = HouseholdImport(work.connection, work.households, work.person_keys).save(made, ids, staff, day, now)
    work.audit.note(now, None, "import households", f"{len(made.households)} households", "care", "ok")
    return saved


@click.command("import-households")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="只检查,不写入。")
@click.option("--partial", is_flag=True, help="有错的行跳过,其余照常导入。")
@click.option("--grow", is_flag=True, help="表里有、层级里没有的户,建成新户。")
@click.pass_obj
def import_households_command(setting: Setting, file: Path, dry_run: bool, partial: bool, grow: bool) -> None:
    """导入户册(xlsx、csv,一人一行);有一行错就一行也不写,除非 --partial。没写到的人不会被删。"""
    from rich.console import Console  # here, not above: only this command draws anything
    from rich.progress import Progress

    try:
        with Progress(console=Console(stderr=True), transient=True) as progress:
            outcome = import_households(
                file, setting.parts.store, setting.parts.counties.context(),
                dry_run=dry_run, partial=partial, grow=grow,
                watch=lambda rows, count: progress.track(rows, total=count, description="核对户册"),
            )  # fmt: skip
    except BadSetting as error:
        raise click.ClickException(str(error)) from error
    for fault in outcome.plan.errors[:_ERRORS_SHOWN]:
        click.echo(said(fault), err=True)
    if len(outcome.plan.errors) > _ERRORS_SHOWN:
        click.echo(f"……还有 {len(outcome.plan.errors) - _ERRORS_SHOWN} 处错误", err=True)
    click.echo(words.imported(outcome.plan, outcome.saved, dry_run))
    if outcome.plan.errors and not partial:
        raise SystemExit(1)


@click.command("household")
@click.argument("code")
@click.pass_obj
def household_command(setting: Setting, code: str) -> None:
    """看一户:在哪、几口人、怎么联系、谁包保、有过什么变动。姓名遮住,不显示健康信息。"""
    context = setting.parts.counties.context()
    with setting.parts.store.begin() as work:
        one = work.households.by_code(code)
        if one is None:
            raise click.ClickException(f"没有“{code}”这一户,请核对户编码")
        day = context.day
        work.audit.note(context.now, None, "look at household", f"household {one.id}", "care", "ok")
        team = work.households.care_team(one.id, day, context.county.care)
        names = work.people.names(carer.person_id for carer in team.carers)
        where = context.tree.path_name(one.grid_id) if context.tree.has(one.grid_id) else "?"
        lines = [
            words.standing(one, where, code),
            words.known_of(one, LANGUAGES.get(one.language or "", "")),
            words.people(work.households.members(one.id, day)),
            words.reached(REACH[work.households.reach((one.id,), day)[one.id]], work.households.contacts(one.id, day)),
            words.care(context.county.care.title, team, names),
            *(words.step(change, _code_of(work, change.other_id)) for change in work.households.history(one.id)),
        ]
    for line in lines:
        click.echo(line)


def _code_of(work: SqlWork, household_id: int | None) -> str:
    one = None if household_id is None else work.households.get(household_id)
    return one.code if one else ""


def _in(tree: Tree, grid: str) -> int:
    return tree_commands.one_node(tree, grid).id


class _Step:
    """A step on a household as a command: one transaction, a refusal is said, not traced."""

    def __init__(self, setting: Setting, on: datetime | None) -> None:
        self.parts, self.context = setting.parts, setting.parts.counties.context()
        self.day = None if on is None else on.date()

    def take(self, step: Callable[[SqlWork, Context], str]) -> None:
        try:
            with self.parts.store.begin() as work:
                told = step(work, self.context)
        except GeyingError as error:
            raise click.ClickException(str(error)) from error
        click.echo(told)


_ON = click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="哪一天的事(默认今天)。")


@click.command("move-household")
@click.argument("code")
@click.option("--to", "grid", required=True, help="迁到哪个网格:编码、#编号或名称。")
@click.option("--code", "new_code", default=None, help="改用新编码;写 auto 按新网格往下编。不写就沿用旧编码。")
@_ON
@click.pass_obj
def move_command(setting: Setting, code: str, grid: str, new_code: str | None, on: datetime | None) -> None:
    """迁户:CODE 这一户连人、联系人和门上的码一起迁;旧编码还能查到。"""
    step = _Step(setting, on)
    wanted = "" if new_code == "auto" else new_code

    def move(work: SqlWork, context: Context) -> str:
        target = _in(context.tree, grid)
        called = move_household.run(code, target, work, context, day=step.day, new_code=wanted)
        return words.moved(code, called, context.tree.path_name(target))

    step.take(move)


@click.command("merge-households")
@click.argument("codes", nargs=-1, required=True)
@click.option("--into", required=True, help="并到哪一户(户编码)。")
@_ON
@click.pass_obj
def merge_command(setting: Setting, codes: tuple[str, ...], into: str, on: datetime | None) -> None:
    """合户:CODES 并到一户,人和联系人都在;旧编码、旧门码都找到合并后的户。"""
    step = _Step(setting, on)

    def merge(work: SqlWork, context: Context) -> str:
        return words.merged(codes, into, merge_households.run(codes, into, work, context, day=step.day))

    step.take(merge)


@click.command("split-household")
@click.argument("code")
@click.option("--members", required=True, help="分出去的人的序号,如 2,3(用 geying household 看序号)。")
@click.option("--to", "grid", default=None, help="新户在哪个网格(默认原网格)。")
@click.option("--code", "new_code", default="", help="新户的编码(默认往下编)。")
@_ON
@click.pass_obj
def split_command(
    setting: Setting, code: str, members: str, grid: str | None, new_code: str, on: datetime | None
) -> None:
    """分户:几个人另立一户;原来的代报人留在原户,新户要重新问过。"""
    numbers = [int(part) for part in members.replace("、", ",").split(",") if part.strip().isdigit()]
    step = _Step(setting, on)

    def split(work: SqlWork, context: Context) -> str:
        where = None if grid is None else _in(context.tree, grid)
        made = split_household.run(code, numbers, work, context, grid_id=where, day=step.day, new_code=new_code)
        return words.split(code, made, len(set(numbers)))

    step.take(split)


@click.command("close-household")
@click.argument("code")
@_ON
@click.pass_obj
def close_command(setting: Setting, code: str, on: datetime | None) -> None:
    """销户:没人住了的户;门上的码立刻作废,编码不再给别人用。"""
    step = _Step(setting, on)

    def close(work: SqlWork, context: Context) -> str:
        close_household.run(code, work, context, day=step.day)
        return words.closed(code)

    step.take(close)


commands: tuple[click.Command, ...] = (
    import_households_command, household_command, move_command, merge_command, split_command, close_command,
)  # fmt: skip
