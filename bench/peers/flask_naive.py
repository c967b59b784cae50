"""The ordinary callback handler: Flask, wechatpy, one ORM object and one commit a message; for gunicorn.

SQLite as ours has it: WAL, synchronous=FULL, a unique key on the message id.
"""

import os
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from flask import Flask, request
from sqlalchemy import DateTime, String, Text, create_engine, event
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from wechatpy.enterprise import parse_message
from wechatpy.enterprise.crypto import WeChatCrypto

from bench.callbacks import AES_KEY, CORP, TOKEN

engine = create_engine(os.environ["BENCH_DATABASE_URL"], connect_args={"timeout": 30})


@event.listens_for(engine, "connect")
def _durable(connection: Any, _record: Any) -> None:
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=30000"):
        connection.execute(f"PRAGMA {pragma}")


class Base(DeclarativeBase):
    """The declarative base."""


class Message(Base):
    """One message."""

    __tablename__ = "inbox"
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    sender: Mapped[str] = mapped_column(String(64))
    content: Mapped[str] = mapped_column(Text)
    sent_at: Mapped[datetime] = mapped_column(DateTime)
    received_at: Mapped[datetime] = mapped_column(DateTime)


app = Flask(__name__)
crypto = WeChatCrypto(TOKEN, AES_KEY, CORP)


def create_tables() -> None:
    """Make the table, once, before the workers start."""
    Base.metadata.create_all(engine)


@app.post("/wecom/callback")
def callback() -> tuple[str, int]:
    """Take one message: commit, then answer."""
    args = request.args
    clear = crypto.decrypt_message(request.data, args["msg_signature"], args["timestamp"], args["nonce"])
    message = parse_message(clear)
    now = datetime.now(UTC)
    with Session(engine) as session:
        made = Message(key=str(message.id), sender=message.source, content=message.content)
        made.sent_at, made.received_at = message.create_time, now
        session.add(made)
        with suppress(IntegrityError):  # the platform said it twice
            session.commit()
    return "", 200
