"""What is said about households to whoever keeps the register. Names are masked; health is not shown here."""

from collections.abc import Mapping, Sequence

from handlers.domain.care_team import CareTeam
from handlers.domain.household import AGES, Change, Contact, Household, Member, Step, masked, proxy_label
from handlers.domain.household_planned import HouseholdPlan, SavedHouseholds

UNKNOWN = "未报"
_STEPS = {
    Step.MADE: "建户",
    Step.MOVED: "迁户",
    Step.RECODED: "改编码",
    Step.MERGED: "并入",
    Step.TOOK_IN: "并来",
    Step.SPLIT: "分出",
    Step.SPLIT_OFF: "分自",
    Step.CLOSED: "销户",
}


def imported(plan: HouseholdPlan, saved: SavedHouseholds | None, dry_run: bool) -> str:
    """Return what an import found, and what it changed."""
    found = f"{len(plan.households)} 户、{plan.people} 人、{plan.proxies} 位外地代报人、{len(plan.nodes)} 个新户"
    wrong = f";{len(plan.errors)} 处错误" if plan.errors else ""
    if saved is None:
        return f"{'试导入' if dry_run else '没有导入'}:读到 {found}{wrong}" + ("" if dry_run else ",改好再导一次")
    return (
        f"已导入:{found}{wrong};更新 {saved.households} 户,新增 {saved.people_new} 人,更新 {saved.people_changed} 人,"
        f"迁出 {saved.people_left} 人,联系人 {saved.contacts_new},电话 {saved.phones_new},包保 {saved.care_changed}"
    )


def standing(one: Household, where: str, asked: str) -> str:
    """Return where a household stands, and what it was called when it was asked for by a former code."""
    former = f"(原编码 {asked})" if asked.strip() != one.code else ""
    return f"{where} {one.name} {one.code}{former}{',已注销' if one.closed else ''}"


def known_of(one: Household, language: str) -> str:
    """Return what is known of the household itself; what is not is 未报, never a nought."""
    heads = UNKNOWN if one.head_count is None else f"{one.head_count} 人"
    times = "、".join(f"{since:%H:%M}-{until:%H:%M}" for since, until in one.preferred) or UNKNOWN
    group = {None: UNKNOWN, True: "在", False: "不在"}[one.in_group]
    return f"人数 {heads};住户群 {group};方便时间 {times}" + (f";语言 {language}" if language else "")


def people(members: Sequence[Member]) -> str:
    """Return the members by number, masked."""
    listed = "、".join(f"{m.number}.{m.label}{f'({AGES[m.age]})' if m.age else ''}" for m in members)
    return f"成员 {listed or UNKNOWN}"


def reached(way: str, contacts: Sequence[Contact]) -> str:
    """Return how the household is reached, and who answers for it in which order; masked, no numbers."""
    listed = "、".join(f"{place}.{masked(one.name)}{_proxy(one)}" for place, one in enumerate(contacts, start=1))
    return f"联系 {way}" + (f";{listed}" if listed else "")


def _proxy(one: Contact) -> str:
    return f"({proxy_label(one.relation)})" if one.member_id is None and one.may_answer else ""


def care(title: str, team: CareTeam, names: Mapping[int, str]) -> str:
    """Return who looks after the household, in the order they are called, and which places nobody fills."""
    listed = "、".join(f"{carer.role.title} {names.get(carer.person_id, UNKNOWN)}" for carer in team.carers)
    missing = "、".join(role.title for role in team.missing)
    return f"{title} {listed or UNKNOWN}" + (f";缺 {missing}" if missing else "")


def step(change: Change, other_code: str) -> str:
    """Return one line of a household's history."""
    code = f" 原编码 {change.code}" if change.step is Step.RECODED and change.code else ""
    return f"{change.day:%Y-%m-%d} {_STEPS[change.step]}{f' {other_code}' if other_code else ''}{code}"


def moved(code: str, called: str, where: str) -> str:
    recoded = f",新编码 {called},旧编码还能查到" if called != code else ""
    return f"已迁:{code} 现在在{where}{recoded}"


def merged(codes: Sequence[str], into: str, people: int) -> str:
    return f"已合户:{'、'.join(codes)} 并到 {into},登记 {people} 人;旧编码、旧门码都会找到它"


def split(code: str, made: str, people: int) -> str:
    return f"已分户:{people} 人从 {code} 分出,新户 {made};谁能替新户代报,请问过新户再登记"


def closed(code: str) -> str:
    return f"已销户:{code};门上的码已作废"
