"""A leader at the console without a browser: signs in as a form does, follows links, reads what the page says."""

import re
import urllib.parse
import urllib.request
from html import unescape
from http.cookiejar import CookieJar

TOKEN = re.compile(r'name="token" value="([0-9a-f]+)"')
CARD = re.compile(r'<section class="card">(.*?)</section>', re.S)


class Visitor:
    """One browser's worth of cookies."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def sign_in(self, userid: str, password: str) -> None:
        """Sign in; RuntimeError when the console does not let in."""
        token = TOKEN.search(self.page("/console/sign-in"))
        form = {"token": token[1] if token else "", "userid": userid, "password": password}
        request = urllib.request.Request(
            f"{self._url}/console/sign-in", urllib.parse.urlencode(form).encode(), {"Origin": self._url}
        )
        with self._opener.open(request, timeout=20) as answer:
            if answer.url.endswith("sign-in"):
                raise RuntimeError("看板没让进")

    def page(self, path: str) -> str:
        """Return a page's HTML."""
        with self._opener.open(f"{self._url}{path}", timeout=20) as answer:
            content: bytes = answer.read()
            return content.decode()

    def follow(self, html: str, label: str) -> tuple[str, str]:
        """Return the figure beside *label* and the HTML of the page its link leads to."""
        found = re.search(rf'<dt>{re.escape(label)}</dt><dd[^>]*><a href="([^"]+)">([^<]+)</a>', html)
        if found is None:
            raise LookupError(label)
        return unescape(found[2]), self.page(unescape(found[1]))


def cards(html: str) -> list[str]:
    """Return the words of each card of a page, in one line."""
    return [" ".join(unescape(re.sub(r"<[^>]+>", " ", card)).split()) for card in CARD.findall(html)]
