"""What is said of 张贴: where it hangs, what is left, how far each place is."""

from collections.abc import Sequence

from handlers.domain.posting import Posted, Summed
from handlers.wording.knock_progress import none_open as none_of


def stand(total: Summed) -> str:
    """Return how far it is; where nobody spoke is 未贴, never 0.

    >>> stand(Summed(buildings=8, up=6, places=1)), stand(Summed(households=30, unsaid=1, places=1))
    ('贴了6/8栋', '未贴')
    """
    if total.places and total.unsaid == total.places:
        return "未贴"
    parts = [f"贴了{total.up}/{total.buildings}栋"] if total.buildings else []
    parts += [f"贴了{total.done}/{total.households}户"] if total.households else []
    parts += [f"{total.unsaid}处未贴"] if total.unsaid else []
    return " ".join(parts) or "没有住户"


def none_open() -> str:
    return none_of("张贴")


def which_grid(names: Sequence[str]) -> str:
    return f"您管着几格:{'、'.join(names[:3])}。请带上楼号说,像「8栋贴完了」,没有记。"


def which_place(building: str, names: Sequence[str]) -> str:
    return f"{building}是哪里的?{'、'.join(names[:3])}。请该格的人来说,没有记。"


def no_building(building: str, near: Sequence[str]) -> str:
    if not near:
        return "这里的门牌不分栋,请说户数,像「贴了200户」。没有记。"
    return f"没有{building}。是{'、'.join(near)}里的哪一栋?都没有记,请再说一遍。"


def no_buildings_here() -> str:
    return "这里的门牌不分栋,请说户数,像「贴了200户」,或「全贴完了」。没有记。"


def by_building(buildings: int) -> str:
    return f"这里有{buildings}栋,请按栋说,像「8栋贴完了」「贴了6栋 还差2栋」。没有记。"


def does_not_add_up(number: int, left: int | None, of: int, unit: str) -> str:
    said = f"{number}+{left}={number + left}" if left is not None else str(number)
    return f"这里一共{of}{unit},您说的是{said}{unit},对不上,没有记。请再数一遍。"


def put(title: str, new: Sequence[str], old: Sequence[str]) -> str:
    lines = [f"记:《{title}》{'、'.join(new)}贴好了。"] if new else []
    lines += [f"{'、'.join(old)}前面记过了,没有重复记。"] if old else []
    return "".join(lines)


def stands(posted: Posted) -> str:
    if posted.done >= posted.of:
        return f"{posted.of}栋全贴完了,辛苦,歇口气。"
    rest = f",还差{'、'.join(posted.left[:6])}{'等' if len(posted.left) > 6 else ''}" if posted.left else ""
    return f"张贴{posted.done}/{posted.of}栋{rest}。"


def all_up(title: str, of: int, unit: str, new: bool) -> str:
    if not new:
        return f"《{title}》前面已经记了全贴完,没有重复记。"
    return f"记:《{title}》{of}{unit}全贴完了,辛苦,歇口气。记错了回「8栋没贴」这样改。"


def counted(title: str, number: int, of: int, unit: str, *, new: bool, ask: bool) -> str:
    said = f"{'记:' if new else '前面记过了,没有重复记:'}《{title}》贴了{number}/{of}{unit}。"
    return said + (f"差的是哪{of - number}栋?回「差3栋 7栋」这样,不说也行。" if ask else "")


def taken_back(named: Sequence[str], back: Sequence[str]) -> str:
    return f"已改:{'、'.join(back)}没贴。" if back else f"{'、'.join(named)}本来就没记成贴好。"


def place_line(name: str, buildings: Sequence[str], homes: int, posted: Posted | None) -> str:
    if posted is None:
        return f"{name} 未贴({f'{len(buildings)}栋' if buildings else f'{homes}户'})"
    unit = "栋" if buildings else "户"
    rest = f",还差{'、'.join(posted.left[:8])}" if posted.left else ""
    return f"{name} 贴了{posted.done}/{posted.of}{unit}{rest}"


def listed(title: str, lines: Sequence[str]) -> str:
    return "\n".join((f"《{title}》", *lines, "贴好回「8栋贴完了」「贴了6栋 还差2栋」「全贴完了」。"))


def progress(title: str, place: str, total: str, parts: Sequence[tuple[str, str]], more: int) -> str:
    lines = [f"《{title}》{place} {total}", *(f"{name} {said}" for name, said in parts)]
    lines += [f"还有{more}处没列。"] if more else []
    return "\n".join(lines)
