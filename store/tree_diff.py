"""What an import would change: the stated nodes against the known ones. Pure, so that `check` can ask it too."""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass

from handlers.domain.errors import BadSetting
from handlers.domain.hierarchy import NodeIn

_LINES_SHOWN = 20
REGISTER = "register"
"""Who keeps a node: `hierarchy` (the file), `roster` (an import of people), `register` (the household register)."""


@dataclass(frozen=True, slots=True)
class Known:
    """A node as the database holds it, open or closed."""

    id: int
    code: str
    name: str
    level: str
    parent_id: int | None
    branch: str | None
    origin: str = "hierarchy"
    valid_to: object = None


@dataclass(frozen=True, slots=True)
class Difference:
    """New nodes (parents first), changed ones as they shall be, closed ones as they are, and aliases to add."""

    new: tuple[Known, ...]
    changed: tuple[Known, ...]
    closed: tuple[Known, ...]
    aliases: tuple[tuple[int, str], ...]
    before: Mapping[int, Known]

    def lines(self) -> tuple[str, ...]:
        """Return the difference in Chinese, the first few of each kind by name."""
        said = [f"新增 {known.code} {known.name}" for known in self.new]
        for known in self.changed:
            old = self.before[known.id]
            said.append(f"改动 {old.code} {old.name} → {known.code} {known.name}{_moved(old, known)}")
        said += [f"撤销 {known.code} {known.name}" for known in self.closed]
        more = len(said) - _LINES_SHOWN
        return (*said[:_LINES_SHOWN], f"……另有 {more} 处不同") if more > 0 else tuple(said)


def _moved(old: Known, new: Known) -> str:
    moved = "(上级变了)" if old.parent_id != new.parent_id else ""
    levelled = f"({old.level}→{new.level})" if old.level != new.level else ""
    return moved + levelled + ("(恢复)" if old.valid_to is not None else "")


def difference(
    rows: Iterable[NodeIn], known: Sequence[Known], aliases: Mapping[int, tuple[str, ...]], origin: str
) -> Difference:
    """Return what must change so that the known nodes become the stated ones.

    Where the register keeps a household (it was moved, merged, split or recoded), rows of the hierarchy do not count.

    A stated node is the known one of its code (open before closed), else of a former code among its aliases. Rows of
    the hierarchy are the whole of it: nodes of the hierarchy that are not stated are closed, and with them whatever
    rosters put below them. Rows of a roster only add.
    """
    whole = origin == "hierarchy"
    stated = {row.code: row for row in rows}
    by_code = {one.code: one for one in sorted(known, key=lambda one: one.valid_to is None)}
    for code in _kept_by_register(stated, known, by_code, aliases) if whole else ():
        stated.pop(code, None)
    matched = _matched(stated, by_code)
    next_id = max((one.id for one in known), default=0) + 1
    standing = {code for code, one in by_code.items() if one.valid_to is None and (not whole or one.origin == "roster")}
    fresh = [code for code in _parents_first(stated, standing) if code not in matched]
    id_of = {code: one.id for code, one in matched.items()} | {code: next_id + n for n, code in enumerate(fresh)}

    def wanted(row: NodeIn) -> Known:
        above = row.parent_code
        parent = None if above is None else id_of.get(above) or by_code[above].id
        stays = (old := matched.get(row.code)) is not None and old.origin == "hierarchy"
        made_by = "hierarchy" if stays else origin
        return Known(id_of[row.code], row.code, row.name, row.level, parent, row.branch, made_by)

    changed = [now for code, old in matched.items() if (now := wanted(stated[code])) != old]
    new_aliases = {
        (id_of[code], alias): None
        for code, row in stated.items()
        for alias in (*row.aliases, *_former(matched.get(code), row))
        if alias not in aliases.get(id_of[code], ()) and alias not in (row.name, row.code)
    }
    return Difference(
        tuple(wanted(stated[code]) for code in fresh),
        tuple(changed),
        _closed(known, {one.id for one in matched.values()}) if whole else (),
        tuple(new_aliases),
        {one.id: one for one in known},
    )


def _kept_by_register(
    stated: Mapping[str, NodeIn],
    known: Sequence[Known],
    by_code: Mapping[str, Known],
    aliases: Mapping[int, tuple[str, ...]],
) -> frozenset[str]:
    """Return the present and former codes of households that the register keeps; a file's word on them is older.

    Not so where the file closes the grid above them: then it must say where they go.
    """
    kept = [one for one in known if one.origin == REGISTER]
    if not kept:
        return frozenset()
    standing = stated.keys() | {alias for row in stated.values() for alias in row.aliases}
    above = {one.id: one for one in known}

    def stands(one: Known) -> bool:
        grid = above.get(one.parent_id or 0)
        return one.valid_to is not None or grid is None or grid.origin != "hierarchy" or grid.code in standing

    theirs = {code for one in kept if stands(one) for code in (one.code, *aliases.get(one.id, ()))}
    return frozenset(code for code in theirs if code not in by_code or by_code[code].origin == REGISTER)


def _matched(stated: Mapping[str, NodeIn], by_code: Mapping[str, Known]) -> dict[str, Known]:
    """Return the known node of each stated code that has one; a former code counts for the first that claims it."""
    found = {code: by_code[code] for code in stated if code in by_code}
    claimed: set[str] = set()
    for code, row in stated.items():
        former = [old for old in row.aliases if old in by_code and old not in stated and old not in claimed]
        if former and code not in found:
            found[code] = by_code[former[0]]
            claimed.add(former[0])
    return found


def _former(old: Known | None, now: NodeIn) -> tuple[str, ...]:
    return () if old is None else tuple(one for one in (old.name, old.code) if one not in (now.name, now.code))


def _parents_first(stated: Mapping[str, NodeIn], standing: Container[str]) -> list[str]:
    """Return the stated codes, parents before children; BadSetting names a parent that is nowhere, or a circle."""
    ordered: dict[str, None] = {}
    for code in stated:
        line: list[str] = []
        at: str | None = code
        while at is not None and at in stated and at not in ordered:
            if at in line:
                raise BadSetting(f"上下级成了圈:{at}")
            line.append(at)
            at = stated[at].parent_code
        if at is not None and at not in stated and at not in standing:
            raise BadSetting(f"{line[-1]} 的上级 {at} 不存在")
        ordered.update(dict.fromkeys(reversed(line)))
    return list(ordered)


def _closed(known: Sequence[Known], kept: set[int]) -> tuple[Known, ...]:
    """Return the open nodes to close: unstated ones of the hierarchy, and everything below them."""
    open_nodes = [one for one in known if one.valid_to is None]
    closing = {one.id for one in open_nodes if one.id not in kept and one.origin == "hierarchy"}
    while True:
        below = {one.id for one in open_nodes if one.parent_id in closing and one.id not in closing | kept}
        if not below:
            return tuple(one for one in open_nodes if one.id in closing)
        closing |= below
