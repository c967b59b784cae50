"""The part `fatigue:` of `hierarchy.yaml`: how many messages a day are enough, by role, in peace and in war."""

from collections.abc import Iterator
from types import MappingProxyType
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from bot.yaml_types import Clock
from handlers.domain.county import ModeRules
from handlers.domain.errors import BadSetting
from handlers.domain.fatigue import OTHER, RESIDENT, Fatigue
from handlers.domain.policy import POLICY

Caps = dict[str, Annotated[int, Field(ge=1, le=500)]]


class FatiguePart(BaseModel):
    """What is left out has no cap; war without caps of its own has those of peace."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    peace: Caps = {}
    war: Caps | None = None
    digest: Annotated[list[Clock], Field(min_length=1, max_length=6)] | None = None


def fatigue(part: FatiguePart, peace: ModeRules) -> Fatigue:
    """Return the caps; BadSetting names every fault."""
    war = part.peace if part.war is None else part.war
    made = Fatigue(MappingProxyType(dict(part.peace)), MappingProxyType(dict(war)))
    if part.digest is not None:
        made = Fatigue(made.peace, made.war, tuple(sorted(part.digest)))
    if faults := list(_contradictions(made, peace)):
        raise BadSetting("\n".join(faults))
    return made


def _contradictions(made: Fatigue, peace: ModeRules) -> Iterator[str]:
    for mode, caps in (("peace", made.peace), ("war", made.war)):
        for key in caps:
            if key not in POLICY and key not in (RESIDENT, OTHER):
                yield f"fatigue.{mode}.{key}:没有这个职务,可用:{'、'.join([*POLICY, RESIDENT, OTHER])}"
    for at in made.digest:
        if peace.quiet(at):
            yield f"fatigue.digest:{at:%H:%M} 在平时不打扰的时段里"
