"""Speech acts before keywords: is this a report at all, or a notice, a plan, a question, a quote, a joke?"""

import re
from enum import StrEnum
from functools import lru_cache


class Act(StrEnum):
    """What a message does, before any figure of it is read."""

    TELL = "tell"
    SYSTEM = "system"
    NOTICE = "notice"
    FORWARD = "forward"
    TEMPLATE = "template"
    PLAN = "plan"
    HYPOTHETICAL = "hypothetical"
    HEARSAY = "hearsay"
    QUESTION = "question"
    HEALTH = "health"
    HELP = "help"
    ACK = "ack"
    TALK = "talk"


_MEDIA = re.compile(r"^(?:\[[^\[\]\n]{1,8}\]|<[^<>\n]{1,12}>|\s)+$")
_SYSTEM = re.compile(
    r"邀请.{1,20}加入了?群聊|撤回了一条消息|拍了拍|修改群名|加入了?群聊|移出了?群聊|以下为新消息"
    r"|发起了?群收款|领取了你的红包|你已添加|开启了朋友验证"
)
_QUOTE = re.compile(
    r"「[^」]*」\s*(?:\n?\s*[-—–_ ]{3,}\s*\n?)?|『[^』]*』\s*(?:\n?\s*[-—–_ ]{3,}\s*\n?)?|^(?:>[^\n]*\n?)+", re.M
)
_NAMED_QUOTE = re.compile(r"^\s*(?:引用|回复)\s*[^\n:]{0,10}[::][^\n]*\n(?:\s*[-—–_ ]{3,}\s*\n)?")
_RULE = re.compile(r"^[^\n]*\n(?:[^\n]*\n)*?\s*[-—–_ ]{6,}\s*\n(?=[^\n])")
_FORWARD = re.compile(
    r"^\s*(?:以下|下面)(?:是|为)?(?:转发|转的)|^\s*[\[【(]?\s*(?:转发?|转自|转载|分享|扩散|群发"
    r"|接上级通知)\s*[\]】)]?\s*[::]"
    r"|^\s*[\[【]转发?[\]】]|^\s*(?:转发|转自)|请(?:大家)?(?:相互)?转发|转发给|震惊|速转|扩散周知"
    r"|^\s*(?:新闻|快讯|报道|据报道|网传|官方消息|最新消息)\s*[::]"
    r"|^\s*\[(?:聊天记录|链接|小程序|文件|视频|公众号|分享)\]"
)
_TEMPLATE = re.compile(
    r"[Xx×]{1,3}(?=[户人村网辆台份月日名组张次网])|_{2,}(?=[户人辆台份次名张个]|[\s,、;])|第[Xx×]{1,2}网格"
    r"|[(\[]\s*[)\]](?=[户人辆台份次名])|○{2,}|\*{2,}[户人]"
)
_SAMPLE = re.compile(
    r"^\s*(?:[\[【]?(?:格式|模板|样例|示例|例子?|范例|填报(?:格式|说明|模板|示例|样例|范例)|上报格式"
    r"|汇报格式|按(?:此|以下"
    r"|这个)格式)(?:如下)?[\]】]?\s*[::\n]|(?:例|如)[::])|(?:对照|按照?|参照|参考).{0,6}(?:模板"
    r"|格式)|(?:上报|填报|报送|日报)(?:模板|格式)(?:如下)?[::]"
)
_NOTICE_HEAD = re.compile(
    r"^\s*(?:[@#][^\s@]{1,12}\s+)*[\[【(]?\s*(?:紧急)?(?:重要)?(?:通知|通告|公告|提醒"
    r"|温馨提示|通报|提示|倡议书?|告知|预警|注意事项|工作安排|工作提示|紧急通知|会议通知|停水通知|停电通知|天气预警"
    r"|气象预警)\s*(?:[\]】)]|[::!]|(?=[^一-鿿]))"
)
_ORDER = re.compile(
    r"再?核实一下|请(?:各|大家|全体|所有|相关|广大|居民|各位|你们|尽快|务必|于|在|按|及时|注意|做好|将|把|村民|业主|没"
    r"|还没|未|主动|自觉|配合|网格)|务必|务须|必须|不得|严禁|禁止|不准|应当?于|要求|须(?:于|在)|坚决|严格"
    r"|抓紧|尽快(?:上报|报送|完成|落实)|各(?:网格|村|卡点|社区|单位|小组|组|位)(?:长|员|干部)?(?:要|应|请|注意|抓"
    r"|负责|务|须|于|把|将|体温枪|[:,])|一律|注意(?:查收|事项|安全|防范)|即日起|自.{1,8}起"
    r"|明日起|(?:截止|限).{1,10}前|将于|定于|领取?(?:口罩|物资|资料)|下午到村部|逐项填报|望(?:周知"
    r"|各|大家)|敬请|特此|谢谢配合|互相转告|报名|扣1|投票"
)
_LEADER_TALK = re.compile(
    r"表扬|批评|通报|点名|再?核实|核对一下|是不是有误|未按时|没按时|再催|催一下|怎么还没|还没报的|辛苦(?:了|大家)"
    r"|开会|会议|值班安排|再?核实|要(?:逐户|挨家|全面|继续|加强|做好|提高|认真|把|严)|加强|落实|做好"
)
_PLAN = re.compile(
    r"(?:计划|打算|准备|预备|拟|将要?|等会儿?|待会儿?|一会儿?|稍后|接下来|回头|马上(?:去|开始)|准备去|正要"
    r"|正准备|正在去).{0,14}(?:排查|走访|入户|测温|消毒|消杀|敲门|采样|核酸|张贴|发放|宣传|巡查|转移|去"
    r"|做|摸排|登记|送)|(?:明天|明日|明早|明晚|后天|下周|下星期|下午(?:去|要|准备|打算|继续)|今晚(?:去"
    r"|要|准备))(?!.{0,8}(?:解除|前(?:需要|急需)|代|请假)).{0,16}(?:排查|走访|入户|测温|消毒"
    r"|消杀|敲门|采样|核酸|张贴|发放|宣传|巡查|开始|转移|继续|摸排|安排|去|做|送|开会|再)"
)
_LIFELINE = re.compile(r"透析|胰岛素|断药|救命|喘不上|急救|救护车|氧气")
_SCHEDULE = re.compile(
    r"(?:^|[\n【\[])\s*(?:\d{1,2}月)?(?:下周|下步|下一步|明天|明日|次日|后天|下月|本周|本月|下阶段|近期|今日|今天|下午)?(?:的)?(?:工作|值班|排查)?(?:计划|安排|打算|部署)"
    r"(?:如下)?[】\]:\s]|(?:今天|今日|下午|今晚|上午)(?:我们?)?(?:还)?(?:打算|计划|准备|预计|争取|要去|得去)"
)
_PRAISE = re.compile(
    r"^\s*[\[【]?(?:表彰|表扬|通报表扬|点赞|光荣榜|红榜|喜报|先进)|值得(?:学习|表扬|点赞)|(?:提出|给予)表扬"
)
_DONE = re.compile(
    r"已|完成|完了|共|今(?:天|日)(?:(?!打算|计划|准备|要去|预计)[^,。]){0,6}(?:排查|走访|入户|检)|上报如下|情况如下|\d{1,9}户\s*\d{1,9}人"
)
_IF = re.compile(
    r"(?:^|[,。\s])如(?:有|发现|出现|遇)|如果|假如|要是|假设|倘若|万一|假使|若(?:有|是|发现|出现)|一旦|比如说?"
    r"|譬如"
)
_SUPPOSE = re.compile(r"^\s*(?:如果|假如|要是|假设|倘若|万一|假使|若是|比如|打个比方)")
_HEARSAY = re.compile(
    r"听说|(?:县|市|省|上级|镇|上面|国家|指挥部)里?(?:通报|统计|公布|发布|数据)|听[^,。\n]{1,5}说|据说|据传|网传|网上说|传言|新闻|报道|专家说|据了解|据悉|全国|全省|全市|全县(?!累计排查)|我市"
    r"|我省|卫健委|隔壁(?:县|市|镇|区|省)|微博|抖音|公众号|钟南山|央视|辟谣|谣言|朋友说|同学说|我姐"
    r"|我哥说|我同学|亲戚说"
)
_LORE = re.compile(
    r"课本|书上|说明书|科普|小知识|百科|正常体温(?:是|在|为|一般|\d)|算(?:是)?(?:发热|发烧|低烧|高烧|正常)"
    r"|今[天日].{0,6}还?没(?:有)?报(?!备)"
)
_TALE = re.compile(r"^\s*(?:讲个|说个)?(?:冷?笑话|段子|谜语|脑筋急转弯|顺口溜|小?故事)\s*[::,]")
_WHICH = re.compile(r"(?:哪个|哪家|哪位|哪些|谁)[^,。!;\n]*[?]|认领")
_JOKE = re.compile(
    r"三缺一|打麻将输|打麻将赢|打牌[输赢]|手气|哈哈|笑死|😂|🤣|狗头|开玩笑|段子|红包|抢(?!修|险|救|通|收|种|在)|快乐|加油"
    r"|辛苦啦|早上好|晚安|大家好$|新年好|拜年|恭喜"
    r"|点赞|鼓掌|烦死|累死|热死|无聊|睡不着|追剧|电影|电视剧|片子|游戏|打麻将三缺一|斗地主|减肥|步|成语"
)
_AD = re.compile(
    r"(?:\d{1,9}|[一二两三四五六七八九十]{1,9})(?:\.\d)?(?:块|元|毛)(?:\d)?(?:钱)?(?:[一1]|每|/"
    r"|一)?[斤个盒箱份袋只瓶包套]?.{0,12}(?:私聊|要的|需要的|联系|下单|扫码|加微信|团购|包邮|预[定订])"
    r"|(?:私聊|加微信|扫码|下单|包邮|优惠|打折|特价|招聘|出租|转让|急招|薪资|代理|兼职)"
)
_QUESTION = re.compile(
    r"[?]\s*[\s!~😂🙏。.]*$|[?]|(?:吗|么)\s*(?:[。.!~,哈嘿呵呀啊😂🙏]*$|[,。])|吧\s*[?]|怎么(?:办|弄"
    r"|样|做|去|买|测|领|回事|处理|操作"
    r"|报|改|用|填|写|还|不|没)|什么时候|啥时候|哪里|哪儿|哪个|多少(?:度|天|钱|号|人|户)?|几(?:点|号|天"
    r"|次)|是不是|会不会|能不能|可不可以|不对吧|对吧\s*$|是吧\s*$|(?:能|会|可以|要)[^,。?]{1,8}不\s*$|有没有|报了没"
    r"|(?:哪|几)(?:些|几)?个?(?:村|网格|格).{0,3}没|谁(?:有"
    r"|知道|还|来|能|去|负责)|为什么|为啥|请问|咋(?:办|弄|整|回事)"
    r"|多久|真的假的|如何|需不需要|要不要|用不用"
)
_HEALTH = re.compile(
    r"发烧|发热|低烧|体温|咳嗽|嗓子|核酸|疫苗|抗原|隔离|口罩|症状|感染|传染|病毒|肺炎|医院|发热门诊|就诊"
    r"|就医|头孢|吃药|用药|(?:什么|哪种|吃|喝|用|买).{0,3}药|药.{0,4}(?:吃|管用|有用|效)|确诊|密接"
    r"|新冠|健康码|绿码|黄码|红码|消毒|酒精|84|接种|第[一二三]针"
    r"|加强针|潜伏期|防疫|返乡.{0,6}(?:政策|隔离|报备|要求)|回来.{0,6}(?:隔离|报备)|报备|申报"
    r"|行程码|居家监测|健康监测|外地回来|返乡|布洛芬|感冒灵|连花清瘟|阿莫西林|板蓝根|退烧药|对乙酰|能[^,。]{0,4}(?:一起|一块儿?|同时)(?:吃|用)|那个病|得病|血压|孕妇|阳性|转阴|居家观察|解除隔离|封控|胸闷|拉肚子|头疼|头痛|乏力"
)
_WHOSE = re.compile(r"谁的|谁家|哪家的|哪个(?:网格|村|格)|哪天的|几号的数")
_SEEKS_NOD = re.compile(r"吧\s*[?。!]*$")
_LAUGH = re.compile(r"(?:哈{2,}|嘿嘿|呵呵|😂|🤣|😄|笑死|狗头)[\s。!~]*$")
_GOODS_ASK = re.compile(
    r"(?:(?:用|吃|喝)(?:完|光|没)了?|快?没了|断了|不够了).{0,12}(?:送|买|带|开|帮|怎么)|"
    r"(?:能不能|能否|可不可以|可以|能)?(?:帮忙?|麻烦|给)?.{0,4}(?:买|带|开|送|代购|捎|配|要)(?:点|些|一|两"
    r"|几|个|盒|瓶|袋|下|\d|[三四五六七八九十半])|有没有[^,。]{0,3}[?,][^?]*要\s*[\d一二两三四五六七八九十]"
)
_BOT = re.compile(r"机器人|小格|@bot", re.IGNORECASE)
_USAGE = re.compile(
    r"格式(?:是啥|是什么|怎样|啥样)|机器人在(?:吗|不在)|(?:查|看|问)(?:一下|下)?.{0,8}(?:报了没|报了吗"
        r"|交了没|有没有报)|"
    r"(?:日报|零报告|上报|接龙|体温|报表|表格|报告).{0,4}(?:格式|模板|怎么(?:写|报|填|发|弄)|怎么个报法"
        r"|样式)|格式(?:发我|给我|是什么|怎么|咋)|怎么(?:报|填|改|用|操作|撤回|上报|更正|修改|补报|绑定|登记|查"
        r"|写日报|看)|咋(?:报|填|改|用|操作)|报错了怎么|为(?:什么|啥)(?:没|不|还没)(?:识别|认|收到我|算"
        r"|统计|显示|读)|没识别|识别(?:错|不)"
    r"|转人工|人工(?:客服|服务)|(?:使用)?(?:帮助|说明书|菜单|教程)(?:$|[。!?])|^/?(?:help|HELP|Help|帮助|菜单|说明)$|撤回怎么|怎么撤"
        r"|如何(?:上报|填报|更正|修改|撤回|使用|绑定|补报)|你(?:会|能)(?:做|干)?(?:什么|啥)|你是谁"
            r"|怎么(?:取消|关闭|关掉|退订|开启|打开|设置|订阅|屏蔽)[^,。]{0,8}(?:提醒|推送|消息|通知|打卡|上报)|你(?:读|识别|认|记|统计|算)(?:出来|到|了|成)"
    r"|截止(?:时间)?(?:是|到)?几点|几点(?:交"
        r"|报|截止|前报)|补报怎么|能(?:不能)?(?:补报|更正|改)|怎么(?:没|不|还没)(?:有)?(?:识别|显示|统计|算|记|读|收到我|回我|反应|回话)"
)  # fmt: skip
_QUERY = re.compile(
    r"未报(?:名单|情况|网格|的)|(?:汇总|导出|统计|查(?:一下|询|看)?|看(?:一下|下)|列(?:一下|出)|生成|发我|拉一下).{0,12}(?:数据"
    r"|汇总|表|名单|日报|情况|总数|进度|网格|明细|台账|记录|人数|户数)|(?:哪些|哪个|谁|几个|还有谁).{0,6}(?:网格|村"
    r"|人)?.{0,3}(?:没报|未报|没上报|还没|没交|报了)|(?:汇总|总数|进度)(?:一下|是多少|多少)?[。?!]?$"
)
_FORM = re.compile(r"[户人数返隔离热烧量名次份]\s*[::]\s*(?=$|\n|[,;、]|[一-鿿]{1,8}\s*:)")


