"""Which household words mean in a round, and how doors of several places are told apart."""

import re
from collections.abc import Iterable, Sequence

from handlers.domain.doors import door_key
from handlers.domain.hierarchy import HOUSEHOLD
from handlers.domain.knocking import Door, KnockRound
from handlers.knock_outcome import doors_of
from handlers.knock_places import homes_at, worked
from handlers.ports import Context, Turn, Work

_PLACED = re.compile(r"(?P<at>[^\s,。;:]{0,14}格)[\s,]*(?P<rest>.*)", re.DOTALL)


def split(words: str) -> tuple[str, str]:
    """Return the grid that *words* begin with ("" for none), and the rest.

    >>> split("第01网格0001户"), split("3-101"), split("2格 8栋")
    (('第01网格', '0001户'), ('', '3-101'), ('2格', '8栋'))
    """
    found = _PLACED.fullmatch(words.strip())
    return (found["at"], found["rest"]) if found else ("", words.strip())


def within(places: Sequence[int], at: str, turn: Turn, ctx: Context) -> tuple[int, ...]:
    """Return those of the places that the words *at* mean; all of them when there are no words."""
    if not at:
        return tuple(places)
    named = {node.id for top in turn.person.nodes() for node in ctx.tree.find(at, top)}
    return tuple(place for place in places if any(ctx.tree.contains(node, place) for node in named))


def find(
    turn: Turn, words: str, rounds: Sequence[KnockRound], work: Work, ctx: Context
) -> list[tuple[KnockRound, int]]:
    """Return the households the words may mean, in the first round that has one."""
    coded = ctx.tree.by_code(words.strip())
    at, door = split(words)
    wanted = door_key(door)
    for one in rounds:
        places = worked(turn.person, one, ctx)
        if coded is not None and coded.level == HOUSEHOLD and coded.parent_id in places:
            return [(one, coded.id)] if work.knocks.of(one.id, coded.id) else []
        doors = doors_of(work.knocks.at(one.id, within(places, at, turn, ctx)), ctx)
        if found := [(one, held.id) for held in doors if door_key(held.name) == wanted]:
            return found
    return []


def place_names(places: Iterable[int], ctx: Context) -> dict[int, str]:
    """Return what tells places with households apart, as those who walk them say it: 第01网格, 第02网格."""
    held = [place for place in dict.fromkeys(places) if homes_at([place], ctx)]
    paths = {place: ctx.tree.path_name(place) for place in held}
    for above in ctx.tree.ancestors(held[0]) if held else ():
        said = ctx.tree.path_name(above)
        if said and all(path.startswith(said) and path != said for path in paths.values()):
            return {place: path.removeprefix(said) for place, path in paths.items()}
    return paths


def grid_by_grid(doors: Sequence[Door], names: dict[int, str], ctx: Context) -> list[tuple[str, Door]]:
    """Return the doors place by place, each with its place's name; "" where there is only one place."""
    at = {door.id: ctx.tree.parent(door.id) or 0 for door in doors}
    order = {place: number for number, place in enumerate(names)}
    ordered = sorted(doors, key=lambda door: order.get(at[door.id], len(order)))
    return [(names.get(at[door.id], "") if len(names) > 1 else "", door) for door in ordered]


def said_in_full(homes: Iterable[int], places: Iterable[int], ctx: Context) -> list[str]:
    """Return the doors as they must be said to mean one only: with the grid where there are several places."""
    names = place_names(places, ctx)
    found = []
    for home in homes:
        above = ctx.tree.parent(home) or 0
        at = names.get(above) or ctx.tree.path_name(above)
        found.append((at if len(names) > 1 else "") + ctx.tree.node(home).name)
    return found
