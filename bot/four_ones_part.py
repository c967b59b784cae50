"""The part `four_ones:` of `hierarchy.yaml`: which contacts, at which hours, for whom, from which day."""

from collections.abc import Iterator, Mapping
from datetime import time
from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from bot.yaml_types import Clock, Key, Span, Word
from handlers.domain.county import ModeRules
from handlers.domain.errors import BadSetting
from handlers.domain.four_ones import FourOnes, One, Plan, Whom

_KINDS: Mapping[str, One] = MappingProxyType(
    {"call": One.CALL, "message": One.MESSAGE, "needs": One.NEEDS, "visit": One.VISIT}
)
Hours = Annotated[list[Clock], Field(max_length=2)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _PlanPart(_Part):
    title: Annotated[str, Field(min_length=1, max_length=20)]
    whom: Whom = Field(alias="for")
    kinds: Annotated[list[Literal["call", "message", "needs", "visit"]], Field(min_length=1)]
    peace: Hours = []
    war: Hours | None = None
    from_day: Annotated[int, Field(ge=0, le=60)] = 0
    exception_after: Annotated[int, Field(ge=1, le=60)] | None = None
    purpose: Word
    basis: Word
    department: Annotated[str, Field(max_length=40)] = ""
    allows: Annotated[list[Word], Field(max_length=6)] = []


class FourOnesPart(_Part):
    """What is None here keeps the default of `FourOnes`."""

    times: Annotated[list[Clock], Field(min_length=1, max_length=2)]
    plans: Annotated[dict[Key, _PlanPart], Field(min_length=1, max_length=12)]
    until: Clock | None = None
    spread: Span | None = None
    late_after: Span | None = None
    answer_within: Span | None = None
    call_within: Span | None = None
    visit_within: Span | None = None
    ask_again_after: Span | None = None
    list_at: Clock | None = None
    list_until: Clock | None = None
    shops: Annotated[dict[Word, list[Word]], Field(max_length=12)] | None = None


def four_ones(part: FourOnesPart, peace: ModeRules) -> FourOnes:
    """Return the plans; BadSetting names every fault."""
    given = part.model_dump(exclude={"times", "plans", "shops"}, exclude_none=True)
    if part.shops is not None:
        given["shops"] = tuple((shop, tuple(words)) for shop, words in part.shops.items())
    made = FourOnes(tuple(sorted(part.times)), tuple(_plan(key, one) for key, one in part.plans.items()), **given)
    if faults := list(_contradictions(made, peace)):
        raise BadSetting("\n".join(faults))
    return made


def _plan(key: str, part: _PlanPart) -> Plan:
    kinds = One(0)
    for kind in part.kinds:
        kinds |= _KINDS[kind]
    return Plan(
        key, part.title, part.whom, kinds, tuple(sorted(part.peace)),
        tuple(sorted(part.peace if part.war is None else part.war)), part.from_day, part.exception_after,
        part.purpose, part.basis, part.department, tuple(part.allows),
    )  # fmt: skip


def _contradictions(four: FourOnes, peace: ModeRules) -> Iterator[str]:
    where = "four_ones"
    for hour in four.times:
        if peace.quiet(hour):
            yield f"{where}.times:{hour:%H:%M} 在平时不打扰的时段里"
    if peace.quiet(_before(four.until)) or four.until <= max(four.times):
        yield f"{where}.until:要在最后一个时刻之后、晚上不打扰之前"
    if four.list_at is not None:
        if peace.quiet(four.list_at):
            yield f"{where}.list_at:{four.list_at:%H:%M} 在平时不打扰的时段里"
        if four.list_until <= four.list_at:
            yield f"{where}.list_until:要在 list_at 之后,过了就不再发当天的清单"
    if four.spread.total_seconds() > 4 * 3600:
        yield f"{where}.spread:错开的时间最长 4 小时"
    if four.ask_again_after.total_seconds() > 48 * 3600:
        yield f"{where}.ask_again_after:答过多久可以再问,最长 48 小时"
    for shop, _ in four.shops:
        if len(shop) > 20 or set(shop) & set("[]:*?/\\'") or shop == "送货单":
            yield f"{where}.shops.{shop}:店名最长20字,不带 [ ] : * ? / \\ ',也不叫「送货单」"
    for plan in four.plans:
        at = f"{where}.plans.{plan.key}"
        if len(plan.peace) > 1:
            yield f"{at}.peace:平时一天最多问一次;一天两次只在战时,由人宣布并写明依据"
        for hour in (*plan.peace, *plan.war):
            if hour not in four.times:
                yield f"{at}:{hour:%H:%M} 不在 times 里"
        if not set(plan.peace) <= set(plan.war):
            yield f"{at}.war:平时问的时刻,战时也要有"


def _before(at: time) -> time:
    return time(at.hour, at.minute - 1) if at.minute else time((at.hour - 1) % 24, 59)
