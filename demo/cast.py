"""The people of one township whom the demo follows: who leads, who reports, in which groups they sit."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.demo_seed import bot_room
from bot.parts import Parts
from demo.doors import VILLAGE
from handlers.domain.chats import Channel
from handlers.domain.people import HolderRow

TOWN = "350125105"  # 清凉镇


@dataclass(frozen=True, slots=True)
class Cast:
    """`doctor` is the one of the village whose doors the demo opens. `groups` holds the bot's id of the village group
    each gridworker sits in, `homes` the household group each of them looks after, `places` where everybody works,
    `codes` the code of that place."""

    town_name: str
    lead: HolderRow
    doctor: HolderRow
    workers: tuple[HolderRow, ...]
    names: Mapping[int, str]
    groups: Mapping[str, str]
    homes: Mapping[str, str]
    town_group: str
    places: Mapping[str, str]
    codes: Mapping[str, str]

    def who(self, person: HolderRow) -> str:
        """Return a name with its place, as the demo prints it."""
        return f"{self.names[person.person_id]}({self.places[person.userid]})"


def cast_of(parts: Parts) -> Cast:
    """Return the cast, read from the demo's database."""
    context = parts.counties.context()
    tree = context.tree
    town = tree.by_code(TOWN)
    village = tree.by_code(VILLAGE)
    assert town is not None, TOWN
    assert village is not None, VILLAGE
    with parts.store.read() as work:
        holders = [h for h in work.people.holders(context.day) if tree.contains(town.id, h.node_id)]
        chats = {chat.node_id: bot_room(chat) for chat in work.chats.all(Channel.APPCHAT)}
        homes = {chat.node_id: chat.address for chat in work.chats.all(Channel.RELAY)}
        names = work.people.names({h.person_id for h in holders})
    workers = tuple(h for h in holders if h.role == "gridworker")
    return Cast(
        town_name=town.name,
        lead=next(h for h in holders if h.role == "township_lead"),
        doctor=next(h for h in holders if h.role == "village_doctor" and h.node_id == village.id),
        workers=workers,
        names=names,
        groups={h.userid: chats[tree.at_level(h.node_id, "village") or town.id] for h in workers},
        homes={h.userid: homes[h.node_id] for h in workers if h.node_id in homes},
        town_group=chats[town.id],
        places={h.userid: tree.path_name(h.node_id) for h in holders},
        codes={h.userid: tree.node(h.node_id).code for h in holders},
    )
