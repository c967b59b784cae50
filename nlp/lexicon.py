"""The templates in force: checked, shown, and swapped for a county's own only when every check passes."""

import threading
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from string import Formatter
from typing import Any

import yaml

from nlp import cells, daily, fields
from nlp.metrics import METRICS, define, forget
from nlp.types import Intent
from nlp.understand import records, understand
from nlp.wordbook import Lexicon, Template, activate, build, lexicon

__all__ = ["Template", "adopt", "lexicon", "lint", "templates"]
_AT = datetime(2020, 2, 8, 10, tzinfo=UTC)
_FIELDS = frozenset({"where", "when", "figures", "rows", "hot", "items", "what"})
_SPECIAL = frozenset({"turned_back"})
_ROLES = {"needs": "resident", "temperature_roll": "resident"}
_swap = threading.Lock()


def templates() -> Mapping[str, Template]:
    """Return the templates in force by name."""
    return lexicon().templates


def lint() -> list[str]:
    """Return every fault of the templates in force, in Chinese; [] when all is well.

    Faults: one word with two meanings, a metric that is not known, an intent that is not one, a read-back with a field
    that is not there, an example that does not read as it says.
    """
    return _faults(lexicon())


def adopt(texts: Mapping[str, str]) -> list[str]:
    """Put a county's own templates (name → YAML text) in force beside ours; return the faults, [] when they now hold.

    With any fault nothing changes. A template may define figures of its own under `metrics: {key: [label, unit]}`.
    """
    try:
        extra = {name: yaml.safe_load(text) for name, text in texts.items()}
    except yaml.YAMLError as error:
        return [f"模板不是合法的 YAML:{error}"]
    missing = [f"{name} 缺 template、title 或 intent" for name, one in extra.items() if not _whole(one)]
    if missing:
        return missing
    with _swap:
        return _tried(extra)


def _whole(one: Any) -> bool:
    return isinstance(one, dict) and all(one.get(key) for key in ("template", "title", "intent"))


def _tried(extra: Mapping[str, Any]) -> list[str]:
    before = lexicon()
    own = {key: tuple(pair) for one in extra.values() for key, pair in (one.get("metrics") or {}).items()}
    added = define(own)
    try:
        book = build(extra)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        forget(added)
        return [f"模板缺项或写错:{error}"]
    _enforce(book)
    faults = _faults(book)
    if faults:
        _enforce(before)
        forget(added)
    return faults


def _enforce(book: Lexicon) -> None:
    activate(book)
    for cached in (daily.read_sections, cells.column, cells.names_figure, fields.role_of):
        cached.cache_clear()


def _faults(book: Lexicon) -> list[str]:
    out = list(book.faults)
    out += [f"不认识的指标 {key}" for key in sorted(book.metrics) if not _known(key)]
    for template in book.templates.values():
        out += _template_faults(template)
    return out


def _known(key: str) -> bool:
    return key in METRICS or key in _SPECIAL or key.startswith("returnees@")


def _template_faults(template: Template) -> Iterator[str]:
    if template.intent not in {intent.value for intent in Intent}:
        yield f"{template.name} 的 intent “{template.intent}” 不存在"
    named = {name for _, name, _, _ in Formatter().parse(template.readback) if name is not None}
    if named - _FIELDS:
        yield f"{template.name} 的 readback 用了没有的字段 {', '.join(sorted(named - _FIELDS))}"
    if not template.examples:
        yield f"{template.name} 没有例句"
    for example in template.examples:
        yield from _example_faults(template, example)


def _example_faults(template: Template, example: Mapping[str, Any]) -> Iterator[str]:
    said = understand(example["say"], _AT, sender_role=_ROLES.get(template.intent, "gridworker"))
    read = records(said)
    if said.intent.value != template.intent:
        yield f"{template.name} 的例句“{example['say']}”读成了 {said.intent.value}"
    if "counts" in example:
        got = {
            key: value
            for one in read
            for key, value in one.items()
            if _known(key.removesuffix("_new").removesuffix("_cum"))
        }
        if got != example["counts"]:
            yield f"{template.name} 的例句“{example['say']}”应为 {example['counts']},读成了 {got}"
    if "rows" in example and len(read) != example["rows"]:
        yield f"{template.name} 的例句“{example['say']}”应有 {example['rows']} 条,读出 {len(read)} 条"
    if "categories" in example and read and set(example["categories"]) != set(read[0].get("category") or ()):  # type: ignore[call-overload]
        yield f"{template.name} 的例句“{example['say']}”应为 {example['categories']}"
