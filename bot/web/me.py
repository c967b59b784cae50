"""/me: what is held about me, who looked and why; a copy, setting right, withdrawing, erasing. Opened by a token alone.

The token of a sheet opens what that sheet said. All that is held about somebody opens with the code a worker reads out
once they have made sure who it is. Names stand behind stars until then: a door's code is open to many.
"""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Blueprint, abort, make_response, redirect, request
from werkzeug.wrappers import Response

from bot.parts import Parts
from bot.web.me_shown import Person, shown
from bot.web.plain_pages import Plain
from bot.web.resident import Resident, missed, plain
from handlers import rights, withdraw_consent
from handlers.declare_health import settle
from handlers.domain.consent import ConsentPurpose
from handlers.domain.errors import Refused, UnknownNode
from handlers.wording import own_data_page as say
from store.work import SqlWork

_TOKEN_MARKS = 64
_FORM_LARGEST = 16 * 1024
VISITS, VISITS_IN = 240, timedelta(hours=1)
_POST = ("POST",)
Act = Callable[[Resident, str, str | None, SqlWork], str]


def create(parts: Parts) -> Blueprint:
    """Return the blueprint of one's own data."""
    pages = Blueprint("me", __name__, template_folder="templates")
    pages.add_url_rule("/me", "code_form", lambda: _code_form(Resident(parts)), provide_automatic_options=False)
    pages.add_url_rule("/me", "code", lambda: _code(parts), methods=_POST, provide_automatic_options=False)
    rules: tuple[tuple[str, Any, tuple[str, ...]], ...] = (
        ("", _show, ("GET",)),
        ("/copy", _copy, _POST),
        *((f"/{name}", _acting(act), _POST) for name, act in _ACTS.items()),
    )
    for path, view, methods in rules:
        pages.add_url_rule(
            f"/me/<token>{path}", path.strip("/") or "show", _entered(parts, view), methods=methods,
            provide_automatic_options=False,
        )  # fmt: skip
    return pages


def _entered(parts: Parts, view: Any) -> Any:
    """Return the view Flask calls: a token that opens nothing has the one answer, a form of ours must be ours."""

    def enter(token: str) -> Response:
        request.max_content_length = _FORM_LARGEST
        if len(token) > _TOKEN_MARKS:
            return missed(parts)
        if parts.knocks.over(("me", token), VISITS):
            return plain(Plain.BUSY)
        if request.method == "POST" and not _genuine(parts, f"/me/{token}"):
            return plain(Plain.STALE)
        one = Resident(parts)
        try:
            made: Response = view(one, token)
        except UnknownNode:
            return missed(parts)
        except Refused as refusal:
            made = _said(one, token, refusal.say, 409)
        parts.knocks.count(("me", token), VISITS, VISITS_IN)  # guesses are counted by who guesses, not one by one
        return made

    return enter


def _genuine(parts: Parts, what: str) -> bool:
    headers = request.headers
    here = parts.seals.from_here(headers.get("Sec-Fetch-Site"), headers.get("Origin"), request.host)
    return here and parts.seals.good(what, request.form.get("t", "")[:200], parts.clock.now())


def _show(one: Resident, token: str) -> Response:
    """Show everything, in the transaction that notes that it was shown."""
    with one.parts.store.begin() as work:
        people = tuple(
            shown(held, rights.looked(token, None if held.whole else held.row, work, one.ctx), one)
            for held in rights.held(token, work, one.ctx)
        )
        again = _declare_again(token, work, one)
    return one.page("d_me", token=token, people=people, again=again, seal=_seal(one, token))


def _declare_again(token: str, work: SqlWork, one: Resident) -> str | None:
    """Return the token of the code the sheet came by, while that place has one: what was said is set right there."""
    grant = work.rights.opens(token, one.ctx.now)
    sheet = work.declarations.sheet_of(grant.sheet_id) if grant and grant.sheet_id else None
    if sheet is None:
        return None
    codes = (code for code in work.codes.of_node(sheet.place_id) if not code.replaced)
    return next((code.token for code in codes if work.codes.read(code.token, one.ctx.now)), None)


