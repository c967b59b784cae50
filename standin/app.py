"""The WSGI door: the API under /cgi-bin/ and /sns/, the controls under /_ctl/, the page under /ui/."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from standin import (
    api_appchat,
    api_bot,
    api_kf,
    api_media,
    api_message,
    api_mp,
    api_webhook,
    ctl,
    http,
    mp_tokens,
    people,
    tokens,
    ui,
)
from standin.errors import WRONG_JSON, ApiError
from standin.faults import Rule
from standin.feed import body_without_secrets, without_secrets
from standin.http import Environ, StartResponse
from standin.plant import PlantedSite
from standin.site import Call, Site
from standin.world import Calls

Answer = dict[str, Any] | http.Blob
Endpoint = Callable[[Site, Call], Answer]


@dataclass(frozen=True, slots=True)
class Route:
    """One API: *token* says whether an access_token is needed, *form* that its body is a form with a file."""

    method: str
    endpoint: Endpoint
    token: bool = True
    form: bool = False


ROUTES = {
    "/cgi-bin/gettoken": Route("GET", tokens.gettoken, token=False),
    "/cgi-bin/message/send": Route("POST", api_message.send),
    "/cgi-bin/message/recall": Route("POST", api_message.recall),
    "/cgi-bin/message/update_template_card": Route("POST", api_message.update_template_card),
    "/cgi-bin/appchat/create": Route("POST", api_appchat.create),
    "/cgi-bin/appchat/update": Route("POST", api_appchat.update),
    "/cgi-bin/appchat/get": Route("GET", api_appchat.get),
    "/cgi-bin/appchat/send": Route("POST", api_appchat.send),
    "/cgi-bin/media/upload": Route("POST", api_media.upload, form=True),
    "/cgi-bin/media/get": Route("GET", api_media.get),
    "/cgi-bin/webhook/send": Route("POST", api_webhook.send, token=False),
    "/cgi-bin/webhook/upload_media": Route("POST", api_media.robot_upload, token=False, form=True),
    "/cgi-bin/aibot/response": Route("POST", api_bot.response, token=False),
    "/cgi-bin/department/simplelist": Route("GET", people.department_simplelist),
    "/cgi-bin/department/list": Route("GET", people.department_list),
    "/cgi-bin/user/simplelist": Route("GET", people.user_simplelist),
    "/cgi-bin/user/get": Route("GET", people.user_get),
    "/cgi-bin/getcallbackip": Route("GET", people.getcallbackip),
    "/cgi-bin/kf/account/list": Route("POST", api_kf.account_list),
    "/cgi-bin/kf/add_contact_way": Route("POST", api_kf.add_contact_way),
    "/cgi-bin/kf/sync_msg": Route("POST", api_kf.sync_msg),
    "/cgi-bin/kf/send_msg": Route("POST", api_kf.send_msg),
    "/cgi-bin/kf/send_msg_on_event": Route("POST", api_kf.send_msg_on_event),
    "/cgi-bin/token": Route("GET", mp_tokens.token, token=False),
    "/cgi-bin/stable_token": Route("POST", mp_tokens.stable_token, token=False),
    "/cgi-bin/qrcode/create": Route("POST", api_mp.qrcode_create, token=False),
    "/cgi-bin/showqrcode": Route("GET", api_mp.showqrcode, token=False),
    "/cgi-bin/message/custom/send": Route("POST", api_mp.custom_send, token=False),
    "/cgi-bin/message/template/send": Route("POST", api_mp.template_send, token=False),
    "/cgi-bin/message/subscribe/bizsend": Route("POST", api_mp.bizsend, token=False),
    "/sns/oauth2/access_token": Route("GET", api_mp.oauth_access_token, token=False),
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
        if path.startswith(("/cgi-bin/", "/sns/")):
            return self._api(path, environ, start)
        if path.startswith("/_ctl/"):
            return ctl.serve(self.site, path, environ, start)
        return ui.serve(path, environ, start)

    def _api(self, path: str, environ: Environ, start: StartResponse) -> list[bytes]:
        site, began = self.site, time.perf_counter()
        route, query = ROUTES.get(path), http.query_of(environ)
        raw = http.body_of(environ, http.MAX_UPLOAD if route and route.form else http.MAX_BODY)
        with site.lock:
            caller = tokens.holder(site, query.get("access_token"))
            rules = site.faults.http(path, str(caller.agentid) if caller else "")
        for rule in rules:
            if rule.kind == "latency":
                time.sleep(float(rule.params.get("ms", 200)) / 1000)
        call = Call(path, query, {}, None, environ["REMOTE_ADDR"], 0.0)
        broken = next((r for r in rules if r.kind in _BREAKS and not r.params.get("effect")), None)
        if broken is not None:
            self._record(call, raw, None, began, broken.kind)
            return _break(site, broken, environ, start)
        if route is None or raw is None:
            status, words = (404, "no such path") if route is None else (413, "too large")
            result: Answer = {"errcode": status, "errmsg": words}
            self._record(call, raw, result, began, None)
            return http.answer_json(start, result, status)
        result = self._call(call, raw, environ, route, rules)
        after = next((r for r in rules if r.kind in _BREAKS or r.kind in _AFTER), None)
        self._record(call, raw, result, began, after.kind if after else None)
        if after is None:
            return _answer(start, result, environ)
        if after.kind == "truncated_json":
            return http.cut_short(start, result.content if isinstance(result, http.Blob) else http.dumps(result))
        return _break(site, after, environ, start)

    def _call(self, call: Call, raw: bytes, environ: Environ, route: Route, rules: list[Rule]) -> Answer:
        """The answer, after every check in the documented order [platform §F.4]; *call* is filled in on the way."""
        site, method = self.site, environ["REQUEST_METHOD"]
        if route.form:  # a large form is read before anybody else has to wait for it
            call.upload = api_media.parsed(environ.get("CONTENT_TYPE", ""), raw)
        with site.lock:
            call.now = site.now()
            try:
                _refuse(site, call, rules)
                if method != route.method:
                    raise ApiError(43001 if route.method == "GET" else 43002)
                if method == "POST" and not route.form:
                    call.body = _parsed(call.path, raw)
                if route.token:
                    call.app = tokens.admit(site, call)
                return route.endpoint(site, call)
            except ApiError as refusal:
                return refusal.answer()

    def _record(self, call: Call, raw: bytes | None, result: Answer | None, began: float, fault: str | None) -> None:
        site = self.site
        told: dict[str, Any] | None = {"errcode": 0} if isinstance(result, http.Blob) else result
        code = None if told is None else int(told.get("errcode", 0))
        body: Any = call.upload.described() if call.upload else call.body or None
        with site.lock:
            calls = site.world.calls.setdefault(call.path, Calls())
            calls.total += 1
            if fault:
                calls.faulted += 1
            if code == 0:
                calls.ok += 1
            elif code is not None:
                calls.refused += 1
                calls.errcodes[str(code)] = calls.errcodes.get(str(code), 0) + 1
            if raw and not call.upload and rb"\u" in raw:
                site.world.count("escaped_unicode_bodies")
            site.feed.log(
                "in",
                site.now(),
                path=call.path,
                query=without_secrets(call.query),
                body=body_without_secrets(body),
                errcode=code,
                errmsg=told and told.get("errmsg"),
                fault=fault,
                ms=round((time.perf_counter() - began) * 1000, 2),
            )


# answered by the network, before or instead of the platform; with "effect": true the call is carried out first
_BREAKS = frozenset({"timeout", "reset", "http_502", "html_200"})
# carried out, and then the answer is lost
_AFTER = frozenset({"commit_then_timeout", "truncated_json"})


def _answer(start: StartResponse, result: Answer, environ: Environ) -> list[bytes]:
    if isinstance(result, http.Blob):
        return http.answer_blob(start, result, environ)
    return http.answer_json(start, result)


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