def own_words(text: str) -> tuple[int, int]:
    """Return the span of *text* (normalised) that the sender wrote: quoted and replied-to blocks are cut off."""
    start = 0
    found = _QUOTE.search(text)
    if found and (found.start() == 0 or not text[: found.start()].strip()):
        start = found.end()
    elif found and found.start() > 0:
        return 0, found.start()
    named = _NAMED_QUOTE.match(text)
    if named:
        start = named.end()
    return start, len(text)


def is_blank_form(text: str) -> bool:
    """Return whether *text* is a form nobody has filled in: X户X人, __人, labels without figures."""
    if not _TEMPLATE.search(text) and len(_FORM.findall(text)) < 2:
        return False
    rest = re.sub(
        r"第?\d{1,9}(?:网格|组|村|号|期)|\d{1,4}[年月日点:.]\d{0,2}|(?:^|\n)\s*\d{1,9}[、.)]",
        "",
        _TEMPLATE.sub("", text),
    )
    return re.search(r"\d{1,9}\s*[户人辆台份张次名个]|[::]\s*\d{1,9}", rest) is None


@lru_cache(maxsize=32)
def weigh(text: str, channel: str, role: str) -> Act:
    """Return what *text* (the sender's own words, normalised) does, from the first sign that decides."""
    stripped = text.strip()
    if not stripped or _MEDIA.match(stripped) or _SYSTEM.search(stripped):
        return Act.SYSTEM
    if is_blank_form(stripped):
        return Act.TEMPLATE
    if _SUPPOSE.search(stripped) and not _reports(stripped):
        return Act.HYPOTHETICAL
    if _USAGE.search(stripped) and not _reports(stripped):
        return Act.HELP
    if _BOT.search(stripped) and _QUESTION.search(stripped) and not _reports(stripped) and not _addressed(stripped):
        return Act.HELP
    asked = _BOT.search(stripped) or (role == "leader" and channel == "direct")
    if asked and _QUERY.search(stripped):
        return Act.HELP if not _addressed(stripped) else Act.TALK
    if _SAMPLE.search(stripped):
        return Act.TEMPLATE
    if _TALE.search(stripped) or (_LORE.search(stripped) and not _QUESTION.search(stripped)):
        return Act.HEARSAY
    if _FORWARD.search(stripped):
        return Act.FORWARD
    if _NOTICE_HEAD.match(stripped) or _PRAISE.search(stripped):
        return Act.NOTICE
    if _SCHEDULE.search(stripped) and not _LIFELINE.search(stripped):
        return Act.PLAN
    if _IF.search(stripped) and not _reports(stripped):
        return Act.HYPOTHETICAL
    if role == "leader" and (_ORDER.search(stripped) or _LEADER_TALK.search(stripped)):
        return Act.NOTICE
    if _ORDER.search(stripped) and not _reports(stripped):
        return Act.NOTICE
    if _PLAN.search(stripped) and not _DONE.search(stripped) and not _LIFELINE.search(stripped):
        return Act.PLAN
    return _asks(stripped, channel, role)


