"""What a household hears about a declaration: short, kind, and what to do next. Nobody is accused of anything."""

from datetime import date, datetime

FORBIDDEN = (
    "谎报", "瞒报", "虚报", "撒谎", "说谎", "造假", "欺骗", "隐瞒", "伪造", "不诚实", "不老实", "违规", "违法",
    "处罚", "追究", "责任自负", "后果自负", "举报", "可疑", "嫌疑", "怀疑", "警告", "严禁", "必须", "强制",
    "禁止", "不得外出", "不准", "扫码通行", "健康码", "绿码", "黄码", "红码", "异常人员", "重点人员", "高危人员",
)  # fmt: skip
"""Words no sentence to a household may hold: they accuse, threaten, or make a pass of a receipt."""


def page_broken() -> str:
    return "这张表没有传完整,请刷新页面再交一次,已填的还在。"


def nobody() -> str:
    return "还没有填是谁,请至少添加一个人;只想求助,写在「要帮忙吗」里就行。"


def too_many(limit: int) -> str:
    return f"一张表最多{limit}个人,请分两次交。"


def clock_ahead() -> str:
    return "手机的时间比现在快,请把时间改成自动,再交一次。"


def too_old(days: int) -> str:
    return f"这张表是{days}天前填的,今天的情况可能不一样了。已帮您带出上次的内容,看一眼再交。"


def too_long(limit: int) -> str:
    return f"写得有点长,请写在{limit}个字以内。"


def no_id_numbers() -> str:
    return "请不要写身份证号、车牌号,我们用不到,去掉再交。"


def away_not_answered() -> str:
    return "最近出过远门吗?请选「一直在本地」或「从外地回来」。"


def origin_missing() -> str:
    return "从哪里回来的?请写到市,如「湖北黄冈」。"


def transit_missing() -> str:
    return "路上在别处停留或转车了吗?没有请填「无」。"


def place_only() -> str:
    return "请只写地名,如「湖北黄冈」。"


def arrived_missing() -> str:
    return "哪天到的?请选日期,写「昨天」「1月22日」也行。"


def arrived_unread() -> str:
    return "没看懂是哪一天,请写一个日期,如「1月22日」。"


def arrived_ahead(day: date) -> str:
    return f"{day.month}月{day.day}日还没到呢,请看看是不是选错了;还没回来的,等到家再填就行。"


def arrived_long_ago(days: int) -> str:
    return f"回来已经超过{days}天了,选「一直在本地」就可以。"


def transport_missing() -> str:
    return "怎么回来的?请选一个,如火车、自驾。"


def category_missing() -> str:
    return "是上学、务工还是探亲?请选一个,都不是就选「其他」。"


def symptoms_missing() -> str:
    return "身体有没有不舒服?没有请点「无」。"


def symptoms_unknown() -> str:
    return "请从列出的症状里选;没列出的,写在「要帮忙吗」里,会有人看。"


def temperature_unread() -> str:
    return "没看懂这个体温,请写成 36.5 这样;没有体温计可以不填。"


def temperature_which() -> str:
    return "写了不止一个体温,以哪个为准?"


def temperature_meant(reading: str) -> str:
    return f"是 {reading}℃ 吗?对就点一下,不对请改。"


def name_unfit(why: str) -> str:
    return f"姓名请核对一下:{why}。"


def name_of_another() -> str:
    return "名字和点的这一位对不上,请核对一下是不是点错了人;没列出的人请点「再加一位」。"


def phone_unfit() -> str:
    return "手机号好像少了或多了一位,请核对;不想留可以空着。"


def age_missing() -> str:
    return "这位满14岁了吗?请选一下,没满的由家长来填。"


def guardian_needed() -> str:
    return "没满14岁的,请爸爸妈妈或监护人来填,并点「我是家长或监护人」。"


def neighbour_no_health() -> str:
    return "邻居可以帮忙登记;身体情况请本人或家人来说,或请网格员上门记。"


def consent_unknown() -> str:
    return "说明的文字更新过了,请看一眼再勾选。"


def which_table(origin: str, transit: str) -> str:
    if transit:
        return f"从{origin}回来,路上经过{transit}:在{transit}出过站、停留过吗?"
    return f"「{origin}」是在哪里?选一个,方便登记。"


