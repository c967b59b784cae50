"""The console's words: Chinese is what the templates are written in; their English, and both for states and kinds."""

import csv
from functools import cache
from importlib import resources

LANGUAGES = ("zh", "en")
FILES = ("console_words.csv", "page_words.csv", "said_words.csv")


class Words:
    """Says a phrase in the visitor's language: `t("发")`, `t("{n}处报", n=3)`; for a code `t.of("state", "held")`."""

    def __init__(self, language: str) -> None:
        self.language = language

    def __call__(self, phrase: str, **values: object) -> str:
        said = english().get(phrase, phrase) if self.language == "en" else phrase
        return said.format(**values) if values else said

    def of(self, kind: str, key: str) -> str:
        """Return the word for one state, purpose or kind; the key itself when nobody gave it one."""
        chinese = CODES.get(kind, {}).get(key)
        return key if chinese is None else self(chinese)


CODES = {
    "state": {
        "preview": "预览中,没发",
        "second": "等第二人同意",
        "held": "倒计时",
        "sending": "正在发",
        "issued": "已发出",
        "closed": "已结束",
        "dropped": "没有发出",
        "cancelled": "已作废",
        "superseded": "已被更正替代",
    },
    "receipt": {
        "waiting": "未回执",
        "acknowledged": "收到",
        "blocked": "做不了",
        "done": "办好了",
        "released": "不用回了",
    },
    "purpose": {"card": "卡片", "post": "群通知", "relay": "人工接力"},
    "sent": {
        "queued": "待发",
        "held": "待发",
        "sent": "已发",
        "unknown": "没回音(不确定送到)",
        "failed": "没发成",
        "cancelled": "没发,已撤",
        "late": "过时没发",
        "relaying": "等人转",
        "acknowledged": "已回执",
        "done": "已转",
    },
    "kind": {"new": "新通知", "update": "的更正", "cancel": "的取消"},
    "source": {
        "destroyed": "原文已按期销毁",
        "hidden": "原文不归您看",
        "none": "没有原文(不是从消息来的)",
    },
    "alarm": {
        "downtime": "断过线",
        "message_failed": "有消息没处理成",
        "unread_at_freeze": "定稿时还有早先的消息没读到",
        "reminders_late": "有提醒过时没发",
        "review_overdue": "急件超时没复核",
        "sign_in_locked": "有账号被锁时还在试密码",
        "sign_in_unknown": "有人用不认识的账号登录",
        "stale_callback": "收到时间差太大的消息,已隔离",
        "quarantine_full": "隔离区满了",
        "paper_not_made": "有周卡或采购表没做成",
    },
}


@cache
def english() -> dict[str, str]:
    """Return the English of every phrase."""
    folder = resources.files("bot.web")
    texts = [folder.joinpath(name).read_text("utf-8") for name in FILES]
    return {row["zh"]: row["en"] for text in texts for row in csv.DictReader(text.splitlines())}
