"""What waits for people of the rounds from door to door and of the matters they work on: lines of 今天."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from handlers import matter_flow as flow
from handlers.domain.knocking import KnockRound, RoundKind
from handlers.domain.people import Person
from handlers.domain.posting import Post, posted
from handlers.knock_places import worked
from handlers.ports import Context, Work
from handlers.post_up import buildings_at
from handlers.wording import door_day as say


@dataclass(frozen=True, slots=True)
class DoorFacts:
    """The live rounds, with what is left of each by place, and the matters by whoever works on them."""

    knocks: Sequence[tuple[KnockRound, Mapping[int, tuple[int, int]]]]
    postings: Sequence[tuple[KnockRound, Mapping[int, tuple[Post, ...]]]]
    matters: Mapping[int, tuple[int, ...]]


def doors_of_day(people: Sequence[Person], work: Work, ctx: Context) -> DoorFacts:
    """Return the rounds and matters of these people: a statement a round, however many they are."""
    knocks = []
    for one in work.knocks.live(RoundKind.KNOCK):
        places = {place for person in people for place in worked(person, one, ctx)}
        knocks.append((one, work.day_reads.doors_left(one.id, sorted(places), ctx.now) if places else {}))
    postings = [(one, work.postings.of(one.id)) for one in work.knocks.live(RoundKind.POSTING)]
    whom = {who for person in people for who in flow.in_stead_of(person) if who is not None}
    return DoorFacts(knocks, postings, work.day_reads.matters(sorted(whom)))


def lines(person: Person, facts: DoorFacts, ctx: Context) -> list[str]:
    """Return a line for each open round with something left for the person, and one for their matters."""
    found = []
    for one, left in facts.knocks:
        mine = [left[place] for place in worked(person, one, ctx) if place in left] if left else []
        todo, again = sum(row[0] for row in mine), sum(row[1] for row in mine)
        found += [say.to_knock(one.title, todo, again)] if todo or again else []
    for one, posts in facts.postings:
        unposted = 0
        for place in worked(person, one, ctx):
            buildings, homes = buildings_at(place, ctx)
            stands = posted(buildings, homes, posts.get(place, ())) if homes else None
            unposted += bool(homes) and (stands is None or stands.done < stands.of)
        found += [say.to_post(one.title, unposted)] if unposted else []
    return found + _matters(person, facts)


def _matters(person: Person, facts: DoorFacts) -> list[str]:
    """Numbers alone: what they are about is read one by one, and noted."""
    people = [who for who in flow.in_stead_of(person) if who is not None]
    held = {number for who in people for number in facts.matters.get(who, ())}
    return [say.to_settle(sorted(held))] if held else []
