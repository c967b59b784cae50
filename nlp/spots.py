"""Where something happened, in people's own words: 小区门口药店, 老槐树底下, 后沟那边, 西巷口."""

import re

from nlp.lazy import lazy

_KIND = (
    r"(?:超市|药店|药房|诊所|店铺|[一-鿿]{0,2}店|图书馆|[一-鿿]{1,2}馆|[一-鿿]{0,2}(?:茶园|果园|菜园)|[一-鿿]?(?!滑|山体)[一-鿿](?:沟|坡|湾|岭|坳|坪|洼|崖)|菜市场|农贸市场|市场|商场|集市|小卖部|小卖铺|铺子|饭馆|餐馆|餐厅|饭庄|棋牌室|麻将馆|台球室"
    r"|网吧|游戏厅|KTV|酒吧|茶馆|广场|公园|游园|学校|小学|中学|幼儿园|养老院|敬老院|福利院|教堂|寺庙|土地庙|祠堂|庙|戏台|活动室|活动中心|文化站|村委会|村部|大院|篮球场|操场"
    r"|工地|工厂|厂房|厂|车间|仓库|粮站|粮库|加油站|变电站|泵站|水厂|车站|站台|码头|渡口|河滩|河边|河堤|河道|河岸|江边|湖边|海边|大堤|堤坝|堤|水库|水坝|大坝|坝|池塘|鱼塘|塘边|水塘|水渠|渠"
    r"|大桥|石桥|桥头|桥洞|桥下|桥|涵洞|隧道|路口|街口|巷口|村口|道口|坡下|山脚|山上|山下|半山腰|山坳|山坡|后山|前山|西山|东山|南山|北山|[前后东西南北上下](?:沟|坡|街|巷|头|院|湾|洼|崖)"
    r"|[东南西北](?:大?门|侧门)|正门|后门|大门口|院门|地下室|地下车库|地库|车库|车棚|楼道|楼梯间|天台|楼顶|顶楼|田里|地里|大棚|果园|林场|树林|林子|[一-鿿]{0,2}树(?=[底下旁上])|老街|老宅|老屋|祖屋|空地|垃圾站|垃圾池|公厕"
    r"|浴室|澡堂|健身房|理发店|酒店|宾馆|旅馆|民宿|食堂|银行|邮局|收费站|服务区|检查站|小区|院子|巷子|胡同|弄堂)"
)
_SIDE = (
    r"(?:门口|门前|旁边?|附近|对面|后面|后边|前面|前边|里面?|外面|外头|底下|下面|下边|上面|那边|那里|这边"
    r"|拐角|中间|西侧|东侧|南侧|北侧)?"
)
_SPOT = lazy(rf"(?P<head>[一-鿿]{{0,6}}?)(?P<kind>{_KIND})(?P<side>{_SIDE})", many=True)
_AT = lazy(
    r"(?:在|去|到|往)(?P<at>(?!家|了|我|他|她|外|一起|这|那|现在|目前|底|处|做|吃|喝|打|玩|买|群|隔离|哪|没|登|武汉|湖北"
    r"|医院|窗|膝|腰|时|门口了|营业|几|底|今|昨|明|下午|晚|早|中午|楼下|楼上)[一-鿿]{2,6}?)"
    r"(?=打|吵|聚|跳|吃|喝|买|摆|卖|上|办|闹|,|。|、|\s|$|里|内|发现|出现|下棋|溜|逛|玩|扎|被|晒|排|乘|聊|不见|走丢|走失|失踪|钓|游泳|那边|附近)",
    many=True,
)
_CUT = lazy(
    r"^.*(?:[\d一二三四五六七八九十]组|有人|发现|我们|咱们|俺们|的|在|去|到|往|好像|听说|[点号日时]半?|今早|昨晚|刚才|现在|另外|因为|因|被|把|怕|快|急|救命"
    r"|接|看见|看到|说|跟|和|给|了|还有|报告|请|整个|个|家|社区|街道|镇|乡|,)(?=[一-鿿]{2})"
)
_NONE = frozenset(
    {
        "低洼",
        "低洼处",
        "大门口",
        "楼下",
        "楼上",
        "家里",
        "屋里",
        "半天",
        "半路",
        "上面",
        "下面",
        "小区",
        "院子",
        "大门",
        "桥",
        "庙",
        "坝",
        "堤",
        "渠",
        "厂",
    }
)
_BEHIND_NOT = lazy(r"老师|电话|医生|通知|要求|同事|员工|工作人员|干部|领导|的人说|群|名|长(?!河)")


def find_spot(text: str) -> tuple[str, int, int] | None:
    """Return where *text* (normalised, other readings blanked) says that it happened, with the span; None when not.

    >>> find_spot("老槐树底下有人打牌")[0], find_spot("小区门口药店口罩卖25")[0], find_spot("后沟那边滑坡了")[0]
    ('老槐树底下', '小区门口药店', '后沟那边')
    """
    for found in _SPOT.finditer(text):
        if _BEHIND_NOT.match(text, found.end()):
            continue
        word, start = _trimmed(text, found)
        end = found.end()
        inner = _SPOT.match(text, end)
        if (
            inner
            and found["side"]
            and found["side"] != "口"
            and len(inner["head"]) <= 3
            and not _BEHIND_NOT.match(text, inner.end())
        ):
            end = inner.end()  # 小区门口药店
            word = text[start:end]
        longer = _SPOT.match(text, end)
        if longer and len(longer["head"]) == 0 and not longer["side"] and not _BEHIND_NOT.match(text, longer.end()):
            end = longer.end()  # 村东头鱼塘
            word = text[start:end]
        if text[max(0, start - 1) : start] in tuple("一二三四五六七八九十") or (
            word[0] in "一二三四五六七八九" and word[1:2] == "楼"
        ):
            continue
        if word in _NONE or re.search(r"[一二三四五六七八九\d]楼$", word):
            continue
        return word, start, end
    for found in _AT.finditer(text):
        word = found["at"].removesuffix("了")
        if len(word) >= 2 and word not in _NONE and not _BEHIND_NOT.match(text, found.end()):
            return word, found.start("at"), found.start("at") + len(word)
    return None


def _trimmed(text: str, found: re.Match[str]) -> tuple[str, int]:
    """Return the spot without the words before its name: 2组低洼处 → 低洼处."""
    word, start = found[0], found.start()
    while (cut := _CUT.match(word)) is not None and len(word) - cut.end() >= len(found["kind"]):
        start, word = start + cut.end(), word[cut.end() :]
    return word, start
