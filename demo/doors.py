"""The codes that hang in the demo: on a household's door, at its village's gate; and the list of a sample office."""

from dataclasses import dataclass, field
from datetime import timedelta

from bot.parts import Parts
from handlers.domain.place_code import CodeKind, kf_link
from handlers.domain.receipt_colour import OfficialList

VILLAGE = "350125105204"  # 旗山村
HOME = "35012510520401001-0001"  # an old couple; their daughter lives far away and may answer for them
STAYS, WHO_STAYS = "35012510520401001-0003", "庄演平"  # who is followed through fourteen days at home

ISSUER, BASIS = "样例省疾控中心", "样例疾控〔2026〕1号"
KF_LINKS = "https://work.weixin.qq.com/kfid/kfc"  # never asked: the stand-in reads what is behind it
LIST_FOR = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Doors:
    """Tokens as the printed codes hold them, and the places' names as they are printed beside them."""

    home: str = field(repr=False)
    home_name: str
    home_kf: str = field(repr=False)  # the same code as it opens 微信客服
    gate: str = field(repr=False)
    gate_name: str
    stays_name: str  # the household where somebody stays at home for fourteen days
    stays_kf: str = field(repr=False)
    stays_code: str = STAYS
    stays_who: str = WHO_STAYS


def list_regions(parts: Parts) -> None:
    """Put a sample list of regions in force: whoever came from one of them is asked to stay at home for a while."""
    now = parts.clock.now()
    day = parts.counties.context().day
    listed = OfficialList("outbreak", ISSUER, BASIS, day - timedelta(days=7), day + LIST_FOR, frozenset({"湖北省"}))
    with parts.store.begin() as work:
        work.statements.import_list(listed, "regions", "sample of the demo", "", (), now)


def doors_of(parts: Parts) -> Doors:
    """Return the codes, made when there are none yet: asked again it is the same poster."""
    tree, now = parts.counties.context().tree, parts.clock.now()
    home, gate, stays = tree.by_code(HOME), tree.by_code(VILLAGE), tree.by_code(STAYS)
    assert home is not None
    assert gate is not None
    assert stays is not None
    with parts.store.begin() as work:
        codes = work.codes.issue_many(
            ((home.id, CodeKind.HOUSEHOLD), (gate.id, CodeKind.NODE), (stays.id, CodeKind.HOUSEHOLD)), now
        )
    token, account = codes[home.id].token, f"{KF_LINKS}{parts.settings.kf_id}"
    return Doors(
        token, tree.path_name(home.id), kf_link(account, token), codes[gate.id].token, tree.path_name(gate.id),
        tree.path_name(stays.id), kf_link(account, codes[stays.id].token),
    )  # fmt: skip
