"""What somebody hears who asks about their own data: short, at once where it can be, and by when where it cannot."""

from collections.abc import Mapping
from datetime import datetime

from handlers.domain.consent import ConsentPurpose

BY_THEMSELVES = "本人(或代填的人)"
SOMEBODY_WHO_LEFT = "已离岗的工作人员"
WORKER = "工作人员"
ACTIONS: Mapping[str, str] = {
    "look": "看了",
    "declare": "登记了申报",
    "settle": "核对了一条信息",
    "measure": "记了复测体温",
    "close": "办结了一件待看",
    "red": "给了红色凭据",
    "lift": "解除了红色凭据",
    "copy": "复制了一份",
    "correct": "更正了",
    "erase": "删除了",
    "withdraw": "撤回了同意",
    "appeal": "提了意见",
    "export": "导出了台账",
    "note": "记了一条从哪里回来",
    "identify": "核对了身份",
    "isolation open": "录入了隔离决定",
    "isolation extend": "录入了延长隔离的决定",
    "isolation end": "录入了解除隔离的决定",
    "isolation told": "记了已告知本人",
    "isolation undo": "作废了一份录入",
}
_PURPOSES: Mapping[str, str] = {
    "declaration": "登记和答复申报",
    "care": "照顾不舒服的人",
    "returnees": "返乡人员台账",
    "proof": "您自己的权利",
    "isolation": "居家隔离的告知和照看",
}
_CONSENTS: Mapping[ConsentPurpose, str] = {
    ConsentPurpose.DECLARE: "登记",
    ConsentPurpose.HEALTH: "记录症状和体温",
    ConsentPurpose.CARE: "打电话联系",
}


def purpose(code: str) -> str:
    return _PURPOSES.get(code, code)


def withdrawn(what: ConsentPurpose) -> str:
    done = {
        ConsentPurpose.DECLARE: "登记的内容已经删除,恢复不了。",
        ConsentPurpose.HEALTH: "症状、体温和凭据颜色已经删除,恢复不了;登记还在。",
        ConsentPurpose.CARE: "不会再打电话给您;还没发出的也停了。",
    }[what]
    return f"已撤回「{_CONSENTS[what]}」的同意。{done}看病、买菜、求助照样有人管。"


def nothing_to_withdraw() -> str:
    return "这一项没有同意过,或已经撤回了。"


def not_by_this_link() -> str:
    return "这一项不是用这个链接同意的。请本人打开自己的链接撤回,或让网格员核对一下是您,马上就办。"


def corrected() -> str:
    return "改好了。去过哪里、身体情况要改,点「我要更正」重新填一张。"


def erased(*, all_of_it: bool) -> str:
    return "您的信息全部删除了,恢复不了。" if all_of_it else "这张表填的内容全部删除了,恢复不了。"


def erased_beside() -> str:
    kept = "隔离决定和能通知到您的姓名、联系方式,因为决定还在执行,解除后到期自动销毁。"
    return f"填过的、说过的都删除了,恢复不了。还留着:{kept}"


def open_already() -> str:
    return "这里看到的就是全部。"


def identity_asked(due: datetime) -> str:
    return f"已请网格员来核对是不是您本人,最晚{due.month}月{due.day}日前办好;核对后给您一个查询码。"
