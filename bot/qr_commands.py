"""`geying qr`, `card`, `new-codes`, `revoke-code`, `add-place`: codes of places, printed and taken back."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Protocol

import click

from bot import tree_commands
from bot.paper_orders import week_cards, write_week_cards
from bot.parts import Parts
from bot.qr_prints import Prints, Wishes, file_name
from bot.resident_links import links_of
from handlers.domain.errors import GeyingError
from handlers.domain.hierarchy import HOUSEHOLD, Node, NodeIn, Tree
from handlers.domain.place_code import GRACE
from handlers.domain.poster import Poster
from handlers.ports import Context

_DAYS = re.compile(r"([1-9][0-9]{0,3})\s*(?:d|天)")
BY = ("page", "kf", "oa", "oa-permanent")


class Setting(Protocol):
    """What the commands need of the context object."""

    @property
    def parts(self) -> Parts: ...


class Days(click.ParamType[timedelta]):
    """A number of days: 90d or 90天."""

    name = "days"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        found = _DAYS.fullmatch(str(value).strip())
        if isinstance(value, timedelta) or not found:
            return value if isinstance(value, timedelta) else self.fail("应写成 90d 或 90天", param, ctx)
        return timedelta(days=int(found[1]))


@contextmanager
def _faults_named() -> Iterator[None]:
    """End the command with the fault on stderr instead of a traceback."""
    try:
        yield
    except GeyingError as error:
        raise click.ClickException(str(error)) from error
    except OSError as error:
        raise click.ClickException(f"写不了:{error.strerror or error}") from error


def chosen(tree: Tree, words: Sequence[str], below: str | None) -> tuple[int, ...]:
    """Return the ids of the nodes meant, or of everything of level *below* under them, each once, in their order."""
    found: dict[int, None] = {}
    for one in words:
        node = tree_commands.one_node(tree, one)
        found.update(dict.fromkeys(tree.within(node.id, below) if below else (node.id,)))
    if not found:
        raise click.ClickException("那下面没有这一级的节点,请检查 --below")
    return tuple(found)


@click.command("qr")
@click.argument("nodes", nargs=-1, required=True)
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="写到哪个目录。")
@click.option("--pdf", "form", flag_value="pdf", default=True, help="A4 海报(默认)。")
@click.option("--png", "form", flag_value="png", help="图片,发群、上屏幕用。")
@click.option("--svg", "form", flag_value="svg", help="矢量图,给印刷厂。")
@click.option("--below", help="它们下面这一级的每一个节点,如 village、grid、household。")
@click.option("--bind", "bound", is_flag=True, help="PDF 合订成一个文件,一处一页。")
@click.option("--asker", default="", help="海报上“谁在问”。")
@click.option("--contact", default="", help="海报上的联系人和电话(不写就用在岗的网格员)。")
@click.option("--kept", default="", help="海报上“存多久”。")
@click.option("--kf", "kf_url", default="", help="客服链接;写了就扫码进这个微信客服。")
@click.option(
    "--by",
    type=click.Choice([*BY]),
    default="page",
    show_default=True,
    help="扫码打开什么:page 网页,kf 微信客服,oa 公众号(30天的码),oa-permanent 公众号永久码。",
)
@click.option("--valid", type=Days(), help="新发的码多久到期,如 90d;不写就一直有效,直到换新。")
@click.pass_obj
def qr_command(
    setting: Setting, nodes: tuple[str, ...], out: Path, form: str, below: str | None, bound: bool, asker: str,
    contact: str, kept: str, kf_url: str, by: str, valid: timedelta | None,
) -> None:  # fmt: skip
    """印申报码:NODE 是编码、#编号或名称;同一处再印还是同一个码。"""
    with _faults_named():
        context = setting.parts.counties.context()
        wanted = chosen(context.tree, nodes, below)
        out.mkdir(parents=True, exist_ok=True)
        with setting.parts.store.begin() as work:
            codes = Prints(work, context).codes(wanted, valid)
        links = links_for([codes[node].token for node in wanted], by, setting.parts)
        with setting.parts.store.begin() as work:
            prints = Prints(work, context, Wishes(asker, contact, kept, kf_url, links))
            posters = prints.posters(wanted, codes)
            work.audit.note(context.now, None, "print codes", f"{len(posters)} places", "care", "ok")
        paths = print_posters(posters, out, form, bound and form == "pdf")
    click.echo(f"已写 {len(paths)} 个文件、{len(posters)} 处的码:{out}")


