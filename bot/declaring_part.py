"""The part `declaration:` of `hierarchy.yaml`: thresholds, timers, orders, the checklist, the file of the rules."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from bot import declaration_file
from bot.yaml_types import Celsius, Day, Span, Word
from handlers.domain.consent import ConsentPurpose, Order
from handlers.domain.declaration import SYMPTOMS
from handlers.domain.declaring import FEVER, Checklist, CodeRules, Declaring
from handlers.domain.errors import BadSetting
from handlers.domain.privacy import Basis

_BASES = {"consent": Basis.CONSENT, "statutory_duty": Basis.STATUTORY_DUTY, "emergency": Basis.EMERGENCY}
BasisWord = Literal["consent", "statutory_duty", "emergency"]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _OrderPart(_Part):
    basis: Literal["statutory_duty", "emergency"]
    purposes: Annotated[list[ConsentPurpose], Field(min_length=1)]
    text: Word
    first_day: Day = Field(alias="from")
    last_day: Day = Field(alias="until")


class _CodesPart(_Part):
    rotate_every: Span
    grace: Span


class _ChecklistPart(_Part):
    title: Word
    items: Annotated[list[Word], Field(min_length=1, max_length=12)]


class DeclaringPart(_Part):
    """What is None here keeps the default of `Declaring`."""

    rules: Word
    fever: Celsius | None = None
    urgent: Celsius | None = None
    urgent_symptoms: list[str] | None = None
    doctor_within: Span | None = None
    lead_after: Span | None = None
    measure_again_after: Span | None = None
    welfare_after: Span | None = None
    answer_within: Span | None = None
    ask: Word | None = None
    bases: dict[ConsentPurpose, BasisWord] = {}
    orders: list[_OrderPart] = []
    checklist: _ChecklistPart | None = None
    codes: _CodesPart | None = None
    issuers: dict[Word, Annotated[str, Field(pattern=r"^[0-9A-Za-z_-]{43}=?$")]] = {}


def declaring(part: DeclaringPart, beside: Path) -> Declaring:
    """Return the settings, the table of rules read from the file they name; BadSetting names every fault."""
    given = part.model_dump(exclude={"rules", "bases", "orders", "checklist", "codes", "issuers"}, exclude_none=True)
    if "urgent_symptoms" in given:
        given["urgent_symptoms"] = frozenset(given["urgent_symptoms"])
    faults = list(_contradictions(part))
    try:
        table = declaration_file.read(beside.parent / part.rules, part.fever or FEVER)
    except BadSetting as error:
        faults += str(error).splitlines()
    if faults:
        raise BadSetting("\n".join(faults))
    return Declaring(
        table=table,
        **given,
        bases=MappingProxyType({purpose: _BASES[word] for purpose, word in part.bases.items()}),
        orders=tuple(_order(one) for one in part.orders),
        checklist=Checklist(part.checklist.title, tuple(part.checklist.items)) if part.checklist else Checklist(),
        codes=CodeRules(part.codes.rotate_every, part.codes.grace) if part.codes else None,
        issuers=MappingProxyType(dict(part.issuers)),
    )


def _order(part: _OrderPart) -> Order:
    return Order(_BASES[part.basis], frozenset(part.purposes), part.text, part.first_day, part.last_day)


def _contradictions(part: DeclaringPart) -> Iterator[str]:
    where = "declaration"
    if part.fever is not None and part.urgent is not None and part.urgent < part.fever:
        yield f"{where}.urgent:马上处理的体温线不能比发热线低"
    for code in part.urgent_symptoms or ():
        if code not in SYMPTOMS:
            yield f"{where}.urgent_symptoms:没有症状 {code},可用:{'、'.join(SYMPTOMS)}"
    if part.doctor_within is not None and part.lead_after is not None and part.lead_after < part.doctor_within:
        yield f"{where}.lead_after:告诉上一级不能早于村医的时限"
    if part.answer_within is not None and not 0 < part.answer_within.days <= 15:
        yield f"{where}.answer_within:答复本人请求最长 15 天"
    if part.codes is not None and not timedelta(days=1) <= part.codes.grace < part.codes.rotate_every:
        yield f"{where}.codes:grace 至少 1d,而且要比 rotate_every 短,不然旧海报还没换下又换新码"
    for number, order in enumerate(part.orders):
        if order.last_day < order.first_day:
            yield f"{where}.orders.{number}:until 早于 from"
    for purpose, word in part.bases.items():
        named = any(order.basis == word and purpose in order.purposes for order in part.orders)
        if word != "consent" and not named:
            yield f"{where}.bases.{purpose}:依据 {word} 要在 orders 里写明哪份文件;没有文件就只能靠本人同意"
