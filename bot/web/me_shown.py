"""What is held about somebody, as their own page shows it: words for codes, moments as people write them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.sheet_outcome import receipt
from bot.web.resident import Resident
from handlers.domain.consent import ConsentPurpose, ConsentState, newest
from handlers.domain.declared import Said, SaidState
from handlers.domain.household import masked
from handlers.domain.isolation import Decision, DecisionKind, DecisionState, Episode
from handlers.domain.rights import RequestState, RightKind
from handlers.domain.threshold import TaskKind, TaskState
from handlers.rights import Held, Line, in_words

SPEAKERS = {"self": "本人填的", "family": "家人代报", "neighbour": "邻居代报", "worker": "工作人员代录"}
STATES = {
    SaidState.LIVE: "现在算数",
    SaidState.SUPERSEDED: "后来又填过",
    SaidState.WITHDRAWN: "已撤回",
    SaidState.ERASED: "已删除",
}
KINDS = {
    TaskKind.FEVER: "体温偏高,请村医看看",
    TaskKind.UNWELL: "身体不舒服,请村医看看",
    TaskKind.WELFARE: "有一处对不上,请人打电话问问",
    TaskKind.LIST: "名单可能弄错了,请人核对",
    TaskKind.HELP: "要帮忙的事",
    TaskKind.IDENTITY: "核对是不是您本人",
    TaskKind.APPEAL: "对红色凭据的意见",
    TaskKind.LIFELINE: "要紧的事,请人马上来",
}
_DECIDED = {
    DecisionKind.OPEN: "隔离决定",
    DecisionKind.EXTEND: "延长隔离的决定",
    DecisionKind.END: "解除隔离的决定",
}
DONE = {TaskState.OPEN: "等人接", TaskState.TAKEN: "有人在办", TaskState.CLOSED: "办完了"}
ASKED = {
    RightKind.ACCESS: "看全部",
    RightKind.COPY: "要一份",
    RightKind.CORRECT: "更正",
    RightKind.ERASE: "删除",
    RightKind.WITHDRAW: "撤回同意",
    RightKind.EXPLAIN: "要个说明",
}
ANSWERED = {RequestState.OPEN: "在办", RequestState.DONE: "办好了", RequestState.REFUSED: "没有办成"}
CONSENTS = {
    ConsentPurpose.DECLARE: "登记从哪里回来、哪天到",
    ConsentPurpose.HEALTH: "记录症状和体温",
    ConsentPurpose.CARE: "按填的情况打电话",
}
TAKEN_BACK = {
    ConsentPurpose.DECLARE: "撤回,并删除登记的内容",
    ConsentPurpose.HEALTH: "撤回,并删除症状和体温",
    ConsentPurpose.CARE: "撤回,不再打电话",
}


@dataclass(frozen=True, slots=True)
class Person:
    """One person of the page: each tuple is a list of lines as they are read."""

    row: str
    label: str
    whole: bool
    receipt: Mapping[str, object] | None
    said: tuple[Mapping[str, object], ...]
    consents: tuple[Mapping[str, str], ...]
    tasks: tuple[tuple[str, str, str], ...]
    requests: tuple[tuple[str, str, str], ...]
    looked: tuple[tuple[str, str, str, str], ...]
    isolations: tuple[tuple[tuple[str, str], ...], ...]

    @staticmethod
    def label_of(held: Held) -> str:
        """Return the name; behind stars until it is known who looks."""
        return held.profile.name if held.whole else masked(held.profile.name)


def shown(held: Held, looked: Sequence[Line], one: Resident) -> Person:
    """Return a person as the page shows them."""
    t = one.words
    given = newest(held.consents)
    return Person(
        row=held.row,
        label=Person.label_of(held),
        whole=held.whole,
        receipt=receipt(held.receipt.receipt) if held.receipt else None,
        said=tuple(_said(said, one) for said in held.said),
        consents=tuple(
            {
                "purpose": purpose.value,
                "words": t(CONSENTS[purpose]),
                "back": t(TAKEN_BACK[purpose]),
                "at": one.moment(word.at.isoformat()),
            }
            for purpose, word in given.items()
            if word.state is ConsentState.GRANTED
        ),
        tasks=tuple((one.moment(k.made_at.isoformat()), t(KINDS[k.kind]), t(DONE[k.state])) for k in held.tasks),
        requests=tuple(
            (one.moment(r.asked_at.isoformat()), t(ASKED[r.kind]), _answer(r.state, r.due_at, one))
            for r in held.requests
        ),
        looked=tuple((one.moment(line.at.isoformat()), t(line.who), t(line.what), t(line.why)) for line in looked),
        isolations=tuple(_isolation(each, papers, one) for each, papers in held.isolations if each.open),
    )


def _isolation(episode: Episode, decisions: Sequence[Decision], one: Resident) -> tuple[tuple[str, str], ...]:
    """Return a running isolation as it stands, and the decisions behind it, oldest first: (what, words) a line.

    The end is the one that is expected; only an entered decision ends it.
    """
    t, span, today = one.words, episode.span, one.ctx.day
    assert span is not None
    lines = [
        (t("从哪天起"), f"{one.day(span.started_on.isoformat())} {t('(开始那天是第0天)')}"),
        (t("今天第几天"), t("第{n}天", n=span.day(today))),
        (t("预计到哪天"), one.day(span.expected_on.isoformat())),
    ]
    if late := span.overdue(today):
        lines.append((t("已过预计的日子"), t("{n}天,还没有解除决定", n=late)))
    for each in decisions:
        paper = each.paper
        if paper is None or each.state is DecisionState.UNDONE:
            continue
        lines += [
            (t(_DECIDED[each.kind]), f"{paper.issuer} {paper.number}"),
            (t("依据"), paper.basis),
            (t("不服找谁"), paper.appeal),
        ]
    return tuple(lines)


def _answer(state: RequestState, due_at: datetime, one: Resident) -> str:
    if state is RequestState.OPEN:
        return one.words("在办,最晚 {day} 答复", day=one.day(one.ctx.local(due_at).date().isoformat()))
    return one.words(ANSWERED[state])


def _said(said: Said, one: Resident) -> Mapping[str, object]:
    facts = in_words(said.facts) if said.facts else {}
    if said.facts and said.facts.arrived:
        facts["哪天到"] = one.day(said.facts.arrived.isoformat())
    return {
        "at": one.moment(said.made_at.isoformat()),
        "by": one.words(SPEAKERS[said.said_by.value]),
        "state": one.words(STATES[said.state]),
        "live": said.state is SaidState.LIVE,
        "facts": [(one.words(name), one.words.told(value)) for name, value in facts.items()],
        "until": one.day(said.destroy_on.isoformat()) if said.destroy_on else "",
    }
