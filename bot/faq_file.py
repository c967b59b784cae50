"""The county's written answers: `faq:` of `hierarchy.yaml` names a YAML file of asks, answer, source and date."""

from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from bot import yaml_text
from handlers.domain.errors import BadSetting
from nlp.faq import Faq

LONGEST = 300  # characters of an answer: it is read on a phone


class _FaqPart(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    asks: Annotated[list[Annotated[str, Field(min_length=2, max_length=30)]], Field(min_length=1)]
    answer: Annotated[str, Field(min_length=1, max_length=LONGEST)]
    source: Annotated[str, Field(min_length=2, max_length=60)]
    date: date


_FILE = TypeAdapter(list[_FaqPart])


def read(path: Path) -> tuple[Faq, ...]:
    """Return the answers of the file; BadSetting names every fault of it, one a line."""
    try:
        text = yaml_text.read(path.read_bytes())
    except OSError as error:
        raise BadSetting(f"读不到 {path.name}:请检查 hierarchy.yaml 的 faq") from error
    try:
        parts = _FILE.validate_python(text.value)
    except ValidationError as error:
        said = (f"{path.name} 第{text.line(fault['loc'])}行:{_where(fault['loc'])}不对" for fault in error.errors())
        raise BadSetting("\n".join(said)) from error
    return tuple(Faq(tuple(part.asks), part.answer, part.source, part.date) for part in parts)


def _where(path: tuple[int | str, ...]) -> str:
    return ".".join(str(step) for step in path) or "整个文件"
