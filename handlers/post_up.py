"""8栋贴完了, 贴了6栋 还差2栋, 全贴完了: where a notice hangs, building by building; 张贴进度 counts them by level."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from weakref import WeakKeyDictionary

from handlers.domain.hierarchy import Tree
from handlers.domain.knocking import KnockRound, RoundKind, route
from handlers.domain.posting import Post, Posted, Summed, building_words, posted
from handlers.domain.talk import Talk, Topic
from handlers.knock_places import at_round, homes_at, parts_of, places_under, rounds_for, seen, titled, worked
from handlers.knock_words import KnockKind, KnockWord
from handlers.ports import Context, Say, Turn, Work
from handlers.wording import posting as say

intents = frozenset({KnockKind.POST_LIST, KnockKind.POSTED, KnockKind.POST_PROGRESS})
ASKED_FOR = timedelta(minutes=30)
_LINES = 15


def handle(turn: Turn, word: KnockWord, work: Work, ctx: Context) -> list[Say] | None:
    """Answer what hangs where; None when nothing is being posted here, so the words are about something else."""
    if word.kind is KnockKind.POST_PROGRESS:
        rounds = rounds_for(turn, RoundKind.POSTING, work, ctx, working=False)
        return [Say(_text(turn, one, work, ctx)) for one in rounds[:3]] or [Say(say.none_open())]
    rounds = rounds_for(turn, RoundKind.POSTING, work, ctx)
    if not rounds:
        return None
    if not (chosen := titled(rounds, word.building if word.kind is KnockKind.POST_LIST else "")):
        return None
    one = chosen[0]
    if word.kind is KnockKind.POST_LIST:
        at_round(turn, one, work, ctx)
        return [Say(_list(turn, one, work, ctx), private=True)]
    text = _put(turn, word, one, work, ctx)
    return None if text is None else [Say(text, private=True)]


_KNOWN: WeakKeyDictionary[Tree, dict[int, tuple[list[str], int]]] = WeakKeyDictionary()
"""Of each tree, which never changes, what was read of its places: a county's doors take a second."""


def buildings_at(place: int, ctx: Context) -> tuple[list[str], int]:
    """Return the buildings of a place in order, as its doors tell them, and how many households it has."""
    known = _KNOWN.setdefault(ctx.tree, {})
    if place not in known:
        known[place] = _read(place, ctx)
    return known[place]


def _read(place: int, ctx: Context) -> tuple[list[str], int]:
    homes = homes_at([place], ctx)
    named = route((home, ctx.tree.node(home).name) for home in homes)
    return list(dict.fromkeys(door.building for door in named if door.building)), len(homes)


def _places(turn: Turn, one: KnockRound, ctx: Context) -> dict[int, tuple[list[str], int]]:
    held = {place: buildings_at(place, ctx) for place in worked(turn.person, one, ctx)}
    return {place: found for place, found in held.items() if found[1]}


# -- said --------------------------------------------------------------------------------------------------------------


def _put(turn: Turn, word: KnockWord, one: KnockRound, work: Work, ctx: Context) -> str | None:
    places = _places(turn, one, ctx)
    if not places:
        return None
    how = word.said["how"]
    asked = work.talks.last(turn.person.id, turn.place, [Topic.POSTING], ctx.now)
    if how == "left" and (asked is None or asked.subject_id != one.id):
        return None  # 差3栋 answers 是哪2栋?, and nothing else
    work.talks.drop(turn.person.id, turn.place, [Topic.POSTING])
    if how in ("named", "not"):
        return _named(turn, word.said["which"], one, places, work, ctx, undo=how == "not")
    if len(places) > 1:
        return say.which_grid([ctx.tree.path_name(place) for place in places])
    ((place, (buildings, homes)),) = places.items()
    if how == "all":
        return _all(turn, one, place, buildings, homes, work, ctx)
    if how == "left":
        return _left(turn, word.said["which"], one, place, buildings, work, ctx)
    return _counted(turn, word.said, one, place, buildings, homes, work, ctx)


def _named(
    turn: Turn, said: str, one: KnockRound, places: Mapping[int, tuple[list[str], int]], work: Work, ctx: Context,
    *, undo: bool,
) -> str:  # fmt: skip
    """Put down every building named, or none: one that is not here is asked about first."""
    chosen: list[tuple[int, str]] = []
    for building in building_words(said):
        at = [place for place, (buildings, _) in places.items() if building in buildings]
        if len(at) > 1:
            return say.which_place(building, [ctx.tree.path_name(place) for place in at])
        if not at:
            return say.no_building(building, _near(building, [b for found, _ in places.values() for b in found]))
        chosen.append((at[0], building))
    if undo:
        back = [building for place, building in chosen if work.postings.take_back(one.id, place, building, ctx.now)]
        return say.taken_back([building for _, building in chosen], back)
    new = [building for place, building in chosen if _hang(turn, one, place, building, work, ctx)]
    old = [building for _, building in chosen if building not in new]
    at_round(turn, one, work, ctx)
    return say.put(one.title, new, old) + _stands(one, {place for place, _ in chosen}, work, ctx)


