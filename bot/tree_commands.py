"""`geying import-hierarchy`, `import-roster`, `tree`, `bind-code`: the tree from a terminal.

They find what they need on the click context: `ctx.obj` has `database`, `hierarchy_path`, `today` and `now`.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Protocol

import click
from sqlalchemy import Connection

from bot import hierarchy_file, roster_file
from bot.hierarchy_file import HierarchyFile
from bot.tree_report import Bindings, lines
from handlers.domain.county import County
from handlers.domain.errors import BadSetting
from handlers.domain.hierarchy import Node, Tree
from handlers.domain.roster import RosterPlan, RowError, RowIn, plan
from store.chats import ChatRepo
from store.engine import Database
from store.people import PeopleRepo, Saved
from store.tree import Imported, TreeRepo

_ERRORS_SHOWN = 200


class Setting(Protocol):
    """What the commands need of the context object."""

    database: Database
    hierarchy_path: Path
    today: date
    now: datetime


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an import did: the plan, and what was saved of it; `saved` is None when nothing was written."""

    plan: RosterPlan
    saved: Saved | None = None
    chats: int = 0


# -- for `check`, `up` and the demo ------------------------------------------------------------------------------------


def load_county(hierarchy_path: Path, database: Database, today: date, now: datetime) -> tuple[County, Tree]:
    """Return the county and its tree of the day; the very first time, the file's nodes are imported.

    Later changes of the file are imported on purpose only (`import-hierarchy`); until then they are drift.
    """
    file = hierarchy_file.read(hierarchy_path)
    with database.begin() as connection:
        repo = TreeRepo(connection)
        if repo.version() is None:
            repo.import_nodes(file.nodes(), today, now=now, sha256=file.sha256)
    with database.read() as connection:
        return file.county, TreeRepo(connection).load(file.county.levels, today)


def import_hierarchy(hierarchy_path: Path, database: Database, today: date, now: datetime) -> Imported:
    """Make the tree in the database what the file says, from today on; return how much changed."""
    file = hierarchy_file.read(hierarchy_path)
    nodes = file.nodes()
    with database.begin() as connection:
        return TreeRepo(connection).import_nodes(nodes, today, now=now, sha256=file.sha256)


def drift_report(database: Database, hierarchy_path: Path, today: date) -> tuple[str, ...]:
    """Return how the file and the database differ, one Chinese line each; () when they agree.

    Raises BadSetting when the file itself has faults.
    """
    return drift_of(database, hierarchy_file.read(hierarchy_path))


def drift_of(database: Database, file: HierarchyFile) -> tuple[str, ...]:
    """Return how the file as read and the database differ; see `drift_report`."""
    nodes = file.nodes()
    with database.read() as connection:
        repo = TreeRepo(connection)
        if repo.version() is None:
            return ("层级还没有导入数据库:请运行 geying import-hierarchy",)
        return repo.drift(nodes)


def import_roster(
    path: Path,
    database: Database,
    county: County,
    tree: Tree,
    today: date,
    now: datetime,
    *,
    dry_run: bool = False,
    partial: bool = False,
    grow: bool = False,
    watch: Callable[[Iterable[RowIn], int], Iterable[RowIn]] = lambda rows, _count: rows,
) -> Outcome:
    """Import the roster in one transaction, or not at all: with a faulty row nothing is written, unless *partial*.

    With *partial* the good rows are written and no post is ended, because the faulty rows may still hold it.
    """
    rows = roster_file.read(path, county)
    made = plan(watch(rows, len(rows)), tree, county, allow_sample_phones=county.sample, grow=grow)
    if dry_run or (made.errors and not partial):
        return Outcome(made)
    with database.begin() as connection:
        return _write(connection, made, today, now)


def _write(connection: Connection, made: RosterPlan, today: date, now: datetime) -> Outcome:
    nodes = TreeRepo(connection)
    nodes.add_nodes(made.nodes, today)
    saved = PeopleRepo(connection).save(made, today, ending=not made.errors)
    ids = nodes.ids_of(chat.node_code for chat in made.chats)
    return Outcome(made, saved, ChatRepo(connection).save(made.chats, ids, now))


# -- commands ----------------------------------------------------------------------------------------------------------


@contextmanager
def _faults_named() -> Iterator[None]:
    """End the command with the faults on stderr instead of a traceback."""
    try:
        yield
    except BadSetting as error:
        raise click.ClickException(str(error)) from error


@click.command("import-hierarchy")
@click.pass_obj
def import_hierarchy_command(setting: Setting) -> None:
    """把 hierarchy.yaml 导入数据库(节点编号不变,旧名留作别名)。"""
    with _faults_named():
        done = import_hierarchy(setting.hierarchy_path, setting.database, setting.today, setting.now)
    click.echo(f"层级已导入:新增 {done.new},改动 {done.changed},撤销 {done.closed}")


