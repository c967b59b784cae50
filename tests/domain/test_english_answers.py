"""English answers: every sentence of the main conversations has its English, with the same gaps; free text is left."""

import inspect
import itertools
import re
from collections import Counter
from datetime import UTC, datetime
from typing import Any

import pytest

from handlers.domain.directive import Audience, Directive, Kind, Reach, ReceiptState, State
from handlers.domain.people import Holding, Person
from handlers.language import in_chinese
from handlers.wording import directives, first_hour, people, reports, steering
from handlers.wording.english import in_english, rows
from nlp.command import CommandKind, read_command

NOT_ANSWERS = {  # cards, posts, and letters to somebody else than who spoke; parts of other sentences
    "card_title", "card_body", "hints", "post", "relay", "recalled", "replaces", "reach_in_words", "issued",
    "blocker_came", "remind", "remind_substitute", "list_above", "please_confirm", "please_review", "review_overdue",
    "nobody_reviewed", "nobody_agreed", "nothing_left_to_change", "two_deadlines", "replaced_button", "closed_button",
    "alarm", "please_stand_in", "nobody_stands_in", "stood_in_enough", "stood_in_no_more", "fuse_burnt",
    "unknown_sender", "reported_over", "downtime", "roll_counted", "roll_taken", "faq_answer", "own_and_below",
}  # fmt: skip
CHINESE = re.compile(r"[一-鿿]")
TYPED = re.compile(r"“[^”]*”|\bbot\b")
AT = datetime(2026, 2, 8, 9, 0, tzinfo=UTC)


def directive(kind: Kind = Kind.NEW, *, urgent: bool = False, drill: bool = False, relays: int = 0) -> Directive:
    return Directive(
        id=1, number=1, kind=kind, refers_to=None, author_id=1, confirmer_id=None, scope_id=1, body="Bb",
        audience=Audience((1,)), ladder=(), compulsory=False, urgent=urgent, drill=drill, state=State.ISSUED,
        reach=Reach(3, 3, 1, relays, relays, 1, 9, 1), created_at=AT,
    )  # fmt: skip


def person(role: str) -> Person:
    return Person(1, "yt_1", "Aa", (Holding(1, 1, role),))


GIVEN: dict[str, list[Any]] = {
    "what": ["下发通知"],
    "kinds": [["id_number", "phone_list"]],
    "items": [[("走访", "46户"), ("空户", "未报")], []],
    "zeros": [["①发热0", "②隐患0"], []],
    "said": ["走访9户"],
    "part": ["发热3人"],
    "whole": ["走访2人"],
    "households": ["隔离户6户"],
    "values": ["①走访46户 ②空户5户"],
    "figures": ["走访46户、发热0人", ""],
    "at": ["今天16:00"],
    "day": ["今天", "2月7日"],
    "days": ["2月9日"],
    "changes": ["隔离户5→6", ""],
    "counts": [{ReceiptState.ACKNOWLEDGED: 2, ReceiptState.DONE: 1}, {ReceiptState.WAITING: 3}],
    "reach": [{("card", "sent"): 2, ("post", "unknown"): 1, ("relay", "relaying"): 1}],
    "blockers": [[("Aa", 2)], []],
    "warnings": [[]],
    "replaces": [None],
    "named": [[("D-1", "Aa"), ("D-2", "Bb")]],
    "shown": [[directive(), directive()]],
    "waiting": [[("D-1", "Aa")], []],
    "draft": [directive(k, urgent=u, drill=d, relays=n) for k in (Kind.NEW, Kind.UPDATE) for u in (False, True)
              for d in (False, True) for n in (0, 2)],
    "person": [person(role) for role in ("gridworker", "grid_lead", "township_lead")],
    "fresh": [1, 2],
}  # fmt: skip
ONLY: dict[str, dict[str, list[Any]]] = {
    "fewer_people": {"people": ["隔离5人"]},
    "one_more": {
        "question": ["敲门46户,空户5户,见到40户,对不上,哪个数要改?", "「Aa」「Bb」这几处我没读懂,各是哪一项?"]
    },
    "roll_up": {"when": ["今天", "2月7日"]},
    "which_relay": {"waiting": [[("7K", "Aa")]]},
    "first_hour.waiting": {"codes": [["D-1", "D-2"]]},
    "jumped": {"label": ["走访"]},
    "which_item": {"label": ["走访"], "said": ["空户"]},
    "confirmed": {"places": [["Aa", "Bb"]]},
    "in_place": {"grids": [1, 4]},
}


