"""Names that only a dictionary of ordinary words parts from their neighbours: right, rarely asked, safely loaded."""

import marshal
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import jieba
import pytest

from bench.practice import load
from nlp import names
from nlp.names import find_person, name_among
from nlp.understand import records, understand

AT = datetime(2020, 2, 8, 10, tzinfo=UTC)
UNDECIDED = {
    "卖豆腐的韩玉梅烧到39度": "韩玉梅",
    "3栋二楼刘桂兰半夜胸口疼得厉害": "刘桂兰",
    "2组欧阳倩倩老是喘不上气": "欧阳倩倩",
    "村医说罗文斌烧到38.6": "罗文斌",
    "接到求助,汪海涛透析的药断了": "汪海涛",
    "昨晚回来的高小凤没登记": "高小凤",
    "二组马长海家老房子塌了人被困": "马长海",
    "抗原阳性的是夏雨荷": "夏雨荷",
}
NOBODY = [
    "孕妇羊水破了,4-2-602,叫不到车",
    "抗原测出两道杠了,8栋602",
    "水位涨得厉害有人被困",
    "龙井村3组有人落水",
    "6-1-402隔离户敲门没人应,电话也不接,联系不上",
    "胸闷,喘气费劲,38.9",
    "3号楼有人发高烧39度,呼吸急促,快派人",
    "井盖没了,掉下去一个,昏迷",
]


def people(text: str) -> list[object]:
    return [record["person"] for record in records(understand(text, AT)) if "person" in record]


@pytest.mark.parametrize("text", UNDECIDED)
def test_a_name_amid_ordinary_words_is_found(text: str) -> None:
    assert people(text) == [UNDECIDED[text]]


def test_the_rules_alone_leave_most_of_them_undecided() -> None:
    """jieba stays because of these: where the rules learn a name by themselves, take the line out."""
    assert sum(find_person(text) is None for text in UNDECIDED) == len(UNDECIDED) - 1


@pytest.mark.parametrize("text", NOBODY)
def test_ordinary_words_are_nobody(text: str) -> None:
    assert people(text) == []


def test_where_the_name_stands() -> None:
    text = "快!卖豆腐的韩玉梅烧到39度"
    found = name_among(text)
    assert found is not None
    assert text[found[1] : found[2]] == found[0] == "韩玉梅"


def test_reports_never_load_it() -> None:
    lines = [line.say for name in ("daily", "checkpoints", "rolls", "goods", "layouts") for line in load(name)]
    code = (
        "import sys; from datetime import datetime, timezone; from nlp.understand import understand\n"
        f"for text in {lines!r}: understand(text, datetime(2020, 2, 8, 10, tzinfo=timezone.utc))\n"
        "assert 'nlp.names' in sys.modules; print('jieba' in sys.modules)"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert told.stdout.strip() == "False"


@pytest.fixture
def shared_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A temporary directory of the whole machine in which somebody left a dictionary of his own under jieba's name."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    (tmp_path / "jieba.cache").write_bytes(marshal.dumps(({"的韩玉": 10**9}, 10**9)))
    names._cutter.cache_clear()
    name_among.cache_clear()
    yield tmp_path
    names._cutter.cache_clear()


def test_a_dictionary_left_by_others_is_not_read(shared_directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[tuple[str, int]] = []
    load_words = jieba.Tokenizer.initialize

    def watched(tokenizer: jieba.Tokenizer) -> None:
        load_words(tokenizer)
        kept.append((tokenizer.tmp_dir, os.stat(tokenizer.tmp_dir).st_mode & 0o777))

    monkeypatch.setattr(jieba.Tokenizer, "initialize", watched)
    before = (shared_directory / "jieba.cache").read_bytes()
    assert people("卖豆腐的韩玉梅烧到39度") == ["韩玉梅"]
    assert [mode for _, mode in kept] == [0o700]
    assert Path(kept[0][0]).parent == shared_directory
    assert [path.name for path in shared_directory.iterdir()] == ["jieba.cache"]  # ours is gone, theirs untouched
    assert (shared_directory / "jieba.cache").read_bytes() == before
