"""What residents say about being asked and about what is kept: 不要再发了, 有事才说, 恢复问候, 删除我的信息."""

import re
from enum import StrEnum

from nlp.normalize import normalize


class Wish(StrEnum):
    """What was said."""

    STOP = "wish_stop"
    QUIET = "wish_quiet"
    RESUME = "wish_resume"
    ERASE = "wish_erase"
    SURE = "wish_sure"
    KEEP = "wish_keep"


_HEAD = (
    r"(?:请|麻烦|拜托|求求?|以后|你们?|您|能不能|可不可以|可以|能|我说|我们?|我家|都|就|也|再|好了|行了|好|够了|算了|真的|老|"
    r"每天|天天|这些|这种|消息|信息|通知|短信|[,,。!!\s])*"
)
"""Nothing that could be what is not to be sent any more: 菜不用发了 is about vegetables."""
_OFTEN = r"(?:再|老是?|总是?|天天|每天|一直)"
_END = r"(?:了|吧|啦|吗|谢谢|好吗|行吗|我|[,,。!!~??\s])*"
_READ = (
    (Wish.SURE, re.compile(rf"(?:我)?(?:确认|确定)(?:要)?(?:删除|删掉|删){_END}")),
    (Wish.KEEP, re.compile(rf"(?:算了|那|先|还是|就|我|都|[,,。\s])*(?:不要?|别|不用|不想)删(?:除|掉)?{_END}")),
    (
        Wish.ERASE,
        re.compile(
            rf"(?:请|麻烦|帮我|给我|我要|我想|把|将)*(?:删除|删掉|清除|注销|销毁)(?:一下)?(?:掉)?(?:我|我们家?|本人|自己)的?"
            rf"(?:个人|所有|全部)?(?:信息|资料|数据|登记|记录|申报){_END}"
            rf"|(?:请|麻烦|帮我)*(?:把|将)(?:我|我们家?|本人)的?(?:个人|所有|全部)?(?:信息|资料|数据|登记|记录|申报)"
            rf"(?:都|全部|全)?(?:删除|删掉|删|清除|销毁){_END}"
        ),
    ),
    (
        Wish.RESUME,
        re.compile(
            rf"(?:请|可以|麻烦)?(?:恢复|继续)(?:每天)?(?:问候|提醒|发|问)(?:我)?{_END}"
            rf"|(?:还是|请)?每天(?:都)?问(?:我|一下|一声)?{_END}"
        ),
    ),
    (
        Wish.QUIET,
        re.compile(
            rf"(?:以后)?(?:我)?(?:们)?有(?:事|情况)(?:我)?(?:们)?(?:才|再|会)(?:跟|和|给)?(?:你们?|您)?(?:说|讲|找|报)(?:你们?|您)?的?{_END}"
            rf"|(?:以后)?没事(?:就)?(?:不用|别|不要)(?:再)?(?:问|发|回){_END}"
            rf"|{_HEAD}(?:天天|整天|每天都?|老是?)问(?:来问去|个没完|个不停|这个|这些|一遍)*"
            rf"[,,。!!\s]*(?:烦不烦|烦死(?:人|我)?|[好真太]烦|干什么|干嘛|的)?{_END}"
            rf"|{_HEAD}(?:问来问去|这样问)?(?:你们?|您)?烦不烦(?:人|啊|呀|哪)?{_END}"
        ),
    ),
    (
        Wish.STOP,
        re.compile(
            rf"{_HEAD}(?:(?:不要|别|不用|停止){_OFTEN}*(?:给我们?|向我们?)?(?:发送?|问|推送|打扰|烦)|退订"
            rf"|(?:不要|别|不用){_OFTEN}+(?:给我们?)?[打来]电话)"
            rf"(?:我们?|我家|这些)?了?(?:消息|信息|通知|短信)?{_END}"
        ),
    ),
)


def read_wish(text: str) -> Wish | None:
    """Return what *text* says as a whole, None when it is anything else.

    >>> [read_wish(said) for said in ("不要再发了", "有事才说", "删除我的信息", "确认删除", "恢复问候")]
    ... # doctest: +NORMALIZE_WHITESPACE
    [<Wish.STOP: 'wish_stop'>, <Wish.QUIET: 'wish_quiet'>, <Wish.ERASE: 'wish_erase'>, <Wish.SURE: 'wish_sure'>,
     <Wish.RESUME: 'wish_resume'>]
    >>> read_wish("有事"), read_wish("别发烧了 36.5")
    (None, None)
    """
    plain = normalize(text).text.strip()
    if not plain or len(plain) > 30 or re.search(r"\d|发烧|发热|发货|发药", plain):
        return None
    return next((wish for wish, pattern in _READ if pattern.fullmatch(plain)), None)
