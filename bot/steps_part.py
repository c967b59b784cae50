"""Step templates of a county: one YAML file each in the folder that `steps:` of `hierarchy.yaml` names."""

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from bot.yaml_folder import read_all
from bot.yaml_types import Key
from handlers.domain.step_template import Closes, Step, StepTemplate

Short = Annotated[str, Field(min_length=1, max_length=20)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _StepPart(_Part):
    key: Key
    title: Annotated[str, Field(min_length=1, max_length=12)]
    words: Annotated[str, Field(min_length=1, max_length=80)]
    closes: Closes = Closes.SAID


class _StepsPart(_Part):
    title: Short
    source: Annotated[str, Field(min_length=1, max_length=300)]
    steps: Annotated[list[_StepPart], Field(min_length=2, max_length=20)]


def read(folder: Path) -> tuple[StepTemplate, ...]:
    """Return the templates of the folder; BadSetting names every fault."""
    return read_all(folder, _StepsPart, _template)


def _template(key: str, part: _StepsPart) -> StepTemplate:
    keys = [step.key for step in part.steps]
    titles = [step.title for step in part.steps]
    faults = [f"步骤 {one} 写了两遍" for one in dict.fromkeys(keys) if keys.count(one) > 1]
    faults += [f"步骤名「{one}」写了两遍" for one in dict.fromkeys(titles) if titles.count(one) > 1]
    for closes in (Closes.FIRST_DOOR, Closes.ALL_DOORS):
        if sum(step.closes is closes for step in part.steps) > 1:
            faults.append(f"closes: {closes.value} 只能有一步")
    if faults:
        raise ValueError("\n".join(faults))
    steps = tuple(Step(step.key, step.title, step.words, step.closes) for step in part.steps)
    return StepTemplate(key, part.title, steps, part.source)
