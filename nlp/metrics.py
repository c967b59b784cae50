"""The figures a report can state: key, short Chinese label, unit; and the way from a label back to its key."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Metric:
    """One figure of the ledger: its key in the corpus schema, its short label, its unit; `also` are other names."""

    key: str
    label: str
    unit: str
    also: tuple[str, ...] = ()


_ROWS = """
households_checked 排查 户 排查户 排查户数 摸排户数 户数
people_checked 排查人数 人 排查人 摸排人数 人数 登记人员 检查人员
households_visited 走访 户 走访户数 入户 敲门 上门
people_visited 走访人数 人 慰问
temp_checked_people 测温 人 测温人数 测体温 量体温
returnees 返乡 人 返乡人数 返乡人员 外地返回 返回 回来
returnees_wuhan 武汉返回 人 武汉 武汉返乡
returnees_hubei_other 湖北其他返回 人 湖北其他 湖北(除武汉) 湖北除武汉
returnees_hubei 湖北返回 人 湖北 湖北返乡
returnees_out_province 省外返回 人 省外 外省 省外返乡
returnees_in_province 省内返回 人 省内 市外 省内返乡
returnees_overseas 境外返回 人 境外 国外
isolated_households 隔离户 户 隔离户数 居家隔离户 居家隔离户数
isolated_people 隔离 人 隔离人数 隔离人员 居家隔离 居家观察
central_isolated_people 集中隔离 人 集中隔离人数
released_people 解除隔离 人 解除 解除人数
released_households 解除隔离户 户 解除户 解除户数
fever_people 发热 人 发烧 发热人数 发热人员 体温异常
cough_people 咳嗽 人 咳嗽人数
suspected_cases 疑似 人 疑似病例
confirmed_cases 确诊 人 确诊病例
close_contacts 密接 人 密切接触者
vehicles_checked 检查车辆 辆 车辆 过车 检车 车
vehicles_turned_back 劝返车辆 辆 劝返车
people_turned_back 劝返 人 劝返人数 劝返人员
vehicles_hubei 湖北车辆 辆 鄂牌
vehicles_out_province 外省车辆 辆 外地车
staff_on_duty 值守 人 值班 值班人数 值班人员
checkpoints 卡点 个 卡点数
leaflets 宣传单 份 宣传资料 告知书 明白纸
banners 横幅 条 条幅 标语
notices_posted 张贴公告 张 公告 通告 张贴
broadcasts 广播 次 喇叭 喇叭广播
disinfections 消毒 次 消杀
disinfected_places 消毒处数 处 消杀处数
disinfected_area_m2 消毒面积 平方米 消杀面积
gatherings_dispersed 劝散聚集 起 聚集
people_dissuaded 劝阻 人 劝离 劝导
banquets_cancelled 取消酒席 场 酒席
disputes_mediated 调解纠纷 起 调解 纠纷
deliveries 代购 次 送物资 送药
households_served 帮扶 户 送菜
issues_reported 上报事件 件 上报线索 上报问题
swab_due 应检 人 应采
swab_done 实检 人 实采 已采
swab_missing 未检 人 未采
antigen_positive 抗原阳性 人 阳性
antigen_negative 抗原阴性 人 阴性
vaccinated_people 接种 人 疫苗 接种人数
relocated_households 转移户 户 转移户数
relocated_people 转移 人 转移人数 转移人员
sheltered_people 安置 人 集中安置 安置点
flooded_houses 进水 户 进水房屋 被淹
collapsed_rooms 倒塌 间 倒塌房屋
damaged_rooms 受损 间 受损房屋
farmland_mu 受灾农田 亩 农田
rainfall_mm 降雨量 毫米 雨量
water_level_m 水位 米
trapped_people 被困 人 被困人员
casualties 伤亡 人 人员伤亡
injured_people 受伤 人
missing_people 失联 人 失踪
patrols 巡查 次 巡堤 巡山
sandbags 沙袋 个
boats_in_port 渔船回港 艘 在港渔船
hazards_found 隐患 处 险情 发现隐患
hazards_fixed 整改隐患 处 整改
power_out_households 停电 户 停电户数
roads_blocked 道路中断 处 断路
households_registered 登记户数 户 普查户数
people_registered 登记人数 人 普查人数
households_absent 空户 户 空 未见面 没人在家
households_refused 拒访 户 拒绝
people 人数 人
temperature 体温 ℃
quantity 数量 
"""  # noqa: W291
_SUFFIXES = (("_new", "新增"), ("_cum", "累计"))


def _read() -> dict[str, Metric]:
    rows = [line.split() for line in _ROWS.strip().splitlines()]
    return {row[0]: Metric(row[0], row[1], row[2] if len(row) > 2 else "", tuple(row[3:])) for row in rows}


_known = _read()
METRICS: Mapping[str, Metric] = MappingProxyType(_known)
_by_label = {name: metric.key for metric in reversed(list(METRICS.values())) for name in (*metric.also, metric.label)}


def define(own: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Add a county's own figures (key → label, unit) to `METRICS`; return the keys that were new."""
    added = tuple(key for key in own if key not in _known)
    for key in added:
        label, unit = (*own[key], "", "")[:2]
        _known[key] = Metric(key, label, unit)
        _by_label.setdefault(label, key)
    return added


def forget(keys: tuple[str, ...]) -> None:
    """Take away figures that `define` added."""
    for key in keys:
        metric = _known.pop(key, None)
        if metric is not None and _by_label.get(metric.label) == key:
            del _by_label[metric.label]


def _parts(key: str) -> tuple[str, str]:
    for suffix, word in _SUFFIXES:
        if key.endswith(suffix):
            return key.removesuffix(suffix), word
    return key, ""


def label_of(key: str) -> str:
    """Return the short Chinese label of a metric key, with 新增 or 累计 in front where the key says so.

    >>> label_of("isolated_people"), label_of("returnees_new"), label_of("returnees@浙江")
    ('隔离', '新增返乡', '浙江返回')
    """
    base, word = _parts(key)
    if base.startswith("returnees@"):
        return f"{word}{base.partition('@')[2]}返回"
    metric = METRICS.get(base)
    return f"{word}{metric.label if metric else base}"


def unit_of(key: str) -> str:
    """Return the unit of a metric key, "人" for a named place of return, "" when the key is not known."""
    base, _ = _parts(key)
    if base.startswith("returnees@"):
        return "人"
    metric = METRICS.get(base)
    return metric.unit if metric else ""


def metric_of(label: str) -> str | None:
    """Return the metric key that *label* names (隔离, 新增返乡, 排查户数), None when it names none.

    >>> metric_of("隔离"), metric_of("累计返乡人数"), metric_of("天气")
    ('isolated_people', 'returnees_cum', None)
    """
    label = label.strip()
    for suffix, word in _SUFFIXES:
        if label.startswith(word) and len(label) > len(word):
            base = metric_of(label.removeprefix(word))
            return f"{base}{suffix}" if base else None
    return _by_label.get(label)
