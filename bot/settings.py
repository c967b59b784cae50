"""The settings of a deployment: one frozen value, read whole at start, every fault named at once.

Names are `GEYING_…` in the environment or in `.env`; a secret may stand in a file named by `GEYING_…_FILE`.
"""

import base64
import binascii
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from handlers.domain.errors import BadSetting

OFFICIAL_API = "https://qyapi.weixin.qq.com"
OFFICIAL_ACCOUNT_API = "https://api.weixin.qq.com"
DEMO_SECRETS = {
    "SECRET_KEY": "geying-demo-secret-key-not-for-real-use",
    "DATA_KEY": base64.urlsafe_b64encode(b"geying-demo-data-key-not-for-use").decode(),
    "WECOM_CORP_ID": "wwdemo0geying0000",
    "WECOM_AGENT_ID": "1000002",
    "WECOM_SECRET": "demo-secret-of-the-stand-in-only",
    "WECOM_TOKEN": "demoTokenOfTheApp",
    "WECOM_AES_KEY": "GeyingDemoAesKeyForTheStandInOnly0123456789",
    "AIBOT_ID": "aibdemo0geying",
    "AIBOT_TOKEN": "demoTokenOfTheBot",
    "AIBOT_AES_KEY": "GeyingDemoBotAesKeyStandInOnly0123456789abc",
    "KF_ID": "wkdemo0geying0000",
    "OA_APP_ID": "wxdemo0geying00000",
    "OA_SECRET": "demo-account-secret-of-the-stand-in-only",
    "OA_TOKEN": "demoTokenOfTheAccount",
    "OA_AES_KEY": "GeyingDemoAccountAesKeyStandIn0123456789abc",
}
_EVERYBODY_KNOWS = {value for name, value in DEMO_SECRETS.items() if name != "WECOM_AGENT_ID"}
_NEVER_THE_DEMOS = (*(name for name in DEMO_SECRETS if name != "WECOM_AGENT_ID"), "WECOM_AES_KEY_PREVIOUS")
_ACCOUNT = ("OA_APP_ID", "OA_SECRET", "OA_TOKEN", "OA_AES_KEY")
_DATABASE = re.compile(r"^(?:sqlite|postgresql)(?:\+\w+)?://")
_AES_KEY = re.compile(r"^[A-Za-z0-9]{43}$")


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything a process is told from outside. Secrets stay out of `repr`."""

    database_url: str
    redis_url: str | None
    secret_key: str
    data_key: str
    base_url: str
    port: int
    zone: str
    hierarchy: Path
    wecom_api_base: str
    wecom_corp_id: str
    wecom_agent_id: int
    wecom_secret: str
    wecom_token: str
    wecom_aes_keys: tuple[str, ...]
    aibot_id: str
    aibot_token: str
    aibot_aes_keys: tuple[str, ...]
    kf_id: str
    oa_app_id: str
    oa_secret: str
    oa_token: str
    oa_aes_keys: tuple[str, ...]
    oa_api_base: str
    var: Path
    demo: bool = False
    setup: bool = False
    clock_file: Path | None = None

    @property
    def not_set_up(self) -> tuple[str, ...]:
        """Return what this deployment does without, as the operator is told: nothing of it is a fault."""
        said = []
        if not self.kf_id:
            said.append("没设 GEYING_KF_ID:居民的微信客服不开")
        if not self.oa_app_id:
            said.append("没设 GEYING_OA_APP_ID 等:公众号不开")
        return tuple(said)

    def __repr__(self) -> str:
        return f"Settings(base_url={self.base_url!r}, demo={self.demo})"


def load(environ: Mapping[str, str] | None = None, *, dotenv: Path | None = Path(".env")) -> Settings:
    """Return the settings; BadSetting names every fault, one a line, in Chinese."""
    return _Reader(_values(environ, dotenv)).settings()


def hierarchy_path(environ: Mapping[str, str] | None = None, *, dotenv: Path | None = Path(".env")) -> Path:
    """Return where the hierarchy file is said to be, whatever else is wrong with the settings."""
    return Path(_Reader(_values(environ, dotenv)).get("HIERARCHY", "hierarchy.yaml"))


def _values(environ: Mapping[str, str] | None, dotenv: Path | None) -> Mapping[str, str]:
    return {**(_dotenv(dotenv) if dotenv else {}), **(os.environ if environ is None else environ)}


class _Reader:
    """Reads one environment and collects what is wrong with it."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values
        self.faults: list[str] = []
        self.demo = self._flag("DEMO")

    def settings(self) -> Settings:
        made = Settings(
            database_url=self._database(),
            redis_url=self.get("REDIS_URL", "") or None,
            secret_key=self._secret_key(),
            data_key=self._data_key(),
            base_url=self._url("BASE_URL", "http://127.0.0.1:8000"),
            port=self._int("PORT", 8000),
            zone=self.get("TZ", "Asia/Shanghai"),
            hierarchy=Path(self.get("HIERARCHY", "hierarchy.yaml")),
            wecom_api_base=self._url("WECOM_API_BASE", OFFICIAL_API),
            wecom_corp_id=self._need("WECOM_CORP_ID"),
            wecom_agent_id=self._int("WECOM_AGENT_ID", 0, needed=True),
            wecom_secret=self._need("WECOM_SECRET"),
            wecom_token=self._need("WECOM_TOKEN"),
            wecom_aes_keys=self._aes("WECOM_AES_KEY", needed=True) + self._aes("WECOM_AES_KEY_PREVIOUS"),
            aibot_id=self.get("AIBOT_ID", ""),
            aibot_token=self.get("AIBOT_TOKEN", ""),
            aibot_aes_keys=self._aes("AIBOT_AES_KEY"),
            kf_id=self.get("KF_ID", ""),
            oa_app_id=self.get("OA_APP_ID", ""),
            oa_secret=self.get("OA_SECRET", ""),
            oa_token=self.get("OA_TOKEN", ""),
            oa_aes_keys=self._aes("OA_AES_KEY"),
            oa_api_base=self._url("OA_API_BASE", self._account_base()),
            var=Path(self.get("VAR", "var")),
            demo=self.demo,
            setup=self._flag("SETUP"),
            clock_file=Path(self.get("CLOCK_FILE", "")) if self.demo and self.get("CLOCK_FILE", "") else None,
        )
        if bool(made.aibot_token) != bool(made.aibot_aes_keys):
            self.faults.append("GEYING_AIBOT_TOKEN 和 GEYING_AIBOT_AES_KEY 要一起设")
        self._whole_account()
        self._nothing_of_the_demo()
        if self.faults:
            raise BadSetting("\n".join(dict.fromkeys(self.faults)))
        return made

    def get(self, name: str, default: str) -> str:
        path = self._values.get(f"GEYING_{name}_FILE")
        if path:
            try:
                return Path(path).read_text("utf-8").strip()
            except OSError:
                self.faults.append(f"GEYING_{name}_FILE 指的文件读不了")
                return default
        value = self._values.get(f"GEYING_{name}")
        if value is None and self.demo and name in DEMO_SECRETS:
            return DEMO_SECRETS[name]
        return default if value is None else value

    def _need(self, name: str) -> str:
        value = self.get(name, "")
        if not value:
            self.faults.append(f"缺 GEYING_{name}")
        return value

    def _account_base(self) -> str:
        """In the demo one stand-in plays both platforms."""
        return self.get("WECOM_API_BASE", OFFICIAL_ACCOUNT_API) if self.demo else OFFICIAL_ACCOUNT_API

    def _whole_account(self) -> None:
        """An account is set up whole or not at all."""
        given = [name for name in _ACCOUNT if self.get(name, "")]
        missing = [f"GEYING_{name}" for name in _ACCOUNT if name not in given]
        if given and missing:
            self.faults.append(f"公众号还缺 {'、'.join(missing)}(要么四样都设,要么都不设)")

    def _nothing_of_the_demo(self) -> None:
        """What is printed in this file opens no door of a real deployment. An app's number is no secret: 1000002 is
        the first one of every company."""
        for name in () if self.demo else _NEVER_THE_DEMOS:
            if self.get(name, "") in _EVERYBODY_KNOWS:
                self.faults.append(f"GEYING_{name} 是演示用的默认值,正式环境不能用")

    def _database(self) -> str:
        value = self.get("DATABASE_URL", "sqlite:///var/geying.db")
        if not _DATABASE.match(value):
            self.faults.append("GEYING_DATABASE_URL 应是 sqlite:///路径 或 postgresql://…")
        return value

    def _secret_key(self) -> str:
        value = self._need("SECRET_KEY")
        if value and len(value) < 32:
            self.faults.append("GEYING_SECRET_KEY 至少 32 个字符")
        return value

    def _data_key(self) -> str:
        value = self._need("DATA_KEY")
        try:
            if value and len(base64.urlsafe_b64decode(value + "=" * (-len(value) % 4))) != 32:
                self.faults.append("GEYING_DATA_KEY 解开后应是 32 字节(URL-safe base64)")
        except (binascii.Error, ValueError):
            self.faults.append("GEYING_DATA_KEY 不是 URL-safe base64")
        return value

    def _aes(self, name: str, *, needed: bool = False) -> tuple[str, ...]:
        value = self._need(name) if needed else self.get(name, "")
        if value and not _AES_KEY.match(value):
            self.faults.append(f"GEYING_{name} 应是 43 位字母数字")
            return ()
        return (value,) if value else ()

    def _url(self, name: str, default: str) -> str:
        value = self.get(name, default).rstrip("/")
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.netloc:
            self.faults.append(f"GEYING_{name} 不是网址")
        return value

    def _int(self, name: str, default: int, *, needed: bool = False) -> int:
        value = self._need(name) if needed else self.get(name, str(default))
        if value.isascii() and value.isdigit() and len(value) < 16:
            return int(value)
        if value:
            self.faults.append(f"GEYING_{name} 应是整数")
        return default

    def _flag(self, name: str) -> bool:
        value = self._values.get(f"GEYING_{name}", "")
        if value not in ("", "0", "1"):
            self.faults.append(f"GEYING_{name} 只能是 0 或 1")
        return value == "1"


def _dotenv(path: Path) -> Mapping[str, str]:
    """Read KEY=VALUE lines; quotes around a value are taken off, comments and blank lines passed over."""
    if not path.is_file():
        return {}
    found = {}
    for line in path.read_text("utf-8").splitlines():
        name, equals, value = line.strip().partition("=")
        if equals and not name.startswith("#"):
            found[name.removeprefix("export ").strip()] = value.strip().strip("'\"")
    return found
