"""What a declaration yields: the receipt by the written table, what disagrees, and until when it is all kept."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from handlers.domain.consistency import Disagreement, Point, Source, Statement, disagreements
from handlers.domain.declaration import SYMPTOMS, Question
from handlers.domain.declared import Asked, Given, Said, Subject
from handlers.domain.declaring import Declaring
from handlers.domain.facts import Facts
from handlers.domain.people import on_duty
from handlers.domain.privacy import HEALTH
from handlers.domain.receipt_colour import Receipt, judge
from handlers.domain.returnees import Table
from handlers.ports import Context, Work
from handlers.read_sheet import routed, which_table, with_table
from handlers.wording import declaration as say

TABLE = "table"
NOW, OTHER = "now", "other"
ABROAD = "0"
_TABLES = ((Table.WUHAN, "武汉"), (Table.HUBEI_OTHER, "湖北其他地方"), (Table.OUT_PROVINCE, "外省"))


def release_day(facts: Facts, valid_until: date, declaring: Declaring) -> date:
    """Return the last day of what the declaration is for: of the observation, or of the receipt."""
    if facts.away and facts.arrived is not None:
        return max(valid_until, facts.arrived + timedelta(days=declaring.table.observe_days))
    return valid_until


def destroy_day(facts: Facts, valid_until: date, declaring: Declaring) -> date:
    """Return the day a declaration is destroyed: so long after its release as the privacy table says."""
    return release_day(facts, valid_until, declaring) + HEALTH.retain_after


def receipt_for(
    said: Said, differing: Iterable[Disagreement], declaring: Declaring, work: Work, ctx: Context
) -> Receipt:
    """Return the receipt by the written table, today, of what was *said*; its id is 0 until it is kept."""
    assert said.facts is not None
    verdict = judge(
        said.facts, declaring.table, work.statements.lists(ctx.day), ctx.day, SYMPTOMS, declaring.fever, differing
    )
    return Receipt(
        id=0,
        colour=verdict.colour,
        reason=verdict.reason,
        next_steps=verdict.next_steps,
        valid_until=verdict.valid_until,
        ask=whom_to_ask(said.node_id, declaring, work, ctx),
        rules=verdict.rules,
        version=verdict.version,
        made_at=said.made_at,
        arrived_at=said.arrived_at,
    )


def give(said: Said, receipt: Receipt, work: Work, ctx: Context) -> Given:
    """Keep the receipt; a red one that a clinician gave stands until that clinician, or its end, takes it back."""
    standing = work.colours.of([said.subject_id]).get(said.subject_id)
    if standing is not None and standing.clinician_id is not None and standing.receipt.valid_until >= ctx.day:
        return standing
    return work.colours.give(Given(receipt, said.id, said.subject_id), ctx.now)


def whom_to_ask(node_id: int, declaring: Declaring, work: Work, ctx: Context) -> str:
    """Return whom somebody there may ask: the gridworker on duty by name, else what the county says."""
    line = (node_id, *ctx.tree.ancestors(node_id))
    holders = work.people.holders(ctx.day, ["gridworker"])
    for node in line:
        held = [row.person_id for row in holders if row.node_id == node]
        answering = on_duty(held, work.people.leaves(ctx.day))
        if answering:
            return f"网格员{work.people.names(answering[:1]).get(answering[0], '')}"
    return declaring.ask


def others_say(subject: Subject, made_on: date, earlier: Iterable[Said], work: Work) -> list[Statement]:
    """Return what was said of the person elsewhere: by themselves before, by the worker, on a list."""
    found = [
        Statement(Source.EARLIER, one.day, bool(one.facts.away), one.facts.origin, one.facts.places, one.facts.arrived)
        for one in earlier
        if one.facts is not None and one.facts.away is not None
    ]
    if subject.household_id is not None and subject.name:
        found += work.statements.of(subject.household_id, subject.name, made_on)
    return found


def differences(facts: Facts, made_on: date, statements: Iterable[Statement], declaring: Declaring) -> Sequence[
    tuple[Disagreement, Statement]
]:  # fmt: skip
    """Return what disagrees, each with the statement it disagrees with."""
    if facts.away is None:
        return []
    listed = list(statements)
    found = disagreements(facts, made_on, listed, timedelta(days=declaring.table.incubation_days))
    by_source = {(one.source, one.said_on): one for one in listed}
    return [(one, by_source[one.source, one.said_on]) for one in found]


def ask_about(
    said: Said,
    found: Iterable[tuple[Disagreement, Statement]],
    settled: frozenset[str],
    declaring: Declaring,
    work: Work,
    ctx: Context,
) -> list[Asked]:
    """Put what disagrees to the person, each with what the other said, and the table where it cannot be told.

    *settled* are the statements they have answered before: nobody is asked twice about the same word.
    """
    due_at = ctx.now + declaring.welfare_after
    asked = ask_differing(said, found, settled, declaring, work, ctx)
    assert said.facts is not None
    which = which_table(said.facts, ctx.county.province)
    if which is not None:
        body = {"say": which}
        asked.append(work.questions.ask(said.id, said.subject_id, TABLE, body, ctx.now, due_at))
    return asked


def ask_differing(
    said: Said,
    found: Iterable[tuple[Disagreement, Statement]],
    settled: frozenset[str],
    declaring: Declaring,
    work: Work,
    ctx: Context,
) -> list[Asked]:
    """Put what disagrees to the person; what they answered before is not asked again."""
    asked = []
    for one, other in found:
        body = _body(one, other)
        if body["about"] not in settled:
            due_at = ctx.now + declaring.welfare_after
            asked.append(work.questions.ask(said.id, said.subject_id, one.source.value, body, ctx.now, due_at))
    return asked


def about(other: Statement) -> str:
    """Return what names a statement, so that settling it holds for as long as the same is said."""
    return f"{other.source}|{other.away}|{other.origin}|{other.arrived}|{other.issuer}"


def _body(one: Disagreement, other: Statement) -> dict[str, Any]:
    return {
        "about": about(other),
        "source": one.source.value,
        "point": one.point.value,
        "now": one.now,
        "other": one.other,
        "said_on": one.said_on.isoformat(),
        "issuer": one.issuer,
        "basis": one.basis,
        "away": other.away,
        "origin": other.origin,
        "places": list(other.places),
        "arrived": other.arrived.isoformat() if other.arrived else None,
    }


def disagreement_of(asked: Asked) -> Disagreement | None:
    """Return the disagreement an open question is about, None for one about a table."""
    body = asked.body
    if asked.kind == TABLE:
        return None
    return Disagreement(
        Source(body["source"]),
        Point(body["point"]),
        body["now"],
        body["other"],
        date.fromisoformat(body["said_on"]),
        body["issuer"],
        body["basis"],
    )


def question_of(asked: Asked, facts: Facts | None, *, known: bool = True) -> Question:
    """Return a question as the page shows it: both statements, who said the other, and one tap for each.

    To somebody who is not *known* to belong there it names what disagrees, and not what was said before.
    """
    if asked.kind == TABLE:
        choices = [(str(table.value), words) for table, words in _TABLES]
        if facts is not None and facts.transit:
            choices = [("1", "武汉停留过"), ("2", "湖北别处停留过"), ("3", "没停留,从外省来"), ("4", "没停留,从本省来")]
        else:
            choices += [("4", "本省"), (ABROAD, "境外")]
        return Question(f"q{asked.id}", asked.body["say"], tuple(choices))
    found = disagreement_of(asked)
    assert found is not None
    said_on = f"{found.said_on.month}月{found.said_on.day}日"
    if not known:
        words = say.differs_somewhere(found.source, found.point, said_on, found.issuer)
        return Question(f"q{asked.id}", words, ((NOW, "现在填的对"), (OTHER, "以前登记的对,帮我改")))
    words = say.differs(found.source, found.now, found.other, said_on, found.issuer)
    return Question(f"q{asked.id}", words, ((NOW, f"现在填的对:{found.now}"), (OTHER, f"改成:{found.other}")))


def settled_facts(asked: Asked, choice: str, facts: Facts, province: str) -> Facts | None:
    """Return the facts once the question was answered with *choice*; None for a choice that was not offered."""
    if asked.kind == TABLE:
        if choice not in {code for code, _ in question_of(asked, facts).choices}:
            return None
        return with_table(facts, Table(int(choice)) if choice != ABROAD else None)
    if choice == NOW:
        return facts
    if choice != OTHER:
        return None
    body = asked.body
    if not body["away"]:
        return Facts(away=False, symptoms=facts.symptoms, celsius=facts.celsius)
    arrived = date.fromisoformat(body["arrived"]) if body["arrived"] else facts.arrived
    return routed(
        body["origin"] or facts.origin, facts.transit, arrived, facts.transport, facts.category, province,
        symptoms=facts.symptoms, celsius=facts.celsius,
    )  # fmt: skip


def standing_journey(lives: Iterable[Said], asked: Iterable[Asked]) -> Said | None:
    """Return the declaration whose journey counts: the last one said, but one that takes back a journey counts only
    once the person has said which is right."""
    in_question = {one.declaration_id for one in asked if one.kind != TABLE and one.body["point"] == Point.AWAY}
    for said in sorted(lives, key=lambda one: (one.made_at, one.id), reverse=True):
        if said.facts is None or said.facts.away is None or (not said.facts.away and said.id in in_question):
            continue
        return said if said.facts.away else None
    return None
