"""Who gets in where: every route of the console × every role × own node, below it, elsewhere; and 404 is one answer."""

from collections.abc import Callable

import pytest
from console_house import BASE, COUNTY_LEAD, LEAD, OTHER, TOWNSHIP, VILLAGE, House, Seat
from werkzeug.test import TestResponse

from bot.web.console import ROUTES
from bot.web.guard import On, Route
from bot.web.session import WELCOME
from handlers import freeze_day
from handlers.domain.directive import State
from handlers.domain.policy import POLICY, Action, Reach

pytestmark = pytest.mark.long

DAY = "2026-02-08"
RELATIONS = {"own": TOWNSHIP, "subtree": VILLAGE, "other": OTHER}
_A = Action
# who may do what, said once more and by itself: the table of the code is checked against this one
EXPECTED: dict[str, tuple[On, set[Action]]] = {
    "sign_in_form": (On.OPEN, set()),
    "sign_in": (On.OPEN, set()),
    "sign_out": (On.SIGNED, set()),
    "password_form": (On.SIGNED, set()),
    "change_password": (On.SIGNED, set()),
    "home": (On.ANYWHERE, {_A.ISSUE, _A.CONFIRM, _A.SEE_COUNTS, _A.ADMIN, _A.SECURITY, _A.AUDIT}),
    "node": (On.NODE, {_A.SEE_COUNTS}),
    "directive_form": (On.ANYWHERE, {_A.ISSUE}),
    "directive_preview": (On.ANYWHERE, {_A.ISSUE}),
    "directive": (On.DIRECTIVE, {_A.SEE_COUNTS}),
    "directive_go": (On.DIRECTIVE, {_A.ISSUE}),
    "directive_stop": (On.DIRECTIVE, {_A.ISSUE, _A.CONFIRM}),
    "directive_approve": (On.DIRECTIVE, {_A.CONFIRM}),
    "directive_refuse": (On.DIRECTIVE, {_A.CONFIRM}),
    "daily": (On.NODE, {_A.SEE_COUNTS}),
    "daily_sources": (On.NODE, {_A.SEE_COUNTS}),
    "daily_workbook": (On.NODE, {_A.EXPORT}),
    "daily_picture": (On.NODE, {_A.EXPORT}),
    "board": (On.NODE, {_A.SEE_COUNTS}),
    "catch_up": (On.NODE, {_A.SEE_HEALTH}),
    "catch_up_take": (On.NODE, {_A.SEE_HEALTH}),
    "door": (On.NODE, {_A.SEE_HEALTH}),
    "door_take": (On.NODE, {_A.SEE_HEALTH}),
    "shopping": (On.ANYWHERE, {_A.KEEP}),
    "shopping_workbook": (On.ANYWHERE, {_A.KEEP}),
    "ops": (On.ANYWHERE, {_A.ADMIN, _A.SECURITY, _A.AUDIT}),
    "ops_release": (On.ANYWHERE, {_A.SECURITY}),
    "ops_close": (On.ANYWHERE, {_A.ADMIN}),
    "ops_verify": (On.ANYWHERE, {_A.AUDIT}),
}


def test_every_route_states_whom_it_is_for(house: House) -> None:
    declared = {f"console.{route.name}" for route in ROUTES} | {"console.static"}
    rules = [rule for rule in house.app.url_map.iter_rules() if rule.rule.startswith("/console")]
    assert {rule.endpoint for rule in rules} == declared
    assert {r.name: (r.on, set(r.needs)) for r in ROUTES} == EXPECTED
    for rule in rules:
        assert (rule.methods or set()) - {"HEAD"} in ({"GET"}, {"POST"}), rule
    for route in ROUTES:
        assert bool(route.needs) == (route.on not in (On.OPEN, On.SIGNED)), route
        # a GET may show and nothing else: what changes something is named here, and is a POST
        assert (route.methods == ("POST",)) == (route.name in CHANGES), route


CHANGES = {
    "sign_in", "sign_out", "change_password", "directive_preview", "directive_go", "directive_stop",
    "directive_approve", "directive_refuse", "ops_release", "ops_close", "ops_verify",
    "catch_up_take", "door_take",
}  # fmt: skip


def test_a_stranger_is_sent_to_the_sign_in_page_from_everywhere(house: House) -> None:
    client = house.client()
    for route in ROUTES:
        if route.on is On.OPEN:
            continue
        for exists in ("1", "999999"):
            path = _path(route, exists)
            answer = client.open(path, method=route.methods[0], headers={"Origin": BASE})
            assert (answer.status_code, answer.location) == (303, "/console/sign-in"), path


# -- the matrix --------------------------------------------------------------------------------------------------------


def _path(route: Route, directive_id: object) -> str:
    path = f"/console{route.path}"
    return (
        path.replace("<number:directive_id>", str(directive_id))
        .replace("<number:node_id>", str(directive_id))
        .replace("<number:alarm_id>", str(directive_id))
        .replace("<day:day>", DAY)
    )


