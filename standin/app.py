"""The WSGI door: the API under /cgi-bin/, the controls under /_ctl/, the page under /ui/."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

from standin import api_appchat, api_bot, api_message, api_webhook, ctl, http, people, tokens, ui
from standin.errors import WRONG_JSON, ApiError
from standin.faults import Rule
from standin.feed import body_without_secrets, without_secrets
from standin.http import Environ, StartResponse
from standin.plant import PlantedSite
from standin.site import Call, Site
from standin.world import Calls

Endpoint = Callable[[Site, Call], dict[str, Any]]

# path -> (method, endpoint, whether an access_token is needed)
ROUTES: dict[str, tuple[str, Endpoint, bool]] = {
    "/cgi-bin/gettoken": ("GET", tokens.gettoken, False),
    "/cgi-bin/message/send": ("POST", api_message.send, True),
    "/cgi-bin/message/recall": ("POST", api_message.recall, True),
    "/cgi-bin/message/update_template_card": ("POST", api_message.update_template_card, True),
    "/cgi-bin/appchat/create": ("POST", api_appchat.create, True),
    "/cgi-bin/appchat/update": ("POST", api_appchat.update, True),
    "/cgi-bin/appchat/get": ("GET", api_appchat.get, True),
    "/cgi-bin/appchat/send": ("POST", api_appchat.send, True),
    "/cgi-bin/webhook/send": ("POST", api_webhook.send, False),
    "/cgi-bin/aibot/response": ("POST", api_bot.response, False),
    "/cgi-bin/department/simplelist": ("GET", people.department_simplelist, True),
    "/cgi-bin/department/list": ("GET", people.department_list, True),
    "/cgi-bin/user/simplelist": ("GET", people.user_simplelist, True),
    "/cgi-bin/user/get": ("GET", people.user_get, True),
    "/cgi-bin/getcallbackip": ("GET", people.getcallbackip, True),
}
GATEWAY_PAGE = b"<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"
HTML = "text/html"
HANG_S = 60.0


class Application:
    """One site as a WSGI callable."""

    def __init__(self, site: PlantedSite) -> None:
        self.site = site

    def __call__(self, environ: Environ, start: StartResponse) -> list[bytes]:
        path = environ["PATH_INFO"]
        if path.startswith("/cgi-bin/"):
            return self._api(path, environ, start)
        if path.startswith("/_ctl/"):
            return ctl.serve(self.site, path, environ, start)
        return ui.serve(path, environ, start)

    def _api(self, path: str, environ: Environ, start: StartResponse) -> list[bytes]:
        site, began = self.site, time.perf_counter()
        query, raw = http.query_of(environ), http.body_of(environ)
        with site.lock:
            caller = tokens.holder(site, query.get("access_token"))
            rules = site.faults.http(path, str(caller.agentid) if caller else "")
        for rule in rules:
            if rule.kind == "latency":
                time.sleep(float(rule.params.get("ms", 200)) / 1000)
        route = ROUTES.get(path)
        if route is None:
            return http.answer_json(start, {"errcode": 404, "errmsg": "no such path"}, 404)
        if route[0] != environ["REQUEST_METHOD"]:
            return http.answer_json(start, {"errcode": 43001 if route[0] == "GET" else 43002, "errmsg": "method"})
        broken = next((r for r in rules if r.kind in _BREAKS and not r.params.get("effect")), None)
        if broken is not None:
            self._record(path, query, raw, None, None, began, broken.kind)
            return _break(site, broken, environ, start)
        body, result = self._call(path, query, raw, environ["REMOTE_ADDR"], route, rules)
        after = next((r for r in rules if r.kind in _BREAKS or r.kind in _AFTER), None)
        self._record(path, query, raw, body, result, began, after.kind if after else None)
        if after is None:
            return http.answer_json(start, result)
        if after.kind == "truncated_json":
            return http.cut_short(start, http.dumps(result))
        return _break(site, after, environ, start)

    def _call(
        self,
        path: str,
        query: dict[str, str],
        raw: bytes,
        ip: str,
        route: tuple[str, Endpoint, bool],
        rules: list[Rule],
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """The parsed body and the answer, after every check in the documented order [platform §F.4]."""
        method, endpoint, needs_token = route
        site = self.site
        body: dict[str, Any] = {}
        with site.lock:
            call = Call(path, query, body, None, ip, site.now())
            try:
                _refuse(site, call, rules)
                if method == "POST":
                    body = call.body = _parsed(path, raw)
                if needs_token:
                    call.app = tokens.admit(site, call)
                return body, endpoint(site, call)
            except ApiError as refusal:
                return body, refusal.answer()

    def _record(
        self,
        path: str,
        query: dict[str, str],
        raw: bytes,
        body: dict[str, Any] | None,
        result: dict[str, Any] | None,
        began: float,
        fault: str | None,
    ) -> None:
        site = self.site
        code = None if result is None else int(result["errcode"])
        with site.lock:
            calls = site.world.calls.setdefault(path, Calls())
            calls.total += 1
            if fault:
                calls.faulted += 1
            if code == 0:
                calls.ok += 1
            elif code is not None:
                calls.refused += 1
                calls.errcodes[str(code)] = calls.errcodes.get(str(code), 0) + 1
            if rb"\u" in raw:
                site.world.count("escaped_unicode_bodies")
            site.feed.log(
                "in",
                site.now(),
                path=path,
                query=without_secrets(query),
                body=body_without_secrets(body),
                errcode=code,
                errmsg=result and result.get("errmsg"),
                fault=fault,
                ms=round((time.perf_counter() - began) * 1000, 2),
            )


# answered by the network, before or instead of the platform; with "effect": true the call is carried out first
_BREAKS = frozenset({"timeout", "reset", "http_502", "html_200"})
# carried out, and then the answer is lost
_AFTER = frozenset({"commit_then_timeout", "truncated_json"})


def _break(site: Site, rule: Rule, environ: Environ, start: StartResponse) -> list[bytes]:
    kind, how = rule.kind, rule.params.get("how", "reset")
    if kind in ("http_502", "html_200"):
        return http.answer(start, 502 if kind == "http_502" else 200, GATEWAY_PAGE, HTML)
    if kind == "timeout" or (kind == "commit_then_timeout" and how == "hang"):
        http.hang(environ, float(rule.params.get("seconds", HANG_S)), site.stopping)
    else:
        http.reset(environ)
    return http.answer(start, 500, b"")


def _refuse(site: Site, call: Call, rules: list[Rule]) -> None:
    """The faults that the platform itself would answer with, and the hints for those it hides."""
    for rule in rules:
        match rule.kind:
            case "busy":
                raise ApiError(-1)
            case "err":
                raise ApiError(int(rule.params["code"]))
            case "concurrency":
                raise ApiError(45033)
            case "quota_exhaust":
                rule.until = rule.until or call.now + float(rule.params.get("window_s", 60))
                if call.now < rule.until:
                    raise ApiError(45009, "hint: [..]")
            case "token_revoke_now":
                holder = tokens.holder(site, call.query.get("access_token"))
                tokens.revoke(site, holder.key if holder else None)
            case "partial_invalid":
                call.hints["partial_invalid"] = rule.params.get("userids", [])
            case "silent_drop":
                call.hints["silent_drop"] = True


def _parsed(path: str, raw: bytes) -> dict[str, Any]:
    """The JSON body; what cannot be read answers with the warning in its errmsg [D 90313]."""
    try:
        body = json.loads(raw)
    except ValueError as error:
        raise ApiError(40008 if path.endswith("message/send") else 40058, WRONG_JSON) from error
    if not isinstance(body, dict):
        raise ApiError(40058, WRONG_JSON)
    return body
