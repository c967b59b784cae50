"""The reader as machine code: the modules of `nlp` compiled by mypyc, used when they were made of these very sources.

`python -m nlp.native` makes them (a C compiler is needed); without them, or when a source was changed since, Python
reads the sources, with the same answers at three quarters of the speed. `GEYING_PURE=1` asks for the sources.
"""

import hashlib
import os
import platform
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

SOURCES = Path(__file__).parents[1]
BUILT = Path(__file__).parent / "built"
GROUP = "geying_reader"
# where the time goes; all of `nlp` would take twice as long to compile and be a twentieth faster. Backwards by name:
# the compiler understands `gates` only when it saw it before `cues`.
COMPILED = (
    "wordbook", "when", "understand", "types", "tokens", "temperatures", "tabular", "tables", "strange", "rules",
    "roll", "reports", "repairs", "policy", "places", "parcels", "pairing", "numerals", "nouns", "names", "lookahead",
    "layout", "grammar", "goods", "gates", "figures", "events", "days", "daily", "cues", "corrections", "command",
    "clock", "cells", "amounts", "alarms", "addressees",
)  # fmt: skip


def modules() -> tuple[Path, ...]:
    """Return the sources that are compiled, in the order the compiler wants them."""
    return tuple(SOURCES / f"{name}.py" for name in COMPILED)


def stamp() -> str:
    """Return the name of what is made of the sources as they are now, by this Python on this kind of machine."""
    made_of = hashlib.blake2b(f"{sys.version} {platform.machine()}".encode(), digest_size=12)
    for path in sorted((*SOURCES.glob("*.py"), *BUILT.parent.glob("*.py"))):
        made_of.update(path.name.encode())
        made_of.update(path.read_bytes())
    return made_of.hexdigest()


def fitting() -> Path | None:
    """Return the library that was made of these sources, None when there is none or the sources are asked for."""
    if os.environ.get("GEYING_PURE") == "1" or not BUILT.is_dir():
        return None
    return next((BUILT / stamp()).glob(f"{GROUP}__mypyc*"), None)


def use(path: list[str]) -> bool:
    """Let the package at *path* find the compiled modules first; returns whether there are any that fit."""
    library = fitting()
    spec = spec_from_file_location(f"{GROUP}__mypyc", library) if library else None
    if library is None or spec is None or spec.loader is None:
        return False
    try:
        module = module_from_spec(spec)
        sys.modules[spec.name] = module
        spec.loader.exec_module(module)
    except ImportError:  # brought here from a machine of another make
        sys.modules.pop(spec.name, None)
        return False
    path.insert(0, str(library.parent / "nlp"))
    return True
