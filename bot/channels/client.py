"""The platform's rarely used calls, through wechatpy 1.8.18; the only file that knows wechatpy's client.

What it would do by itself is switched off here: its own token (ten characters of the secret in the key, no lock, no
timeout), its endless replay of refused tokens, redirects, proxies. Its exceptions carry the whole request, token and
all, so none of them leaves this file, not even as a cause.
"""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.channels.http import Origin
from bot.channels.tokens import TokenStore
from handlers.domain.errcodes import Kind, kind_of
from handlers.domain.errors import SendFailed

TIMEOUT_S = 10.0
EXISTS = 86215
_PASSING = {Kind.BUSY: 2.0, Kind.CROWDED: 2.0, Kind.QUOTA: 61.0}


@dataclass(frozen=True, slots=True)
class GroupChat:
    """A group the app made."""

    chatid: str
    name: str
    owner: str
    userids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Department:
    """A department; `parent_id` is 0 for the root."""

    id: int
    name: str
    parent_id: int


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody in the directory; new apps are shown no phone."""

    userid: str
    name: str
    departments: tuple[int, ...]


class Client:
    """Cold calls for one app. Every failure is a `SendFailed`; `unanswered` says that it may have been carried out."""

    def __init__(self, origin: Origin, tokens: TokenStore, agent_id: int) -> None:
        self._origin, self._tokens, self._agent_id = origin, tokens, agent_id
        self._client: Any = None

    def create_chat(self, chatid: str, name: str, owner: str, userids: Iterable[str]) -> GroupChat:
        """Make a group under a chatid of our own, and return it as it stands. When it is there already, which is how
        a repeat after a lost answer ends, it is brought to what was asked."""
        wanted = list(dict.fromkeys(userids))
        body = {"chatid": chatid, "name": name, "owner": owner, "userlist": wanted}
        try:
            self.call("appchat/create", body)
        except SendFailed as error:
            if error.code != EXISTS:
                raise
            found = self.chat(chatid)
            there, asked = ({one.lower(): one for one in ids} for ids in (found.userids, wanted))
            add = [one for key, one in asked.items() if key not in there]
            remove = [one for key, one in there.items() if key not in asked]
            if add or remove or found.name != name or found.owner.lower() != owner.lower():
                self.update_chat(chatid, name=name, owner=owner, add=add, remove=remove)
        return self.chat(chatid)

    def update_chat(
        self,
        chatid: str,
        *,
        name: str | None = None,
        owner: str | None = None,
        add: Iterable[str] = (),
        remove: Iterable[str] = (),
    ) -> None:
        """Change a group the app made."""
        body: dict[str, Any] = {"chatid": chatid}
        body |= {key: value for key, value in (("name", name), ("owner", owner)) if value}
        body |= {key: list(value) for key, value in (("add_user_list", add), ("del_user_list", remove)) if value}
        self.call("appchat/update", body)

    def chat(self, chatid: str) -> GroupChat:
        """Return a group the app made."""
        info = self.call("appchat/get", params={"chatid": chatid}).get("chat_info")
        if not isinstance(info, dict):
            raise SendFailed("appchat/get: no chat_info")
        return GroupChat(str(info["chatid"]), str(info["name"]), str(info["owner"]), tuple(info["userlist"]))

    def departments(self) -> tuple[Department, ...]:
        """Return every department in the app's scope."""
        rows = self.call("department/list", params={}).get("department") or ()
        return tuple(Department(int(row["id"]), str(row["name"]), int(row["parentid"])) for row in rows)

    def members(self, department_id: int, *, deep: bool = True) -> tuple[Member, ...]:
        """Return the members of a department, with those of the departments below it when *deep*."""
        params = {"department_id": department_id, "fetch_child": int(deep)}
        rows = self.call("user/simplelist", params=params).get("userlist") or ()
        return tuple(Member(str(row["userid"]), str(row["name"]), tuple(row["department"])) for row in rows)

    def recall(self, msgid: str) -> None:
        """Take back a personal message of the last 24 hours."""
        self.call("message/recall", {"msgid": msgid})

    def close_card(self, response_code: str, text: str, userids: Iterable[str] = ()) -> None:
        """Grey the buttons of a card, for *userids* or for everybody; the code is spent by it."""
        chosen = list(userids)
        whom: dict[str, Any] = {"userids": chosen} if chosen else {"atall": 1}
        body = {**whom, "agentid": self._agent_id, "response_code": response_code, "button": {"replace_name": text}}
        self.call("message/update_template_card", body)

    def callback_ips(self) -> tuple[str, ...]:
        """Return the addresses callbacks come from."""
        return tuple(str(ip) for ip in self.call("getcallbackip", params={}).get("ip_list") or ())

    def call(
        self, path: str, body: dict[str, Any] | None = None, *, params: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """POST *body* to `/cgi-bin/path`, or GET it when there is none; returns the platform's answer, errcode 0."""
        token = self._tokens.peek() or self._tokens.get()
        try:
            return self._once(path, body, params, token)
        except SendFailed as error:
            if not error.refresh:
                raise
        return self._once(path, body, params, self._tokens.get(token))

    def _once(
        self, path: str, body: dict[str, Any] | None, params: Mapping[str, Any] | None, token: str
    ) -> dict[str, Any]:
        import requests  # with wechatpy 30 MB and a quarter of a second; most processes never come here
        from wechatpy.exceptions import WeChatClientException

        options: dict[str, Any] = {"params": {**(params or {}), "access_token": token}, "allow_redirects": False}
        client = self._wechatpy()
        try:
            found = client.get(path, **options) if body is None else client.post(path, data=body, **options)
        except WeChatClientException as error:
            failed = _refused(path, error.errcode, getattr(error.response, "status_code", 0))
        except requests.ConnectTimeout:
            failed = SendFailed(f"{path}: ConnectTimeout", retryable=True)
        except requests.ConnectionError as error:
            unsent = any(cause in repr(error) for cause in ("NewConnectionError", "CERTIFICATE_VERIFY_FAILED"))
            failed = SendFailed(f"{path}: ConnectionError", retryable=unsent, unanswered=not unsent)
        except (requests.RequestException, ValueError, TypeError) as error:
            failed = SendFailed(f"{path}: {type(error).__name__}", unanswered=True)
        else:
            if isinstance(found, dict) and type(found.get("errcode")) is int:
                return found
            failed = SendFailed(f"{path}: not the platform's JSON", unanswered=True)
        raise failed  # outside the handlers: the original, token and all, is not even its context

    def _wechatpy(self) -> Any:
        if self._client is None:
            from wechatpy.enterprise import WeChatClient

            logging.getLogger("urllib3").setLevel(logging.ERROR)  # its lines hold addresses, and they hold the token

            base = f"{'https' if self._origin.tls else 'http'}://{self._origin.netloc}{self._origin.prefix}/cgi-bin/"

            class Ours(WeChatClient):  # type: ignore[misc]
                API_BASE_URL = base

                def fetch_access_token(self) -> None:
                    raise SendFailed("wechatpy asks for no token here")

            client = Ours("", "", timeout=TIMEOUT_S, auto_retry=False)
            client._http.trust_env = False
            if self._origin.ca:
                client._http.verify = self._origin.ca
            self._client = client
        return self._client


def _refused(path: str, code: int | None, status: int) -> SendFailed:
    if code is None:
        return SendFailed(f"{path}: http {status}", retryable=status < 500, unanswered=status >= 500)
    kind = kind_of(code)
    rest = _PASSING.get(kind, 0.0)
    return SendFailed(
        f"{path}: errcode {code}", code=code, retryable=kind in _PASSING, refresh=kind is Kind.TOKEN, wait_s=rest
    )
