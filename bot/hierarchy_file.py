"""`hierarchy.yaml` read into a County and its nodes; every fault at once, in Chinese, with its line and its path."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot import faq_file, matters_part, nodes_csv, steps_part, yaml_text
from bot.declaring_part import DeclaringPart, declaring
from bot.fatigue_part import FatiguePart, fatigue
from bot.four_ones_part import FourOnesPart, four_ones
from bot.yaml_types import Clock, Key, Span, Word
from handlers.domain import county as domain
from handlers.domain.care_team import FIVE_FOR_ONE, CareRole, CareRules
from handlers.domain.county import County, Level, ModeRules, RoleKind, Rung
from handlers.domain.daily_layout import STANDARD, Template
from handlers.domain.declaring import Declaring
from handlers.domain.errors import BadSetting
from handlers.domain.hierarchy import NodeIn
from handlers.domain.policy import POLICY
from nlp.faq import Faq


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _LevelPart(_Part):
    key: Key
    title: Word
    staff: bool = True
    side: bool = False


class _RungPart(_Part):
    after: Span
    tell: Literal["self", "substitute", "above"]


class _QuietPart(_Part):
    since: Clock = Field(alias="from")
    until: Clock


class _ModePart(_Part):
    compulsory: bool | None = None
    ladder: list[_RungPart] | None = None
    quiet: _QuietPart | None = None


class _RolePart(_Part):
    title: Word
    level: str | None = None
    also: list[Word] = []


class _CareRolePart(_Part):
    key: Key
    title: Word
    health: bool = False
    post: str | None = None


class _CarePart(_Part):
    """Who looks after a household; the order of the roles is the order they are called in."""

    title: Annotated[str, Field(min_length=1, max_length=12)] = FIVE_FOR_ONE.title
    roles: Annotated[list[_CareRolePart], Field(min_length=1, max_length=12)]


class _NodePart(_Part):
    code: Annotated[str, Field(pattern=r"^[0-9A-Za-z][0-9A-Za-z_-]{0,63}$")]
    name: Word
    level: str | None = None
    branch: Annotated[str, Field(max_length=32)] | None = None
    aliases: list[Word] = []
    below: list["_NodePart"] = []


class _TreePart(_Part):
    include: str | None = None
    nodes: list[_NodePart] = []


class _File(_Part):
    """What is None here keeps the default of `County`."""

    name: Word
    code: Word
    levels: Annotated[list[_LevelPart], Field(min_length=2, max_length=30)]
    tree: _TreePart
    province: str = ""
    roles: dict[str, _RolePart] = {}
    care_team: _CarePart | None = None
    peace: _ModePart = _ModePart()
    war: _ModePart = _ModePart()
    war_fuse: Span | None = None
    freeze_at: Clock | None = None
    confirm_above: Annotated[int, Field(ge=0)] | None = None
    hold: Span | None = None
    preview_for: Span | None = None
    review_within: Span | None = None
    definition: Annotated[str, Field(max_length=8)] | None = None
    templates: list[Word] | None = None
    report_level: str | None = None
    bot_names: Annotated[list[Word], Field(min_length=1)] | None = None
    zone: str | None = None
    sample: bool | None = None
    declaration: DeclaringPart | None = None
    four_ones: FourOnesPart | None = None
    fatigue: FatiguePart | None = None
    faq: str | None = None
    reports: str | None = None
    steps: str | None = None
    matters: str | None = None


@dataclass(frozen=True, slots=True)
class HierarchyFile:
    """A county as its file states it. `sha256` covers the file and what it includes: equal means nothing changed.

    `reports`, `steps` and `matters` are the folders of the county's own files of these kinds, None where it names none.
    """

    county: County
    sha256: str
    path: Path
    _tree: _TreePart
    reports: Path | None = None
    steps: Path | None = None
    matters: Path | None = None

    def nodes(self) -> list[NodeIn]:
        """Return every node, the county first and parents before children; BadSetting names every fault."""
        levels = {level.key: level for level in self.county.levels}
        if self._tree.include:
            included = nodes_csv.read(nodes_csv.beside(self.path, self._tree.include), levels)
            if not included or included[0].code != self.county.code:
                raise BadSetting(f"{self._tree.include} 第一行应是最上级,编码为 {self.county.code}")
            return included
        root = NodeIn(self.county.code, self.county.name, self.county.levels[0].key, None)
        found = {root.code: root}
        faults: list[str] = []
        for place, part in enumerate(self._tree.nodes):
            _unfold(part, root, levels, found, faults, f"{self.path.name} tree.nodes.{place}")
        if faults:
            raise BadSetting("\n".join(faults))
        return list(found.values())


def read(path: Path) -> HierarchyFile:
    """Return the county of the file; BadSetting names every fault of it, one a line. Nodes are read by `nodes()`."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise BadSetting(f"读不到 {path.name}:请检查 GEYING_HIERARCHY") from error
    text = yaml_text.read(raw)
    try:
        stated = _File.model_validate(text.value)
    except ValidationError as error:
        raise BadSetting("\n".join(_said(path.name, text, fault) for fault in error.errors())) from error
    faults = [f"{path.name} 第{text.line(where)}行 {_dotted(where)}:{say}" for where, say in _contradictions(stated)]
    if faults:
        raise BadSetting("\n".join(faults))
    digest = hashlib.sha256(raw)
    if stated.tree.include:
        digest.update(nodes_csv.beside(path, stated.tree.include).read_bytes())
    taken = declaring(stated.declaration, path) if stated.declaration else None
    faq = faq_file.read(nodes_csv.beside(path, stated.faq)) if stated.faq else ()
    reports = nodes_csv.folder_beside(path, stated.reports) if stated.reports else None
    steps = nodes_csv.folder_beside(path, stated.steps) if stated.steps else None
    matters = nodes_csv.folder_beside(path, stated.matters) if stated.matters else None
    county = replace(
        _county(stated, taken, faq),
        steps=steps_part.read(steps) if steps is not None else (),
        matters=matters_part.read(matters) if matters is not None else (),
    )
    return HierarchyFile(county, digest.hexdigest(), path, stated.tree, reports, steps, matters)


