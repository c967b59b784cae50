"""A resident's phone without a browser: opens the page behind a code, fills in its form as a browser does, reads."""

import re
import time
import urllib.parse
import urllib.request
from collections.abc import Mapping, Sequence
from html import unescape
from http.cookiejar import CookieJar

_HIDDEN = re.compile(r'<input type="hidden" name="(t|key|made)" value="([^"]*)">')
_ROW = re.compile(r'name="on" value="([ms][0-9]+)"')
_CONSENT = re.compile(r'type="checkbox" id="[^"]+-c-([a-z]+)" name="[^"]+" value="([a-z]+@[0-9]+)"')
_FACT = re.compile(r"<div><dt>(.*?)</dt><dd>(.*?)</dd></div>")
PATIENCE_S = 20.0


class ResidentPhone:
    """One phone and the code it scanned. RuntimeError when a page is not what a person could go on with."""

    def __init__(self, url: str, token: str) -> None:
        self._url, self._path = url, f"/d/{token}"
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        self.page = self._get(self._path)

    @property
    def place(self) -> str:
        """Return the place as the page names it."""
        return read(self.page, r'<h1 class="d-place">(.*?)</h1>')

    @property
    def check(self) -> str:
        """Return the digits to compare with the poster."""
        return read(self.page, r'<p class="d-check">.*?<b>(.*?)</b>')

    @property
    def people(self) -> list[str]:
        """Return who lives there as the page shows it to whoever scans."""
        return [text(one) for one in re.findall(r'<label class="d-who"[^>]*>(.*?)</label>', self.page, re.S)]

    def declare(self, person: int, said: Mapping[str, str], agreed: Sequence[str], asks: str = "") -> str:
        """Fill the form in for that *person* of the list and hand it in; returns the page with the receipt."""
        row = _ROW.findall(self.page)[person]
        consents = dict(_CONSENT.findall(self.page))
        fields = [*_HIDDEN.findall(self.page), ("on", row), ("asks", asks)]
        fields += [(f"{row}.{name}", value) for name, value in said.items()]
        fields += [(f"{row}.c", consents[purpose]) for purpose in agreed]
        request = urllib.request.Request(
            f"{self._url}{self._path}", urllib.parse.urlencode(fields).encode(), {"Origin": self._url}
        )
        with self._opener.open(request, timeout=20) as answer:  # it leads on to the page of the answer
            self.page = answer.read().decode()
        until = time.monotonic() + PATIENCE_S
        while "d-receipt" not in self.page:
            if "d-fault" in self.page or time.monotonic() > until:
                raise RuntimeError(f"没有出凭据:{text(self.page)[-300:]}")
            time.sleep(0.1)
            self.page = self._get(f"{self._path}/done")
        return self.page

    def mine(self) -> str:
        """Return the page of what is held, which the receipt leads to."""
        return self._get(read(self.page, r'href="(/me/[0-9A-Za-z_-]+)#looked"'))

    def _get(self, path: str) -> str:
        with self._opener.open(f"{self._url}{path}", timeout=20) as answer:
            content: bytes = answer.read()
            return content.decode()


def facts(page: str) -> list[tuple[str, str]]:
    """Return what a receipt or a sheet says, line by line."""
    return [(text(name), text(said)) for name, said in _FACT.findall(page)]


def read(page: str, pattern: str) -> str:
    """Return the words that *pattern* captures; LookupError when they are not there."""
    found = re.search(pattern, page, re.S)
    if found is None:
        raise LookupError(pattern)
    return text(found[1])


def text(html: str) -> str:
    """Return what a person reads of a piece of a page, in one line."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())
