"""The controls under /_ctl/: what no real platform offers, for tests, the demo and its page [platform §F.1]."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from standin import act, api_media, ctl_residents, http, post, report, tokens
from standin.callbacks import Door, app_door, bot_door
from standin.clock import iso, parse_moment
from standin.http import Environ, StartResponse
from standin.plant import PlantedSite
from standin.site import Site
from standin.world import App, Bot, Callback

Query = dict[str, str]
Given = dict[str, Any]
WAIT_S = 60.0
# somebody's file: shown, never run
BLOB_HEADERS = [("Content-Security-Policy", "default-src 'none'; sandbox"), ("Cache-Control", "max-age=3600")]


class Refused(Exception):
    """A control that cannot be carried out: *status* and a sentence."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


def serve(site: PlantedSite, path: str, environ: Environ, start: StartResponse) -> list[bytes]:
    """The answer to one control request, JSON or a file; ``{"error"}`` with 400, 403, 404 or 405 when refused."""
    name = path.removeprefix("/_ctl/")
    origin = environ.get("HTTP_ORIGIN")
    if origin is not None and urlsplit(origin).netloc != environ.get("HTTP_HOST"):
        return http.answer_json(start, {"error": "a page from elsewhere has no say here"}, 403)
    handler = ROUTES.get((environ["REQUEST_METHOD"], name))
    if handler is None:
        status = 405 if any(n == name for _, n in ROUTES) else 404
        return http.answer_json(start, {"error": f"no {environ['REQUEST_METHOD']} {path}"}, status)
    try:
        if environ["REQUEST_METHOD"] == "POST":
            raw = http.body_of(environ, http.MAX_UPLOAD)
            if raw is None:
                raise Refused(413, "too large")
            given = json.loads(raw) if raw else {}
        else:
            given = http.query_of(environ)
        result = handler(site, given)
        if isinstance(result, http.Blob):
            return http.answer_blob(start, result, environ, BLOB_HEADERS)
        return http.answer_json(start, result)
    except Refused as refusal:
        return http.answer_json(start, {"error": str(refusal)}, refusal.status)
    except (ValueError, KeyError, TypeError) as error:
        return http.answer_json(start, {"error": f"{type(error).__name__}: {error}"}, 400)


def _now(site: Site) -> Given:
    return {"now": iso(site.now()), "epoch": site.now(), "offset_s": site.clock.offset_s}


def clock(site: Site, given: Given) -> Given:
    """``{"now": ISO or epoch}`` or ``{"advance_s": seconds}`` → the time now."""
    with site.lock:
        if "now" in given:
            site.clock.set(parse_moment(given["now"]))
        elif "advance_s" in given:
            site.clock.advance(float(given["advance_s"]))
        else:
            raise ValueError("give now or advance_s")
        site.feed.event("clock", site.now(), **_now(site))
    return _now(site)


def seed(site: PlantedSite, given: Given) -> Given:
    """A whole new world from *given*; what there was is forgotten."""
    site.plant(given)
    return {"ok": True} | report.size(site.world)


def reset(site: PlantedSite, given: Given) -> Given:
    """Back to the seed: messages, tokens, counts and faults gone, the clock at real time unless ``keep_clock``."""
    if not given.get("keep_clock"):
        site.clock.reset()
    site.replant()
    return {"ok": True} | report.size(site.world)


def perform(site: Site, given: Given) -> Given:
    """One act; with ``"wait": true`` also how the callback was answered (``callback.status``, ``callback.reply``)."""
    with site.lock:
        result, emission = act.perform(site, given)
    if emission is None:
        return result
    if given.get("wait"):
        emission.done.wait(float(given.get("wait_s", WAIT_S)))
        with site.lock:
            result["callback"] = emission.view()
    return result


def add_fault(site: Site, given: Given) -> Given:
    """A new rule → ``{"id"}``; ``{"clear": true|id}`` ends all or one; a bare token_revoke_now acts at once."""
    with site.lock:
        if "clear" in given:
            site.faults.clear(None if given["clear"] is True else int(given["clear"]))
            site.feed.event("fault", site.now(), rules=[r.view() for r in site.faults.rules])
            return {"ok": True}
        if given.get("kind") == "token_revoke_now" and not given.get("match"):
            return {"revoked": tokens.revoke(site)}
        rule = site.faults.add(given)
        site.feed.event("fault", site.now(), rules=[r.view() for r in site.faults.rules])
        return {"id": rule.id}


