"""YAML as people write settings: scalars stay the text that was typed, so that 16:00 is no number and 010 no octal.

Built on the nodes of PyYAML's safe loader. Refused: duplicate keys (PyYAML keeps the last in silence), anchors and
aliases (a few lines of them can unfold to gigabytes), several documents, anything too long or too deep.
"""

from dataclasses import dataclass
from typing import Any

import yaml

from handlers.domain.errors import BadSetting

_BYTES_LIMIT = 1_000_000
_DEPTH_LIMIT = 40
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml's where it is: ten times as fast, and a start reads four files. It composes on the C stack, so depth is
counted from the events first."""
_NOTHING = frozenset({"", "~", "null", "Null", "NULL"})

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Text:
    """What a file says, and the line every part of it stands on (1 is the first)."""

    value: Any
    line_of: dict[Path, int]

    def line(self, path: Path) -> int:
        """Return the line of the part, or of the nearest part around it."""
        while path and path not in self.line_of:
            path = path[:-1]
        return self.line_of.get(path, 1)


def read(raw: bytes) -> Text:
    """Return the file's content as dicts, lists, texts and None; BadSetting names the line of what is wrong."""
    if len(raw) > _BYTES_LIMIT:
        raise BadSetting("文件太大,层级多的请用 include 引用 CSV")
    try:
        text = raw.decode("utf-8-sig")
        depth = 0
        for event in yaml.parse(text, Loader=_LOADER):
            if isinstance(event, yaml.AliasEvent):
                raise BadSetting(f"第{_line(event.start_mark)}行:不支持 * 引用,请直接写出来")
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > _DEPTH_LIMIT:
                raise BadSetting(f"第{_line(event.start_mark)}行:套得太深")
        root = yaml.compose(text, Loader=_LOADER)
    except UnicodeDecodeError as error:
        raise BadSetting("文件不是 UTF-8 编码") from error
    except yaml.MarkedYAMLError as error:
        raise BadSetting(f"第{_line(error.problem_mark)}行:YAML 写法不对,请检查缩进、冒号和引号") from error
    except (yaml.YAMLError, RecursionError) as error:
        raise BadSetting("YAML 写法不对:有控制字符,或者套得太深") from error
    line_of: dict[Path, int] = {}
    return Text(_value(root, (), line_of), line_of)


def _line(mark: Any) -> int:
    return 1 if mark is None else int(mark.line) + 1


def _value(node: Any, path: Path, line_of: dict[Path, int]) -> Any:
    if node is None:
        return None
    line_of[path] = _line(node.start_mark)
    if isinstance(node, yaml.SequenceNode):
        return [_value(item, (*path, place), line_of) for place, item in enumerate(node.value)]
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, path, line_of)
    plain = not node.style
    return None if plain and node.value in _NOTHING else node.value


def _mapping(node: yaml.MappingNode, path: Path, line_of: dict[Path, int]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in node.value:
        line = _line(key.start_mark)
        if not isinstance(key, yaml.ScalarNode):
            raise BadSetting(f"第{line}行:冒号前面应是一个词")
        if key.value in found:
            raise BadSetting(f"第{line}行:“{key.value}”写了两遍")
        found[key.value] = _value(value, (*path, key.value), line_of)
        line_of[(*path, key.value)] = line
    return found