def answers() -> list[Any]:
    found = []
    for module in (people, directives, steering, reports, first_hour):
        for name, made in inspect.getmembers(module, inspect.isfunction):
            if made.__module__ == module.__name__ and not name.startswith("_") and name not in NOT_ANSWERS:
                found.append(pytest.param(made, id=f"{module.__name__.rpartition('.')[2]}.{name}"))
    return found


def values(name: str, parameter: inspect.Parameter) -> list[Any]:
    if parameter.name in ONLY.get(name, {}):
        return ONLY[name][parameter.name]
    if parameter.name in GIVEN:
        return GIVEN[parameter.name]
    kind = str(parameter.annotation)
    sample: list[Any]
    if "tuple[str, str]" in kind:
        sample = [[("Aa", "Bb")], []]
    elif "Sequence" in kind or "Iterable" in kind:
        sample = [["Aa", "Bb"], []] if parameter.default is not inspect.Parameter.empty else [["Aa", "Bb"]]
    elif "Directive" in kind:
        sample = [directive()]
    elif "bool" in kind:
        sample = [True, False]
    elif "float" in kind:
        sample = [5.0]
    elif "int" in kind:
        sample = [3, 0] if parameter.name in ("left", "pending", "stopped", "gone", "reminded", "seconds") else [3]
    else:
        sample = ["Cc"]
    return [*sample, None] if "None" in kind else sample


@pytest.mark.parametrize("made", answers())
def test_every_answer_has_its_english(made: Any) -> None:
    asked = list(inspect.signature(made).parameters.values())
    for given in itertools.product(*(values(made.__name__, one) for one in asked)):
        said = made(**{one.name: value for one, value in zip(asked, given, strict=True)})
        english = in_english(said)
        assert not CHINESE.search(TYPED.sub("", english)), f"{said}\n{english}"


def test_both_sides_of_a_sentence_have_the_same_gaps() -> None:
    gap = re.compile(r"\{\w+\}")
    assert len(rows()) > 280
    for chinese, english in rows().items():
        asked, said = Counter(gap.findall(chinese)), set(gap.findall(english))
        assert set(asked) == said, chinese
        assert max(asked.values(), default=1) == 1, chinese
        assert english.strip(), chinese


def test_what_people_wrote_is_left_as_it_is() -> None:
    order = directive()
    shown = directives.preview(order, "旗山村 网格员", "1网格", None).replace("原文:Bb", "原文:没看懂。今天走访46户")
    assert "\nText: 没看懂。今天走访46户\n" in in_english(shown)
    assert "passed on to 张发 as you said it" in in_english(people.passed_on("张发"))


def test_what_nobody_wrote_in_english_stays_chinese_beside_what_somebody_did() -> None:
    assert in_english("这句没有人译。还没有数。\n已截止") == "这句没有人译。 No figures yet.\n已截止"


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("received D-17", CommandKind.RECEIPT), ("Got it", CommandKind.RECEIPT), ("yes", CommandKind.CONFIRM),
        ("send", CommandKind.GO), ("undo", CommandKind.UNDO), ("void D-3", CommandKind.VOID),
        ("agree D-3", CommandKind.APPROVE), ("progress", CommandKind.PROGRESS), ("summary", CommandKind.ROLLUP),
        ("withdraw", CommandKind.WITHDRAW), ("help", CommandKind.HELP), ("bind 8K2Q", CommandKind.BIND),
        ("cannot no masks", CommandKind.BLOCKER),
    ],
)  # fmt: skip
def test_the_english_words_stand_for_commands(said: str, kind: CommandKind) -> None:
    command = read_command(in_chinese(said))
    assert command is not None
    assert command.kind is kind