def _copy(one: Resident, token: str) -> Response:
    """Hand a copy over as a file."""
    row = _row()
    with one.parts.store.begin() as work:
        who = _held(token, row, work, one)
        copied = rights.copy(token, row, work, one.ctx)
    if not who.whole:
        copied["profile"] = {"姓名": Person.label_of(who)}  # a door's code is open to many
    answer = make_response(json.dumps(copied, ensure_ascii=False, indent=1, default=str))
    answer.headers["Content-Type"] = "application/json; charset=utf-8"
    answer.headers["Content-Disposition"] = 'attachment; filename="my-data.json"'
    return answer


def _held(token: str, row: str | None, work: SqlWork, one: Resident) -> rights.Held:
    """Return what is held about the row's person; UnknownNode for a row that the token does not open."""
    who = next((held for held in rights.held(token, work, one.ctx) if row in (None, held.row)), None)
    if who is None:
        raise UnknownNode("no such row")
    return who


def _acting(act: Act) -> Any:
    def view(one: Resident, token: str) -> Response:
        with one.parts.store.begin() as work:
            said = act(one, token, _row(), work)
        return _said(one, token, said)

    return view


def _withdraw(one: Resident, token: str, row: str | None, work: SqlWork) -> str:
    purpose = request.form.get("purpose", "")
    if purpose not in tuple(ConsentPurpose):
        abort(404)
    return withdraw_consent.withdraw(token, row, ConsentPurpose(purpose), work, one.ctx)


def _erase(one: Resident, token: str, row: str | None, work: SqlWork) -> str:
    """Erase, and with it the answers that wait for the phone that sent the sheets."""
    grant = work.rights.opens(token, one.ctx.now)
    kept = [work.declarations.sheet_of(grant.sheet_id)] if grant and grant.sheet_id else []
    if grant and grant.subject_id:
        ids = {said.sheet_id for said in work.declarations.of_subject(grant.subject_id)}
        kept = [work.declarations.sheet_of(one_id) for one_id in ids]
    said = rights.erase(token, row, work, one.ctx)
    work.sheet_answers.forget(sheet.key for sheet in kept if sheet is not None)
    return said


def _correct(one: Resident, token: str, row: str | None, work: SqlWork) -> str:
    """Set name or phone right: for whoever is known to be the person, and nobody else."""
    who = _held(token, row, work, one)
    if not who.whole:
        raise Refused(say.name_by_worker())
    name, phone = request.form.get("name", "")[:200], request.form.get("phone", "")[:200]
    return rights.correct(token, row, name, phone, work, one.ctx)


def _all(one: Resident, token: str, row: str | None, work: SqlWork) -> str:
    return rights.ask_for_all(token, row, work, one.ctx)


def _appeal(one: Resident, token: str, row: str | None, work: SqlWork) -> str:
    return rights.object_to_red(token, row, request.form.get("why", ""), work, one.ctx)


def _settle(one: Resident, token: str, row: str | None, work: SqlWork) -> str:
    key, choice = request.form.get("q", "")[:16], request.form.get("choice", "")[:16]
    answer = settle(token, key, choice, work, one.ctx)
    receipt = answer.people[0].receipt if answer.people else None
    return say.settled(receipt.reason if receipt else "")


_ACTS: dict[str, Act] = {
    "withdraw": _withdraw,
    "erase": _erase,
    "correct": _correct,
    "all": _all,
    "appeal": _appeal,
    "settle": _settle,
}


def _row() -> str | None:
    return request.form.get("row", "")[:16] or None


def _said(one: Resident, token: str, said: str, status: int = 200) -> Response:
    with one.parts.store.read() as work:
        left = one.opens(token, work)
    return one.page("d_said", status, token=token, said=said, left=left)


def _seal(one: Resident, token: str) -> str:
    return one.parts.seals.make(f"/me/{token}", one.ctx.now)


def _code_form(one: Resident, wrong: bool = False) -> Response:
    """Show where the code is typed that a worker reads out."""
    status = 404 if wrong else 200
    return one.page("d_code", status, seal=one.parts.seals.make("/me", one.ctx.now), wrong=wrong)


def _code(parts: Parts) -> Response:
    """Exchange the code for a token, once."""
    request.max_content_length = _FORM_LARGEST
    if not _genuine(parts, "/me"):
        return plain(Plain.STALE)
    one = Resident(parts)
    with parts.store.begin() as work:
        token = rights.subject_token(request.form.get("code", "")[:40], work, one.ctx)
    if token is None:
        answer = missed(parts)
        return answer if answer.status_code == Plain.BUSY.status else _code_form(one, wrong=True)
    return redirect(f"/me/{token}", code=303)
