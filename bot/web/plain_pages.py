"""What a resident is told when a page cannot be shown or a form not taken: made once, the same bytes for everybody."""

import json
from enum import Enum

from flask import Flask, render_template

from bot.web.page_words import PageWords

_T = PageWords("zh")


class Plain(Enum):
    """Each with its status, and its words in both languages: whoever stands before it may know but one."""

    GONE = (
        404,
        "这个码打不开",
        "可能是过期了、换了新的,或者没扫全。请扫一扫新贴的码,或者问网格员。看病、买菜、要帮忙,照样有人管。",
        "This code does not open anything. Please scan the newest poster, or ask your gridworker.",
    )
    BUSY = (
        429,
        "请过几分钟再试",
        "来得太快了,先歇一会儿。已经填的不会丢。",
        "Too many tries. Please wait a few minutes; nothing you filled in is lost.",
    )
    LARGE = (
        413,
        "内容太多了",
        "这张表装不下这么多。请把「要帮忙吗」写短一些,再交一次。",
        "This is more than the form can hold. Please write less and send it again.",
    )
    STALE = (
        403,
        "请重新扫码",
        "这一页放得太久了。请重新扫一次码,再交;有事也可以直接找网格员。",
        "This page is too old. Please scan the code again and send the form once more.",
    )
    BAD = (
        400,
        "没传完整",
        "这张表没有传完整。请返回上一页,再交一次。",
        "The form did not arrive whole. Please go back and send it again.",
    )
    AWAY = (
        503,
        "还没存上",
        "现在有点忙,这张表还没有存上。请过一会儿再交一次;急事请直接打电话给网格员,要救命打 120。",
        "The form is not saved yet. Please try again in a while; in an emergency call 120.",
    )

    def __init__(self, status: int, title: str, words: str, english: str) -> None:
        self.status, self.title, self.words, self.english = status, title, words, english


class PlainPages:
    """The pages as bytes, rendered when the application is made."""

    def __init__(self, app: Flask) -> None:
        with app.test_request_context("/d/"):
            self._html = {one: render_template("d_plain.html", plain=one, t=_T).encode() for one in Plain}
        self._json = {
            plain: json.dumps({"say": _T(plain.words), "say_en": plain.english}, ensure_ascii=False).encode()
            for plain in Plain
        }

    def body(self, plain: Plain, *, as_json: bool = False) -> tuple[bytes, str]:
        """Return the body and its content type."""
        if as_json:
            return self._json[plain], "application/json; charset=utf-8"
        return self._html[plain], "text/html; charset=utf-8"