def links_for(tokens: Sequence[str], by: str, parts: Parts) -> Mapping[str, str]:
    """Return what the codes open, by token: nothing for the plain page. Asks the platform, so no transaction is open.

    Raises Refused when that channel is not set up, SendFailed when the platform does not answer.
    """
    if by == "page":
        return {}
    links = links_of(parts)
    if by == "kf":
        return {token: links.kf(token) for token in tokens}
    return {token: links.official_account(token, permanent=by == "oa-permanent") for token in tokens}


@click.command("card")
@click.argument("nodes", nargs=-1, required=True)
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="写到哪个目录。")
@click.option("--week", is_flag=True, help="印每周一张的健康卡:计划里、微信够不着的户,一页一户。")
@click.option("--every", is_flag=True, help="配合 --week:能用微信的户也印。")
@click.pass_obj
def card_command(setting: Setting, nodes: tuple[str, ...], out: Path, week: bool, every: bool) -> None:
    """印联系卡(给没有智能手机的人家):NODE 是户,或者网格、村,下面的每一户都印;一处一个文件,一页两张。"""
    if week:
        _week_cards(setting, nodes, out, every)
        return
    from bot.papers.household_card import draw_cards  # here: the drawing is slow to load

    with _faults_named():
        context = setting.parts.counties.context()
        out.mkdir(parents=True, exist_ok=True)
        count = 0
        for words in nodes:
            node = tree_commands.one_node(context.tree, words)
            homes = chosen(context.tree, (f"#{node.id}",), HOUSEHOLD)
            with setting.parts.store.begin() as work:
                prints = Prints(work, context)
                cards = prints.cards(homes, prints.codes(homes))
                work.audit.note(context.now, None, "print cards", f"{len(cards)} households", "care", "ok")
            draw_cards(cards, out / f"{node.code}-联系卡.pdf")
            count += len(cards)
    click.echo(f"已写 {len(nodes)} 个文件、{count} 张卡:{out}")


def _week_cards(setting: Setting, nodes: tuple[str, ...], out: Path, every: bool) -> None:
    with _faults_named():
        context = setting.parts.counties.context()
        out.mkdir(parents=True, exist_ok=True)
        count = files = 0
        for words in nodes:
            node = tree_commands.one_node(context.tree, words)
            one_home = node.level == HOUSEHOLD
            with setting.parts.store.begin() as work:
                cards = week_cards(node.id, work, context, every=every or one_home)
                work.audit.note(context.now, None, "print week cards", f"{len(cards)} households", "care", "ok")
            if cards:
                write_week_cards(out / f"{node.code}-周卡.pdf", cards)
            count, files = count + len(cards), files + bool(cards)
    click.echo(f"已写 {files} 个文件、{count} 张周卡:{out}")


@click.command("new-codes")
@click.argument("nodes", nargs=-1, required=True)
@click.option("--below", help="它们下面这一级的每一个节点。")
@click.option("--grace", type=Days(), default=GRACE, help="旧码还能扫几天,默认 7d。")
@click.option("--valid", type=Days(), help="新码多久到期。")
@click.pass_obj
def new_codes_command(
    setting: Setting, nodes: tuple[str, ...], below: str | None, grace: timedelta, valid: timedelta | None
) -> None:
    """换新码:旧海报还能扫几天,换好新海报为止。"""
    with _faults_named():
        context = setting.parts.counties.context()
        wanted = chosen(context.tree, nodes, below)
        with setting.parts.store.begin() as work:
            Prints(work, context).new_codes(wanted, grace, valid)
            work.audit.note(context.now, None, "new codes", f"{len(wanted)} places", "care", "ok")
    click.echo(f"换了 {len(wanted)} 处的码,旧码还能扫 {grace.days} 天;请用 geying qr 重印")


