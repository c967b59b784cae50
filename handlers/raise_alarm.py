"""Somebody is ill or in danger now: whoever is on duty hears it at once and word for word, whatever else was read.

The duty person of the place, else its lead, else the lead of the level above; in private, never in a group, and by
night too. The message goes on to its own verb as well: a report with a fever in it is still a report.
"""

from handlers import wording
from handlers.domain.delivery import Purpose
from handlers.letters import URGENT, private
from handlers.pass_on import alone as passed_on_anyway
from handlers.pass_on import lead_on_duty, place_of_speaker
from handlers.ports import Context, Say, Turn, Work
from nlp.types import Utterance

SHOWN = 500  # characters of the raw text; the rest is in the inbox


def raise_alarm(turn: Turn, said: Utterance, work: Work, ctx: Context) -> list[Say]:
    """Page the person on duty when *said* carries an alarm, and tell the sender whom; [] when it does not.

    A message that is passed on word for word anyway is not told twice.
    """
    if not said.alarms or said.intent in passed_on_anyway:
        return []
    node = place_of_speaker(turn, ctx)
    work.alarms.sound("person_in_need", f"inbox {turn.inbound.id}", ctx.now)
    person = lead_on_duty(node, turn.person, work, ctx)
    if person is None:
        return [Say(wording.nobody_to_pass_to(), private=True)]
    words = wording.alarm(turn.person.name, ctx.tree.path_name(node), turn.text[:SHOWN])
    letter = private(person.userid, person.id, words, ctx.now, purpose=Purpose.NOTICE, priority=URGENT)
    work.outbox.put([letter], ctx.now)
    work.audit.note(ctx.now, turn.person.id, "raise alarm", f"inbox {turn.inbound.id} to {person.id}", "duty", "ok")
    return [Say(wording.alarm_raised(person.name), private=True)]
