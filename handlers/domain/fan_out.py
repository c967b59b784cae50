"""Fan-out (下发): whom an audience means today, person by person and group by group; pure."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from handlers.domain.chats import CODE_LETTERS, Capability, Chat
from handlers.domain.county import County
from handlers.domain.directive import Audience, Reach
from handlers.domain.hierarchy import Tree
from handlers.domain.people import HolderRow, stand_in
from handlers.domain.policy import ADMINS

GRID_ROLES = ("grid_lead", "gridworker")


@dataclass(frozen=True, slots=True)
class Owed:
    """Somebody who gets the directive, and the node it concerns: their own post's, or the one they stand in for."""

    person_id: int
    userid: str
    node_id: int


@dataclass(frozen=True, slots=True)
class RelayTask:
    """A household group no bot can enter, and the gridworker asked to paste the text there."""

    chat: Chat
    owed: Owed
    code: str


@dataclass(frozen=True, slots=True)
class FanOut:
    """Everything one directive sets in motion. `unreachable` are posts whose holder is away with nobody standing in,
    `covered` those somebody else answers for. `heads`: how many probably sit in each group (by the chat's id): the
    platform counts a post by them and tells nobody how many they are."""

    people: tuple[Owed, ...]
    posts: tuple[Chat, ...]
    relays: tuple[RelayTask, ...]
    unreachable: tuple[HolderRow, ...]
    covered: tuple[HolderRow, ...] = ()
    heads: Mapping[int, int] = field(default_factory=lambda: MappingProxyType({}))

    def reach(self, calls: int = 0, person_times: int = 0, seconds: int = 0) -> Reach:
        """Return the counts a preview shows."""
        return Reach(
            len(self.people),
            len(self.people),
            len(self.posts),
            len(self.relays),
            len(self.unreachable),
            calls,
            person_times,
            seconds,
        )


def fan_out(
    audience: Audience,
    tree: Tree,
    county: County,
    holders: Sequence[HolderRow],
    leaves: Mapping[int, int | None],
    userids: Mapping[int, str],
    chats: Sequence[Chat],
    *,
    author_id: int,
    seed: str,
) -> FanOut:
    """Return who gets it. *holders* and *chats* may be of the whole county; *userids* names every possible stand-in."""
    held = [row for row in holders if _meant(row, audience, tree)]
    people: dict[int, Owed] = {}
    unreachable, covered = [], []
    for row in held:
        standing = stand_in(row.person_id, leaves)
        if standing is None or standing not in userids:
            unreachable.append(row)
            continue
        if standing != row.person_id:
            covered.append(row)
        if standing != author_id:
            people.setdefault(standing, Owed(standing, userids[standing], row.node_id))
    inside = [chat for chat in chats if chat.active and any(tree.contains(n, chat.node_id) for n in audience.nodes)]
    deepest = _deepest_group_level(audience, tree, county)
    posts = tuple(c for c in inside if c.can(Capability.PUSH) and _level(tree, c.node_id) <= deepest)
    relays = _relays(inside, held, leaves, userids, seed) if audience.households else ()
    chosen = one_each(posts)
    heads = _heads(chosen, holders, tree)
    return FanOut(tuple(people.values()), chosen, relays, tuple(unreachable), tuple(covered), heads)


def audience_of(level: str | None, role: str | None, nodes: Iterable[int]) -> Audience:
    """Return the audience a leader's words mean: 所有村 goes to the villages and everybody below them, 网格员 to the
    people of the grids, 居民 also to the household groups by relay."""
    ids = tuple(nodes)
    if level == "household":
        return Audience(ids, None, GRID_ROLES, households=True)
    if level == "grid":
        return Audience(ids, None, {"lead": ("grid_lead",), "gridworker": ("gridworker",)}.get(role or "", GRID_ROLES))
    if level == "village":
        return Audience(ids, None if role else "village", ("village_lead", "grid_lead") if role else ())
    if level == "township":
        return Audience(ids, None, ("township_lead", "deputy"))
    if role == "lead":
        return Audience(ids, None, ("township_lead", "deputy", "village_lead", "grid_lead"))
    return Audience(ids)


