"""A folder of YAML files of one kind beside `hierarchy.yaml`: every fault at once, in Chinese, with file and line."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from bot import yaml_text
from handlers.domain.errors import BadSetting

MOST = 50
Model = TypeVar("Model", bound=BaseModel)
Made = TypeVar("Made")

_SAY = {
    "missing": "缺少这一项",
    "extra_forbidden": "不认识这一项,请检查拼写",
    "string_too_short": "不能空着",
    "string_too_long": "太长",
    "too_short": "写得不够",
    "too_long": "太多",
    "string_pattern_mismatch": "只能用小写英文、数字和 _",
    "int_parsing": "应是整数",
    "enum": "只能是这几种里的一种",
    "literal_error": "只能是这几种里的一种",
    "bool_parsing": "应是 true 或 false",
    "less_than_equal": "太大",
    "greater_than_equal": "太小",
}


def read_all(folder: Path, model: type[Model], make: Callable[[str, Model], Made]) -> tuple[Made, ...]:
    """Return what each file of the folder is made to, by *make* of its name and content; BadSetting names all faults.

    *make* may raise ValueError with what is well formed but cannot be.
    """
    files = sorted(folder.glob("*.yaml"))
    if len(files) > MOST:
        raise BadSetting(f"{folder.name} 里最多放 {MOST} 个文件")
    faults: list[str] = []
    made: list[Made] = []
    for path in files:
        try:
            made.append(_one(path, model, make))
        except BadSetting as error:
            faults += str(error).splitlines()
    if faults:
        raise BadSetting("\n".join(faults))
    return tuple(made)


def _one(path: Path, model: type[Model], make: Callable[[str, Model], Made]) -> Made:
    try:
        text = yaml_text.read(path.read_bytes())
    except OSError as error:
        raise BadSetting(f"读不到 {path.name}") from error
    except BadSetting as error:
        raise BadSetting(f"{path.name} {error}") from error
    try:
        return make(path.stem, model.model_validate(text.value))
    except ValidationError as error:
        said = []
        for fault in error.errors():
            own = fault["type"] == "value_error"
            words = str(fault["ctx"]["error"]) if own else _SAY.get(fault["type"], "填得不对")
            said.append(f"{path.name} 第{text.line(fault['loc'])}行 {'.'.join(map(str, fault['loc']))}:{words}")
        raise BadSetting("\n".join(said)) from error
    except ValueError as error:
        raise BadSetting("\n".join(f"{path.name}:{line}" for line in str(error).splitlines())) from error
