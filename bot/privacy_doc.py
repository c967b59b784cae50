"""`geying privacy-doc`: what is kept about people, column by column, written from the models into `docs/privacy.md`."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import click

from handlers.domain.county import usual_roles
from handlers.domain.policy import POLICY, Action, allows
from handlers.domain.privacy import Basis, DataClass, Personal, Purpose
from store.columns import SEALED, PersonSealed
from store.models import metadata

PATH = Path("docs/privacy.md")
_CLASSES: Mapping[DataClass, str] = {
    DataClass.STAFF_CONTACT: "在岗人员联系方式",
    DataClass.HOUSEHOLD_CONTACT: "住户及联系方式",
    DataClass.HEALTH: "健康信息(敏感)",
    DataClass.CHAT_TEXT: "聊天文字",
    DataClass.CREDENTIAL: "密钥和口令",
    DataClass.AUDIT: "查看记录",
    DataClass.JOURNEY: "从哪里来、哪天到",
    DataClass.CONSENT: "同意的凭证",
    DataClass.RIGHTS: "本人的请求",
    DataClass.MATTER: "事项(调解、帮扶)",
}
_PURPOSES: Mapping[Purpose, str] = {
    Purpose.DUTY: "找到在岗的人",
    Purpose.REPORT: "做日报、查来源",
    Purpose.ACCESS: "登录、记录谁看过",
    Purpose.CARE: "照顾住户",
    Purpose.DECLARATION: "收申报、答复申报",
    Purpose.RETURNEES: "返乡人员台账",
    Purpose.PROOF: "证明同意、答复本人请求",
    Purpose.MATTER: "办本人托付的事",
}
_BASES: Mapping[Basis, str] = {
    Basis.CONSENT: "本人同意(个保法13(1))",
    Basis.STATUTORY_DUTY: "法定职责(个保法13(3))",
    Basis.EMERGENCY: "突发公共卫生事件(个保法13(4))",
}
_RIGHT: Mapping[DataClass, Action] = {
    DataClass.STAFF_CONTACT: Action.SEE_PEOPLE,
    DataClass.HOUSEHOLD_CONTACT: Action.SEE_PEOPLE,
    DataClass.HEALTH: Action.SEE_HEALTH,
    DataClass.CHAT_TEXT: Action.SEE_PEOPLE,
    DataClass.JOURNEY: Action.SEE_PEOPLE,
    DataClass.AUDIT: Action.AUDIT,
    DataClass.MATTER: Action.SEE_PEOPLE,  # of these only who brought it and who works on it
}
_OWN = frozenset(
    {DataClass.HEALTH, DataClass.JOURNEY, DataClass.CONSENT, DataClass.RIGHTS, DataClass.AUDIT, DataClass.MATTER}
)
"""What somebody sees of themselves: on /me, their matters in chat."""


def columns() -> Iterator[tuple[str, Personal, str]]:
    """Yield table.column, what it says about people, and how it is kept, in the order of their names."""
    for table in sorted(metadata.tables.values(), key=lambda one: one.name):
        for column in table.columns:
            about = column.info["about"]
            if isinstance(about, Personal):
                yield f"{table.name}.{column.name}", about, _kept(column.type, about)


def _kept(kind: object, about: Personal) -> str:
    if isinstance(kind, PersonSealed):
        return "用本人的密钥加密"
    return "加密" if isinstance(kind, SEALED) else about.readable_because


def seen_by(data_class: DataClass) -> str:
    """Return who may see a class of data, as the policy table says; each only at their own places."""
    action = _RIGHT.get(data_class)
    titles = usual_roles(())
    roles = [titles[role].title for role in POLICY if action is not None and allows(role, action)]
    own = ["本人"] if data_class in _OWN else []
    return "、".join([*own, *roles]) or "没有人"


def text() -> str:
    """Return the document."""
    rows = list(columns())
    lines = [
        "# 保存了哪些个人信息",
        "",
        "这份文件由 `geying privacy-doc` 从数据模型生成,请不要手改;测试会核对它是不是最新的。",
        "没有身份证号、车牌、人脸、位置的栏目。到期由销毁任务处理;本人要求删除的,密钥随即销毁;旧备份恢复后,先照库外的销毁记录再销毁一遍才对外服务。",
        "“谁能看”按职务权限表生成,只限本人管辖的地方;每次查看健康和行程信息都有记录,本人可以查。",
        "",
    ]
    for data_class in DataClass:
        mine = [row for row in rows if row[1].data_class is data_class]
        if mine:
            lines += [f"## {_CLASSES[data_class]}", "", f"谁能看:{seen_by(data_class)}", ""]
            lines += ["| 字段 | 用途 | 依据 | 保存多久 | 怎样保存 |", "|---|---|---|---|---|"]
            lines += [_row(name, about, kept) for name, about, kept in mine]
            lines.append("")
    return "\n".join(lines)


def _row(name: str, about: Personal, kept: str) -> str:
    span = f"{about.retain_after.days}天,从 {about.retain_from} 起"
    return f"| `{name}` | {_PURPOSES[about.purpose]} | {_BASES[about.basis]} | {span} | {kept} |"


@click.command("privacy-doc")
@click.option("--out", type=click.Path(path_type=Path), default=PATH, show_default=True)
def privacy_doc(out: Path) -> None:
    """写出 docs/privacy.md:每个字段的用途、依据、保存多久、谁能看。"""
    out.write_text(text(), "utf-8")
    click.echo(f"已写好 {out}")


commands = (privacy_doc,)
