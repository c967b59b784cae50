"""The house: imports go left, files stay short, every column says what it says about people."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from handlers.domain.privacy import Personal
from store.columns import SEALED
from store.models import metadata

ROOT = Path(__file__).parents[1]
ROOMS = ("nlp", "handlers", "store", "bot", "standin")
LEFT = {
    "nlp": (),
    "handlers": ("nlp",),
    "store": ("nlp", "handlers"),
    "bot": ("nlp", "handlers", "store"),
    "standin": (),
}
STANDARD_ONLY = frozenset(sys.stdlib_module_names)
FILES = [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py"))]


def imported(path: Path) -> set[str]:
    """Return the top-level names a file imports, those hidden in functions too."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.partition(".")[0])
    return names


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_imports_go_left(path: Path) -> None:
    room = path.relative_to(ROOT).parts[0]
    ours = imported(path) & set(ROOMS)
    assert ours <= {room, *LEFT[room]}


@pytest.mark.parametrize("path", sorted((ROOT / "handlers").rglob("*.py")), ids=lambda p: str(p.relative_to(ROOT)))
def test_handlers_need_nothing_but_the_standard_library(path: Path) -> None:
    assert imported(path) - STANDARD_ONLY <= {"handlers", "nlp"}


def test_jieba_stands_in_one_file() -> None:
    assert [p.relative_to(ROOT).as_posix() for p in FILES if "jieba" in imported(p)] == ["nlp/names.py"]


def test_sqlalchemy_and_redis_stay_in_the_store() -> None:
    outside = {p.relative_to(ROOT).parts[0] for p in FILES if imported(p) & {"sqlalchemy", "redis", "alembic"}}
    assert outside <= {"store", "bot"}
    in_bot = [p for p in FILES if p.parts[-2:][0] != "store" and "alembic" in imported(p)]
    assert in_bot == [] or all("store" in p.parts for p in in_bot)


WRITTEN = [path for path in FILES if "versions" not in path.parts]  # Alembic writes the migrations


@pytest.mark.parametrize("path", WRITTEN, ids=lambda p: str(p.relative_to(ROOT)))
def test_files_stay_short(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= 400


def test_every_column_says_what_it_says_about_people() -> None:
    for table in metadata.tables.values():
        for column in table.columns:
            assert "about" in column.info, f"{table.name}.{column.name} is neither plain nor personal"


def test_personal_columns_are_sealed_or_say_why_not() -> None:
    for table in metadata.tables.values():
        for column in table.columns:
            about = column.info["about"]
            if isinstance(about, Personal):
                assert isinstance(column.type, SEALED) or about.readable_because, f"{table.name}.{column.name}"
                assert about.retain_after.days > 0


def test_no_path_of_a_machine_and_no_registry_is_named() -> None:
    words = ("/" + "work/", "pypi" + ".org", "registry.npmjs" + ".org", "pythonhosted" + ".org", "shared/" + "nlp")
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split(
        "\n"
    )
    for name in tracked:
        path = ROOT / name
        if (
            name.endswith((".py", ".md", ".toml", ".lock", ".yaml", ".html", ".js", ".css", "Makefile"))
            and path.is_file()
        ):
            text = path.read_text("utf-8")
            assert not [word for word in words if word in text], name
