"""What stands in a place's QR code so that it opens in 微信客服 or the 公众号; the plain page needs none of this.

One kf link serves every place, with the code's token behind it. A 公众号 gives a code per scene: for 30 days, or for
ever, of which an account has 100,000 and gets none back.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from bot.channels.asking import Asker
from bot.parts import Parts
from handlers.domain.errors import Refused, SendFailed
from handlers.domain.message import Channel
from handlers.domain.place_code import kf_link, scene
from store.code_links import CodeLink
from store.work import Store

DOOR = "door"  # the kf scene of codes on doors, gates and walls
TEMPORARY = timedelta(days=30)
PERMANENT_MOST, PERMANENT_WARN = 100_000, 90_000
TOO_MANY = 45029


class ResidentLinks:
    """Asks the platforms once for each link and remembers it."""

    def __init__(
        self, store: Store, kf: Asker, open_kfid: str, account: Asker | None, clock: Callable[[], datetime]
    ) -> None:
        self._store, self._kf, self._open_kfid, self._account, self._clock = store, kf, open_kfid, account, clock

    def kf(self, token: str) -> str:
        """Return the address that opens 微信客服 for the code. Refused when no kf account is set up."""
        if not self._open_kfid:
            raise Refused("没设微信客服(GEYING_KF_ID),先用网页码。")
        now, key = self._clock(), f"{self._open_kfid}/{DOOR}"
        with self._store.read() as work:
            known = work.links.get(Channel.KF, key, now, permanent=True)
        if known is None:
            answer = self._kf.ask("kf/add_contact_way", {"open_kfid": self._open_kfid, "scene": DOOR})
            known = CodeLink(_url(answer), True, None)
            with self._store.begin() as work:
                work.links.put(Channel.KF, key, known, now)
        return kf_link(known.url, token)

    def official_account(self, token: str, *, permanent: bool = False) -> str:
        """Return the address that follows or opens the 公众号 with the code as its scene. Refused when none is set up,
        or when its permanent codes are used up."""
        if self._account is None:
            raise Refused("没设公众号(GEYING_OA_APP_ID 等),先用网页码。")
        now, wanted = self._clock(), scene(token)
        with self._store.read() as work:
            known = work.links.get(Channel.OFFICIAL_ACCOUNT, wanted, now, permanent=permanent)
            used = work.links.permanent(Channel.OFFICIAL_ACCOUNT)
        if known is not None:
            return known.url
        if permanent and used >= PERMANENT_MOST:
            raise Refused(f"公众号的永久码一共{PERMANENT_MOST}张,已经用完,不能再要;请用30天的码或网页码。")
        made = self._made(self._account, wanted, permanent, now)
        with self._store.begin() as work:
            work.links.put(Channel.OFFICIAL_ACCOUNT, wanted, made, now)
            if permanent and used + 1 >= PERMANENT_WARN:
                work.alarms.sound("codes", f"公众号永久码快用完(一共{PERMANENT_MOST}张,用了不退)", now)
        return made.url

    @staticmethod
    def _made(account: Asker, wanted: str, permanent: bool, now: datetime) -> CodeLink:
        body: dict[str, object] = {"action_info": {"scene": {"scene_str": wanted}}}
        if permanent:
            body["action_name"] = "QR_LIMIT_STR_SCENE"
        else:
            body |= {"action_name": "QR_STR_SCENE", "expire_seconds": int(TEMPORARY.total_seconds())}
        try:
            answer = account.ask("qrcode/create", body)
        except SendFailed as error:
            if error.code == TOO_MANY:
                raise Refused("平台说公众号的永久码已经用完,请用30天的码或网页码。") from error
            raise
        return CodeLink(_url(answer), permanent, None if permanent else now + TEMPORARY)


def links_of(parts: Parts) -> ResidentLinks:
    """Return the links of this deployment."""
    return ResidentLinks(parts.store, parts.asker, parts.settings.kf_id, parts.account_asker, parts.clock.now)


def _url(answer: dict[str, object]) -> str:
    url = answer.get("url")
    if not isinstance(url, str) or not url.startswith(("https://", "http://")):
        raise SendFailed("the platform gave no address")
    return url