def differs(source: str, now: str, other: str, said_on: str, issuer: str) -> str:
    """Both statements side by side, and who said the other: nobody is asked to explain themselves."""
    who = {
        "earlier": f"{said_on}您填的是「{other}」",
        "household": f"{said_on}网格员登记的是「{other}」",
        "official": f"{issuer}的名单写的是「{other}」",
    }[source]
    return f"这次填的是「{now}」,{who}。哪个对?点一下就改好;记不清也没关系,可以问网格员。"


NO_TRANSIT = "无"
THIS_HOUSEHOLD = "本户"


def not_open() -> str:
    return "这里还没有开通扫码申报,有事请找您的网格员。"


def not_in_group() -> str:
    return "群里大家都看得到,身体情况请不要写在群里;请扫码填,或私下告诉网格员。"


def listed_twice() -> str:
    return "这位上面已经填过了,请删掉一行。"


def same_key() -> str:
    return "这张表已经交过,改动没有存上。要改请点「我要更正」,重新交一张。"


def nothing_kept() -> str:
    return "没有登记您的信息。看病、买菜、要帮忙,随时找网格员,一样有人管。"


def no_colour() -> str:
    return "已经登记。没有同意记录身体情况,所以没有凭据颜色,不影响任何帮助。"


def other_word_stands() -> str:
    return "收到了。今天还有一张表(后填的,或本人填的),以那张为准。"


def said_for(speaker: str) -> str:
    who = {"family": "家人代报", "neighbour": "邻居代报", "worker": "工作人员代录"}[speaker]
    return f"这一份记为「{who}」;本人随时可以自己填,以本人的为准。"


def arrived_late(made: datetime) -> str:
    return f"这张表是{made.month}月{made.day}日{made:%H:%M}填的,现在才传到,按填的时间算。"


def somebody_will_call() -> str:
    return "村医或网格员会联系您。喘不上气、胸口闷得厉害,请马上打 120,不用等。"


def please_call(ask: str) -> str:
    return f"您没有同意我们打电话。不舒服请随时找{ask};喘不上气、胸口闷得厉害,请马上打 120。"


def help_passed_on(ask: str) -> str:
    return f"要帮忙的事已经转给{ask},会有人联系您。"


def help_urgent(ask: str) -> str:
    return f"已经马上转给{ask}。情况急请直接打 120,不用等我们。"


def differs_somewhere(source: str, point: str, said_on: str, issuer: str) -> str:
    """For somebody who is not known to belong there: what disagrees, and not what was said before."""
    who = {"earlier": f"{said_on}填的", "household": f"{said_on}网格员登记的", "official": f"{issuer}的名单"}[source]
    what = {"away": "有没有去过外地", "origin": "从哪里回来", "arrived": "哪天到"}[point]
    return f"这次填的「{what}」和{who}不一样。哪个对?点一下就改好;记不清也没关系,可以问网格员。"


def ask_for_receipt() -> str:
    return "收到了。凭据请打开自己的链接看,或者问村医、网格员。"


def choose_one() -> str:
    return "请从给出的几个里选一个。"


def settled_already() -> str:
    return "这一条已经核对好了,谢谢您。"


def red_notice(doctor: str, reason: str, until: str) -> str:
    return (
        f"{doctor}医生看过您的情况,给了红色凭据,先告诉您本人。原因:{reason}。有效到{until}。"
        f"不同意可以申诉:打开「我的申报」点「我有意见」,会请医生重新看;治疗、买菜、用药都有人管。"
    )


def red_next() -> str:
    return "请听医生的安排,需要什么告诉网格员;不同意可以申诉,会请医生重新看。"


def red_lifted_notice(doctor: str, colour: str) -> str:
    return f"{doctor}医生把您的红色凭据解除了,现在按规则是{colour}。"


def appeal_taken(task: int) -> str:
    return f"您的意见收到了(号{task}),医生会重新看,看完告诉您。"


def nothing_to_appeal() -> str:
    return "现在没有红色凭据;黄色、绿色填得不对,点「我要更正」就能改。"
