"""`geying parse`: JSONL in, one JSON line each out, in order; nothing is stored."""

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO

import click

from bot.parse_roster import places, strange
from handlers.domain.errors import BadSetting
from handlers.domain.reading import reading, said_day
from handlers.read_back import figures
from nlp.types import Utterance
from nlp.understand import records, understand


@click.command("parse")
@click.option(
    "--roster",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="花名册:里面没有的村、网格,读出来也要再问。",
)
def parse_command(roster: Path | None) -> None:
    """读消息:标准输入一行一条 JSON,标准输出一行一条结果。"""
    try:
        known = places(roster) if roster else None
    except BadSetting as error:
        raise click.ClickException(str(error)) from error
    faults = parse_lines(sys.stdin, sys.stdout, known)
    if faults:
        raise SystemExit(1)


def parse_lines(source: TextIO, out: TextIO, known: frozenset[str] | None = None) -> int:
    """Read every line of *source* into *out*; returns how many could not be read (each gives an error line). *known*
    are the places of a roster, None when there is none to hold the messages against."""
    faults = 0
    for line in source:
        if not line.strip():
            continue
        answer = parse_line(line, known)
        faults += "error" in answer
        out.write(json.dumps(answer, ensure_ascii=False) + "\n")
    out.flush()
    return faults


def parse_line(line: str, known: frozenset[str] | None = None) -> dict[str, Any]:
    """Return what one line's message means, or {"id", "error"} when the line is no such thing."""
    found: Any = None
    try:
        found = json.loads(line)
        said = understand(
            _text(found, "text"),
            datetime.fromisoformat(_text(found, "sent_at")),
            channel=str(found.get("channel") or "group"),
            sender_role=str(found.get("sender_role") or "gridworker"),
        )
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        name = found.get("id") if isinstance(found, dict) else None
        return {"id": name, "error": f"读不了这一行:{_wrong_with(found)}"}
    read = records(said)
    nowhere = strange(read, known) if known is not None else ()
    return {
        "id": found.get("id"),
        "intent": said.intent.value,
        "records": read,
        "confidence": round(said.confidence, 3),
        "needs_confirm": said.needs_confirm or bool(nowhere),
        "ask": f"花名册里没有“{'、'.join(nowhere)}”,是哪一格?" if nowhere else said.ask,
        "readback": readback_of(said),
    }


def readback_of(said: Utterance) -> str | None:
    """Return the numbered figures of the reports in a message, None when it holds none."""
    parts = []
    for draft in said.drafts:
        read = reading(draft, said_day(draft))
        if read is not None:
            parts.append(figures(read.values))
    return ";".join(part for part in parts if part) or None


def _wrong_with(found: Any) -> str:
    if not isinstance(found, dict):
        return "不是一个 JSON 对象"
    missing = [key for key in ("text", "sent_at") if not isinstance(found.get(key), str)]
    return f"缺 {'、'.join(missing)}(要文字)" if missing else "sent_at 不是带时区的时间,如 2026-02-08T15:20:00+08:00"


def _text(found: Any, key: str) -> str:
    value = found[key]
    if not isinstance(value, str):
        raise TypeError(key)
    return value
