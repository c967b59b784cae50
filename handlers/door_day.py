"""What waits for one person of the rounds from door to door and of the matters they work on: lines of 今天."""

from handlers import matter_flow as flow
from handlers.domain.knocking import Knock, Knocked, RoundKind
from handlers.domain.people import Person
from handlers.domain.posting import posted
from handlers.knock_places import worked
from handlers.ports import Context, Work
from handlers.post_up import buildings_at
from handlers.wording import door_day as say


def lines(person: Person, work: Work, ctx: Context) -> list[str]:
    """Return a line for each open round with something left for the person, and one for their matters."""
    found = []
    for one in work.knocks.live(RoundKind.KNOCK):
        rows = work.knocks.at(one.id, worked(person, one, ctx))
        todo, again = sum(row.state is Knocked.TODO for row in rows), sum(_again(row, ctx) for row in rows)
        found += [say.to_knock(one.title, todo, again)] if todo or again else []
    for one in work.knocks.live(RoundKind.POSTING):
        posts = work.postings.of(one.id)
        left = 0
        for place in worked(person, one, ctx):
            buildings, homes = buildings_at(place, ctx)
            stands = posted(buildings, homes, posts.get(place, ())) if homes else None
            left += bool(homes) and (stands is None or stands.done < stands.of)
        found += [say.to_post(one.title, left)] if left else []
    return found + _matters(person, work, ctx)


def _again(row: Knock, ctx: Context) -> bool:
    return row.state is Knocked.ABSENT and (row.due_at is None or row.due_at <= ctx.now)


def _matters(person: Person, work: Work, ctx: Context) -> list[str]:
    """Numbers alone: what they are about is read one by one, and noted."""
    people = [who for who in flow.in_stead_of(person) if who is not None]
    held = {one.id for who in people for one in work.matters.of_staff(who) if one.assignee_id == who}
    return [say.to_settle(sorted(held))] if held else []
