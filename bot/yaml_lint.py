"""`python -m bot.yaml_lint FOLDER…`: every fault of step templates and form packs, at once, before anything starts."""

import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from bot import matters_part, steps_part
from handlers.domain.errors import BadSetting

READERS: Mapping[str, Callable[[Path], object]] = {"steps": steps_part.read, "matters": matters_part.read}
"""By the folder's name."""


def lint(folders: Sequence[Path]) -> list[str]:
    """Return the faults of the folders, [] when they hold."""
    faults: list[str] = []
    for folder in folders:
        reader = READERS.get(folder.name)
        if reader is None or not folder.is_dir():
            faults.append(f"{folder}:只查 {'、'.join(READERS)} 两种文件夹")
            continue
        try:
            reader(folder)
        except BadSetting as error:
            faults += str(error).splitlines()
    return faults


if __name__ == "__main__":
    found = lint([Path(one) for one in sys.argv[1:]])
    print("\n".join(found), file=sys.stderr)
    sys.exit(bool(found))
