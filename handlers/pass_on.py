"""What has no verb of its own yet (events, needs, questions about health) goes, as said, to a person on duty.

In private, never in the group. A machine that cannot help says so and fetches somebody who can.
"""

from handlers import take_report, wording
from handlers.domain.delivery import Purpose
from handlers.domain.people import Person
from handlers.domain.reading import TEMPLATES
from handlers.domain.staff import Staff
from handlers.letters import URGENT, private
from handlers.ports import Context, Say, Turn, Work
from nlp.types import Intent, Utterance

intents = frozenset(
    {Intent.EVENT, Intent.NEEDS, Intent.HEALTH_QUESTION, Intent.DELIVERY, Intent.CHECKIN_REPLY, Intent.TEMPERATURE_ROLL}
)

alone = intents - {Intent.TEMPERATURE_ROLL}  # nobody else takes these, so their words always come here


def handle(turn: Turn, said: Utterance, work: Work, ctx: Context) -> list[Say]:
    """Pass the words on and say to whom."""
    node = place_of_speaker(turn, ctx)
    person = lead_on_duty(node, turn.person, work, ctx)
    if person is None:
        return [Say(wording.nobody_to_pass_to()), *_counted(turn, said, work, ctx)]
    text = f"{turn.person.name}({ctx.tree.path_name(node)})说:{turn.text[:500]}"
    letter = private(person.userid, person.id, text, ctx.now, purpose=Purpose.NOTICE, priority=URGENT)
    work.outbox.put([letter], ctx.now)
    work.audit.note(ctx.now, turn.person.id, "tell names", f"person {person.id}", "duty", "ok")
    return [Say(wording.passed_on(person.name), private=True), *_counted(turn, said, work, ctx)]


def _counted(turn: Turn, said: Utterance, work: Work, ctx: Context) -> list[Say]:
    """Keep what an event counts besides: 发热1人 38.2 is told to the lead, and is one of today's figures."""
    counts = said.intent is Intent.EVENT and any(draft.type in TEMPLATES for draft in said.drafts)
    return take_report.handle(turn, said, work, ctx) if counts else []


def place_of_speaker(turn: Turn, ctx: Context) -> int:
    """Return where the speaker stands: their own post within the group's node, else that node; 1:1 their first post."""
    own = turn.person.nodes()
    if turn.chat is None:
        return next(iter(own), ctx.tree.root.id)
    group = turn.chat.node_id
    return next((node for node in own if ctx.tree.contains(group, node)), group)


def lead_on_duty(node: int, asker: Person, work: Work, ctx: Context) -> Person | None:
    """Return the lead on duty at the node or the nearest above it, never the asker."""
    staff = Staff(work.people.holders(ctx.day), work.people.leaves(ctx.day))
    found = staff.lead_over(node, ctx.tree, but=(asker.id,))
    return work.people.get(found, ctx.day) if found is not None else None