def _meant(row: HolderRow, audience: Audience, tree: Tree) -> bool:
    if row.role in ADMINS or not tree.has(row.node_id):
        return False
    if audience.roles and row.role not in audience.roles:
        return False
    deep = audience.level if audience.level and tree.has_level(audience.level) else None
    if deep and _level(tree, row.node_id) < tree.level_index(deep):
        return False
    return _inside(row.node_id, audience, tree)


def _inside(node_id: int, audience: Audience, tree: Tree) -> bool:
    """Return whether people at the node are meant.

    所有村 and 网格员 mean the main line: people of a side branch beside it are meant only when it was named, or when
    everybody is; their groups hear what the whole place hears.
    """
    above = [node for node in audience.nodes if tree.contains(node, node_id)]
    branch = tree.node(node_id).branch if above else None
    if branch is None or not (audience.level or audience.roles):
        return bool(above)
    return any(tree.node(node).branch == branch for node in above)


def _heads(posts: Iterable[Chat], holders: Iterable[HolderRow], tree: Tree) -> Mapping[int, int]:
    """Return how many people sit in each group, as near as the roster tells: those of its place and of the places
    below that have no group of their own, and the leads of the groups right below."""
    chats: dict[int, list[int]] = {}
    for chat in posts:
        chats.setdefault(chat.node_id, []).append(chat.id)
    inside: dict[int, set[int]] = {node: set() for node in chats}
    for row in holders:
        if row.role in ADMINS or not tree.has(row.node_id):
            continue
        near = [node for node in (row.node_id, *tree.ancestors(row.node_id)) if node in chats]
        for node in near[: 1 if row.role in GRID_ROLES else 2]:
            inside[node].add(row.person_id)
    return {chat_id: max(len(inside[node]), 1) for node, ids in chats.items() for chat_id in ids}


def _level(tree: Tree, node_id: int) -> int:
    return tree.level_index(tree.node(node_id).level)


def _deepest_group_level(audience: Audience, tree: Tree, county: County) -> int:
    if audience.roles and set(audience.roles) <= {"township_lead", "deputy"} and county.level("township"):
        return tree.level_index("township")
    return len(county.levels)


def one_each(chats: Iterable[Chat]) -> tuple[Chat, ...]:
    """One post a node: where a group is known under two addresses, the app's own wins over a robot's."""
    order = {"appchat": 0, "webhook": 1}
    chosen: dict[tuple[int, str], Chat] = {}
    for chat in sorted(chats, key=lambda c: order.get(c.channel, 2)):
        if chat.channel in order:
            chosen.setdefault((chat.node_id, chat.name), chat)
    return tuple(chosen.values())


def _relays(
    inside: Sequence[Chat],
    held: Sequence[HolderRow],
    leaves: Mapping[int, int | None],
    userids: Mapping[int, str],
    seed: str,
) -> tuple[RelayTask, ...]:
    workers: dict[int, HolderRow] = {}
    for row in sorted(held, key=lambda r: r.role != "gridworker"):
        workers.setdefault(row.node_id, row)
    tasks: list[RelayTask] = []
    used: set[tuple[int, str]] = set()
    for chat in inside:
        worker = workers.get(chat.node_id)
        standing = stand_in(worker.person_id, leaves) if worker else None
        if chat.can(Capability.HUMAN) and standing is not None and standing in userids:
            code = _code(seed, chat.id, standing, used)
            tasks.append(RelayTask(chat, Owed(standing, userids[standing], chat.node_id), code))
    return tuple(tasks)


def _code(seed: str, chat_id: int, person_id: int, used: set[tuple[int, str]]) -> str:
    """Two signs, told apart for one person within one directive; the directive and the person complete the address."""
    for turn in range(64):
        drawn = hashlib.sha256(f"{seed}/{chat_id}/{turn}".encode()).digest()
        code = "".join(CODE_LETTERS[byte % len(CODE_LETTERS)] for byte in drawn[:2])
        if code[0].isdigit() and code[1].isalpha() and (person_id, code) not in used:
            used.add((person_id, code))
            return code
    raise ValueError("too many relays for one person")
