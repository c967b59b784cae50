"""A roster as people keep it, turned into nodes, people, posts and groups; every fault named by row and column.

Pure: the tree comes in, a plan comes out. Reading files is `bot.roster_file`, writing is `store.people`.
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from handlers.domain.chats import CAPABILITIES, Channel
from handlers.domain.county import County, RoleKind
from handlers.domain.hierarchy import NodeIn, Tree
from handlers.domain.policy import kept_apart
from handlers.domain.roster_fields import Unfit, clean, ditto, mobiles, person_name, user_id
from handlers.domain.roster_places import Misplaced, Places, PlaceText

_CHANNELS = {
    "": Channel.APPCHAT, "appchat": Channel.APPCHAT, "应用群": Channel.APPCHAT,
    "aibot": Channel.AIBOT, "智能机器人": Channel.AIBOT, "webhook": Channel.WEBHOOK, "群机器人": Channel.WEBHOOK,
    "relay": Channel.RELAY, "人工接力": Channel.RELAY, "住户群": Channel.RELAY,
}  # fmt: skip
_APPCHAT_ID = re.compile(r"[0-9A-Za-z]{1,32}")  # WeCom appchat/create: chatid at most 32 of [0-9A-Za-z]
_ADDRESS_LIMIT = 200
_LABELS = {
    "code": "编码", "name": "姓名", "phone": "手机号", "userid": "企业微信账号", "role": "职务",
    "chat_name": "群名", "chat_address": "群号", "channel": "渠道",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class RowIn:
    """One row as read: texts only, merged cells already filled in. `row` counts as the spreadsheet does, in `sheet`."""

    row: int
    places: tuple[PlaceText, ...] = ()
    code: str = ""
    name: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    userid: str = ""
    role: str = ""
    chat_name: str = ""
    chat_address: str = ""
    channel: str = ""
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class RowError:
    """A fault: the row as the spreadsheet counts it, the column's header, and what to do (Chinese)."""

    row: int
    column: str
    say: str
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class PlannedPerson:
    """Somebody of the roster; `row` is where they stand first."""

    userid: str
    name: str = field(repr=False)
    phones: tuple[str, ...] = field(repr=False)
    row: int


@dataclass(frozen=True, slots=True)
class PlannedHolding:
    """A post: who, at the node of which code, as what."""

    userid: str
    node_code: str
    role: str


@dataclass(frozen=True, slots=True)
class PlannedChat:
    """A group: at the node of which code, how and where it is reached."""

    node_code: str
    channel: str
    address: str
    name: str
    capabilities: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RosterPlan:
    """What the roster asks for. With errors, what is here is only the part that was understood."""

    nodes: tuple[NodeIn, ...] = ()
    people: tuple[PlannedPerson, ...] = ()
    holdings: tuple[PlannedHolding, ...] = ()
    chats: tuple[PlannedChat, ...] = ()
    errors: tuple[RowError, ...] = ()


def plan(
    rows: Iterable[RowIn], tree: Tree, county: County, *, allow_sample_phones: bool = False, grow: bool = False
) -> RosterPlan:
    """Return what the rows ask for, with every fault. *grow* lets places that are not in the tree be made."""
    planner = _Planner(tree, county, allow_sample_phones, grow)
    for row in rows:
        planner.take(row)
    return planner.plan()