_SAY = {
    "missing": "缺少这一项",
    "extra_forbidden": "不认识这一项,请检查拼写",
    "int_parsing": "应是整数",
    "bool_parsing": "应是 true 或 false",
    "literal_error": "只能是 self、substitute 或 above",
    "too_short": "写得不够",
    "string_too_short": "不能空着",
    "string_too_long": "太长",
    "string_pattern_mismatch": "只能用字母、数字和 _-,级别和职务的 key 用小写英文",
    "string_type": "应是文字",
    "list_type": "应是列表(每行以 - 开头)",
    "dict_type": "应是 名称: 值 的写法",
    "model_type": "应是 名称: 值 的写法",
    "greater_than_equal": "不能是负数",
}


def _said(name: str, text: yaml_text.Text, fault: Any) -> str:
    say = _SAY.get(fault["type"], "填得不对")
    if fault["type"] == "value_error":
        say = str(fault["ctx"]["error"])
    return f"{name} 第{text.line(fault['loc'])}行 {_dotted(fault['loc'])}:{say}"


def _dotted(path: yaml_text.Path) -> str:
    return ".".join(map(str, path)) or "(整个文件)"


def _contradictions(stated: _File) -> Iterable[tuple[yaml_text.Path, str]]:
    """Yield what is well formed but cannot be: where, and what to do."""
    keys = [level.key for level in stated.levels]
    staffed = [level.key for level in stated.levels if level.staff and not level.side]
    for place, key in enumerate(keys):
        if key in keys[:place]:
            yield ("levels", place, "key"), f"层级 {key} 写了两遍"
    if stated.levels[0].side:
        yield ("levels", 0, "side"), "最上级不能是旁支"
    if (stated.report_level or "grid") not in staffed:
        yield ("report_level",), f"谁报日报?应是这些层级之一:{'、'.join(staffed)}"
    for key, role in stated.roles.items():
        if key not in POLICY:
            yield ("roles", key), f"没有这个职务,可用:{'、'.join(POLICY)}"
        if role.level is not None and role.level not in keys:
            yield ("roles", key, "level"), f"没有配置“{role.level}”这个层级"
    for place, name in enumerate(stated.templates or ()):
        if name != "daily_report":
            yield ("templates", place), "现行报表只有 daily_report;自己加的报表放进 reports: 所指的文件夹"
    yield from _care_faults(stated.care_team)
    for name, part in (("peace", stated.peace), ("war", stated.war)):
        waits = [rung.after for rung in part.ladder or ()]
        if waits != sorted(waits):
            yield (name, "ladder"), "催办的时间应一级比一级晚"
    yield from _peace_faults(stated.peace)
    if stated.peace.compulsory:
        yield ("peace", "compulsory"), "平时不能强制回执;强制只在战时,由人宣布并写明依据"
    if stated.war_fuse is not None and not timedelta(0) < stated.war_fuse <= timedelta(days=14):
        yield ("war_fuse",), "战时最长 14 天,到期自动恢复平时"
    try:
        ZoneInfo(stated.zone or "Asia/Shanghai")
    except (ZoneInfoNotFoundError, ValueError):
        yield ("zone",), "没有这个时区,一般写 Asia/Shanghai"
    if stated.tree.include and stated.tree.nodes:
        yield ("tree",), "include 和 nodes 只能写一个"


