"""A product as the platform meets it: an HTTP server that opens callbacks with somebody else's crypto (wechatpy)."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import requests
import xmltodict
from wechatpy.enterprise.crypto import WeChatCrypto

from standin.server import StandIn

SAMPLES = Path(__file__).parent / "samples"
CORP = "wwtest0a1b2c3d4e5f"
TOKEN, AES_KEY = "GridTok8a1", "xKBVbF58gVRexyC+8eipRZfHmHpVcjGHpJObvUUnqHc"
SECRET = "an-app-secret-for-tests"
AGENT = 1000002
KF, APPID, MP_SECRET = "wkTEST_kf_health", "wx0123456789abcdef", "an-account-secret-for-tests"

Answer = Callable[["Got"], tuple[int, bytes]]


class Got:
    """One callback as it came in: *plain* decrypted, *query* as sent."""

    def __init__(self, path: str, query: dict[str, str], raw: bytes) -> None:
        self.path, self.query, self.raw = path, query, raw
        self.is_bot = path.startswith("/aibot")
        receiver = "" if self.is_bot else APPID if path.startswith("/oa") else CORP
        self.crypto = WeChatCrypto(TOKEN, AES_KEY, receiver)
        self.plain = ""

    def open(self) -> str:
        outer = {"Encrypt": json.loads(self.raw)["encrypt"]} if self.is_bot else self.raw
        opened = self.crypto.decrypt_message(
            outer, self.query["msg_signature"], self.query["timestamp"], self.query["nonce"]
        )
        self.plain = opened.decode() if isinstance(opened, bytes) else opened
        return self.plain

    @property
    def fields(self) -> dict[str, Any]:
        """The decrypted content as a dict, XML or JSON."""
        return json.loads(self.plain) if self.is_bot else xmltodict.parse(self.plain)["xml"]

    def wrapped(self, reply: str | dict[str, Any]) -> bytes:
        """A passive reply, encrypted by wechatpy."""
        nonce, timestamp = self.query["nonce"], self.query["timestamp"]
        text = reply if isinstance(reply, str) else json.dumps(reply, ensure_ascii=False)
        sealed = xmltodict.parse(self.crypto.encrypt_message(text, nonce, timestamp))["xml"]
        if not self.is_bot:
            return xmltodict.unparse({"xml": sealed}).encode()
        outer = {"encrypt": sealed["Encrypt"], "msgsignature": sealed["MsgSignature"]}
        return json.dumps(outer | {"timestamp": int(timestamp), "nonce": nonce}).encode()


class Peer:
    """Keeps what came in; ``answer`` decides what goes back."""

    def __init__(self) -> None:
        self.got: list[Got] = []
        self.refused: list[str] = []
        self.answer: Answer = lambda got: (200, b"")
        self.echo = True
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        peer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                got = self._got(self.rfile.read(int(self.headers["Content-Length"])))
                try:
                    got.open()
                except Exception as error:
                    peer.refused.append(type(error).__name__)
                    return self._say(403, b"")
                peer.got.append(got)
                return self._say(*peer.answer(got))

            def do_GET(self) -> None:
                got = self._got(b"")
                query = got.query
                if "msg_signature" not in query:  # a 公众号's check comes in clear
                    return self._say(200, query["echostr"].encode() if peer.echo else b"")
                plain = got.crypto.check_signature(
                    query["msg_signature"], query["timestamp"], query["nonce"], query["echostr"]
                )
                body = plain if isinstance(plain, bytes) else plain.encode()
                return self._say(200, body if peer.echo else body + b"\n")

            def _got(self, raw: bytes) -> Got:
                parts = urlsplit(self.path)
                return Got(parts.path, dict(parse_qsl(parts.query)), raw)

            def _say(self, status: int, body: bytes) -> None:
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args: Any) -> None:
                pass

        return Handler


class Platform:
    """A running stand-in with the few calls that tests make again and again."""

    def __init__(self, server: StandIn) -> None:
        self.server, self.http = server, requests.Session()
        self._tokens: dict[str, str] = {}

    @property
    def url(self) -> str:
        return self.server.url

    def token(self, secret: str = SECRET) -> str:
        if secret not in self._tokens:
            answer = self.get("gettoken", corpid=CORP, corpsecret=secret)
            self._tokens[secret] = answer["access_token"]
        return self._tokens[secret]

    def get(self, path: str, **query: Any) -> dict[str, Any]:
        return self.http.get(f"{self.url}/cgi-bin/{path}", params=query, timeout=5).json()

    def post(self, path: str, body: Any, secret: str = SECRET, **query: str) -> dict[str, Any]:
        query = query or {"access_token": self.token(secret)}
        return self.http.post(f"{self.url}/cgi-bin/{path}", params=query, json=body, timeout=5).json()

    def upload(
        self, name: str, content: bytes, kind: str = "file", path: str = "media/upload", **query: str
    ) -> dict[str, Any]:
        query = query or {"access_token": self.token()}
        url = f"{self.url}/cgi-bin/{path}"
        return self.http.post(url, params=query | {"type": kind}, files={"media": (name, content)}, timeout=5).json()

    def mp(self, path: str, body: Any, **query: str) -> dict[str, Any]:
        """A call of the 公众号, with its stable token."""
        if "mp" not in self._tokens:
            asked = {"grant_type": "client_credential", "appid": APPID, "secret": MP_SECRET}
            self._tokens["mp"] = self.post("stable_token", asked, none="")["access_token"]
        return self.post(path, body, **(query or {"access_token": self._tokens["mp"]}))

    def phone(self, resident: str) -> list[dict[str, Any]]:
        """What others said to a resident, oldest first."""
        messages = self.ctl("phone", resident=resident)["messages"]
        return [m for m in messages if m["from"]["kind"] != "resident"]

    def send(self, to: str, text: str = "你好", **more: Any) -> dict[str, Any]:
        body = {"touser": to, "msgtype": "text", "agentid": AGENT, "text": {"content": text}} | more
        return self.post("message/send", body)

    def send_card(self, to: str, task_id: str, card: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
        card = (card or button_card()) | {"task_id": task_id}
        body = {"touser": to, "msgtype": "template_card", "agentid": AGENT, "template_card": card} | more
        return self.post("message/send", body)

    def ctl(self, name: str, given: dict[str, Any] | None = None, **query: Any) -> dict[str, Any]:
        if given is None:
            answer = self.http.get(f"{self.url}/_ctl/{name}", params=query, timeout=15)
        else:
            answer = self.http.post(f"{self.url}/_ctl/{name}", json=given, timeout=15)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def act(self, kind: str, **given: Any) -> dict[str, Any]:
        return self.ctl("act", {"kind": kind, "wait": True} | given)

    def fault(self, kind: str, **given: Any) -> dict[str, Any]:
        return self.ctl("fault", {"kind": kind} | given)

    def texts(self, userid: str) -> list[str]:
        return [m["text"] for m in self.ctl("inbox", userid=userid)["messages"]]

    def posts(self, chatid: str) -> list[dict[str, Any]]:
        return self.ctl("chat", chatid=chatid)["messages"]

    def settle(self) -> None:
        """Return when no callback is on its way."""
        while not self.ctl("idle")["idle"]:
            pass


def button_card() -> dict[str, Any]:
    return json.loads((SAMPLES / "wecom_api/message_send_card.json").read_text())["request"]["body"]["template_card"]


def seed_for(peer_url: str, **more: Any) -> dict[str, Any]:
    callback = {"url": f"{peer_url}/wecom/callback", "token": TOKEN, "aeskey": AES_KEY}
    members = [("wangfang", "王测", 12), ("laozhang", "张样", 123), ("zhaomin", "赵例", 123), ("ChenLi", "陈拟", 1)]
    return {
        "corps": [
            {
                "corpid": CORP,
                "account_cap": 1000,
                "apps": [
                    {"agentid": AGENT, "secret": SECRET, "name": "格应", "callback": callback},
                    {"agentid": 1000003, "secret": "other-secret", "root_visible": False},
                    {"agentid": 1000004, "secret": "third-secret"},
                ],
                "departments": [
                    {"id": 1, "name": "青禾镇", "parentid": 0, "order": 100, "leaders": ["ChenLi"]},
                    {"id": 12, "name": "东村", "parentid": 1, "order": 90},
                    {"id": 123, "name": "三网格", "parentid": 12, "order": 80},
                ],
                "members": [{"userid": u, "name": n, "department": d} for u, n, d in members],
            }
        ],
        "bots": [
            {
                "aibotid": "aibTEST0001",
                "name": "小格",
                "token": TOKEN,
                "aeskey": AES_KEY,
                "callback_url": f"{peer_url}/aibot/callback",
            }
        ],
        "groups": [
            {"chatid": "wrkGRID1", "name": "三网格", "members": ["wangfang", "laozhang"], "bot": True},
            {"chatid": "hh1", "name": "一单元", "kind": "household", "members": ["laozhang"]},
        ],
        "webhooks": [
            {"key": "hook-key-1", "chatid": "wrkGRID1"},
            {"key": "hook-key-2", "chatid": "wrkGRID1", "refused": 93004},
        ],
        "kf": [{"open_kfid": KF, "name": "东村居民服务"}],
        "official_accounts": [
            {
                "appid": APPID,
                "secret": MP_SECRET,
                "name": "青禾镇服务号",
                "gh_id": "gh_test00000001",
                "templates": ["TPL_TEST_1", "TPL_TEST_2"],
                "callback": {"url": f"{peer_url}/oa/callback", "token": TOKEN, "aeskey": AES_KEY},
            }
        ],
        "residents": [{"id": "3-2-402", "name": "王样"}],
        "retry_delays": [0, 0.05, 0.1],
        "callback_timeout_s": 0.5,
        "stream_poll_s": 0.02,
    } | more
