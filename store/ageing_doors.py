"""Ageing of what is kept about doors and matters; `store.ageing` goes by these rules too."""

from collections.abc import Sequence

from sqlalchemy import Select, select

from handlers.domain.knocking import RoundState
from store import models as m
from store.ageing_rule import Moment, Rule, nothing


def _round_over(moment: Moment) -> Select[tuple[int]]:
    return select(m.knock_round.c.id).where(m.knock_round.c.ended_at < moment.before(m.knock.c.state))


DOOR_RULES: Sequence[Rule] = (
    Rule(
        m.knock_round,
        ("words",),
        lambda t: (
            (m.knock_round.c.made_at < t.before(m.knock_round.c.words))
            & (m.knock_round.c.ended_at.is_not(None) | (m.knock_round.c.state == RoundState.PREVIEW.value))
            & m.knock_round.c.words.is_not(None)
        ),
        nothing("words"),
    ),
    Rule(m.knock, ("state", "persons"), lambda t: m.knock.c.round_id.in_(_round_over(t))),
    Rule(m.knock_step, ("state", "persons", "why"), lambda t: m.knock_step.c.round_id.in_(_round_over(t))),
    Rule(
        m.matter,
        ("body", "destroy_on"),
        lambda t: m.matter.c.destroy_on <= t.now.astimezone(t.zone).date(),
        nothing("body", "destroy_on", "due_at", "asked", state="erased"),
    ),
    Rule(  # after the rule above: the words go with what they were about
        m.matter_step,
        ("note",),
        lambda _: (
            m.matter_step.c.matter_id.in_(select(m.matter.c.id).where(m.matter.c.body.is_(None)))
            & m.matter_step.c.note.is_not(None)
        ),
        nothing("note"),
    ),
)
