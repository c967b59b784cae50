"""敲门 全村 返乡排查 到2月9日17点 用途 … 依据 …: what a lead says of a round to be opened, read by its labels."""

import re
from collections.abc import Mapping
from types import MappingProxyType

_OPEN = re.compile(r"(?P<what>敲门|张贴)[\s::,]+(?P<rest>\S.*)", re.DOTALL)
_WHOLE = re.compile(r"(?:全|本|整)(?:村|镇|乡|县|区|社区|街道|格|部)|所有(?:村|网格)?")
_REF = re.compile(r"[Dd]\s*[-_—–]?\s*(\d{1,6})(?!\d)")
LABELS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "until": ("截止到", "截止", "到", "至"),
        "purpose": ("用途", "目的"),
        "basis": ("依据", "根据"),
        "steps": ("按步骤", "步骤", "工作法"),
    }
)
_KEY = {word: key for key, words in LABELS.items() for word in words}
_LABEL = re.compile(
    r"(?:^|[\s,,;;、])(?P<label>" + "|".join(sorted(map(re.escape, _KEY), key=len, reverse=True)) + r")[\s::]*"
)
_EDGES = " ,,;;。、::\n\t"


def read_round(raw: str) -> dict[str, str] | None:
    """Return what *raw* says of a round to be opened, by its labels; None when it opens none: a label must stand in it.

    >>> read_round("敲门 全村 返乡排查 用途 返乡摸底 依据 样防指2号")["purpose"], read_round("敲门 46")
    ('返乡摸底', None)
    """
    found = _OPEN.fullmatch(raw)
    if found is None:
        return None
    rest = found["rest"]
    labels = list(_LABEL.finditer(rest))
    named = {_KEY[one["label"]] for one in labels}
    if not (named & {"purpose", "basis"} or _WHOLE.match(rest)):
        return None
    said = {"what": found["what"]}
    ends = [*(one.start() for one in labels[1:]), len(rest)][: len(labels)]
    for label, end in zip(labels, ends, strict=True):
        if value := rest[label.end() : end].strip(_EDGES):
            said.setdefault(_KEY[label["label"]], value[:120])
    head = rest[: labels[0].start() if labels else len(rest)].strip(_EDGES)
    if ref := _REF.search(head):
        said["ref"] = str(int(ref[1]))
        head = (head[: ref.start()] + " " + head[ref.end() :]).strip(_EDGES)
    where, _, title = head.partition(" ")
    if where and not title and "ref" in said:
        where, title = "", where
    return said | {"where": where.strip(_EDGES), "title": title.strip(_EDGES)[:30]}
