"""What every page of ours says in its headers, whichever way it goes out."""

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
    "X-Frame-Options": "DENY",
}
NOTHING_OF_THE_PHONE = "camera=(), microphone=(), geolocation=(), accelerometer=(), gyroscope=(), magnetometer=()"
"""Permissions-Policy of the residents' pages: they ask the phone for nothing."""
HSTS = "max-age=31536000"


def all_headers(secure: bool) -> list[tuple[str, str]]:
    """Return the headers of a residents' page that is answered without Flask."""
    found = [(name.lower(), value) for name, value in HEADERS.items()]
    found.append(("permissions-policy", NOTHING_OF_THE_PHONE))
    return [*found, ("strict-transport-security", HSTS)] if secure else found
