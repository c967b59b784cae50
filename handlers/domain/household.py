"""A household (户): who lives there, who answers for it and how it is reached. Names stay out of `repr` and of logs.

A household is a node of the tree; its id is the node's. There is no place for an identity number: it is not asked,
not taken from a file, not kept. What is not known is None, and prints 未报.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from types import MappingProxyType

MEMBERS_LIMIT = 30


class Age(StrEnum):
    """The age as far as it is needed: a birthday is not kept."""

    UNDER_14 = "under_14"  # a guardian speaks (PIPL 31)
    GROWN = "grown"
    OLD = "old"  # 60 and over
    VERY_OLD = "very_old"  # 80 and over


AGES: Mapping[Age, str] = MappingProxyType(
    {Age.UNDER_14: "14岁以下", Age.GROWN: "14至59岁", Age.OLD: "60至79岁", Age.VERY_OLD: "80岁以上"}
)
VULNERABLE: Mapping[str, str] = MappingProxyType(
    {
        "alone": "独居老人",
        "bedridden": "失能卧床",
        "pregnant": "孕产妇",
        "infant": "婴幼儿",
        "left_behind": "留守儿童",
        "disabled": "残疾",
        "dialysis": "透析",
        "chemotherapy": "放化疗",
        "oxygen": "家庭氧疗",
        "mental": "精神障碍",
        "poor": "低保特困",
    }
)
"""Why somebody must not be forgotten: a fixed list, so that nothing more than needed is written down."""
MEDICINES: Mapping[str, str] = MappingProxyType(
    {
        "blood_pressure": "降压药",
        "blood_sugar": "降糖药",
        "insulin": "胰岛素",
        "heart": "心脏病药",
        "blood_thinner": "抗凝药",
        "asthma": "哮喘用药",
        "epilepsy": "抗癫痫药",
        "psychiatric": "精神科用药",
        "transplant": "抗排异药",
        "other": "其他长期用药",
    }
)
LANGUAGES: Mapping[str, str] = MappingProxyType(
    {"mandarin": "普通话", "dialect": "本地话", "sign": "手语", "english": "英语", "other": "其他语言"}
)


class Reach(StrEnum):
    """How the household is best reached by us, best first."""

    KF = "kf"
    OFFICIAL_ACCOUNT = "official_account"
    H5 = "h5"  # opens our page when told to; we cannot write to it
    GROUP_ONLY = "group_only"  # reads along in the household group, through a person
    PHONE_ONLY = "phone_only"
    NONE = "none"  # somebody knocks


REACH: Mapping[Reach, str] = MappingProxyType(
    {
        Reach.KF: "微信客服",
        Reach.OFFICIAL_ACCOUNT: "公众号",
        Reach.H5: "扫码网页",
        Reach.GROUP_ONLY: "只在群里",
        Reach.PHONE_ONLY: "只能打电话",
        Reach.NONE: "都够不着,要上门",
    }
)


class Relation(StrEnum):
    """What somebody who answers is to the household."""

    MEMBER = "member"
    CHILD = "child"
    PARENT = "parent"
    SPOUSE = "spouse"
    RELATIVE = "relative"
    NEIGHBOUR = "neighbour"
    CARER = "carer"  # a paid carer, an institution


RELATIONS: Mapping[Relation, tuple[str, ...]] = MappingProxyType(
    {
        Relation.MEMBER: ("本户", "本人", "户主", "家庭成员"),
        Relation.CHILD: ("子女", "女儿", "儿子", "女婿", "儿媳", "孙女", "孙子", "外孙女", "外孙"),
        Relation.PARENT: ("父母", "父亲", "母亲", "爸爸", "妈妈", "祖父母", "爷爷", "奶奶"),
        Relation.SPOUSE: ("配偶", "妻子", "丈夫", "爱人"),
        Relation.RELATIVE: ("亲戚", "兄弟", "姐妹", "侄子", "侄女", "外甥", "其他亲属"),
        Relation.NEIGHBOUR: ("邻居", "朋友", "同事"),
        Relation.CARER: ("护工", "保姆", "照料人", "养老院"),
    }
)
"""The words for each, the first being ours."""


@dataclass(frozen=True, slots=True)
class Household:
    """A household as it stands on a day. `grid_id` is the node above it; `closed`: it was merged away or left.

    `preferred` are the local times at which it likes to be asked, () when it never said.
    """

    id: int
    code: str
    name: str
    grid_id: int
    address: str | None = field(default=None, repr=False)
    head_count: int | None = None
    language: str | None = None
    preferred: tuple[tuple[time, time], ...] = ()
    in_group: bool | None = None
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who lives there. `id` is the person's for ever, `number` the place on the household's list, from 1."""

    id: int
    household_id: int
    number: int
    name: str = field(repr=False)
    age: Age | None = None
    language: str | None = None

    @property
    def label(self) -> str:
        """Return the name as anybody who scans may see it."""
        return masked(self.name)

    @property
    def under_14(self) -> bool | None:
        """Return whether a guardian must speak; None when the age is not known."""
        return None if self.age is None else self.age is Age.UNDER_14


