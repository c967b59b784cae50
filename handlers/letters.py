"""A directive as letters: one card to all its people, one post a group, one relay text a household group."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from handlers import wording
from handlers.domain.chats import Chat
from handlers.domain.delivery import Button, Card, Letter, Purpose, Recipient, Text, task_of
from handlers.domain.directive import Directive, Kind
from handlers.domain.fan_out import FanOut, RelayTask
from handlers.domain.message import Channel
from handlers.ports import Context

ACK, CANNOT = "ack", "cannot"
URGENT, ORDINARY, REPLY = 20, 5, 10
REMINDER_LATE_AFTER = timedelta(minutes=10)

CHANNEL_OF = {"appchat": Channel.APPCHAT, "webhook": Channel.GROUP_ROBOT}


def task_id(directive: Directive) -> str:
    """Return the card's task id: unique per directive, and what a click is recognised by."""
    return f"D-{directive.number or 0}-{directive.id}"


def directive_of(task: str) -> int | None:
    """Return the directive's id in a card's task id, None when it is not one of ours.

    >>> directive_of("D-17-42"), directive_of("D-17-42@2"), directive_of("x")
    (42, 42, None)
    """
    head, _, tail = task_of(task)[0].rpartition("-")
    return int(tail) if head.startswith("D-") and tail.isascii() and tail.isdigit() else None


def letters_of(directive: Directive, plan: FanOut, refers: Directive | None, ctx: Context) -> list[Letter]:
    """Return everything that goes out for *directive*; *refers* is what it replaces or cancels."""
    until = directive.deadline_at
    said = wording.day_clock(ctx.local(until), ctx.local(ctx.now)) if until else None
    letters = [_card(directive, plan, refers, said, ctx)] if plan.people else []
    letters += [_post(directive, chat, plan.heads.get(chat.id, 1), refers, said, ctx) for chat in plan.posts]
    letters += [_relay(directive, task, refers, said, ctx.now) for task in plan.relays]
    return letters


def _card(directive: Directive, plan: FanOut, refers: Directive | None, until: str | None, ctx: Context) -> Letter:
    code, replaced = directive.code, refers.code if refers else None
    notice = directive.kind is Kind.CANCEL
    fields = tuple((k, v) for k, v in (("截止", until), ("替代", replaced)) if v)
    fields += () if notice else wording.hints(directive, ctx.county.bot_names[0])
    buttons = (Button(f"{ACK}:{directive.id}", "收到"), Button(f"{CANNOT}:{directive.id}", "做不了", 2))
    card = Card(
        title=wording.card_title(directive),
        body=wording.card_body(directive, refers),
        task_id=task_id(directive),
        buttons=(Button(f"{ACK}:{directive.id}", "知道了"),) if notice else buttons,
        source=code,
        fields=fields,
    )
    to = tuple(Recipient(o.userid, person_id=o.person_id, node_id=o.node_id) for o in plan.people)
    return Letter(Purpose.CARD, Channel.WECOM_APP, card, to, ctx.now, _priority(directive), directive_id=directive.id)


def _post(
    directive: Directive, chat: Chat, heads: int, refers: Directive | None, until: str | None, ctx: Context
) -> Letter:
    text = Text(wording.post(directive, refers, until, ctx.county.bot_names[0]))
    to = (Recipient(chat.address, chat_id=chat.id, node_id=chat.node_id, people=heads),)
    channel = CHANNEL_OF[chat.channel]
    return Letter(Purpose.POST, channel, text, to, ctx.now, _priority(directive) - 1, directive_id=directive.id)


def _relay(directive: Directive, task: RelayTask, refers: Directive | None, until: str | None, now: datetime) -> Letter:
    text = Text(wording.relay(directive, task.chat.name, task.code, refers, until))
    to = (
        Recipient(
            task.owed.userid,
            person_id=task.owed.person_id,
            chat_id=task.chat.id,
            node_id=task.chat.node_id,
            relay_code=task.code,
        ),
    )
    return Letter(Purpose.RELAY, Channel.WECOM_APP, text, to, now, _priority(directive) - 2, directive_id=directive.id)


def private(
    userid: str,
    person_id: int | None,
    text: str,
    now: datetime,
    *,
    purpose: Purpose = Purpose.NOTICE,
    directive_id: int | None = None,
    priority: int = REPLY,
) -> Letter:
    """Return a word to one person alone."""
    expires = now + REMINDER_LATE_AFTER if purpose is Purpose.REMINDER else None
    to = (Recipient(userid, person_id=person_id),)
    return Letter(purpose, Channel.WECOM_APP, Text(text), to, now, priority, expires, directive_id)


def to_groups(chats: Iterable[Chat], text: str, now: datetime, *, purpose: Purpose = Purpose.NOTICE) -> list[Letter]:
    """Return the same post to every group that can take one."""
    return [
        Letter(
            purpose,
            CHANNEL_OF[chat.channel],
            Text(text),
            (Recipient(chat.address, chat_id=chat.id, node_id=chat.node_id),),
            now,
            ORDINARY,
        )
        for chat in chats
        if chat.channel in CHANNEL_OF
    ]


def delayed(letters: Iterable[Letter], due_at: datetime) -> list[Letter]:
    """Return the letters, due no earlier than *due_at* (the end of the quiet hours)."""
    return [replace(letter, due_at=max(letter.due_at, due_at)) for letter in letters]


def _priority(directive: Directive) -> int:
    return URGENT if directive.urgent else ORDINARY
