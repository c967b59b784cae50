"""People in prose: 李四, 王奶奶, 孙某, 老伴. The only file that knows jieba, loaded only when asked."""

import logging
import re
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

_SEGMENT_LIMIT = 2_000
SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕"
    "丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃"
    "武戴莫孔向汤温康"
    "施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季"
    "裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦"
    "褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全"
    "佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝官封谈匡鞠惠荆乐冀郁胥"
    "南班储原栗燕楚鄢劳谌奚皮粟冼蔺楼盘满闻位厉伊仝区郜海阚花权强帅屠豆朴盖练廉禹井祖漆巴丰支卿国狄"
    "平计索宣晋相初门云容敬来扈晁芮都普阙浦戈"
    "伏鹿薄邸雍辜羊阿乌母裘亓修邰赫杭况那宿鲜印逯隆茹诺战慕危玉银亢嵇公哈湛宾戎勾茅利於呼居揭干但尉"
    "冶斯元束檀衣信展阴昝智幸奉植衡富尧闭由测样例模拟仿演虚"
)
_DOUBLE = "欧阳|司马|上官|诸葛|东方|皇甫|尉迟|公孙|慕容|令狐|夏侯|司徒|端木"
_TITLE = (
    "奶奶|爷爷|大爷|大妈|大娘|大叔|大婶|婶子|婶婶|婶|叔叔|叔|阿姨|姨|大姐|姐姐|姐|大哥|哥|嫂子|嫂|伯伯|大伯"
    "|伯|太太|先生|女士|老师|师傅|婆婆|阿婆|老太太|老太|老汉|老头|医生|老爹|老人家|老人|大嫂|家媳妇|家小孩"
)
KIN = (
    "我妈妈|我妈|我爸爸|我爸|我爷爷|我爷|我奶奶|我奶|我老公|我老婆|我媳妇|我儿子|我女儿|我爱人|我孩子"
    "|我家孩子|我哥|我姐|我弟|我妹|我婆婆|我公公|我岳父|我岳母|"
    "老伴|爱人|老公|老婆|媳妇|儿子|女儿|孩子|小孩|父亲|母亲|爸爸|妈妈|爷爷|奶奶|外公|外婆|姥姥|姥爷"
    "|公公|婆婆|岳父|岳母|孙子|孙女|大宝|二宝|宝宝|爸|妈|丈夫|妻子|女婿|儿媳妇|儿媳|儿媳儿|老爸|老妈"
    "|哥哥|姐姐|弟弟|妹妹|闺女|本人"
)
_S = f"(?:{_DOUBLE}|[{SURNAMES}])"
_GIVEN_STOP = (
    "家的是从在到和与及说没有已发咳隔测体正今昨早晚来去回要需买送缺两三四五六七八九十户人个组村格网返外都均"
    "无未不也还就被把给让请帮及等因为打吵办个某"
)
TITLED = rf"(?:老|小|大)[{SURNAMES}]头?|{_S}(?:某某|某|{_TITLE})|{_S}[一-鿿]{{1,2}}(?:{_TITLE})"
NAME = rf"{_S}(?:[xX*×]{{1,2}}|[一-鿿]\*|\*[一-鿿])|{TITLED}|{KIN}|{_S}[一-鿿]{{1,2}}"
_TITLED = re.compile(rf"(?P<name>{TITLED})")
_KIN = re.compile(rf"(?P<name>{KIN})")
_CUED = re.compile(
    rf"(?:村民|居民|住户|业主|户主|老人|姓名|叫|租户|独居老人|群众|患者|老党员|学生|组|网格|栋|给|帮|为|替|送"
    rf"|接)\s*[:：]?\s*(?P<name>{_S}[一-鿿]{{1,2}}?)(?=家|的|在|从|,|。|、|\s|\d|说|今|昨"
    rf"|突|摔|晕|发|体|有|没|还|要|需|缺|买|带|送|把|拿|捎|开|联系|隔离|:|\(|$)"
)
_HEADED = re.compile(
    rf"(?:^|[\s,。;:!\n、])(?P<name>{_S}[一-鿿]{{1,2}}?)(?=家(?!长|里|庭|属)|隔离|在家|的(?!士)"
    rf"|从|体温|发烧|发热|突然|摔|晕|昏|走失|失踪|走丢|不见|说|跟|和|今早|今天|昨晚|昨天|私自|:|\(|\d)"
)
_NOT_NAMES = frozenset(
    [
        "高烧",
        "高热",
        "高温",
        "高速",
        "高血",
        "都没",
        "都是",
        "都好",
        "都有",
        "都正",
        "车辆",
        "车站",
        "车主",
        "和平",
        "和我",
        "全部",
        "全村",
        "全家",
        "全天",
        "全体",
        "全组",
        "解除",
        "解放",
        "安排",
        "安全",
        "安置",
        "平安",
        "平时",
        "时候",
        "明天",
        "明日",
        "成功",
        "马上",
        "温度",
        "温州",
        "江苏",
        "江西",
        "安徽",
        "于是",
        "任何",
        "任务",
        "应该",
        "应急",
        "应采",
        "应检",
        "相关",
        "单元",
        "单位",
        "门口",
        "门卫",
        "利用",
        "普查",
        "公告",
        "公共",
        "公司",
        "信息",
        "元旦",
        "干部",
        "干活",
        "由于",
        "居家",
        "居民",
        "国家",
        "支部",
        "支援",
        "计划",
        "索要",
        "容易",
        "来源",
        "来人",
        "来了",
        "来自",
        "但是",
        "向阳",
        "成人",
        "包保",
        "包括",
        "白菜",
        "米面",
        "毛巾",
        "石头",
        "金额",
        "梅花",
        "花菜",
        "牛奶",
        "牛肉",
        "鲍鱼",
        "米粉",
        "麦片",
        "豆腐",
        "豆浆",
        "豆油",
        "盐巴",
        "姜片",
        "葛根",
        "路口",
        "路灯",
        "路线",
        "路边",
        "水位",
        "雷雨",
        "龙头",
        "冷库",
        "冷冻",
        "温水",
        "池塘",
        "海边",
        "华为",
        "方便",
        "方向",
        "方面",
        "何时",
        "何人",
        "季节",
        "管理",
        "管涌",
        "管道",
        "关闭",
        "关于",
        "连续",
        "连接",
        "连夜",
        "郊区",
        "武汉",
        "武昌",
        "南门",
        "南边",
        "南方",
        "东方",
        "方便面",
        "党员",
        "党支部",
        "党委",
        "时间",
        "项目",
        "古城",
        "明确",
        "位置",
        "位于",
        "文明",
        "文件",
        "常住",
        "强调",
        "南阳",
        "新乡",
        "荆州",
        "黄冈",
        "黄石",
        "宜昌",
        "商丘",
        "周口",
        "周边",
        "周围",
        "周一",
        "周二",
        "周三",
        "周四",
        "周五",
        "周六",
        "周日",
        "周末",
        "许多",
        "有人",
        "宣传",
        "卫生",
        "卫健",
        "封路",
        "封控",
        "封闭",
        "封条",
        "初中",
        "初步",
        "商店",
        "商户",
        "商铺",
        "楼道",
        "楼下",
        "楼上",
        "楼栋",
        "区域",
        "区里",
        "巴士",
        "权限",
        "印发",
        "居住",
        "尽快",
        "利民",
        "哈哈",
        "阴性",
        "阳性",
        "战时",
        "智能",
        "富裕",
        "修路",
        "修理",
        "银行",
        "母子",
        "母亲",
        "那边",
        "那个",
        "都安",
        "农田",
        "农户",
        "农民",
        "农村",
        "司机",
        "党群",
        "牛羊",
        "羊肉",
        "桂花",
        "柏油",
        "古树",
        "平方",
        "平均",
        "平台",
        "祖孙",
        "伊利",
        "强风",
        "强降",
        "宿舍",
        "况且",
        "况",
    ]
)


