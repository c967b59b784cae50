"""Form packs of a county: one YAML file each in the folder that `matters:` of `hierarchy.yaml` names."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from bot.yaml_folder import read_all
from bot.yaml_types import Key, Span, Word
from handlers.domain.errors import BadSetting
from handlers.domain.matter import RETAIN_AT_MOST, Asked, Pack, PackStep
from handlers.domain.policy import POLICY, Action, allows

Said = Annotated[str, Field(min_length=2, max_length=12)]
_NEVER_ASKED = re.compile(r"身份证|人脸|照片|车牌|银行卡|密码|宗教|指纹|定位")
_TAKEN = frozenset({"进度", "汇总", "敲门", "张贴", "帮助", "撤回", "今天", "步骤", "事项", "我的事", "请假"})


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _FieldPart(_Part):
    key: Key
    title: Annotated[str, Field(min_length=1, max_length=8)]
    ask: Annotated[str, Field(min_length=1, max_length=60)]
    limit: Annotated[int, Field(ge=10, le=500)] = 200
    required: bool = True


class _StepPart(_Part):
    key: Key
    title: Annotated[str, Field(min_length=1, max_length=8)]
    words: Annotated[list[Said], Field(min_length=1, max_length=12)]
    closes: bool = False
    tell: Annotated[str, Field(max_length=100)] = ""


class _PackPart(_Part):
    title: Annotated[str, Field(min_length=2, max_length=12)]
    words: Annotated[list[Said], Field(min_length=1, max_length=12)]
    purpose: Word
    basis: Word
    retain: Span
    stall_after: Span
    to: Annotated[list[str], Field(min_length=1, max_length=6)]
    sees: Annotated[list[str], Field(max_length=6)] = []
    fields: Annotated[list[_FieldPart], Field(min_length=1, max_length=6)]
    steps: Annotated[list[_StepPart], Field(min_length=2, max_length=12)]


def read(folder: Path) -> tuple[Pack, ...]:
    """Return the packs of the folder; BadSetting names every fault."""
    packs = read_all(folder, _PackPart, _pack)
    words = [word for pack in packs for word in pack.words]
    if twice := [word for word in dict.fromkeys(words) if words.count(word) > 1]:
        raise BadSetting("\n".join(f"{folder.name}:「{word}」是两种事项的叫法,请只留一种" for word in twice))
    return packs


def _pack(key: str, part: _PackPart) -> Pack:
    if faults := list(_faults(part)):
        raise ValueError("\n".join(faults))
    return Pack(
        key, part.title, tuple(sorted({part.title, *part.words}, key=len, reverse=True)),
        tuple(Asked(one.key, one.title, one.ask, one.limit, one.required) for one in part.fields),
        tuple(PackStep(one.key, one.title, tuple(one.words), one.closes, one.tell) for one in part.steps),
        tuple(part.to), part.purpose, part.basis, part.retain, part.stall_after, tuple(part.sees),
    )  # fmt: skip


def _faults(part: _PackPart) -> list[str]:
    faults = []
    for kind, keys in (("项目", [one.key for one in part.fields]), ("步骤", [one.key for one in part.steps])):
        faults += [f"{kind} {key} 写了两遍" for key in dict.fromkeys(keys) if keys.count(key) > 1]
    words = [word for step in part.steps for word in {step.title, *step.words}]
    faults += [f"「{word}」是两个步骤的叫法" for word in dict.fromkeys(words) if words.count(word) > 1]
    faults += [
        f"「{one.title}」不能问:{found[0]}"
        for one in part.fields
        if (found := _NEVER_ASKED.search(one.title + one.ask))
    ]
    faults += [f"「{word}」已有别的用处,请换个叫法" for word in part.words if word in _TAKEN]
    for name, roles in (("to", part.to), ("sees", part.sees)):
        for role in roles:
            if role not in POLICY:
                faults.append(f"{name}:没有这个职务 {role},可用:{'、'.join(POLICY)}")
            elif not allows(role, Action.SEE_PEOPLE):
                faults.append(f"{name}:{role} 不能看居民的事")
    if not any(step.closes for step in part.steps):
        faults.append("steps:至少有一步要 closes: true,事情才办得完")
    if part.steps[0].closes:
        faults.append("steps:第一步不能就办结")
    if not any(one.required for one in part.fields):
        faults.append("fields:至少有一项必问")
    if not timedelta(0) < part.retain <= RETAIN_AT_MOST:
        faults.append(f"retain:最长 {RETAIN_AT_MOST.days}d")
    if part.stall_after < timedelta(hours=1):
        faults.append("stall_after:最短 1h")
    return faults
