"""The ledger of returnees in words: numbers only, and how to have the tables."""

from collections.abc import Sequence

from handlers.domain.returnee_tally import OVERSEAS, UNROUTED, Tally
from handlers.domain.returnees import METRICS, Table
from handlers.domain.small_counts import HIDDEN, print_count

_KINDS = {
    METRICS[Table.WUHAN]: "武汉",
    METRICS[Table.HUBEI_OTHER]: "湖北(除武汉)",
    METRICS[Table.OUT_PROVINCE]: "省外(除湖北)",
    METRICS[Table.IN_PROVINCE]: "省内",
    OVERSEAS: "境外",
    UNROUTED: "出发地在问",
}
_PARTS_SHOWN = 20
NOT_FOR_A_GROUP = "名单不发群:有权限的人在后台看,或请管理员用 geying export 导出给本人。"
NOT_SHOWN = "按权限不显示"


def nobody(place: str) -> str:
    return f"{place}还没有人申报从外地回来。没有人申报不等于没有人回来,请看摸排的数。"


def ledger(place: str, tally: Tally, parts: Sequence[tuple[str, int | None]], observe_days: int) -> str:
    """Say who came by table, who is observed still, and where they are."""
    kinds = "、".join(
        f"{words}{print_count(tally.came[kind])}" for kind, words in _KINDS.items() if tally.came[kind] != 0
    )
    lines = [
        f"【返乡台账】{place}(本人申报,人)",
        f"近两个月回来{print_count(tally.total)}:{kinds}",
        f"观察期内(第0—{observe_days}天){print_count(tally.observed)},已满期{print_count(tally.released)}",
    ]
    shown = [f"{name}{print_count(count)}" for name, count in parts if count != 0]
    if shown:
        more = f" 等{len(shown)}处" if len(shown) > _PARTS_SHOWN else ""
        lines.append("各处:" + "、".join(shown[:_PARTS_SHOWN]) + more)
    if HIDDEN in "".join(lines):
        lines.append(f"{HIDDEN} 是不足5人,不写出来;名单不在这里。")
    return "\n".join(lines)


def nobody_declared(place: str) -> str:
    return f"{place}今天还没有人申报。没有人申报不等于没有人不舒服。"


def declared(
    place: str,
    people: int | None,
    measured: int | None,
    fever_line: str,
    fevers: int | None,
    symptoms: Sequence[tuple[str, int | None]],
    fevers_at: Sequence[tuple[str, int | None]],
    silent: Sequence[str],
) -> str:
    """Say today's declarations of a place: how many, how they are, where fevers are, and where nobody said anything."""
    felt = "、".join(f"{words}{print_count(count)}" for words, count in symptoms if count != 0)
    lines = [
        f"【今天的申报】{place}(本人申报,人)",
        f"申报{print_count(people)},量体温{print_count(measured)},{fever_line}℃以上{print_count(fevers)}",
        f"症状:{felt}" if felt else "没有人说不舒服",
    ]
    at = [f"{name}{print_count(count)}" for name, count in fevers_at if count != 0]
    if at and fevers != 0:
        lines.append("发热在:" + "、".join(at[:_PARTS_SHOWN]))
    if silent:
        more = f"等{len(silent)}处" if len(silent) > _PARTS_SHOWN else ""
        lines.append("还没有人申报(未报,不是0):" + "、".join(silent[:_PARTS_SHOWN]) + more)
    if HIDDEN in "".join(lines):
        lines.append(f"{HIDDEN} 是不足5人,不写出来。")
    return "\n".join(lines)
