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
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), accelerometer=(), gyroscope=(), magnetometer=()",
}
HSTS = "max-age=31536000"


def all_headers(secure: bool) -> list[tuple[str, str]]:
    """Return the headers of a residents' page that is answered without Flask."""
    found = [(name.lower(), value) for name, value in HEADERS.items()]
    return [*found, ("strict-transport-security", HSTS)] if secure else found
