"""Doing all that is due, here and now: what the engine and the ticks do over time, in one call."""

from bot.parts import Parts

ROUNDS = 50


def pump(parts: Parts) -> int:
    """Read the inbox, run the ticks, send the outbox, until nothing is due; returns how many rounds that took."""
    for turn in range(1, ROUNDS + 1):
        parts.ticks.drain_spool()
        done = parts.pull_kf() + parts.reader.handle(parts.reader.due()) + parts.ticks.run() + parts.ticks.sweep()
        due = parts.due_parcels()
        if due:
            parts.sender.send(due)
        if not done and not due:
            return turn
    return ROUNDS
