"""The demo's far side: a seed for the stand-in server made from our own tree, people and groups.

Every staff group of the demo also has the bot in it, under an id of its own that is already bound here (one group is
left to be bound by hand); household groups are ordinary ones that no bot can enter.
"""

from typing import Any

from bot.parts import Parts
from handlers.domain.chats import Channel, Chat
from handlers.domain.hierarchy import Tree
from handlers.domain.people import HolderRow
from handlers.ports import Context

ROOM_LEVELS = {"county": "county", "township": "township", "village": "village", "sector": "county"}
LEADS = ("county_lead", "township_lead", "deputy", "village_lead", "grid_lead")


def bot_room(chat: Chat) -> str:
    """Return the id under which the bot knows a staff group."""
    return f"wr{chat.address}"


def bind_bots(parts: Parts) -> int:
    """Bind the bot's ids of all staff groups, as posting 绑定 in each would; returns how many."""
    now = parts.clock.now()
    with parts.store.begin() as work:
        chats = work.chats.all(Channel.APPCHAT)
        bound = {chat.node_id for chat in work.chats.all(Channel.AIBOT)}
        for chat in chats:
            if chat.node_id not in bound:
                work.chats.put(chat.node_id, Channel.AIBOT, bot_room(chat), chat.name, now)
    return len(chats)


def seed_of(parts: Parts, callback_base: str, **extra: Any) -> dict[str, Any]:
    """Return the stand-in's seed: corp, app, bot, members, groups; *extra* is added as it is."""
    settings, context = parts.settings, parts.counties.context()
    with parts.store.read() as work:
        holders = work.people.holders(context.day)
        names = work.people.names({row.person_id for row in holders})
        chats = work.chats.all()
    app = {
        "agentid": settings.wecom_agent_id,
        "secret": settings.wecom_secret,
        "name": "格应",
        "root_visible": True,
        "callback": {
            "url": f"{callback_base}/wecom/callback",
            "token": settings.wecom_token,
            "aeskey": settings.wecom_aes_keys[0],
        },
    }
    bot = {
        "aibotid": settings.aibot_id,
        "name": context.county.bot_names[0],
        "token": settings.aibot_token,
        "aeskey": settings.aibot_aes_keys[0],
        "callback_url": f"{callback_base}/aibot/callback",
    }
    members = {row.userid: _member(row, names, context) for row in holders}
    groups, appchats = _groups(chats, holders, context.tree)
    corp = {
        "corpid": settings.wecom_corp_id,
        "apps": [app],
        "departments": [{"id": 1, "name": context.county.name, "parentid": 0}],
        "members": list(members.values()),
    }
    for appchat in appchats:
        appchat["agentid"] = settings.wecom_agent_id
    made = {"corps": [corp], "bots": [bot], "groups": groups, "appchats": appchats}
    return made | _residents(parts, callback_base) | extra


def _residents(parts: Parts, callback_base: str) -> dict[str, Any]:
    """The two places where residents speak with us, as far as they are set up."""
    settings, name = parts.settings, parts.counties.county.name
    found: dict[str, Any] = {}
    if settings.kf_id:
        found["kf"] = [{"open_kfid": settings.kf_id, "name": f"{name}居民服务", "agentid": settings.wecom_agent_id}]
    if settings.oa_app_id:
        callback = {
            "url": f"{callback_base}/oa/callback",
            "token": settings.oa_token,
            "aeskey": settings.oa_aes_keys[0],
        }
        account = {"appid": settings.oa_app_id, "secret": settings.oa_secret, "name": f"{name}发布"}
        found["official_accounts"] = [{**account, "templates": ["TPL_DEMO"], "callback": callback}]
    return found


def _member(row: HolderRow, names: Any, context: Context) -> dict[str, Any]:
    node, role = context.tree.node(row.node_id), context.county.roles.get(row.role)
    level = node.level if node.level in ("county", "township", "village") else "grid"
    title = f"{context.tree.path_name(node.id)}{role.title if role else ''}"
    return {"userid": row.userid, "name": names[row.person_id], "department": 1, "level": level, "title": title}


def _groups(
    chats: tuple[Chat, ...], holders: tuple[HolderRow, ...], tree: Tree
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    staff = _staff(holders, tree)
    groups, appchats = [], []
    for chat in chats:
        inside = staff.get(chat.node_id, [])
        if chat.channel == Channel.RELAY:
            groups.append(_room(chat.address, chat, "household", "household", inside))
        elif chat.channel == Channel.APPCHAT:
            level = ROOM_LEVELS.get(tree.node(chat.node_id).level, "grid")
            room = _room(bot_room(chat), chat, "staff", level, inside)
            groups.append({**room, "bot": True, "appchat_chatid": chat.address})
            users = [*inside, "", ""][:2000]
            appchats.append(
                {"chatid": chat.address, "name": chat.name, "userlist": [u for u in users if u], "owner": users[0]}
            )
    return groups, appchats


def _room(chatid: str, chat: Chat, kind: str, level: str, members: list[str]) -> dict[str, Any]:
    return {"chatid": chatid, "name": chat.name, "kind": kind, "level": level, "members": members}


def _staff(holders: tuple[HolderRow, ...], tree: Tree) -> dict[int, list[str]]:
    """Who sits in a node's group: its own people and its direct children's (a village's group holds its grids')."""
    inside: dict[int, list[str]] = {}
    for row in holders:
        here = tree.node(row.node_id)
        above = tree.at_level(row.node_id, "village") if here.level in ("grid", "base_grid") else tree.parent(here.id)
        wanted = {here.id, *([above] if above else [])}
        if row.role in LEADS and above:
            wanted |= {tree.parent(above) or above}
        for node in wanted:
            inside.setdefault(node, []).append(row.userid)
    sectors = {node.id: inside.get(tree.root.id, []) for node in tree if node.branch}
    for node, users in sectors.items():
        inside.setdefault(node, list(users))
    return inside