def _peace_faults(peace: _ModePart) -> Iterable[tuple[yaml_text.Path, str]]:
    """In peace one private reminder and no night sends: a file may ask for less, never for more."""
    if len(peace.ladder or ()) > 1 or any(rung.tell != "self" for rung in peace.ladder or ()):
        yield ("peace", "ladder"), "平时最多私下提醒本人一次(tell: self),不找代班、不报上级"
    if peace.quiet is not None and peace.quiet.since == peace.quiet.until:
        yield ("peace", "quiet"), "平时夜里不发,要留出休息时段,如 22:00 到 07:00"


def _care_faults(part: _CarePart | None) -> Iterable[tuple[yaml_text.Path, str]]:
    seen: set[str] = set()
    for place, role in enumerate(part.roles if part else ()):
        where = ("care_team", "roles", place)
        if role.key in seen or role.title in seen:
            yield (*where, "key"), f"包保角色 {role.title} 写了两遍"
        seen |= {role.key, role.title}
        if role.health and CareRole(role.key, role.title).police:
            yield (*where, "health"), "公安角色不能看健康信息,请删掉 health"
        if role.post is not None and role.post not in POLICY:
            yield (*where, "post"), f"没有这个职务,可用:{'、'.join(POLICY)}"


def _care(part: _CarePart) -> CareRules:
    return CareRules(part.title, tuple(CareRole(r.key, r.title, r.health, r.post) for r in part.roles))


def _county(stated: _File, taken: Declaring | None, faq: tuple[Faq, ...]) -> County:
    levels = tuple(Level(part.key, part.title, part.staff, part.side) for part in stated.levels)
    roles: dict[str, RoleKind] = domain.usual_roles(levels)
    for key, role in stated.roles.items():
        roles[key] = RoleKind(
            key, role.title, roles[key].confirms, roles[key].issues, role.level or roles[key].level, tuple(role.also)
        )
    apart = {
        "levels", "roles", "care_team", "peace", "war", "tree", "declaration", "four_ones", "fatigue", "faq",
        "reports", "templates", "steps", "matters",
    }  # fmt: skip
    given = stated.model_dump(exclude=apart, exclude_none=True)
    given |= {key: tuple(value) for key, value in given.items() if isinstance(value, list)}
    peace = _mode(stated.peace, domain.PEACE)
    return County(
        **given,
        levels=levels,
        roles=MappingProxyType(roles),
        care=FIVE_FOR_ONE if stated.care_team is None else _care(stated.care_team),
        peace=peace,
        war=_mode(stated.war, domain.WAR),
        declaring=taken,
        four_ones=four_ones(stated.four_ones, peace) if stated.four_ones else None,
        fatigue=fatigue(stated.fatigue, peace) if stated.fatigue else None,
        faq=faq,
        daily=Template(stated.definition or STANDARD.definition),
    )


def _mode(part: _ModePart, usual: ModeRules) -> ModeRules:
    quiet = (part.quiet.since, part.quiet.until) if part.quiet else (usual.quiet_from, usual.quiet_until)
    ladder = usual.ladder if part.ladder is None else tuple(Rung(rung.after, rung.tell) for rung in part.ladder)
    return ModeRules(usual.compulsory if part.compulsory is None else part.compulsory, ladder, *quiet)


def _unfold(
    part: _NodePart, above: NodeIn, levels: Mapping[str, Level], found: dict[str, NodeIn], faults: list[str], where: str
) -> None:
    """Add the part and what is below it; a level left out is the next one of the main line."""
    main = [level.key for level in levels.values() if not level.side]
    following = main[main.index(above.level) + 1 :] if above.level in main else []
    level = part.level or (following[0] if following else "")
    fault = f"没有配置“{level}”这个层级" if level not in levels else nodes_csv.order_fault(levels, above.level, level)
    if part.code in found:
        fault = f"编码 {part.code} 前面已有"
    if fault:
        return faults.append(f"{where}({part.name}):{fault}")
    node = NodeIn(part.code, part.name, level, above.code, part.branch or above.branch, tuple(part.aliases))
    found[part.code] = node
    for place, below in enumerate(part.below):
        _unfold(below, node, levels, found, faults, f"{where}.below.{place}")
    return None
