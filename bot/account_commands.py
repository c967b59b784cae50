"""`geying account`: the password by which a leader signs in to the console, set by the operator of the machine."""

from pathlib import Path
from typing import Protocol

import click

from bot.parts import Parts
from bot.web.passwords import fault
from bot.web.session import welcome
from handlers.ports import Context


class Setting(Protocol):
    """What the command needs of the context object."""

    @property
    def parts(self) -> Parts: ...


@click.command("account")
@click.argument("userid")
@click.option(
    "--password-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="从文件第一行读密码(不写就问两遍)。",
)
@click.pass_obj
def account_command(setting: Setting, userid: str, password_file: Path | None) -> None:
    """给企业微信账号 USERID 设控制台密码;原来的登录全部退出。"""
    password = _from_file(password_file) if password_file else _asked()
    wrong = set_password(setting.parts, userid, password)
    if wrong:
        raise click.ClickException(wrong)
    click.echo(f"已设:{userid.lower()} 可以登录 {setting.parts.settings.base_url}/console/")


def set_password(parts: Parts, userid: str, password: str) -> str | None:
    """Set the password and return None, or say why not: nobody of that account, no post, a password to be guessed."""
    context = parts.counties.context()
    wrong = fault(password, known_about(userid, context))
    if wrong:
        return wrong
    with parts.store.begin() as work:
        person = work.people.by_userid(userid, context.day)
        if person is None:
            return f"花名册里没有账号 {userid},请先导入花名册。"
        if not welcome(person):
            return f"{userid} 现在没有能登录的岗位。"
        work.accounts.set_password(person.id, password, context.now)
        work.audit.note(context.now, person.id, "set password", "console", "access", "by operator")
    return None


def known_about(userid: str, context: Context) -> tuple[str, ...]:
    """Return the words around an account that anybody could guess a password from."""
    county = context.county
    return (userid, county.name, county.name.rstrip("县市区"), county.code, *county.bot_names)


def _from_file(path: Path) -> str:
    try:
        lines = path.read_text("utf-8").splitlines()
    except UnicodeDecodeError as error:
        raise click.ClickException("密码文件不是 UTF-8 文本") from error
    return lines[0] if lines else ""


def _asked() -> str:
    password: str = click.prompt("密码(至少8个字符,建议15个以上)", hide_input=True, confirmation_prompt="再输一遍")
    return password


commands: tuple[click.Command, ...] = (account_command,)
