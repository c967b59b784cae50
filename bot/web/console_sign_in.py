"""Signing in and out, and changing one's own password."""

from flask import abort, make_response, redirect, render_template, request
from werkzeug.wrappers import Response

from bot.account_commands import known_about
from bot.parts import Parts
from bot.web.guard import SIGN_IN, Visit, language
from bot.web.passwords import ADVISED, fault
from bot.web.session import Sessions
from store.accounts import matches

HOME = "/console/"


def form(parts: Parts, sessions: Sessions) -> Response:
    """Show the sign-in form; whoever is signed in already is sent home."""
    if sessions.find(request):
        return redirect(HOME, code=303)
    return _form(parts, sessions)


def sign_in(parts: Parts, sessions: Sessions) -> Response:
    """Open a session, or say the one thing that is said to everybody who does not get in."""
    if not sessions.genuine(request, sessions.door(request)):
        abort(403)
    userid = request.form.get("userid", "").strip()
    key = sessions.open(userid, request.form.get("password", ""), request)
    if key is None:
        return _form(parts, sessions, status=401)
    response = redirect(HOME, code=303)
    sessions.give(response, key)
    return response


def _form(parts: Parts, sessions: Sessions, status: int = 200) -> Response:
    word, county = sessions.door(request), parts.counties.county
    token, failed = sessions.token(word), status != 200
    page = render_template("sign_in.html", t=language(), token=token, county=county, failed=failed)
    response = make_response(page, status)
    sessions.give_door(response, word)
    return response


def sign_out(visit: Visit) -> Response:
    """End the session here and in the browser."""
    sessions = Sessions(visit.parts)
    sessions.end(visit.signed)
    response = redirect(SIGN_IN, code=303)
    sessions.take(response)
    return response


def password_form(visit: Visit) -> Response:
    """Show the form for a new password."""
    return visit.page("password", advised=ADVISED)


def change_password(visit: Visit) -> Response:
    """Set a new password for whoever knows the old one; every session ends, this one too."""
    new = request.form.get("new", "")
    wrong = _fault(visit, request.form.get("old", ""), new, request.form.get("again", ""))
    if wrong:
        return visit.page("password", 400, advised=ADVISED, wrong=wrong)
    with visit.parts.store.begin() as work:
        work.accounts.set_password(visit.person.id, new, visit.context.now)
        visit.note(work, "set password", "console", "access")
    response = redirect(SIGN_IN, code=303)
    Sessions(visit.parts).take(response)
    return response


def _fault(visit: Visit, old: str, new: str, again: str) -> str | None:
    """The old password is counted like a sign-in: a session left open is no place to try words at."""
    with visit.parts.store.read() as work:
        known = work.accounts.find(visit.person.userid)
    right = matches(known, old)
    with visit.parts.store.begin() as work:
        let = work.accounts.settle(known.person_id, right, visit.context.now) if known else False
        if not let:
            visit.note(work, "set password", "console", "access", "refused")
            return "原密码不对,或暂时锁定。请稍等再试。"
    if new != again:
        return "两次输入的新密码不一样,请再输一遍。"
    return fault(new, known_about(visit.person.userid, visit.context))
