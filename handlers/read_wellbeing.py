"""How somebody is, out of what was typed: 36.4, 好着呢, 没发烧 就是嗓子疼; and what cannot be a temperature."""

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from handlers.domain.wellbeing import Wellbeing
from nlp.checkin import is_fine, read_checkin, speaks_of_health
from nlp.normalize import normalize
from nlp.types import Draft, Intent
from nlp.understand import understand

LOWEST, HIGHEST = Decimal("34"), Decimal("43")
_GOOD = frozenset({"好", "好的", "好着", "好着呢", "嗯好", "很好", "OK", "ok", "都好", "没事", "无", "正常"})
_ENDS = "。!!~ "
_NUMBER = re.compile(r"\D{0,6}?(?P<n>\d{1,3}(?:[.。,,点度]\d{1,2})?)\s*(?:度|℃|°C)?[。!!\s]*")


@dataclass(frozen=True, slots=True)
class Told:
    """What was said of one person. `who` as typed, "" when nobody was named; `on` the day named, None for today."""

    who: str = field(repr=False)
    said: Wellbeing
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Read:
    """All that one message says. `ask` is to be confirmed; `wrong` look like a temperature and are none."""

    told: tuple[Told, ...] = ()
    ask: str | None = None
    wrong: str = ""
    everybody: bool = False


def read(text: str, at: datetime) -> Read:
    """Return what *text* says of how somebody is; nothing at all for words about something else."""
    plain = normalize(text).text.strip()
    if plain.strip(_ENDS) in _GOOD or is_fine(plain):
        return Read((Told("", Wellbeing(well=True)),), everybody=True)
    said = understand(text, at, channel="direct", sender_role="resident")
    drafts = [draft for draft in said.drafts if said.intent is Intent.CHECKIN_REPLY and draft.type == "checkin"]
    if said.intent is Intent.NEEDS and speaks_of_health(plain):  # 36.4 另外要两斤米: both count
        drafts = [draft for draft in read_checkin(plain, at) if draft.get("temperature") is not None]
    told = tuple(_told(draft) for draft in drafts)
    wrong = [one.said.celsius for one in told if one.said.celsius and not LOWEST <= one.said.celsius < HIGHEST]
    if wrong:
        return Read(wrong=str(wrong[0]))
    kept = tuple(one for one in told if one.said.says_something)
    if not kept and (found := _NUMBER.fullmatch(plain)) and len(found["n"]) > 1:
        return Read(wrong=found["n"])
    return Read(kept, said.ask, everybody="都" in plain or "全家" in plain)


def _told(draft: Draft) -> Told:
    celsius, symptoms, status = draft.get("temperature"), draft.get("symptoms"), draft.get("status")
    who, on = draft.get("person"), draft.get("date")
    return Told(
        who if isinstance(who, str) else "",
        Wellbeing(
            Decimal(str(celsius)) if isinstance(celsius, int | float) else None,
            symptoms if isinstance(symptoms, tuple) else None,
            {"normal": True, "abnormal": False}.get(str(status)) if status else None,
        ),
        date.fromisoformat(on) if isinstance(on, str) else None,
    )
