"""Letters as the tests send them, and the moment they are sent at."""

from datetime import UTC, datetime, timedelta

from handlers.domain.delivery import Button, Card, Letter, Purpose, Recipient, Text
from handlers.domain.message import Channel
from handlers.domain.parcel import Came, Outcome, Parcel

NOW = datetime(2022, 3, 1, 9, 10, tzinfo=UTC)
LEASE = timedelta(seconds=45)


def people(count: int, prefix: str = "u") -> tuple[Recipient, ...]:
    return tuple(Recipient(f"{prefix}{n}", person_id=n + 1, node_id=100 + n) for n in range(count))


def card(to: tuple[Recipient, ...], *, directive: int = 17, priority: int = 5, due_at: datetime = NOW) -> Letter:
    content = Card(
        "排查外来人员", "今天17点前报人数", f"D-{directive}-{directive}", (Button(f"ack:{directive}", "收到"),)
    )
    return Letter(Purpose.CARD, Channel.WECOM_APP, content, to, due_at, priority, directive_id=directive)


def post(
    chatid: str, *, directive: int = 17, members: int = 5, text: str = "D-17 今晚排查", priority: int = 4
) -> Letter:
    to = (Recipient(chatid, chat_id=1, people=members),)
    return Letter(Purpose.POST, Channel.APPCHAT, Text(text), to, NOW, priority, directive_id=directive)


def relay(userid: str, code: str, *, person_id: int = 1, directive: int = 17, chat_id: int = 9) -> Letter:
    to = (Recipient(userid, person_id=person_id, chat_id=chat_id, relay_code=code),)
    text = Text(f"请转到一单元群:今晚排查。转好回 已转 {code}")
    return Letter(Purpose.RELAY, Channel.WECOM_APP, text, to, NOW, 3, directive_id=directive)


def word(
    userid: str,
    text: str = "收到没有?",
    *,
    priority: int = 10,
    due_at: datetime = NOW,
    expires: float | None = None,
    purpose: Purpose = Purpose.REMINDER,
    directive: int | None = 17,
) -> Letter:
    until = due_at + timedelta(seconds=expires) if expires is not None else None
    to = (Recipient(userid, person_id=1),)
    return Letter(purpose, Channel.WECOM_APP, Text(text), to, due_at, priority, until, directive)


def robot(key: str = "a-robots-secret-key", text: str = "D-17 今晚排查") -> Letter:
    return Letter(Purpose.POST, Channel.GROUP_ROBOT, Text(text), (Recipient(key, chat_id=2),), NOW, 4, directive_id=17)


OK = Outcome(Came.ANSWERED, 0, msgid="MSGID1")
LOST = Outcome(Came.UNANSWERED)


def parcel(
    endpoint: str = "message/send", *, attempts: int = 1, unanswered: int = 0, lost: int = 0, id_: int = 7,
    people_: int = 1, purpose: Purpose = Purpose.CARD, first_attempt_at: datetime = NOW,
) -> Parcel:  # fmt: skip
    channel = {"appchat/send": Channel.APPCHAT, "webhook/send": Channel.GROUP_ROBOT, "aibot/response": Channel.AIBOT}
    return Parcel(
        id_, purpose, channel.get(endpoint, Channel.WECOM_APP), endpoint, {"kind": "text", "text": "x", "to": ["u1"]},
        ("u1",), people_, 0, attempts, unanswered, lost, NOW, first_attempt_at, 17, "u1",
    )  # fmt: skip