def _allowed(role: str, action: Action, relation: str) -> bool:
    reach = POLICY[role].get(action)
    return {"own": reach is not None, "subtree": reach is Reach.SUBTREE, "other": False}[relation]


def _all_of(route: Route, role: str, relation: str) -> bool:
    return all(_allowed(role, action, relation) for action in (Action.SEE_COUNTS, *route.needs))


@pytest.mark.parametrize("role", sorted(POLICY))
def test_the_matrix(house: House, role: str) -> None:
    house.say("yt_105204_02", "今天敲门46 空户5 发热1")
    house.say("yt_104003_02", "今天敲门30 空户2 发热0")
    for code in RELATIONS.values():
        with house.parts.store.begin() as work:
            freeze_day.freeze(house.node(code).id, house.context.day, work, house.context)
    house.post("tester", TOWNSHIP, role)
    seat = house.seat("tester")
    checked = set()
    for route in ROUTES:
        for relation, code in RELATIONS.items():
            for expected, status, what in _asked(route, role, relation, code, house, seat):
                assert (status != 404) == expected, (role, route.name, relation, what, status)
                assert status < 500
                checked.add((route.name, relation))
    once = {r.name for r in ROUTES if r.on is On.ANYWHERE}
    thrice = {r.name for r in ROUTES if r.on in (On.NODE, On.DIRECTIVE)}
    assert checked >= {(name, relation) for name in thrice for relation in RELATIONS} | {(name, "own") for name in once}
    assert seat.get("/console/password").status_code == 200


def _asked(route: Route, role: str, relation: str, code: str, house: House, seat: Seat) -> list[tuple[bool, int, str]]:
    """Ask for the route in every way it can be asked for; returns (whether it should open, status, what)."""
    method = route.methods[0]
    if route.on is On.NODE:
        node = house.node(code).id
        path = _path(route, node) + ("" if "node_id" in route.path else f"?node={node}&key=fever_people")
        return [(_all_of(route, role, relation), seat.ask(method, path).status_code, path)]
    if route.on is On.DIRECTIVE:
        return [_on_directive(route, role, relation, code, mine, house, seat) for mine in (False, True)]
    if route.on is On.ANYWHERE and relation == "own" and route.name != "ops_close":
        expected = any(action in POLICY[role] for action in route.needs)
        return [(expected, seat.ask(method, _path(route, 0)).status_code, "anywhere")]
    if route.name == "ops_close":
        with house.parts.store.begin() as work:
            work.alarms.sound("stale_callback", relation, house.clock.now())
        with house.parts.store.read() as work:
            alarm = work.alarms.open()[0][0]
        answer = seat.send(f"/console/ops/alarm/{alarm}/close")
        return [(Action.ADMIN in POLICY[role], answer.status_code, "alarm")]
    return []


def _on_directive(
    route: Route, role: str, relation: str, code: str, mine: bool, house: House, seat: Seat
) -> tuple[bool, int, str]:
    """A directive at the node, waiting for its second person; written by the tester or by the county's leader."""
    made = house.draft(COUNTY_LEAD, code)
    with house.parts.store.begin() as work:
        author = house.person("tester" if mine else COUNTY_LEAD).id
        number = work.directives.next_number()
        values = {name: getattr(made, name) for name in made.__dataclass_fields__}
        values |= {"author_id": author, "number": number, "state": State.SECOND}
        work.directives.move(type(made)(**values), {State.PREVIEW})
    status = seat.ask(route.methods[0], _path(route, made.id)).status_code
    sees, issues = _allowed(role, _A.SEE_COUNTS, relation), _allowed(role, _A.ISSUE, relation)
    confirms = _allowed(role, _A.CONFIRM, relation)
    somewhere = any(action in POLICY[role] for action in route.needs)
    expected = {
        "directive": sees,
        "directive_go": mine and sees and somewhere,
        "directive_stop": mine and sees and somewhere,
        "directive_approve": not mine and sees and confirms,
        "directive_refuse": not mine and sees and confirms,
    }[route.name]
    if route.name == "directive_stop" and mine and expected:
        stopped = house.directive(made.id).state is State.DROPPED
        assert stopped == issues, "only who may still issue there stops it"
    return expected, status, "mine" if mine else "another's"


def test_the_administrators_see_nothing_of_the_county(house: House) -> None:
    for role in ("sysadmin", "security_admin", "auditor"):
        house.post(f"t_{role}", "350125", role)
        seat = house.seat(f"t_{role}")
        assert seat.get("/console/").location == "/console/ops"
        page = seat.get("/console/ops").text
        for word in ("清凉", "城峰", "旗山", "网格", house.person(LEAD).name):
            assert word not in page
        answer = seat.get(f"/console/node/{house.node(TOWNSHIP).id}")
        assert answer.status_code == 404


