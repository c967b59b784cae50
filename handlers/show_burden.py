"""减负账单: what a month asked of a place and of the places right below it; counts in tree order, never a ranking."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from handlers import wording
from handlers.burden_words import BurdenKind, BurdenWord
from handlers.domain.errors import Refused
from handlers.domain.hierarchy import HOUSEHOLD
from handlers.domain.people import HolderRow
from handlers.domain.policy import ADMINS, Action
from handlers.ports import Context, Say, Turn, Work
from handlers.wording import burden as say

intents = frozenset({BurdenKind.BILL})
Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Homes:
    """What the households of a place were sent and asked; sums add up, as a household lies in one place."""

    sent: int = 0
    asked: int = 0
    spared: int = 0
    refused: int = 0

    def __add__(self, other: "Homes") -> "Homes":
        return Homes(
            self.sent + other.sent,
            self.asked + other.asked,
            self.spared + other.spared,
            self.refused + other.refused,
        )


def handle(turn: Turn, word: BurdenWord, work: Work, ctx: Context) -> list[Say] | None:
    """Answer in private: reasons of waivers stand in it."""
    held = ctx.tree.viewable(turn.person, turn.person.nodes(), Action.EXPORT)
    if not held:
        raise Refused(wording.not_allowed("看减负账单"))
    first = _month(word, ctx)
    if first is None:
        return [Say(say.which_month(), private=True)]
    node = ctx.tree.view(turn.person, held[0], Action.EXPORT)
    lines = bill(node.id, first, work, ctx)
    work.audit.note(ctx.now, turn.person.id, "look bill", f"node:{node.id}", "duty", first.isoformat()[:7])
    return [Say("\n".join(lines), private=True)]


def _month(word: BurdenWord, ctx: Context) -> date | None:
    """Return the first day of the month meant: this one when none is named, the last such that has begun; None when
    there is no such month, or it has not come yet."""
    today = ctx.day
    if not word.month:
        return today.replace(day=1) if not word.year else None
    if word.month > 12:
        return None
    year = word.year or (today.year if word.month <= today.month else today.year - 1)
    first = date(year, word.month, 1)
    return first if first <= today else None


def bill(node_id: int, first: date, work: Work, ctx: Context) -> list[str]:
    """Return the lines of the bill of a place for the month that begins on *first*."""
    after = (first + timedelta(days=32)).replace(day=1)
    began, ended = (datetime.combine(day, time(), ctx.county.tz).astimezone(ctx.now.tzinfo) for day in (first, after))
    span = began, min(ended, ctx.now + timedelta(microseconds=1))
    below = [one for one in ctx.tree.children(node_id) if ctx.tree.node(one).level != HOUSEHOLD]
    homes = {one: _homes(one, span, work, ctx) for one in below}
    homes[node_id] = sum(homes.values(), _homes(node_id, span, work, ctx) if not below else Homes())
    posts = work.people.holders(ctx.day)
    lines = [say.bill_head(ctx.tree.path_name(node_id), first, ended <= ctx.now)]
    lines += [_line(one, homes, posts, span, work, ctx) for one in (node_id, *below)]
    for waiver in work.fatigue.waivers(ctx.tree.above_households(node_id), *span):
        directive = work.directives.get(waiver.directive_id)
        code = directive.code if directive else f"#{waiver.directive_id}"
        lines.append(say.bill_waiver(code, ctx.local(waiver.at).date(), waiver.reason))
    return lines


def _homes(node_id: int, span: Span, work: Work, ctx: Context) -> Homes:
    if not ctx.tree.has_level(HOUSEHOLD):
        return Homes()
    ids = ctx.tree.within(node_id, HOUSEHOLD)
    return Homes(work.fatigue.to_households(ids, *span), *work.asks.counts(ids, *span))


def _line(
    node_id: int, homes: Mapping[int, Homes], posts: Iterable[HolderRow], span: Span, work: Work, ctx: Context
) -> str:
    people = {
        row.person_id for row in posts if row.role not in ADMINS and ctx.tree.contains(node_id, row.node_id)
    }  # fmt: skip
    theirs = homes[node_id]
    return say.bill_line(
        ctx.tree.path_name(node_id),
        staff=work.fatigue.to_people(people, *span),
        homes=theirs.sent,
        receipts=work.fatigue.receipts_asked(people, *span),
        asks=theirs.asked,
        spared=theirs.spared,
        refused=theirs.refused,
        kept=work.fatigue.kept_back(people, *span),
        waived_=len(work.fatigue.waivers(ctx.tree.above_households(node_id), *span)),
    )