def list_faults(site: Site, query: Query) -> Given:
    with site.lock:
        return {"faults": [r.view() for r in site.faults.rules]}


def verify_callback(site: Site, given: Given) -> Given:
    """The GET echo check of an app (``agentid``) or of the bot (``"to": "bot"``)."""
    with site.lock:
        door = _door(_owner(site, given))
    return site.emitter.verify(door)


def save_callback(site: Site, given: Given) -> Given:
    """What saving a callback address in the console does: the echo check first, 409 when it fails, and then
    ``{"url", "token", "aeskey"}`` (each may be left as it is) hold for the app or the bot.
    """
    with site.lock:
        owner = _owner(site, given)
        old = owner.callback or Callback("", "", "")
        new = Callback(*(str(given.get(name, getattr(old, name))) for name in ("url", "token", "aeskey")))
        door = _door(replace(owner, callback=new))
    outcome = site.emitter.verify(door)
    if not outcome["ok"]:
        raise Refused(409, f"the address did not give the echo back: {outcome}")
    with site.lock:
        _owner(site, given).callback = new
    return outcome


def _owner(site: Site, given: Given) -> App | Bot:
    known: list[App | Bot]
    if given.get("to") == "bot":
        known = [bot for bot in site.world.bots.values() if given.get("aibotid") in (None, bot.id)]
    else:
        known = [app for app in site.world.apps.values() if given.get("agentid") in (None, app.agentid)]
    if not known:
        raise Refused(404, "no such app or bot")
    return known[0]


def _door(owner: App | Bot) -> Door:
    return bot_door(owner) if isinstance(owner, Bot) else app_door(owner)


def state(site: Site, query: Query) -> Given:
    with site.lock:
        return _now(site) | report.state(site, query.get("part"))


def log(site: Site, query: Query) -> Given:
    with site.lock:
        return site.feed.lines(int(query.get("since", 0)), int(query.get("limit", 2000)))


def events(site: Site, query: Query) -> Given:
    with site.lock:
        page = site.feed.events(int(query.get("since", 0)), int(query.get("limit", 2000)))
        return _now(site) | page | {"last": site.feed.event_n}


def idle(site: Site, query: Query) -> Given:
    in_flight = site.emitter.in_flight
    return {"idle": in_flight == 0, "in_flight": in_flight}


def inbox(site: Site, query: Query) -> Given:
    """``{"userid", "messages"}``: a member's phone, oldest first; ``corp`` plays no part, ids are unique."""
    key = query.get("userid", "").lower()
    with site.lock:
        if key not in site.world.members:
            raise Refused(404, "no such member")
        return {"userid": site.world.members[key].userid, "messages": post.inbox(site, key)}


def chat(site: Site, query: Query) -> Given:
    """``{"room", "messages"}``: all that stands in a group, by whichever of its ids."""
    with site.lock:
        room = site.world.room(query.get("chatid", ""))
        if room is None:
            raise Refused(404, "no such group")
        return {"room": report.room_view(site, room), "messages": post.chat(site, room)}


def media(site: Site, query: Query) -> http.Blob:
    """A file as it was sent, for as long as its message stands; a picture may be shown in place."""
    with site.lock:
        found = site.world.media.get(query.get("id", ""))
        if found is None:
            raise Refused(404, "no such file")
        return api_media.blob(found, inline=True)


def rooms(site: Site, query: Query) -> Given:
    """Every group and every member, for the page: ``{"rooms", "members", "bots", "title"}``."""
    with site.lock:
        return _now(site) | report.directory(site)


ROUTES: dict[tuple[str, str], Callable[[Any, Any], Given | http.Blob]] = {
    ("POST", "clock"): clock,
    ("POST", "seed"): seed,
    ("POST", "reset"): reset,
    ("POST", "act"): perform,
    ("POST", "fault"): add_fault,
    ("GET", "fault"): list_faults,
    ("POST", "verify_callback"): verify_callback,
    ("POST", "save_callback"): save_callback,
    ("GET", "clock"): lambda site, _: _now(site),
    ("GET", "state"): state,
    ("GET", "log"): log,
    ("GET", "events"): events,
    ("GET", "idle"): idle,
    ("GET", "inbox"): inbox,
    ("GET", "chat"): chat,
    ("GET", "rooms"): rooms,
    ("GET", "media"): media,
    ("GET", "phone"): ctl_residents.phone,
    ("POST", "verify_mp"): ctl_residents.verify_mp,
    ("POST", "revoke_mp"): ctl_residents.revoke_mp,
}