def test_acting_for_an_administrator_gives_nothing(house: House) -> None:
    admin = house.post("t_admin", "350125", "sysadmin")
    other = house.post("t_other", TOWNSHIP, "gridworker")
    day = house.context.day
    with house.parts.store.begin() as work:
        work.people.put_leave(admin.id, day, day, other.id)
    assert house.seat("t_other").get("/console/ops").status_code == 404


# -- not there and not yours -------------------------------------------------------------------------------------------


def test_not_there_and_not_yours_are_one_answer_byte_for_byte(house: House) -> None:
    other, elsewhere = house.draft(COUNTY_LEAD, OTHER), house.node(OTHER).id
    seat = house.seat(LEAD)
    asked = [
        f"/console/directive/{other.id}",
        "/console/directive/999999",
        f"/console/node/{elsewhere}",
        "/console/node/999999999",
        f"/console/daily/{DAY}?node={elsewhere}",
        f"/console/daily/{DAY}?node=999999",
        f"/console/daily/{DAY}/xlsx?node={elsewhere}",
        f"/console/daily/{DAY}/xlsx",  # mine, and not frozen
        f"/console/daily/{DAY}/sources?key=fever_people",
        f"/console/directive/new?from={other.id}",
        "/console/directive/new?from=999999",
        "/console/ops",
        "/console/daily/2026-02-30",
        "/console/no-such-page",
        "/console/static/no-such-file",
        "/no-such-page",
    ]
    seen = {_bytes(seat.get(path)) for path in asked}
    assert len(seen) == 1
    posted = [
        f"/console/directive/{i}/{act}" for i in (other.id, 999999) for act in ("go", "stop", "approve", "refuse")
    ]
    seen |= {_bytes(seat.send(path)) for path in (*posted, "/console/ops/release", "/console/ops/alarm/1/close")}
    seen |= {_bytes(seat.send("/console/directive/new", body="x", node=str(n))) for n in (elsewhere, 999999)}
    seen |= {_bytes(seat.client.open("/console/", method=method)) for method in ("PUT", "DELETE", "OPTIONS", "PATCH")}
    assert len(seen) == 1
    status, body, _ = seen.pop()
    assert status == 404
    assert body.decode() == "没有这个页面,或不归您看。"


def _bytes(answer: TestResponse) -> tuple[int, bytes, tuple[tuple[str, str], ...]]:
    return answer.status_code, answer.data, tuple(sorted(answer.headers))


# -- forms from elsewhere ----------------------------------------------------------------------------------------------


Break = Callable[[dict[str, str], dict[str, str]], None]
BREAKS: dict[str, Break] = {
    "no token": lambda form, headers: form.pop("token") and None,
    "empty token": lambda form, headers: form.update(token=""),
    "another session's token": lambda form, headers: form.update(token="f" * 64),
    "a token that is no text": lambda form, headers: form.update(token="令牌"),
    "no origin": lambda form, headers: headers.pop("Origin") and None,
    "null origin": lambda form, headers: headers.update(Origin="null"),
    "another origin": lambda form, headers: headers.update(Origin="http://127.0.0.1:8001"),
    "our name as a prefix": lambda form, headers: headers.update(Origin=BASE + ".evil.example"),
    "cross-site by the browser's word": lambda form, headers: headers.update({"Sec-Fetch-Site": "cross-site"}),
    "same-site is not same-origin": lambda form, headers: headers.update({"Sec-Fetch-Site": "same-site"}),
    "another page that claims to be us": lambda form, headers: headers.update(
        {"Sec-Fetch-Site": "same-origin", "Origin": "http://evil.example"}
    ),
}


@pytest.mark.parametrize("broken", BREAKS)
def test_a_form_that_is_not_ours_changes_nothing(house: House, broken: str) -> None:
    house.post("tester", TOWNSHIP, "township_lead")
    seat, before = house.seat("tester"), len(house.audited())
    for route in ROUTES:
        if route.methods != ("POST",) or route.on is On.OPEN:
            continue
        form, headers = {"token": house.sessions.token(seat.key), "body": "x"}, {"Origin": BASE}
        BREAKS[broken](form, headers)
        answer = seat.client.post(_path(route, 1), data=form, headers=headers)
        assert answer.status_code == 403, route.name
    assert len(house.audited()) == before
    assert seat.get("/console/password").status_code == 200  # still signed in


def test_a_token_twice_or_of_another_session_is_none(house: House) -> None:
    seat, other = house.seat(LEAD), house.seat(COUNTY_LEAD)
    mine, theirs = house.sessions.token(seat.key), house.sessions.token(other.key)
    for token in (theirs, [mine, mine], [theirs, mine]):
        form = {"token": token, "body": "x"}
        assert seat.client.post("/console/directive/new", data=form, headers={"Origin": BASE}).status_code == 403


def test_nobody_is_welcome_without_something_to_do() -> None:
    assert {role for role, rights in POLICY.items() if not WELCOME & rights.keys()} == set()
