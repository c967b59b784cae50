"""`geying`: one command for everything an operator does. Words in Chinese; faults on stderr, exit 1."""

import json
import sys
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import click
from sqlalchemy.exc import DBAPIError

from bot import hierarchy_file, tree_commands
from bot.account_commands import commands as account_commands
from bot.backup_commands import commands as backup_commands
from bot.hierarchy_file import HierarchyFile
from bot.household_commands import commands as household_commands
from bot.list_commands import commands as list_commands
from bot.parse_command import parse_command
from bot.parts import Parts
from bot.privacy_doc import commands as privacy_commands
from bot.qr_commands import commands as qr_commands
from bot.report_folder import ReportFolder
from bot.serve_commands import commands as serve_commands
from bot.settings import Settings, hierarchy_path, load
from bot.simulate_command import commands as simulate_commands
from handlers import show_burden
from handlers.domain.errors import BadSetting, GeyingError
from store.away import is_away, not_made
from store.engine import Database
from store.migrate import current, migrate, newest


class Desk:
    """What the commands share; made as it is needed, so that `geying parse` needs no settings at all."""

    @cached_property
    def settings(self) -> Settings:
        try:
            return load()
        except BadSetting as error:
            raise click.ClickException(str(error)) from error

    @cached_property
    def parts(self) -> Parts:
        return Parts(self.settings)

    @property
    def database(self) -> Database:
        return self.parts.database

    @property
    def hierarchy_path(self) -> Path:
        return self.settings.hierarchy

    @property
    def now(self) -> datetime:
        return self.parts.clock.now()

    @cached_property
    def stated(self) -> HierarchyFile:
        return hierarchy_file.read(hierarchy_path())

    @property
    def today(self) -> date:
        return self.now.astimezone(self.stated.county.tz).date()


class Faultless(click.Group):
    """A command that finds no database, or one that nobody made yet, ends with words instead of a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except DBAPIError as error:
            if said := _of_database(error):
                raise click.ClickException(said) from error
            raise


def _of_database(error: Exception) -> str | None:
    """Return what is wrong with the database in words, None when it is not the database that is wrong."""
    if not_made(error):
        return "数据库里还没有表:请先运行 geying init-db"
    return "数据库连不上或打不开:请检查 GEYING_DATABASE_URL,再看数据库开着没有" if is_away(error) else None


@click.group(cls=Faultless)
@click.pass_context
def main(context: click.Context) -> None:
    """格应:指令下得去,日报收得上。"""
    context.obj = Desk()


@main.command("init-db")
@click.pass_obj
def init_db(desk: Desk) -> None:
    """建库(或升级到最新)。"""
    click.echo(f"数据库已到版本 {migrate(desk.database)}")


@main.command("migrate")
@click.pass_obj
def migrate_command(desk: Desk) -> None:
    """升级数据库到最新版本。"""
    before = current(desk.database)
    after = migrate(desk.database)
    click.echo(f"数据库:{before or '空'} → {after}" if before != after else f"数据库已是最新:{after}")


@main.command("check")
@click.pass_obj
def check(desk: Desk) -> None:
    """检查设置、hierarchy.yaml、模板和数据库,一次说全。"""
    faults = _faults(desk)
    for fault in faults:
        click.echo(fault, err=True)
    if faults:
        raise SystemExit(1)
    click.echo("都对:设置、层级、模板、数据库。")
    for line in desk.settings.not_set_up:
        click.echo(line)


def _faults(desk: Desk) -> list[str]:
    from nlp.lexicon import lint  # here: only this command reads every template

    faults: list[str] = []
    for look in (load, lambda: desk.stated.nodes()):
        try:
            look()
        except BadSetting as error:
            faults += str(error).splitlines()
    if faults:
        return [*faults, *(f"模板:{line}" for line in lint())]
    reports = ReportFolder(desk.stated.reports).adopt_all()
    return [
        *(f"模板:{line}" for line in lint()), *(f"报表模板:{line}" for line in reports), *_of_the_books(desk),
    ]  # fmt: skip


def _of_the_books(desk: Desk) -> list[str]:
    """Return where the database stands apart from the files; looked at once settings and hierarchy can be read."""
    try:
        if current(desk.database) != newest():
            return ["数据库版本不是最新:请运行 geying migrate"]
        drift = tree_commands.drift_of(desk.database, desk.stated)
    except DBAPIError as error:
        if said := _of_database(error):
            return [said]
        raise
    return [f"层级与数据库不一致:{line}" for line in drift]


@main.group("export")
def export() -> None:
    """导出。"""


@export.command("daily")
@click.option("--node", required=True, help="节点:编码、#编号或名称。")
@click.option("--date", "day", type=click.DateTime(["%Y-%m-%d"]), required=True)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True)
@click.option("--for", "userid", help="交给谁(企业微信账号):有权的人才带返乡人员名单,看了谁都留痕。")
@click.option("--agreed-by", help="人多时第二个同意的人(账号)。")
@click.pass_obj
def export_daily(desk: Desk, node: str, day: datetime, out: Path, userid: str | None, agreed_by: str | None) -> None:
    """导出官方五张表:已定稿的用定稿(附更正),没定稿的按现在。"""
    from bot.export_daily import For, export_day  # here: xlsxwriter is slow to load

    try:
        given = For(userid, agreed_by) if userid else None
        path = export_day(desk.parts, node, day.date(), out, given)
    except GeyingError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"已写:{path}")


@export.command("bill")
@click.option("--node", required=True, help="节点:编码、#编号或名称。")
@click.option("--month", type=click.DateTime(["%Y-%m"]), required=True)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="写到文件;不写就打在屏幕上。")
@click.pass_obj
def export_bill(desk: Desk, node: str, month: datetime, out: Path | None) -> None:
    """导出减负账单:一个月发了几条、问了几次、省下几次、破例几次,只列本级和直接下级,不排名。"""
    from bot.export_daily import node_of  # here: xlsxwriter is slow to load

    context = desk.parts.counties.context()
    try:
        place = node_of(context.tree, node)
    except GeyingError as error:
        raise click.ClickException(str(error)) from error
    with desk.parts.store.begin() as work:
        text = "\n".join(show_burden.bill(place, month.date(), work, context))
        work.audit.note(context.now, None, "export bill", f"node:{place}", "duty", f"{month:%Y-%m}")
    if out is not None:
        out.write_text(text + "\n", "utf-8")
    click.echo(f"已写:{out}" if out is not None else text)


@main.group("audit")
def audit() -> None:
    """审计链。"""


@audit.command("verify")
@click.pass_obj
def audit_verify(desk: Desk) -> None:
    """核对审计链:有一处被改、被删、换了次序,就说出在哪一行。"""
    with desk.parts.store.read() as work:
        count, head, broken = work.audit.verify()
    click.echo(json.dumps({"rows": count, "head": head, "broken_at": broken}))
    if broken is not None:
        raise SystemExit(1)


@main.command("quarantine-release")
@click.pass_obj
def quarantine_release(desk: Desk) -> None:
    """放行隔离的消息(时钟错过的真消息),交给正常处理。"""
    with desk.parts.store.begin() as work:
        count = work.inbox.release(desk.now)
        work.audit.note(desk.now, None, "quarantine release", f"{count} messages", "duty", "ok")
    click.echo(f"放行 {count} 条")


main.add_command(parse_command)
for _command in (
    *tree_commands.commands,
    *account_commands,
    *backup_commands,
    *household_commands,
    *list_commands,
    *privacy_commands,
    *qr_commands,
    *serve_commands,
    *simulate_commands,
):
    main.add_command(_command)

if __name__ == "__main__":
    sys.exit(main())
