"""The lines of 今天 about rounds from door to door, posting and matters."""

from collections.abc import Sequence

_SHOWN = 6


def to_knock(title: str, todo: int, again: int) -> str:
    left = "、".join(([f"{todo}户没敲"] if todo else []) + ([f"{again}户可以再敲"] if again else []))
    return f"敲门《{title}》{left}(回「敲门」)"


def to_post(title: str, places: int) -> str:
    return f"张贴《{title}》{f'{places}格' if places > 1 else ''}还没贴完(回「张贴」)"


def to_settle(numbers: Sequence[int]) -> str:
    named = "、".join(f"事项{number}" for number in numbers[:_SHOWN]) + ("等" if len(numbers) > _SHOWN else "")
    return f"要办的事项{len(numbers)}件:{named}(回「我的事」)"
