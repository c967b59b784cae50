"""Who a call means: members by id, by department, or everybody [D 90236], and the small directory calls."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from standin.errors import ApiError
from standin.site import Call, Site
from standin.world import App, Corp, Member, World


@dataclass(slots=True)
class Recipients:
    """*valid* are member keys in order, each once; the other lists hold what nobody answers to."""

    valid: list[str]
    users: list[str]
    parties: list[str]
    tags: list[str]

    @property
    def any_invalid(self) -> bool:
        return bool(self.users or self.parties or self.tags)

    def lists(self) -> dict[str, str]:
        """The lists of the answer; ids come back lower-cased."""
        return {
            "invaliduser": "|".join(self.users),
            "invalidparty": "|".join(self.parties),
            "invalidtag": "|".join(self.tags),
            "unlicenseduser": "",
        }


def resolve(world: World, app: App, body: dict[str, Any], refused: Iterable[str] = ()) -> Recipients:
    """The recipients of *body* in the sight of *app*; 81013 if nobody is left, 82001 if nobody was named. *refused* are
    taken as unknown.
    """
    users, parties, tags = (_names(body.get(k)) for k in ("touser", "toparty", "totag"))
    if not (users or parties or tags):
        raise ApiError(82001)
    for names, most, code in ((users, 1000, 40032), (parties, 100, 82002), (tags, 100, 82003)):
        if len(names) > most:
            raise ApiError(code)
    corp = world.corps[app.corpid]
    if users == ["@all"]:
        return Recipients([k for k in corp.members if in_sight(world, app, k)], [], [], [])
    barred = {name.lower() for name in refused}
    found = Recipients([], [], [], [t.lower() for t in tags])
    for name in dict.fromkeys(u.lower() for u in users):
        known = in_sight(world, app, name) and name not in barred
        (found.valid if known else found.users).append(name)
    for party in parties:
        if party.isdigit() and int(party) in corp.departments:
            found.valid += [k for k in members_below(world, corp, int(party)) if in_sight(world, app, k)]
        else:
            found.parties.append(party)
    found.valid = list(dict.fromkeys(found.valid))
    if not found.valid:
        raise ApiError(81013)
    return found


def _names(value: Any) -> list[str]:
    if value is None or value == "":
        return []
    return [name for name in str(value).split("|") if name]


def is_member(world: World, corpid: str, key: str) -> bool:
    member = world.members.get(key)
    return member is not None and member.corpid == corpid and member.active


def in_sight(world: World, app: App, key: str) -> bool:
    """Whether *key* is an active member whom *app* may reach: in one of its visible departments, or below one."""
    if not is_member(world, app.corpid, key):
        return False
    if not app.visible:
        return True
    corp = world.corps[app.corpid]
    return any(branch(corp, wanted) & set(world.members[key].department) for wanted in app.visible)


def branch(corp: Corp, department: int) -> set[int]:
    """*department* and everything under it."""
    inside, grew = {department}, True
    while grew:
        below = {d.id for d in corp.departments.values() if d.parentid in inside} - inside
        inside |= below
        grew = bool(below)
    return inside


def members_below(world: World, corp: Corp, department: int, *, deep: bool = True) -> list[str]:
    inside = branch(corp, department) if deep else {department}
    return [k for k in corp.members if world.members[k].active and inside & set(world.members[k].department)]


def _corp(site: Site, call: Call) -> Corp:
    return site.world.corps[call.caller.corpid]


def _department(site: Site, call: Call, name: str) -> int:
    value = call.query.get(name, "")
    if not value.isdigit() or int(value) not in _corp(site, call).departments:
        raise ApiError(60003)
    return int(value)


def department_simplelist(site: Site, call: Call) -> dict[str, Any]:
    """``{department_id: [{id, parentid, order}]}`` [D 95350]."""
    rows = [{"id": d["id"], "parentid": d["parentid"], "order": d["order"]} for d in _departments(site, call)]
    return {"errcode": 0, "errmsg": "ok", "department_id": rows}


def department_list(site: Site, call: Call) -> dict[str, Any]:
    """``{department: [{id, name, name_en, department_leader, parentid, order}]}`` [D 90208]."""
    return {"errcode": 0, "errmsg": "ok", "department": _departments(site, call)}


def _departments(site: Site, call: Call) -> list[dict[str, Any]]:
    corp = _corp(site, call)
    wanted = branch(corp, _department(site, call, "id")) if call.query.get("id") else set(corp.departments)
    return [
        {
            "id": d.id,
            "name": d.name,
            "name_en": "",
            "department_leader": d.leaders,
            "parentid": d.parentid,
            "order": d.order,
        }
        for d in corp.departments.values()
        if d.id in wanted
    ]


def _row(member: Member) -> dict[str, Any]:
    return {"userid": member.userid, "name": member.name, "department": member.department}


def user_simplelist(site: Site, call: Call) -> dict[str, Any]:
    """``{userlist: [{userid, name, department, open_userid}]}`` of one department [D 90200]."""
    department = _department(site, call, "department_id")
    deep = call.query.get("fetch_child") == "1"
    keys = members_below(site.world, _corp(site, call), department, deep=deep)
    rows = [_row(site.world.members[k]) | {"open_userid": f"wo_{k}"} for k in keys]
    return {"errcode": 0, "errmsg": "ok", "userlist": rows}


def user_get(site: Site, call: Call) -> dict[str, Any]:
    """One member, without the fields that new apps are not shown (mobile, gender, address) [D 90196]."""
    key = call.query.get("userid", "").lower()
    if not in_sight(site.world, call.caller, key):
        raise ApiError(60111)
    member = site.world.members[key]
    return {"errcode": 0, "errmsg": "ok"} | _row(member) | {"status": 1, "main_department": member.department[0]}


def getcallbackip(site: Site, call: Call) -> dict[str, Any]:
    """``{ip_list}``: where callbacks come from [D 90930]."""
    return {"errcode": 0, "errmsg": "ok", "ip_list": ["127.0.0.1"]}
