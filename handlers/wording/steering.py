"""What the bot says to those who steer a directive: the minute's hold, the second person, stopping, correcting."""

from collections.abc import Sequence

from handlers.domain.directive import Directive
from handlers.wording.directives import reach_in_words
from handlers.wording.marks import brief


def held(directive: Directive, seconds: int) -> str:
    return (
        f"{directive.code} {seconds}秒后发出,回「撤」取消。" if seconds else f"{directive.code} 正在发出,回「撤」取消。"
    )


def needs_second(code: str, people: int, limit: int) -> str:
    return f"{code} 要发给{people}人,超过{limit}人须第二人同意。已请复核,10分钟内同意就开始倒计时。"


def waits_for_second(code: str) -> str:
    return f"{code} 在等第二人同意,同意后开始倒计时。不发了回「撤」。"


def reaches_nobody() -> str:
    return "那里现在没有人收得到,也没有群,没有发。请先补上人或绑定群,或换个范围再说。"


def nobody_confirms() -> str:
    return "要第二人同意,但这里没有别的能复核的人。请先在花名册里设一位副职,或分几次发给少一些的人。"


def nobody_agreed(code: str) -> str:
    return f"{code} 10分钟没等到第二人同意,没有发出。要发请重新说一遍,或先打个电话请他看。"


def nothing_to_confirm() -> str:
    return "没有等您复核的通知。要复核请带编号,如:同意 D-12。"


def another_confirms(code: str) -> str:
    return f"{code} 是您自己起草的,要别人来复核。"


def not_open(code: str) -> str:
    return f"{code} 已经过了复核的时间,没有发出。要发请起草人重新说一遍。"


def out_already(code: str) -> str:
    return f"{code} 已经发出,不用复核了。"


def void_it(code: str) -> str:
    return f"{code} 已经发出。不同意的话请回「作废 {code}」,我马上收回并通知大家。"


def please_confirm(directive: Directive, author: str, where: str) -> str:
    reach = directive.reach
    assert reach is not None
    return (
        f"请复核{directive.code}:{author}要发给{where},{reach_in_words(reach)}\n原文:{directive.body}\n"
        f"同意请回「同意 {directive.code}」,不同意回「不同意 {directive.code} 原因」,10分钟内有效。"
    )


def please_review(directive: Directive, author: str, minutes: int) -> str:
    return (
        f"战时急件已先发出,请{minutes}分钟内复核:{directive.code}({author})\n原文:{directive.body}\n"
        f"没问题回「同意 {directive.code}」,有问题回「作废 {directive.code}」。"
    )


def review_overdue(directive: Directive) -> str:
    code = directive.code
    return f"{code} 发出后超过时限还没人复核,请尽快看一眼:同意回「同意 {code}」,不对回「作废 {code}」。"


def reviewed(directive: Directive) -> str:
    return f"已记:{directive.code} 复核通过。"


def refused_second(directive: Directive, reason: str) -> str:
    return f"{directive.code} 复核没通过" + (f":{reason}" if reason else "") + "。没有发出,改好可以再来。"


def nobody_reviewed(directive: Directive) -> str:
    code = directive.code
    return f"{code}(战时急件)发出后一直没人复核:{brief(directive.body)}。请找人看一眼,不对回「作废 {code}」。"


def deadline_moved(until: str) -> str:
    return f"截止:{until}。"


def bad_deadline(words: str) -> str:
    return f"「{words}」没看懂,或已经过了。请写清时间,如:截止改4点半。"


def two_deadlines(written: str) -> str:
    return f"原文里写的是{written},截止按上面的算,两个都会看到。要改原文请说:改成……"


def body_too_long(length: int, limit: int) -> str:
    return f"内容有{length}字,请删到{limit}字以内,或分两条发。"


def no_body(opening: str) -> str:
    return f"要发什么?请连内容一起说,如:{opening} 今天下午5点前……"


def preview_elsewhere() -> str:
    return "您的通知是在别处预览的,请到那里回「发」;在这里发请重新说一遍。"


def preview_ran_out(minutes: int) -> str:
    return f"预览已过{minutes}分钟,还没发出。请再看一眼,对了再回「发」:"


def preview_gone() -> str:
    return "没有等您确认的通知(预览10分钟内有效)。要发请重新说一遍。"


def not_yours_to_steer(code: str) -> str:
    return f"{code} 只有起草人或复核人能发、撤、作废。"


def dropped(code: str) -> str:
    return f"{code} 已取消,一条也没发出。"


def aborted(code: str, stopped: int, gone: int) -> str:
    if not gone:
        return f"{code} 已停,一条也没发出。"
    kept = f"{stopped}份没发出," if stopped else ""
    return f"{code} 已停:{kept}{gone}份已发:卡片和私信能撤的正在撤,群里的收不回,都补发取消通知。"


def sent_already(code: str) -> str:
    return f"{code} 已经发出了,不用再发。看进展回「进度 {code}」,要收回回「作废 {code}」。"


def stopped_already(code: str, follower: str | None) -> str:
    return f"{code} 已经收回过了" + (f",后来的是 {follower}。" if follower else "。")


def cancel_stays(code: str) -> str:
    return f"{code} 本身是取消通知,不能再取消或改。要恢复请重新发一条。"


def nothing_to_stop() -> str:
    return "最近10分钟没有您发的通知可撤。要收回早先的,请带编号,如:作废 D-12。"


def which_to_stop(named: Sequence[tuple[str, str]]) -> str:
    return f"要收回哪一条?{_listed(named)}。请带编号,如:作废 {named[0][0]}。"


def which_to_change(named: Sequence[tuple[str, str]]) -> str:
    return f"要改哪一条?{_listed(named)}。请带编号,如:更新 {named[0][0]} 新的内容。"


def _listed(named: Sequence[tuple[str, str]]) -> str:
    return ";".join(f"{code} {brief(body, 16)}" for code, body in named[:5])


def nothing_to_change() -> str:
    return "没找到您最近发的这条通知。请带编号,如:更新 D-12 新的内容。"


def nothing_left_to_change(code: str, refers: str) -> str:
    return f"{refers} 已经收回,更正 {code} 没有发出。要发请当新通知重新说一遍。"


def no_such_directive(ref: str) -> str:
    return f"没有 {ref} 这条通知,请核对编号。"


def replaced_button(code: str) -> str:
    return f"已更正,看 {code}"


def closed_button() -> str:
    return "已截止"
