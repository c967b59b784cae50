"""What a newcomer does first: four steps over the demo page, and the ways to the console and to a resident's phone."""

from typing import Any
from urllib.parse import urlencode

from demo.cast import Cast
from demo.doors import Doors
from demo.fourteen import PAPER

PASSWORD = "demo-2026-qingwu-waichuan"  # noqa: S105 - of a sample person, in a demo that listens on this machine only
REPORT = "今天敲门46 空户5 新增返乡2人 隔离5户 发热0"
ORDER = "给所有网格发 今天下午5点前把空户再看一遍 看完报数"


def guide_of(cast: Cast, doors: Doors, url: str, far_url: str) -> list[dict[str, Any]]:
    """Return the steps as the stand-in's seed takes them: words, and buttons that put one in place."""
    lead, worker = cast.lead.userid, cast.workers[0].userid
    group = cast.groups[worker]
    return [
        {
            "title": "网格员报日报",
            "title_en": "A gridworker reports",
            "words": "在村级群里用大白话说一句,小格读回来。错了回「2=6」改一个数,对了回「对」。",
            "words_en": "Say it loosely in the village group; the bot reads it back. Correct one number with 2=6.",
            "do": [
                {
                    "label": "填好这句",
                    "label_en": "Fill it in",
                    "as": worker,
                    "where": group,
                    "text": f"@小格 {REPORT}",
                },
                {"label": "改一个数", "label_en": "Correct one", "as": worker, "where": group, "text": "@小格 2=6"},
            ],
        },
        {
            "title": "镇领导下通知",
            "title_en": "A leader issues",
            "words": "换成镇领导,在手机上写一句:先看预览,再回「发」,留60秒可以撤。",
            "words_en": "As the township leader, on the phone: a preview first, then 发; 60 seconds to take it back.",
            "do": [
                {"label": "写通知", "label_en": "Write it", "as": lead, "where": "app", "text": ORDER},
                {"label": "回「发」", "label_en": "Say 发", "as": lead, "where": "app", "text": "发"},
                {"label": "拨快1分钟", "label_en": "+1 minute", "skip": "61"},
            ],
        },
        {
            "title": "收回执,看日报",
            "title_en": "Receipts and the daily",
            "words": "在网格员手机上点卡片的「收到」。拨到16:00,镇级群里来日报:文字、图、五张表。",
            "words_en": "Press 收到 on the gridworker's card. At 16:00 the daily comes to the township group.",
            "do": [
                {"label": "看网格员手机", "label_en": "Gridworker's phone", "as": worker, "where": "app"},
                {"label": "拨到16:00", "label_en": "To 16:00", "as": lead, "where": cast.town_group, "skip": "16:00"},
            ],
        },
        {
            "title": "居民扫码申报",
            "title_en": "A resident declares",
            "words": "扫门上的码,手机里打开这一页,填好得一张凭据。写体温38.2,村医手机上就有一条待看。",
            "words_en": "Scan the door's code and fill in the page. With 38.2 the village doctor is asked to look.",
            "do": [
                {"label": "扫门上的码", "label_en": "Scan the door", "open": f"{url}/d/{doors.home}"},
                {"label": "扫村口的码", "label_en": "Scan the gate", "open": f"{url}/d/{doors.gate}"},
                {"label": "用微信客服", "label_en": "In a chat", "open": resident_phone(doors, far_url)},
                {
                    "label": "看村医手机",
                    "label_en": "Doctor's phone",
                    "as": cast.doctor.userid,
                    "where": "app",
                },
            ],
        },
        _fourteen(cast, doors, far_url),
    ]


def _fourteen(cast: Cast, doors: Doors, far_url: str) -> dict[str, Any]:
    """Return the step that follows one household through its isolation, a day a press."""
    lead, home = cast.lead.userid, doors.stays_code
    worker = next(row.userid for row in cast.workers if home.startswith(cast.codes[row.userid]))
    decision = f"隔离 {home} {doors.stays_who} 从今天 到14天 {PAPER.format(n=2)}"
    return {
        "title": "一户人家的十四天",
        "title_en": "One household's fourteen days",
        "words": "开住户手机说「你好」,领导录入决定,本人先知道。一天一按:早上问一句;不答,过一小时请网格员打电话。",
        "words_en": "Say 你好 on their phone, enter the decision; then a day a press: asked once, answer 好.",
        "do": [
            {"label": "住户手机", "label_en": "Their phone", "open": phone(doors.stays_name, doors.stays_kf, far_url)},
            {"label": "录入决定", "label_en": "Decision", "as": lead, "where": "app", "text": decision},
            {"label": "到下一个9:25", "label_en": "To 9:25", "skip": "9:25"},
            {"label": "不答:拨快65分钟", "label_en": "+65 minutes", "skip": "3900"},
            {"label": "网格员手机", "label_en": "Worker's phone", "as": worker, "where": "app", "text": "今天"},
            {"label": "延长", "label_en": "Lengthen", "as": lead, "where": "app",
             "text": f"延长隔离1 到20天 {PAPER.format(n=5)}"},
            {"label": "解除", "label_en": "End", "as": lead, "where": "app", "text": f"解除隔离1 {PAPER.format(n=9)}"},
        ],
    }  # fmt: skip


def resident_phone(doors: Doors, far_url: str) -> str:
    """Return the address of a resident's phone that scans the door's code into 微信客服."""
    return phone(doors.home_name, doors.home_kf, far_url)


def phone(resident: str, qr: str, far_url: str) -> str:
    """Return the address of that resident's phone, which scans that code."""
    return f"{far_url}/ui/resident.html?{urlencode({'resident': resident, 'qr': qr})}"


def links_of(cast: Cast, doors: Doors, url: str) -> list[dict[str, str]]:
    """Return the links at the head of the page."""
    note = f"账号 {cast.lead.userid} 密码 {PASSWORD}"
    console = {"name": "领导看板", "name_en": "Console", "url": f"{url}/console/", "note": note}
    page = {
        "name": "居民手机",
        "name_en": "Resident",
        "url": f"{url}/d/{doors.home}",
        "note": f"门上的码:{doors.home_name}",
    }
    return [console, page]
