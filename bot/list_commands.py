"""`geying import-list`, `lists`, `withdraw-list`: signed official lists, by issuer, basis and expiry."""

from datetime import date
from pathlib import Path
from typing import Protocol

import click

from bot import official_list_file
from bot.parts import Parts
from handlers import take_official_list
from handlers.domain.errors import BadSetting, Refused


class Setting(Protocol):
    """What the commands need of the context object."""

    @property
    def parts(self) -> Parts: ...
    @property
    def today(self) -> date: ...


@click.command("import-list")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--signature", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="默认是旁边的 .sig。")
@click.option("--partial", is_flag=True, help="找不到的人先跳过,其余照收。")
@click.pass_obj
def import_list_command(setting: Setting, file: Path, signature: Path | None, partial: bool) -> None:
    """导入签名的官方名单:签名、依据、期限都对才收;只用来给黄色凭据和请本人核对。"""
    parts = setting.parts
    context = parts.counties.context()
    declaring = context.county.declaring
    if declaring is None:
        raise click.ClickException("这里没有开通申报(hierarchy.yaml 没有 declaration)")
    signed_by = signature or file.with_name(f"{file.name}.sig")
    try:
        signed = official_list_file.read(file, signed_by, declaring.issuers, declaring.table.lists, setting.today)
        with parts.store.begin() as work:
            taken = take_official_list.take(
                signed.listed, signed.sha256, signed.signature, work, context, partial=partial
            )
    except (BadSetting, Refused) as error:
        raise click.ClickException(str(error)) from error
    listed = signed.listed.listed
    click.echo(f"已导入“{listed.id}”:{listed.issuer},{listed.basis},到 {listed.expires_on}")
    if signed.listed.kind == "people":
        click.echo(f"名单上 {taken.people} 人;和本人填的不一样、已请本人核对 {taken.asked} 人")
    for fault in taken.not_found:
        click.echo(fault, err=True)


@click.command("lists")
@click.pass_obj
def lists_command(setting: Setting) -> None:
    """看现在有效的官方名单。"""
    with setting.parts.store.read() as work:
        found = work.statements.lists(setting.today)
    for one in found:
        places = f" {len(one.places)} 个地方" if one.places else ""
        click.echo(f"{one.id}\t{one.issuer}\t{one.basis}\t{one.issued_on} 至 {one.expires_on}{places}")
    if not found:
        click.echo("没有有效的官方名单:黄色里按名单判的那几条现在都不算数。")


@click.command("withdraw-list")
@click.argument("name")
@click.option("--why", required=True, help="为什么撤(不写人名)。")
@click.pass_obj
def withdraw_list_command(setting: Setting, name: str, why: str) -> None:
    """撤掉一份名单:立刻不再算数。"""
    parts = setting.parts
    context = parts.counties.context()
    with parts.store.begin() as work:
        gone = work.statements.withdraw_list(name, context.now)
        if gone:
            work.audit.note(context.now, None, "withdraw list", f"list {name}", "declaration", why[:20])
    if not gone:
        raise click.ClickException(f"没有名单“{name}”,用 geying lists 看有哪些")
    click.echo(f"“{name}”已撤,不再算数")


commands: tuple[click.Command, ...] = (import_list_command, lists_command, withdraw_list_command)