def _hang(turn: Turn, one: KnockRound, place: int, building: str, work: Work, ctx: Context) -> bool:
    return work.postings.put(one.id, place, building, turn.person.id, turn.inbound.id, ctx.now)


def _near(building: str, known: Iterable[str]) -> list[str]:
    """Return at most three buildings the words may have meant: the nearest by number."""
    number = int(building.removesuffix("栋"))
    return sorted(dict.fromkeys(known), key=lambda one: (abs(int(one.removesuffix("栋")) - number), one))[:3]


def _all(turn: Turn, one: KnockRound, place: int, buildings: list[str], homes: int, work: Work, ctx: Context) -> str:
    if buildings:
        new = sum(_hang(turn, one, place, building, work, ctx) for building in buildings)
    else:
        new = int(work.postings.put(one.id, place, "", turn.person.id, turn.inbound.id, ctx.now, homes))
    at_round(turn, one, work, ctx)
    return say.all_up(one.title, len(buildings) or homes, "栋" if buildings else "户", bool(new))


def _counted(
    turn: Turn, said: Mapping[str, str], one: KnockRound, place: int, buildings: list[str], homes: int, work: Work,
    ctx: Context,
) -> str:  # fmt: skip
    """So many, not which: kept as said, checked against what is here, and which are left is asked."""
    number, left = int(said["n"]), int(said["left"]) if said["left"] else None
    unit = "户" if said["unit"] in ("户", "家") else "栋"
    of = len(buildings) if unit == "栋" else homes
    if unit == "栋" and not buildings:
        return say.no_buildings_here()
    if unit == "户" and buildings:
        return say.by_building(len(buildings))
    if number > of or (left is not None and number + left != of):
        return say.does_not_add_up(number, left, of, unit)
    new = work.postings.put(one.id, place, "", turn.person.id, turn.inbound.id, ctx.now, number)
    at_round(turn, one, work, ctx)
    missing = of - number
    if missing and unit == "栋":
        work.talks.put(Talk(turn.person.id, turn.place, Topic.POSTING, one.id, ctx.now, ctx.now + ASKED_FOR))
    return say.counted(one.title, number, of, unit, new=new, ask=bool(missing) and unit == "栋")


def _left(turn: Turn, said: str, one: KnockRound, place: int, buildings: list[str], work: Work, ctx: Context) -> str:
    """The answer to 差的是哪2栋?: all others hang."""
    named = building_words(said)
    for building in named:
        if building not in buildings:
            return say.no_building(building, _near(building, buildings))
    new = [b for b in buildings if b not in named and _hang(turn, one, place, b, work, ctx)]
    return say.put(one.title, new, []) + _stands(one, {place}, work, ctx)


# -- shown -------------------------------------------------------------------------------------------------------------


def _posted(place: int, posts: Mapping[int, tuple[Post, ...]], ctx: Context) -> Posted | None:
    buildings, homes = buildings_at(place, ctx)
    return posted(buildings, homes, posts.get(place, ()))


def _stands(one: KnockRound, places: Iterable[int], work: Work, ctx: Context) -> str:
    posts = work.postings.of(one.id)
    found = [stands for place in places if (stands := _posted(place, posts, ctx)) is not None]
    return say.stands(found[0]) if len(found) == 1 else ""


def _list(turn: Turn, one: KnockRound, work: Work, ctx: Context) -> str:
    posts, lines = work.postings.of(one.id), []
    for place, (buildings, homes) in _places(turn, one, ctx).items():
        stands = posted(buildings, homes, posts.get(place, ()))
        lines.append(say.place_line(ctx.tree.node(place).name, buildings, homes, stands))
    return say.listed(one.title, lines)


def _text(turn: Turn, one: KnockRound, work: Work, ctx: Context) -> str:
    return "\n".join(of_node(one, node, work, ctx) for node in seen(turn.person, one, ctx)[:3])


def of_node(one: KnockRound, node: int, work: Work, ctx: Context) -> str:
    """Return how far a campaign is at a node, part by part; a part nobody spoke of is 未贴, never 0."""
    posts = work.postings.of(one.id)
    parts = [(part, _summed(part, posts, ctx)) for part in parts_of(node, ctx)]
    parts = [(part, total) for part, total in parts if total.of]
    shown = [(ctx.tree.name_within(part, node), say.stand(total)) for part, total in parts[:_LINES]]
    total = say.stand(_summed(node, posts, ctx))
    return say.progress(one.title, ctx.tree.path_name(node), total, shown, len(parts) - len(shown))


def _summed(node: int, posts: Mapping[int, tuple[Post, ...]], ctx: Context) -> Summed:
    total = Summed()
    for place in places_under([node], ctx):
        buildings, homes = buildings_at(place, ctx)
        if homes:
            total = total.plus(len(buildings), homes, posted(buildings, homes, posts.get(place, ())))
    return total
