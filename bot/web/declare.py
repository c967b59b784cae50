"""The declaration page: the form of a place, the answer to what was sent, and who this phone spoke for last time.

Handing a form in is `bot.web.sheet_door`: it comes before Flask.
"""

import secrets
from typing import Any

from flask import Blueprint, jsonify, redirect, request
from werkzeug.wrappers import Response

from bot.parts import Parts
from bot.sheet_outcome import Outcome
from bot.web.page_files import serve_files
from bot.web.plain_pages import Plain
from bot.web.resident import Resident, by_field, missed, place_shown, plain
from bot.web.session import Sessions
from bot.web.sheet_door import COOKIE
from bot.web.sheet_form import KEY, fields_of
from handlers.declare_health import form_of
from handlers.domain.errors import Refused, UnknownNode
from handlers.domain.hierarchy import HOUSEHOLD
from handlers.domain.place_code import PlaceCode
from handlers.domain.policy import Action
from handlers.known_phone import said_by_phone
from handlers.wording import declaration as say

_POST = ("POST",)


def create(parts: Parts) -> Blueprint:
    """Return the blueprint of the residents' declaration pages."""
    pages = Blueprint("declare", __name__, template_folder="templates")
    serve_files(pages)
    for path, view, methods in (
        ("/d/<token>", _show, ("GET",)),
        ("/d/<token>/done", _done, ("GET",)),
        ("/d/<token>/answer", _answer, _POST),
        ("/d/<token>/known", _known, _POST),
    ):
        pages.add_url_rule(
            path, view.__name__.strip("_"), _entered(parts, view), methods=methods, provide_automatic_options=False
        )
    return pages


def _entered(parts: Parts, view: Any) -> Any:
    """Return the view Flask calls: nobody gets past it without a code that opens something."""

    def enter(token: str) -> Response:
        request.max_content_length = 4096
        code = parts.codes.read(token)
        if code is None:
            return missed(parts, as_json=view in (_answer, _known))
        try:
            made: Response = view(Resident(parts), token, code)
        except UnknownNode:
            return missed(parts, as_json=view in (_answer, _known))
        return made

    return enter


def _show(one: Resident, token: str, code: PlaceCode) -> Response:
    if request.args.get("form") != "1" and _worker_at_door(one, code):
        return redirect(f"/console/door/{code.node_id}", code=303)
    return _form(one, token, code, {}, [])


def _worker_at_door(one: Resident, code: PlaceCode) -> bool:
    """Return whether somebody signed in scanned a household they look after: theirs is the page of one tap."""
    sessions = Sessions(one.parts)
    if one.ctx.county.four_ones is None or not request.cookies.get(sessions.cookie):
        return False
    if one.ctx.tree.node(code.node_id).level != HOUSEHOLD:
        return False
    signed = sessions.find(request)
    return signed is not None and bool(one.ctx.tree.viewable(signed.person, [code.node_id], Action.SEE_HEALTH))


def _form(one: Resident, token: str, code: PlaceCode, filled: dict[str, list[str]], faults: list[Any]) -> Response:
    """Show the form; what was *filled* in before comes back with its faults, and is not packed (it was typed)."""
    try:
        with one.parts.store.read() as work:
            form = form_of(code.node_id, None, work, one.ctx)
    except Refused as refusal:
        return one.page("d_done", place=place_shown(code, one.ctx), outcome={"state": "refused", "say": refusal.say})
    return one.page(
        "d_form",
        packed=not filled,
        token=token,
        place=place_shown(code, one.ctx),
        form=form,
        notice=one.words.listed(form.notice),
        seal=one.parts.seals.make(f"/d/{token}", one.ctx.now),
        key=secrets.token_urlsafe(16),
        made=int(one.ctx.now.timestamp() * 1000),
        filled=filled,
        faults=by_field(faults),
    )


def _done(one: Resident, token: str, code: PlaceCode) -> Response:
    """Show a browser without script what became of its form: by the cookie it was given, in nobody else's browser."""
    key, _, name = request.cookies.get(COOKIE, "").partition(".")
    if not KEY.fullmatch(key):
        return _show(one, token, code)
    with one.parts.store.read() as work:
        found = work.sheet_answers.get(name[:64], key)
    if found is not None and found["state"] == Outcome.FAULTS:
        filled = {field: list(said) for field, said in fields_of(found["form"].encode()).items()}
        return _form(one, token, code, filled, found["faults"])
    page = one.page("d_done", token=token, place=place_shown(code, one.ctx), **_shown(one, found))
    if found is None:
        page.headers["Refresh"] = f"2; url=/d/{token}/done"
    return page


def _shown(one: Resident, outcome: Any) -> dict[str, Any]:
    """Return what a receipt's template needs of an outcome."""
    if outcome is not None and outcome["state"] == Outcome.GONE:
        outcome = {"state": "refused", "say": Plain.GONE.words}
    me = outcome.get("me") if outcome else None
    return {"outcome": outcome, "me_seal": one.parts.seals.make(f"/me/{me}", one.ctx.now) if me else ""}


def _answer(one: Resident, token: str, code: PlaceCode) -> Response:
    """Say what became of a sheet, to whoever has its key: the phone that sent it."""
    key, name = request.form.get("key", ""), request.form.get("at", "")[:64]
    if not KEY.fullmatch(key):
        return plain(Plain.BAD, as_json=True)
    with one.parts.store.read() as work:
        found = work.sheet_answers.get(name, key)
    if found is None:
        return jsonify(state="pending")
    if found["state"] == Outcome.FAULTS:
        told = [{**fault, "say": one.words.told(fault["say"])} for fault in found["faults"]]
        return jsonify(state="faults", faults=told)
    if found["state"] == Outcome.TAKEN:
        html = one.fragment("d_receipt", token=token, **_shown(one, found))
        return jsonify(state="taken", html=html, me=found["me"])
    return jsonify(state=found["state"], say=one.words.told(found.get("say") or Plain.GONE.words))


def _known(one: Resident, token: str, code: PlaceCode) -> Response:
    """Say whether this phone's own page still opens, and what it said last for people of this household."""
    me, home = request.form.get("me", "")[:64], one.ctx.tree.node(code.node_id).level == HOUSEHOLD
    with one.parts.store.read() as work:
        opens = one.opens(me, work)
        rows = said_by_phone(me, code.node_id, work, one.ctx) if home and opens else ()
    return jsonify(open=opens, rows=[_row(row, one) for row in rows])


def _row(row: Any, one: Resident) -> dict[str, Any]:
    last = row.last
    direct = last.journey.transit == say.NO_TRANSIT
    return {
        "row": row.who,
        "day": one.day(one.ctx.local(row.last_at).date().isoformat()),
        "granted": sorted(row.granted),
        "fields": {
            "by": "child" if row.under_14 else last.said_by.value if last.said_by.value != "worker" else "self",
            "away": "no" if last.journey.away is False else "",
            "origin": last.journey.origin,
            "arrived": last.journey.arrived,
            "transit": "none" if direct else "",
            "transit_at": "" if direct else last.journey.transit,
            "transport": last.journey.transport,
            "category": last.journey.category,
        },
    }
