"""Values as settings files write them: spans (30m), times of day (16:00), days, temperatures, bounded words."""

import re
from datetime import date, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Annotated

from pydantic import BeforeValidator, Field

_SPAN = re.compile(r"(\d{1,6})\s*(s|秒|m|分|分钟|h|小时|d|天)")
_UNIT = {"s": 1, "秒": 1, "m": 60, "分": 60, "分钟": 60, "h": 3600, "小时": 3600, "d": 86400, "天": 86400}
_CELSIUS = Decimal("34"), Decimal("43")


def _span(text: object) -> timedelta:
    found = _SPAN.fullmatch(str(text).strip())
    if not found:
        raise ValueError("时长应写成 60s、10m、2h 或 14d")
    return timedelta(seconds=int(found[1]) * _UNIT[found[2]])


def _clock(text: object) -> time:
    try:
        return time.fromisoformat(str(text).strip().zfill(5))
    except ValueError as error:
        raise ValueError("时刻应写成 16:00") from error


def celsius(text: object) -> Decimal:
    """Return a body temperature as written in a settings file; ValueError says what is wrong with it.

    >>> celsius("37.3")
    Decimal('37.3')
    """
    try:
        read = Decimal(str(text).strip())
    except InvalidOperation as error:
        raise ValueError("体温应写成 37.3 这样") from error
    if not _CELSIUS[0] <= read < _CELSIUS[1]:
        raise ValueError("体温应在 34 到 43 度之间")
    return read


def _day(text: object) -> date:
    try:
        return date.fromisoformat(str(text).strip())
    except ValueError as error:
        raise ValueError("日期应写成 2020-02-08") from error


Span = Annotated[timedelta, BeforeValidator(_span)]
Clock = Annotated[time, BeforeValidator(_clock)]
Celsius = Annotated[Decimal, BeforeValidator(celsius)]
Day = Annotated[date, BeforeValidator(_day)]
Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,31}$")]
Word = Annotated[str, Field(min_length=1, max_length=120)]
