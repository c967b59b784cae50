"""The leaders' console: server-rendered pages under /console/, for whoever may issue, confirm or see counts."""

from flask import Blueprint, redirect
from werkzeug.wrappers import Response

from bot.parts import Parts


def create(parts: Parts) -> Blueprint:
    """Return the blueprint of the console over *parts*."""
    pages = Blueprint("console", __name__, url_prefix="/console", template_folder="templates", static_folder="static")

    @pages.get("/")
    def home() -> Response:
        """Send everybody to the sign-in page until there is a session."""
        return redirect("/console/sign-in", code=303)

    return pages
