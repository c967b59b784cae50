"""What is said of households that said nothing: which of the four silences it is, in words, and how many of each."""

from collections.abc import Mapping, Sequence

from handlers.domain.silence import Silence

_WORDS = {
    Silence.NOT_DELIVERED: "还没送到",
    Silence.NOT_SEEN: "送到了,不知看没看",
    Silence.BUSY: "说在忙,晚点回",
    Silence.NOTHING: "没事,不用回",
}
_WHY = {Silence.NOT_DELIVERED: "微信还没送到", Silence.NOT_SEEN: "微信送到了,没有回,不知看没看"}


def of_one(kind: Silence, until: str = "") -> str:
    return f"说{until}前后回" if kind is Silence.BUSY and until else _WORDS[kind]


def why(kind: Silence | None, until: str = "") -> str:
    """Return the reason for calling that the ladder gives."""
    if kind is Silence.BUSY:
        return f"说{until}前后回,还没回" if until else "说晚点回,还没回"
    return _WHY.get(kind, "没有回") if kind is not None else "没有回"


def counts(found: Mapping[Silence, int]) -> str:
    """Return one line of numbers, "" when nobody is silent."""
    return "没回话:" + "、".join(f"{_WORDS[kind]}{count}户" for kind, count in found.items()) if found else ""


def spared(ledger: int, refused: int) -> str:
    """Return one line of those who were not asked again, "" when there are none."""
    parts = [f"台账里有{ledger}户" if ledger else "", f"用途不同没给{refused}户" if refused else ""]
    return f"没再问:{'、'.join(part for part in parts if part)}" if ledger or refused else ""


def doors(rows: Sequence[tuple[str, Silence, str]], more: int) -> str:
    named = "、".join(f"{door}({of_one(kind, until)})" for door, kind, until in rows)
    return f"没回话{len(rows) + more}户:{named}{'等' if more else ''}"


def today(kind: Silence, until: str) -> str:
    return f"今天:{of_one(kind, until)}。"


# -- busy, and later ---------------------------------------------------------------------------------------------------


def later(until: str) -> str:
    return f"好,不急,{until}前后再回就行,这之前不催。到时回「好」或体温;有事随时说,急事先打120。"


def too_late_today() -> str:
    return "好,知道了。今天不再问,明天到点再问候您;有事随时说,急事先打120。"


def worker_told(place: str, said: str, until: str) -> str:
    return f"【不用急着打】{place} 回了「{said}」,等到{until}前后;到时还没回再打。"


TOMORROW = "明早"


def doctor_told(place: str, name: str, said: str, until: str) -> str:
    return f"【方便的时间】{place} {name}说「{said}」,{until}前后联系他。"


def passed_to_doctor(doctor: str, until: str) -> str:
    return f"好,告诉{f'村医{doctor}' if doctor else '值班的人'}了,{until}前后联系您。喘不上气、胸口疼先打120。"
