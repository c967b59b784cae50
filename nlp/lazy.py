"""Regular expressions compiled when they are first looked for: hundreds that few messages come to cost no start."""

import re
from typing import Any, cast

from nlp.needs import led

_METHODS = ("search", "match", "fullmatch", "finditer", "findall", "sub", "subn", "split")


class _Lazy:
    """Stands for a pattern until it is used; its methods are then those of the compiled pattern itself."""

    __slots__ = (*_METHODS, "flags", "many", "pattern")

    def __init__(self, pattern: str, flags: int, many: bool) -> None:
        self.pattern, self.flags, self.many = pattern, flags, many

    def __getattr__(self, name: str) -> Any:
        if name not in _METHODS:
            raise AttributeError(name)
        made = re.compile(led(self.pattern, self.flags) if self.many else self.pattern, self.flags)
        for method in _METHODS:
            setattr(self, method, getattr(made, method))
        return getattr(made, name)


def lazy(pattern: str, flags: int = 0, many: bool = False) -> re.Pattern[str]:
    """Return *pattern* with the methods of a compiled one; a fault in it shows when it is first used.

    *many*: it has many ways to begin, each tried at every character; the first character is looked at before them.

    >>> lazy("[0-9]+").findall("3网格126户")
    ['3', '126']
    """
    return cast(re.Pattern[str], _Lazy(pattern, flags, many))
