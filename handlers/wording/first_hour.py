"""What the bot says to the questions of the first hour: one or two lines, and what to do next."""

from collections.abc import Sequence


def example() -> str:
    return "报数就这样发:今天敲门46 空户5 隔离5户 发热0。没有的写0;都没有回「无异常」。我读回给您看,错了能改。"


def again() -> str:
    return "改一项回「序号=数」,如 2=6;整份不要回「撤回」;重报就把整份再发一遍,以后一份为准。"


def nothing() -> str:
    return "都没有的话回「无异常」,我按「无」记,再读给您看;有数的直接报,如:今天敲门46 发热0。"


def late() -> str:
    return "没关系,补报这样发:昨天的补报 敲门30 发热0。记在那天的日报后面。"


def daily_to_come(freeze: str) -> str:
    return f"今天的日报{freeze}定稿,到时发到工作群。现在的数:"


def no_daily(day: str) -> str:
    return f"{day}没有定稿的日报。现在的数回「汇总」。"


def why(place: str, at: str, difference: str) -> str:
    return f"{place}(截至{at}){difference}。每个数的来源在网页「日报」里点得到。"


def waiting(codes: Sequence[str]) -> str:
    more = f"等{len(codes)}条" if len(codes) > 5 else ""
    return f"有{len(codes)}条在等您:{'、'.join(codes[:5])}{more}。回「收到 {codes[0]}」;做不了就说:做不了 缺口罩。"


def urge() -> str:
    return "谁没报回「谁没报」,请打个电话或在群里说一声。来不及的可以替他报:替1格报 敲门46 发热0。"


def sending() -> str:
    return (
        "这样说:给所有村发 今天下午5点前……。我先给您看,回「发」才发;"
        "改时间回「截止改4点半」,停下回「撤」,看回执回「进度」。"
    )


def in_place(path: str, homes: int, grids: int, title: str) -> str:
    inside = f"{grids}个{title}," if grids > 1 else ""
    return f"{path}:{inside}在册{homes}户。不对请找管理员改户册。"


def boss(name: str, post: str) -> str:
    return f"请找{name}({post}),急事直接打电话。有人受伤或喘不上气先打120。"


def posts() -> str:
    return "人员变动请报给乡镇管理员改花名册(姓名、手机不要发在这里),改好当天生效。只是请假几天,回:明天请假 王姐代。"


def phone() -> str:
    return "用原来的企业微信账号登录新手机就行,不用重新绑定。账号变了,请报给乡镇管理员改花名册。"


def at_war(path: str, basis: str, until: str) -> str:
    return f"{path}现在是战时,依据:{basis},到{until}。"


def at_peace() -> str:
    return "现在是平时:回执自愿,夜里不发。"


def pages(url: str) -> str:
    where = f"{url}/console/" if url else "管理员给您的网址"
    return f"领导用电脑或手机打开 {where} 登录,日报的表在「日报」里下载。没有账号、忘了密码,请管理员重设。"


def binding(bot: str) -> str:
    return f"请管理员在后台给这个网格出绑定码,再在要绑的群里发:@{bot} 绑定 码。住户群我进不去,通知由网格员转。"


def names() -> str:
    return "名单不在聊天里收,也不在群里发。有权的人登录网页看,看了留痕。"


def ranks() -> str:
    return "我不排名次。看谁没报回「谁没报」,看回执回「进度」。"
