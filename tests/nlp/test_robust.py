"""No text of any kind raises, and none takes long: drawn at random, and the corpus mutated."""

import random
import time
from datetime import UTC, datetime

import pytest
from corpus_lines import FOLDER, load
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nlp.command import read_command, strip_mention
from nlp.dates import read_deadline
from nlp.normalize import TEXT_LIMIT
from nlp.order import read_order
from nlp.privacy import find_private, mask
from nlp.understand import records, understand

AT = datetime(2020, 2, 8, 10, tzinfo=UTC)
PIECES = [
    "3网格", "排查", "126户", "412人", "无", "返乡", "新增", "累计", "其中", "武汉", "湖北", "36.5", "三十六度五",
    "张测样", "5-2-301", "卡点", "劝返",
    "2月8日", "今天", "昨晚", "20点到次日8点", "更正", "撤回", "不是", "是", "接龙", "\n", "\t", "|", "/", ",",
    "。", "、", ":", "(", ")", " ", "约", "几",
    "十来", "二三十", "需要", "米10斤", "已送达", "着火了", "被困", "?", "吗", "「", "」", "- - - - -", "@小格 ",
    "D-17", "=", "0", "x2", "第", "\u200b", "🙏",
]  # fmt: skip
MESSAGES = st.one_of(
    st.text(max_size=400),
    st.lists(st.sampled_from(PIECES), max_size=60).map("".join),
    st.text(alphabet="0123456789.-,/ 一二三十百千万亿零点半", max_size=300),
)


def everything(text: str) -> None:
    for channel, role in (("group", "gridworker"), ("direct", "resident"), ("group", "leader")):
        said = understand(text, AT, channel=channel, sender_role=role)
        assert said.text == text
        records(said)
        for draft in said.drafts:
            for slot in draft.slots:
                assert 0 <= slot.start <= slot.end <= len(text)
        for start, end in said.unread:
            assert 0 <= start < end <= len(text)
    rest, _ = strip_mention(text)
    read_command(rest)
    read_order(rest, AT)
    read_deadline(text, AT)
    find_private(text)
    mask(text)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(MESSAGES)
def test_nothing_raises(text: str) -> None:
    everything(text)


@settings(max_examples=12, deadline=None)
@given(st.sampled_from(PIECES), st.integers(200, 10_000))
def test_any_length(piece: str, size: int) -> None:
    everything((piece * (size // len(piece) + 1))[:size])


def _mutated(text: str, rng: random.Random) -> str:
    chars = list(text)
    for _ in range(rng.randint(1, 4)):
        at = rng.randrange(len(chars) + 1)
        kind = rng.randrange(4)
        if kind == 0 and chars:
            del chars[min(at, len(chars) - 1)]
        elif kind == 1:
            chars.insert(at, rng.choice("0123456789一二三十,。:、 \n\t()无没不"))
        elif kind == 2 and chars:
            chars[min(at, len(chars) - 1)] = rng.choice("户人个辆0９,.．\u3000")
        else:
            chars[at:at] = chars[: rng.randint(0, 8)]
    return "".join(chars)


def test_mutated_corpus_lines() -> None:
    rng = random.Random(20200208)
    lines = [line for path in sorted(FOLDER.glob("*.yaml")) for line in load(path.stem)]
    for _ in range(1500):
        line = rng.choice(lines)
        understand(_mutated(line.say, rng), AT, channel=line.channel, sender_role=line.role)


@pytest.mark.parametrize(
    "text",
    [
        "1" * 10_000,
        "一" * 10_000,
        "3网格" * 3_000,
        "、" * 10_000,
        "1.张测样 36.5\n" * 800,
        "排查1户," * 1500,
        "(" * 10_000,
        "给" * 10_000,
        "a-" * 5_000,
    ],
)
def test_long_texts_end_soon(text: str) -> None:
    understand(text[:100], AT)
    began = time.perf_counter()
    understand(text, AT)
    assert time.perf_counter() - began < 0.5  # a few dozen milliseconds on an idle machine
    assert len(text) > TEXT_LIMIT
