"""The seal on a form of a page without a session: we handed the form out, for this address, not long ago."""

import hmac
import re
from datetime import datetime, timedelta
from urllib.parse import urlsplit

GOOD_FOR = timedelta(days=8)
"""A form may lie on a phone for seven days."""
_SEAL = re.compile(r"([0-9]{10})\.([0-9a-f]{64})")


class FormSeals:
    """Makes and checks seals under the deployment's secret."""

    def __init__(self, secret: str, base_url: str) -> None:
        self._secret = secret.encode()
        base = urlsplit(base_url)
        self._origin = f"{base.scheme}://{base.netloc}"

    def make(self, what: str, now: datetime) -> str:
        """Return a seal for the form of *what*: an address with its token."""
        stamp = f"{int(now.timestamp()):010d}"
        return f"{stamp}.{self._mac(stamp, what)}"

    def good(self, what: str, seal: str, now: datetime) -> bool:
        """Return whether we made the seal, for *what*, and not too long ago."""
        read = _SEAL.fullmatch(seal)
        if read is None or not hmac.compare_digest(read[2], self._mac(read[1], what)):
            return False
        age = now.timestamp() - int(read[1])
        return -GOOD_FOR.total_seconds() < age < GOOD_FOR.total_seconds()

    def from_here(self, site: str | None, origin: str | None, host: str) -> bool:
        """Return whether a POST can have come from a page of ours, as far as the browser says.

        Pages without a referrer send "null" for their origin, and old browsers say nothing: for those the seal speaks.
        """
        if site is not None and site not in ("same-origin", "none"):
            return False
        return origin in (None, "null", self._origin) or urlsplit(origin or "").netloc == host

    def _mac(self, stamp: str, what: str) -> str:
        return hmac.digest(self._secret, f"form\0{stamp}\0{what}".encode(), "sha256").hex()
