"""`geying backup` and `restore`: a whole copy of the database, and back from it without forgetting what was erased."""

from dataclasses import dataclass
from pathlib import Path

import click

from bot.parts import Parts
from bot.ticks import PROCESS
from handlers import after_restore
from handlers.domain.errors import Refused
from store import backup
from store.migrate import migrate
from store.owners import alive


@click.command("backup")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.pass_obj
def backup_command(desk: object, file: Path) -> None:
    """备份整个库到 FILE(不用停机)。数据密钥和 var/tombstones 不在里面,要另外存好。"""
    parts = _parts(desk)
    try:
        size = backup.save(parts.database, file)
    except Refused as error:
        raise click.ClickException(str(error)) from error
    with parts.store.begin() as work:
        work.audit.note(parts.clock.now(), None, "backup", file.name[:40], "duty", "ok")
    click.echo(f"已备份:{file}({size / 1e6:.1f} MB)。打开它要用现在的数据密钥。")
    click.echo(f"{parts.settings.var / 'tombstones'} 一起存,但恢复时只用最新的那一份:它记着谁已经删掉。")


@click.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.pass_obj
def restore_command(desk: object, file: Path) -> None:
    """从备份恢复到一个空库:升级到现在的版本,已删除的人再删一遍,旧的待发不再发。"""
    parts = _parts(desk)
    if running := alive(parts.owned):
        raise click.ClickException(f"还有 {len(running)} 个进程在用,先停下来再恢复")
    try:
        found = bring_back(parts, file)
    except Refused as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"已恢复,版本 {found.version}。备份之后删掉的 {found.forgotten} 人又删了一遍。")
    if found.let_pass:
        click.echo(
            f"备份时还没发出的 {found.let_pass} 条不再自动发(可能后来发过);用「进度」看是哪些通知,要紧的请重发。"
        )
    if found.not_asked:
        click.echo("备份之后到点的问候可能已经问过,不再问第二遍,记作「迟」;住户现在回的照收。")
    click.echo("备份之后报来的都没有了:起来后会在群里说断线多久,请大家补报。")


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore did: the schema's version, people erased again, messages given up, rounds and contacts marked as
    late because they may have been asked after the copy was taken."""

    version: str
    forgotten: int
    let_pass: int
    not_asked: int


def bring_back(parts: Parts, file: Path) -> Restored:
    """Make an empty database what *file* holds, and see that nobody is told or asked twice; Refused when it cannot."""
    backup.bring_back(parts.database, file)
    version = migrate(parts.database)
    again = parts.keeping.forget_again()
    left = backup.let_pass(parts.database, parts.clock.now())
    with parts.store.read() as work:
        since = work.heartbeats.last(PROCESS)
    context = parts.counties.context() if since is not None else None  # nobody ever ticked: nobody was asked
    with parts.store.begin() as work:
        not_asked = after_restore.run(work, context, since) if context is not None and since is not None else 0
        work.audit.note(parts.clock.now(), None, "restore", file.name[:40], "duty", "ok")
    return Restored(version, again, left, not_asked)


def _parts(desk: object) -> Parts:
    parts = desk.parts  # type: ignore[attr-defined]
    assert isinstance(parts, Parts)
    return parts


commands: tuple[click.Command, ...] = (backup_command, restore_command)