@click.command("revoke-code")
@click.argument("node")
@click.option("--why", required=True, help="为什么作废(不写人名)。")
@click.pass_obj
def revoke_code_command(setting: Setting, node: str, why: str) -> None:
    """作废一处所有的码,立刻生效;再印就是新码。"""
    with _faults_named():
        context = setting.parts.counties.context()
        place = tree_commands.one_node(context.tree, node)
        with setting.parts.store.begin() as work:
            count = work.codes.revoke(place.id, why, context.now)
            work.audit.note(context.now, None, "revoke codes", f"node {place.id}", "care", "ok")
    click.echo(f"{context.tree.path_name(place.id)}:作废了 {count} 个码")


@click.command("add-place")
@click.argument("above")
@click.argument("name")
@click.option("--kind", type=click.Choice(["gate", "enterprise"]), default="gate", show_default=True)
@click.pass_obj
def add_place_command(setting: Setting, above: str, name: str, kind: str) -> None:
    """添一个卡点(gate)或企业(enterprise):ABOVE 是所在的村或网格,NAME 是名称。"""
    with _faults_named():
        context = setting.parts.counties.context()
        code = add_place(setting.parts, context, tree_commands.one_node(context.tree, above), name, kind)
    click.echo(f"已添:{name.strip()} {code};印码:geying qr {code} --out 目录")


def add_place(parts: Parts, context: Context, above: Node, name: str, kind: str) -> str:
    """Add a place with a code of its own under the node and return its code; one of that name is not added twice."""
    plain = name.strip()
    tree = context.tree
    if not 1 <= len(plain) <= 60:
        raise click.ClickException("名称应有,且不超过 60 字")
    if not tree.has_level(kind):
        raise click.ClickException(f"hierarchy.yaml 里没有 {kind} 这一级,请在 levels 里加上(side: true, staff: false)")
    if above.level == HOUSEHOLD or above.branch or not (titles := {lv.key: lv for lv in tree.levels}).get(kind):
        raise click.ClickException("请写所在的村或网格")
    there = [tree.node(node_id) for node_id in tree.descendants(above.id, kind)]
    same = next((node for node in there if node.name == plain and node.parent_id == above.id), None)
    if same:
        return same.code
    letter = {"gate": "G", "enterprise": "E"}[kind]
    number = 1
    while tree.by_code(f"{above.code}-{letter}{number:02d}"):
        number += 1
    made = NodeIn(f"{above.code}-{letter}{number:02d}", plain, kind, above.code, titles[kind].key)
    with parts.store.begin() as work:
        work.tree.add_nodes([made], context.day)
        work.household_steps.announce(context.now)
        work.audit.note(context.now, None, "add place", made.code, "care", "ok")
    return made.code


def print_posters(posters: list[Poster], out: Path, form: str, bound: bool) -> list[Path]:
    """Write the posters and return the files, with a progress bar where there is somebody to watch it."""
    from rich.console import Console  # here, not above: only this command draws anything
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from bot.papers.label import save_png, save_svg
    from bot.papers.pdf_font import paper_font
    from bot.papers.poster import draw_posters, texts_of

    bar = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*bar, console=Console(stderr=True), transient=True) as progress:
        if form == "png" or form == "svg":
            save = save_png if form == "png" else save_svg
            made = [out / file_name(poster, form) for poster in posters]
            for poster, path in progress.track([*zip(posters, made, strict=True)], description="画图"):
                save(poster, path)
            return made
        with paper_font(texts_of(posters)) as font:
            if bound:
                path = out / f"申报码-{len(posters)}处.pdf"
                draw_posters(posters, path, font, lambda pages: progress.track(pages, description="印海报"))
                return [path]
            made = [out / file_name(poster, "pdf") for poster in posters]
            for poster, path in progress.track([*zip(posters, made, strict=True)], description="印海报"):
                draw_posters([poster], path, font)
            return made


commands: tuple[click.Command, ...] = (
    qr_command, card_command, new_codes_command, revoke_code_command, add_place_command,
)  # fmt: skip