@click.command("import-roster")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="只检查,不写入。")
@click.option("--partial", is_flag=True, help="有错的行跳过,其余照常导入。")
@click.option("--grow", is_flag=True, help="花名册里的新网格、新村,建成新节点。")
@click.pass_obj
def import_roster_command(setting: Setting, file: Path, dry_run: bool, partial: bool, grow: bool) -> None:
    """导入花名册或群清单(xlsx、csv);有一行错就一行也不写,除非 --partial。"""
    from rich.console import Console  # here, not above: only this command draws anything
    from rich.progress import Progress

    with _faults_named(), Progress(console=Console(stderr=True), transient=True) as progress:
        county, tree = load_county(setting.hierarchy_path, setting.database, setting.today, setting.now)
        outcome = import_roster(
            file, setting.database, county, tree, setting.today, setting.now,
            dry_run=dry_run, partial=partial, grow=grow,
            watch=lambda rows, count: progress.track(rows, total=count, description="核对花名册"),
        )  # fmt: skip
    for error in outcome.plan.errors[:_ERRORS_SHOWN]:
        click.echo(said(error), err=True)
    click.echo(_summary(outcome, dry_run))
    if outcome.plan.errors and not partial:
        raise SystemExit(1)


def said(error: RowError) -> str:
    """Return a fault as it is printed: 第11行 职务:没有这个职务."""
    return f"{f'表“{error.sheet}”' if error.sheet else ''}第{error.row}行 {error.column}:{error.say}"


def _summary(outcome: Outcome, dry_run: bool) -> str:
    made, saved = outcome.plan, outcome.saved
    found = f"{len(made.people)} 人、{len(made.holdings)} 个岗位、{len(made.chats)} 个群、{len(made.nodes)} 个新节点"
    wrong = f";{len(made.errors)} 处错误" if made.errors else ""
    if saved is None:
        return f"{'试导入' if dry_run else '没有导入'}:读到 {found}{wrong}" + ("" if dry_run else ",改好再导一次")
    return (
        f"已导入:{found}{wrong};新增 {saved.people_new} 人,更新 {saved.people_changed} 人,"
        f"新岗位 {saved.posts_new},结束岗位 {saved.posts_ended},群新增或更新 {outcome.chats}"
    )


@click.command("tree")
@click.option("--node", "wanted", default=None, help="从哪个节点看起:编号(#12)、编码或名称。")
@click.option("--depth", default=2, show_default=True, help="往下看几级。")
@click.pass_obj
def tree_command(setting: Setting, wanted: str | None, depth: int) -> None:
    """看层级:绑定了哪些群、谁在岗、哪里是暗点。"""
    with _faults_named():
        county, tree = load_county(setting.hierarchy_path, setting.database, setting.today, setting.now)
        start = tree.root if wanted is None else one_node(tree, wanted)
    with setting.database.read() as connection:
        people = PeopleRepo(connection)
        bindings = Bindings(
            county, tree, people.holders(setting.today), people.leaves(setting.today), ChatRepo(connection).all()
        )
    for line in lines(county, tree, bindings, start, depth):
        click.echo(line)


@click.command("bind-code")
@click.argument("nodes", nargs=-1, required=True)
@click.pass_obj
def bind_code_command(setting: Setting, nodes: tuple[str, ...]) -> None:
    """给节点发绑定码;把机器人拉进群,在群里发“@小格 绑定 码”即可,7天有效。"""
    with _faults_named():
        county, tree = load_county(setting.hierarchy_path, setting.database, setting.today, setting.now)
        wanted = [one_node(tree, words) for words in nodes]
    with setting.database.begin() as connection:
        chats = ChatRepo(connection)
        for node in wanted:
            code = chats.new_code(node.id, setting.now)
            click.echo(f"{tree.path_name(node.id)}:@{county.bot_names[0]} 绑定 {code}")


def one_node(tree: Tree, words: str) -> Node:
    """Return the one node meant: #12 is an id, anything else a code or a name; a bare number is a code before an id."""
    number = words.removeprefix("#")
    is_id = re.fullmatch(r"[0-9]{1,9}", number) is not None and tree.has(int(number))
    by_id = tree.node(int(number)) if is_id else None
    if by_id is not None and (words.startswith("#") or tree.by_code(words) is None):
        return by_id
    found = tree.find(words)
    if len(found) == 1:
        return found[0]
    names = "、".join(tree.path_name(node.id) for node in found[:5])
    raise BadSetting(f"“{words}”有 {len(found)} 处:{names},请写全一点" if found else f"找不到“{words}”这个节点")


commands: tuple[click.Command, ...] = (import_hierarchy_command, import_roster_command, tree_command, bind_code_command)