def _addressed(text: str) -> bool:
    """A leader who asks one grid (@3网格) talks to people, not to the bot."""
    return bool(re.match(r"@(?!机器人|小格|bot)", text))


def _counts(text: str) -> int:
    return len(re.findall(r"\d{1,9}\s*[户人辆台份张次名]", text))


def _reports(text: str) -> bool:
    return _counts(text) >= 2 or bool(re.search(r"日报|零报告|今日排查|无异常", text) and re.search(r"\d", text))


def _asks(text: str, channel: str, role: str) -> Act:
    question = bool(_QUESTION.search(text))
    if _HEARSAY.search(text) and not re.search(r"网格|卡点", text):
        return Act.HEARSAY
    if not question:
        return Act.TELL
    if _IF.search(text):
        return Act.HYPOTHETICAL
    if _counts(text) >= 2:
        return Act.TALK if _WHICH.search(text) else Act.TELL
    if _WHOSE.search(text):
        return Act.QUESTION
    if _HEALTH.search(text) and not _SEEKS_NOD.search(text):
        return Act.HEALTH
    return Act.QUESTION


def is_joke(text: str) -> bool:
    """Return whether *text* is small talk by its words."""
    return bool(_JOKE.search(text) or _AD.search(text))


def is_laughed(text: str) -> bool:
    """Return whether *text* ends in laughter: what it says is not meant as a request."""
    return _LAUGH.search(text) is not None


def is_advert(text: str) -> bool:
    """Return whether *text* offers something for sale or hire."""
    return bool(_AD.search(text))


def wants_goods(text: str) -> bool:
    """Return whether a question asks to have something bought or brought (能不能帮忙开点)."""
    return bool(_GOODS_ASK.search(text))