@dataclass(frozen=True, slots=True)
class Health:
    """What a person needs: keys of `VULNERABLE` and `MEDICINES`. Sealed under the person's own key."""

    vulnerable: tuple[str, ...] = ()
    medicines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Address:
    """One address somebody answers from: a kf or 公众号 id, or a phone number under `phone`."""

    channel: str
    address: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody who answers for the household, in the order they are asked. `member_id` None: lives elsewhere.

    `may_answer`: their word counts for the others, as somebody of the household agreed; else they are only told.
    """

    id: int
    household_id: int
    member_id: int | None
    name: str = field(repr=False)
    relation: Relation
    order: int
    may_answer: bool
    addresses: tuple[Address, ...] = ()


@dataclass(frozen=True, slots=True)
class Caller:
    """Who of which household speaks from an address: one address may answer for several households."""

    household_id: int
    contact_id: int
    member_id: int | None
    relation: Relation
    may_answer: bool

    @property
    def label(self) -> str:
        """Return the label that stands at what they say of others."""
        return proxy_label(self.relation)


class Step(StrEnum):
    """What happened to a household; the history is only ever added to."""

    MADE = "made"
    MOVED = "moved"
    RECODED = "recoded"
    MERGED = "merged"  # into `other_id`
    TOOK_IN = "took_in"  # `other_id` was merged into this one
    SPLIT = "split"  # people left it for `other_id`
    SPLIT_OFF = "split_off"  # it was made from `other_id`
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Change:
    """One line of a household's history. `grid_id` is where it stood before, `code` what it was called before."""

    household_id: int
    step: Step
    day: date
    at: datetime
    grid_id: int | None = None
    code: str | None = None
    other_id: int | None = None
    by: int | None = None


def reach(channels: Iterable[str], in_group: bool | None) -> Reach:
    """Return the best way to a household whose people answer from *channels* (`phone` among them).

    >>> reach(["phone", "official_account"], True), reach(["phone"], True), reach([], None)
    (<Reach.OFFICIAL_ACCOUNT: 'official_account'>, <Reach.GROUP_ONLY: 'group_only'>, <Reach.NONE: 'none'>)
    """
    known = set(channels)
    for way in (Reach.KF, Reach.OFFICIAL_ACCOUNT, Reach.H5):
        if way.value in known:
            return way
    if in_group:
        return Reach.GROUP_ONLY
    return Reach.PHONE_ONLY if "phone" in known else Reach.NONE


def proxy_label(relation: Relation) -> str:
    """Return how words for somebody else are labelled: nobody is taken to have spoken who has not.

    >>> proxy_label(Relation.CHILD), proxy_label(Relation.NEIGHBOUR), proxy_label(Relation.MEMBER)
    ('家人代报', '邻居代报', '家人代报')
    """
    return {Relation.NEIGHBOUR: "邻居代报", Relation.CARER: "照料人代报"}.get(relation, "家人代报")


def relation_of(words: str) -> Relation | None:
    """Return the relation that words name, None when they name none.

    >>> relation_of("女儿"), relation_of("户主"), relation_of("路人")
    (<Relation.CHILD: 'child'>, <Relation.MEMBER: 'member'>, None)
    """
    return next((relation for relation, said in RELATIONS.items() if words.strip() in said), None)


def masked(name: str) -> str:
    """Return a name that its owner knows and a stranger does not: the first character, then stars.

    >>> masked("王桂花"), masked("欧阳测"), masked("李"), masked("")
    ('王**', '欧**', '*', '*')
    """
    plain = name.strip()
    return "*" if len(plain) < 2 else plain[0] + "*" * min(len(plain) - 1, 2)


def age_of(years: int) -> Age:
    """Return the age band.

    >>> [age_of(n).value for n in (0, 13, 14, 59, 60, 80)]
    ['under_14', 'under_14', 'grown', 'grown', 'old', 'very_old']
    """
    for limit, age in ((14, Age.UNDER_14), (60, Age.GROWN), (80, Age.OLD)):
        if years < limit:
            return age
    return Age.VERY_OLD
