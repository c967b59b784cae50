"""A county's own rules: its levels, its roles, and what peace and war allow. All of it comes from `hierarchy.yaml`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

from handlers.domain.care_team import FIVE_FOR_ONE, CareRules
from handlers.domain.daily_layout import STANDARD, Template
from handlers.domain.declaring import Declaring
from handlers.domain.fatigue import Fatigue
from handlers.domain.four_ones import FourOnes
from handlers.domain.matter import Pack
from handlers.domain.policy import Action, allows
from handlers.domain.step_template import StepTemplate
from nlp.faq import Faq

TELLS = ("self", "substitute", "above")


@dataclass(frozen=True, slots=True)
class Level:
    """A kind of node, from the county down. `staff`: people are posted here. `side`: a branch beside the main line."""

    key: str
    title: str
    staff: bool = True
    side: bool = False


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of a ladder: so long after the sending, tell the person, the substitute, or the level above."""

    after: timedelta
    tell: str


Ladder = tuple[Rung, ...]


@dataclass(frozen=True, slots=True)
class ModeRules:
    """What a mode allows. Quiet hours are local times; both None means none; they may span midnight."""

    compulsory: bool
    ladder: Ladder
    quiet_from: time | None = None
    quiet_until: time | None = None

    def quiet(self, local: time) -> bool:
        """Return whether nothing may be sent at this local time.

        >>> PEACE.quiet(time(23, 5)), PEACE.quiet(time(6, 59)), PEACE.quiet(time(7, 0)), WAR.quiet(time(3, 0))
        (True, True, False, False)
        """
        start, end = self.quiet_from, self.quiet_until
        if start is None or end is None or start == end:
            return False
        return start <= local < end if start < end else local >= start or local < end

    def loud_at(self, at: datetime, zone: ZoneInfo) -> datetime:
        """Return *at* when sending is allowed then, else the moment the quiet hours end; in the zone of *at*."""
        local = at.astimezone(zone)
        if not self.quiet(local.time()) or self.quiet_until is None:
            return at
        morning = local.replace(
            hour=self.quiet_until.hour, minute=self.quiet_until.minute, second=self.quiet_until.second, microsecond=0
        )
        if morning <= local:
            morning += timedelta(days=1)
        return morning.astimezone(at.tzinfo)


@dataclass(frozen=True, slots=True)
class RoleKind:
    """A post: its title, the level it is held at, and other titles a roster may use for it.

    `issues` and `confirms` follow from the policy table; they are here so that wording needs no second look-up.
    """

    key: str
    title: str
    confirms: bool
    issues: bool
    level: str | None = None
    also: tuple[str, ...] = ()


_POSTS = {
    "county_lead": ("县领导", "county", ("指挥长", "县委书记", "县长")),
    "township_lead": ("乡镇领导", "township", ("镇领导", "乡领导", "镇党委书记", "乡党委书记", "镇长", "乡长")),
    "deputy": ("审核人", None, ("副指挥长", "副镇长", "副乡长", "副书记")),
    "village_lead": ("村支书", "village", ("村书记", "社区书记", "村主任", "居委会主任", "村党支部书记")),
    "grid_lead": ("网格长", "base_grid", ("基础网格长",)),
    "gridworker": ("网格员", "grid", ("专职网格员", "兼职网格员", "工作网格员")),
    "village_doctor": ("村医", "village", ("乡村医生", "社区医生", "家庭医生", "卫生室医生")),
    "sector": ("行业专员", None, ("行业联络员", "部门联络员")),
    "sysadmin": ("系统管理员", None, ()),
    "security_admin": ("安全管理员", None, ()),
    "auditor": ("审计员", None, ()),
}  # fmt: skip


def usual_roles(levels: Iterable[Level]) -> dict[str, RoleKind]:
    """Return the roles with their usual titles; a role whose level the county has not may be held anywhere.

    >>> usual_roles([Level("county", "县"), Level("grid", "网格")])["gridworker"].level
    'grid'
    """
    known = {level.key for level in levels}
    return {
        key: RoleKind(
            key, title, allows(key, Action.CONFIRM), allows(key, Action.ISSUE), level if level in known else None, also
        )
        for key, (title, level, also) in _POSTS.items()
    }


PEACE = ModeRules(False, (Rung(timedelta(hours=2), "self"),), time(22, 0), time(7, 0))
WAR = ModeRules(
    True,
    (
        Rung(timedelta(minutes=10), "self"),
        Rung(timedelta(minutes=20), "substitute"),
        Rung(timedelta(minutes=30), "above"),
    ),
)


@dataclass(frozen=True, slots=True)
class County:
    """The whole configuration of one deployment. `sample`: its people are invented, so 104… phones are accepted."""

    name: str
    code: str
    province: str
    levels: tuple[Level, ...]
    roles: Mapping[str, RoleKind] = field(default_factory=lambda: MappingProxyType({}))
    peace: ModeRules = PEACE
    war: ModeRules = WAR
    war_fuse: timedelta = timedelta(days=14)
    freeze_at: time = time(16, 0)
    confirm_above: int = 200
    hold: timedelta = timedelta(seconds=60)
    preview_for: timedelta = timedelta(minutes=10)
    review_within: timedelta = timedelta(minutes=30)
    definition: str = "v1"
    daily: Template = STANDARD  # what the daily report prints: the county's own figures, under its 口径
    report_level: str = "grid"
    bot_names: tuple[str, ...] = ("小格",)
    care: CareRules = FIVE_FOR_ONE
    zone: str = "Asia/Shanghai"
    sample: bool = False
    faq: tuple[Faq, ...] = ()
    declaring: Declaring | None = None  # None: the county takes no declarations
    four_ones: FourOnes | None = None  # None: nobody is asked
    fatigue: Fatigue | None = None  # None: nobody counts
    steps: tuple[StepTemplate, ...] = ()  # what a round of 敲门 may follow
    matters: tuple[Pack, ...] = ()  # what people may bring: mediation, hardship

    @property
    def tz(self) -> ZoneInfo:
        """Return the county's time zone."""
        return ZoneInfo(self.zone)

    def level(self, key: str) -> Level | None:
        """Return the level of that key, None when the county has none such."""
        return next((level for level in self.levels if level.key == key), None)

    def role_of(self, title: str) -> RoleKind | None:
        """Return the role a title stands for (网格员, 专职网格员, gridworker), None when nobody has it."""
        wanted = title.strip()
        for kind in self.roles.values():
            if wanted in (kind.key, kind.title) or wanted in kind.also:
                return kind
        return None
