"""What stands on posters, labels and cards. A poster is a notice (PIPL 17, 26): who asks what, why, how long, and that
saying no costs nothing."""

from datetime import date

from handlers.domain.place_code import CodeKind

TITLES = {
    CodeKind.HOUSEHOLD: "本户申报码",
    CodeKind.GATE: "过路申报,自己扫码",
    CodeKind.ENTERPRISE: "本单位申报码",
    CodeKind.NODE: "扫码申报,一分钟",
}
ENGLISH = "Scan with WeChat · no app, nothing to follow · about one minute"
STEPS = (
    ("打开微信", "点右上角“+”,选“扫一扫”"),
    ("对准这个码", "手机的相机也能扫"),
    ("先看地名", "和这里写的一样,再填"),
)
CHECK_TITLE = "核对码"
CHECK = "手机上的地名、核对码要和这里一样。不一样就别填,打下面的电话问。"
NOTICE = "扫之前请看"


def notice(asker: str, kept: str) -> tuple[tuple[str, str], ...]:
    """Return the lines of the notice: what the question is, and the answer."""
    return (
        ("谁在问", asker),
        ("问什么", "谁、哪里来、哪天到、哪里不舒服、体温。不要身份证号,不拍照,不定位。"),
        ("做什么用", "安排送药、送菜、看病和报表里的人数,不作别的用处。"),
        ("存多久", kept),
        ("不想填", "照样帮您,一样都不少。可以打电话,也可以请网格员来记。"),
        ("颜色", "填完看到的颜色是收条,不是通行证,谁也不能凭它拦人、放人。"),
        ("您的权利", "自己填的随时能看、能改、能删,也能看到谁看过。"),
    )


def no_phone() -> str:
    return "没有智能手机?让家人代填,或打电话,网格员来帮您。"


def imprint(printed_on: date, serial: int, code: str) -> str:
    """Return the small line that tells one print from another.

    >>> imprint(date(2026, 2, 8), 2, "350125105204")
    '2026年2月8日印 · 第2版 · 编号 350125105204'
    """
    return f"{printed_on.year}年{printed_on.month}月{printed_on.day}日印 · 第{serial}版 · 编号 {code}"


CARD_TITLE = "联系卡"
CARD_HINT = "请放在电话旁边或门后"
CARD_FIRST = "喘不上气、胸口痛、叫不醒"
CARD_FIRST_DO = "先打"
CARD_OTHER = "着火 119 · 有坏人 110"
CARD_WHEN = "药快没了、没菜了、身体不舒服、心里闷"
CARD_SCAN = "给上门的工作人员扫"
CARD_SCAN_SAYS = "扫了要问过您才记。这张卡不是通行证,上面没有您的姓名。"


def call(title: str, name: str, phone: str) -> str:
    """Return whom to call, in one line.

    >>> call("网格员", "林样安", "10400000001"), call("村支书", "吴演石", "")
    ('网格员 林样安  104 0000 0001', '村支书 吴演石')
    """
    return f"{title} {name}  {spoken_phone(phone)}".rstrip()


def asked_by(where: str) -> str:
    return f"{where},由网格员办理"


def kept_for(days: int = 14) -> str:
    return f"事情了结后{days}天内删掉,只留人数。"


def gridworker() -> str:
    return "网格员"


def ask_for(title: str, name: str) -> str:
    return f"找{title} {name}" if name else f"找{title}"


def spoken_phone(phone: str) -> str:
    """Return a phone number in the groups people read it out in.

    >>> spoken_phone("10400000001"), spoken_phone("0591-0001")
    ('104 0000 0001', '0591-0001')
    """
    return f"{phone[:3]} {phone[3:7]} {phone[7:]}" if phone.isdigit() and len(phone) == 11 else phone


def no_worker() -> str:
    return "电话请问村委会"


LABEL = "不用下载,不用关注 · 颜色是收条,不是通行证"


def codes_renewed(count: int, place: str, until: date) -> str:
    where = f"{place}等{count}处" if count > 1 else place
    return (
        f"{where}的申报码到了换新的时候,已经换好。旧海报还能扫到{until.month}月{until.day}日,"
        f"请在那以前印新的换上(管理员用 geying qr 印)。"
    )