class _Planner:
    """Takes the rows one by one; a row with a fault adds its faults and nothing else."""

    def __init__(self, tree: Tree, county: County, allow_sample: bool, grow: bool) -> None:
        self._county = county
        self._allow_sample = allow_sample
        self._places = Places(tree, grow)
        self._above: RowIn | None = None
        self._people: dict[str, PlannedPerson] = {}
        self._phone_of: dict[str, PlannedPerson] = {}
        self._holdings: dict[PlannedHolding, None] = {}
        self._roles: dict[str, set[str]] = {}
        self._chats: dict[tuple[str, str], PlannedChat] = {}
        self._errors: list[RowError] = []

    def plan(self) -> RosterPlan:
        """Return what was understood, and the faults, row by row."""
        used = {holding.node_code for holding in self._holdings} | {chat.node_code for chat in self._chats.values()}
        return RosterPlan(
            self._places.needed(used),
            tuple(self._people.values()),
            tuple(self._holdings),
            tuple(self._chats.values()),
            tuple(self._errors),
        )

    def take(self, written: RowIn) -> None:
        """Read one row."""
        faults = len(self._errors)
        row = self._as_above(written)
        staffed = bool(clean(row.name) or clean(row.userid))
        if not staffed and not clean(row.chat_address):
            return self._fault(row, "name", "这一行没有姓名,也没有群号")
        person = self._person(row) if staffed else None
        kind = self._kind(row) if staffed else None
        node = self._node(row, kind) if kind or not staffed else ""
        chat = self._chat(row, node) if clean(row.chat_address) else None
        if len(self._errors) > faults:
            return None
        if person and kind:
            self._keep(row, person, PlannedHolding(person.userid, node, kind.key))
        if chat:
            self._chats[chat.channel, chat.address] = chat
        return None

    def _fault(self, row: RowIn, column: str, say: str) -> None:
        self._errors.append(RowError(row.row, _LABELS.get(column, column), say, row.sheet))

    @contextmanager
    def _noting(self, row: RowIn, column: str) -> Iterator[None]:
        """Turn a refused cell into a fault of the row."""
        try:
            yield
        except Misplaced as misplaced:
            self._fault(row, misplaced.column, misplaced.say)
        except Unfit as unfit:
            self._fault(row, column, unfit.say)

    def _as_above(self, row: RowIn) -> RowIn:
        """Return the row with every 同上 replaced by what stood there in the row above, itself already replaced."""
        above = self._above or RowIn(row.row)
        over = {place.label: place.text for place in above.places}
        same = [column for column in _LABELS if ditto(getattr(row, column))]
        placed = [place.label for place in row.places if ditto(place.text)]
        if (same or placed) and self._above is None:
            self._fault(row, (placed + same)[0], "第一行上面没有内容,“同上”请写全")
        places = tuple(replace(p, text=over.get(p.label, "")) if p.label in placed else p for p in row.places)
        self._above = replace(row, places=places, **{column: getattr(above, column) for column in same})
        return self._above

    def _person(self, row: RowIn) -> PlannedPerson | None:
        """Return the person of the row, joined with what earlier rows said of them; None after naming the faults."""
        name, userid = "", ""
        phones: tuple[str, ...] = ()
        with self._noting(row, "name"):
            name = person_name(row.name)
        with self._noting(row, "userid"):
            userid = user_id(row.userid)
        with self._noting(row, "phone"):
            phones = mobiles(row.phone, self._allow_sample)
        known = self._people.get(userid)
        if known and name and known.name != name:
            self._fault(row, "userid", f"账号 {userid} 在第{known.row}行是另一个名字,请核对")
        shared = [other for phone in phones if (other := self._phone_of.get(phone)) and other.userid != userid]
        if shared and userid:
            self._fault(row, "phone", f"手机号与第{shared[0].row}行相同,账号却不同;同一个人请用同一个账号")
        if not name or not userid:
            return None
        joined = tuple(dict.fromkeys((*(known.phones if known else ()), *phones)))
        return PlannedPerson(userid, name, joined, known.row if known else row.row)

    def _kind(self, row: RowIn) -> RoleKind | None:
        title = clean(row.role)
        kind = self._county.role_of(title) if title else None
        if kind is None:
            titles = "、".join(kind.title for kind in self._county.roles.values())
            asked = f"没有“{title}”这个职务" if title else "职务没填"
            self._fault(row, "role", f"{asked},可填:{titles}")
        return kind

    def _node(self, row: RowIn, kind: RoleKind | None) -> str:
        found: list[str] = []
        with self._noting(row, "code"):
            found.append(self._places.code_of(row.places, row.code, kind.level if kind else None))
        return found[0] if found else ""

    def _keep(self, row: RowIn, person: PlannedPerson, holding: PlannedHolding) -> None:
        roles = {*self._roles.get(person.userid, ()), holding.role}
        if not kept_apart(roles):
            return self._fault(row, "role", "系统、安全、审计三种管理员必须是三个人,不能一人兼任")
        self._people[person.userid] = person
        self._phone_of.update(dict.fromkeys(person.phones, person))
        self._roles[person.userid] = roles
        self._holdings[holding] = None
        return None

    def _chat(self, row: RowIn, node: str) -> PlannedChat | None:
        address, channel = clean(row.chat_address), _CHANNELS.get(clean(row.channel).casefold())
        if channel is None:
            self._fault(row, "channel", f"不认识的渠道,可填:{'、'.join(key for key in _CHANNELS if not key.isascii())}")
        elif len(address) > _ADDRESS_LIMIT or (channel is Channel.APPCHAT and not _APPCHAT_ID.fullmatch(address)):
            self._fault(row, "chat_address", "群号不对:应用群是不超过32位的字母和数字")
        elif (known := self._chats.get((channel, address))) and node and known.node_code != node:
            self._fault(row, "chat_address", "这个群号前面已经给了另一个节点,一个群只能绑一处")
        else:
            return PlannedChat(node, channel, address, clean(row.chat_name), CAPABILITIES[channel])
        return None