def looks_like_name(text: str) -> bool:
    """Return whether *text* as a whole can be a person as people write one: 张三, 王奶奶, 孙某, 老伴, 张X."""
    return bool(text) and _fine(text) and re.fullmatch(NAME, text) is not None


def _fine(name: str) -> bool:
    return name not in _NOT_NAMES and name[:2] not in _NOT_NAMES


def find_person(text: str) -> tuple[str, int, int] | None:
    """Return the first person named in prose *text* (normalised) with the span of the name, None when there is none."""
    best: re.Match[str] | None = None
    for pattern in (_TITLED, _CUED, _HEADED):
        for found in pattern.finditer(text):
            if _fine(found["name"]) and (best is None or found.start("name") < best.start("name")):
                best = found
                break
    if best is None:
        best = _KIN.search(text)
    if best is None:
        return None
    name, start, end = best["name"], best.start("name"), best.end("name")
    if len(name) == 3 and name[2] in _GIVEN_STOP:
        name, end = name[:2], end - 1
    return (name, start, end) if len(name) > 1 or best.re is _KIN else None


@cache
def _jieba() -> Any:
    import jieba.posseg  # heavy: only when a name in prose is in doubt

    logging.getLogger("jieba").setLevel(logging.ERROR)
    folder = Path(tempfile.mkdtemp(prefix="geying-jieba-"))
    jieba.dt.tmp_dir = str(folder)
    jieba.dt.initialize()
    return jieba.posseg


def people_by_words(text: str) -> tuple[str, ...]:
    """Return the names that segmenting *text* (cut to 2,000 characters) shows; the first call loads the dictionary."""
    return tuple(
        word.word for word in _jieba().cut(text[:_SEGMENT_LIMIT]) if word.flag == "nr" and 1 < len(word.word) <= 4
    )
