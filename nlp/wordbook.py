"""The words of reports, read from templates/*.yaml and words/*.yaml into one Aho-Corasick automaton."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import chain, product
from typing import Any, NamedTuple

import ahocorasick
import yaml

from nlp.metrics import METRICS

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_BRACES = re.compile(r"\{([^{}]*)\}")


_NONE: Mapping[str, str] = {}


class Entry(NamedTuple):
    """What one word means.

    `kind` is label, place, scope, ignore, clear or state; `units` maps a class of measure words to the metric that a
    figure of that class gives; `bare` is the metric of a figure without a measure word; `contexts` are the kinds of
    record it is a label in (empty: all).
    """

    word: str
    kind: str
    name: str
    units: Mapping[str, str] = _NONE
    bare: str | None = None
    contexts: frozenset[str] = frozenset()
    template: str = ""


@dataclass(frozen=True, slots=True)
class Template:
    """One report: its name, Chinese title, intent, read-back sentence, examples that must parse."""

    name: str
    title: str
    intent: str
    readback: str
    examples: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All templates and words, ready to search."""

    automaton: Any
    templates: Mapping[str, Template]
    metrics: frozenset[str]
    unit_class: Mapping[str, str]
    unit_pattern: re.Pattern[str]
    bare_count: re.Pattern[str]
    faults: tuple[str, ...]


def spell_out(pattern: str) -> Iterator[str]:
    """Yield every word of a pattern with braces.

    >>> list(spell_out("{,已}排查{户,人}"))
    ['排查户', '排查人', '已排查户', '已排查人']
    """
    parts = _BRACES.split(pattern)
    choices = [part.split(",") if at % 2 else [part] for at, part in enumerate(parts)]
    for chosen in product(*choices):
        word = "".join(chosen)
        if word:
            yield word


@cache
def _folder(name: str) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for entry in sorted(files("nlp").joinpath(name).iterdir(), key=lambda one: one.name):
        if entry.name.endswith(".yaml"):
            out[entry.name.removesuffix(".yaml")] = yaml.load(entry.read_text("utf-8"), Loader=_LOADER)  # noqa: S506 - a safe loader
    return out


def _words(patterns: list[Any]) -> Iterator[str]:
    for pattern in patterns:
        yield from spell_out(str(pattern))


def _metric_units(key: str, classes: Mapping[str, str]) -> dict[str, str]:
    unit = METRICS[key].unit if key in METRICS else ""
    own = classes.get(unit, unit)
    out = {own: key} if own else {}
    if own == "人":
        out["个"] = key
    if own == "户":
        out["家"] = key
    if own in ("起", "处", "次", "场"):
        out["个"] = key
    return out


def _counts(name: str, template: Mapping[str, Any], classes: Mapping[str, str]) -> Iterator[Entry]:
    shared = frozenset(template.get("contexts", ()))
    for line in template.get("counts", ()):
        metric = line.get("metric")
        units = dict(line.get("unit") or {}) or _metric_units(metric, classes)
        bare = line.get("bare", metric)
        contexts = frozenset(line.get("only", ())) or shared
        kind = "return" if line.get("return") else "label"
        for word in _words(line["say"]):
            yield Entry(word, kind, metric or bare or "", units, bare, contexts, name)


def _template_entries(name: str, template: Mapping[str, Any], classes: Mapping[str, str]) -> Iterator[Entry]:
    yield from _counts(name, template, classes)
    for word in _words(template.get("ignore", [])):
        yield Entry(word, "ignore", "", template=name)
    for key, patterns in (template.get("clear") or {}).items():
        for word in _words(patterns):
            yield Entry(word, "clear", key, template=name)


def _language(words: Mapping[str, Any]) -> Iterator[Entry]:
    for name, patterns in words["scope"].items():
        for word in _words(patterns):
            yield Entry(word, "scope", name)
    for name, patterns in words["state"].items():
        for word in _words(patterns):
            yield Entry(word, "state", name)
    for name, patterns in words["places"].items():
        for word in _words(patterns):
            key = f"returnees@{word}" if name == "named" else name
            yield Entry(word, "place", key, {"人": key, "个": key, "次": key}, key)


_BARE = ("户", "人", "辆")
_NUMERALS = "零〇一二两三四五六七八九十百千万亿半俩仨廿卅幺壹贰叁肆伍陆柒捌玖拾佰仟倆兩貳陸萬億余多来几"
_TELLING = frozenset({"label", "return", "place", "clear", "state"})


def may_tell(text: str) -> bool:
    """Return whether *text* (normalised) holds anything that can give a report a figure or a state.

    A word that names one, 新增, a + before a figure, or a bare count of homes, people or cars: 126户412人.
    """
    book = lexicon()
    if "+" in text or book.bare_count.search(text):
        return True
    for _, entries in book.automaton.iter(text):
        for entry in entries:
            if entry.kind in _TELLING or entry.name == "new":
                return True
    return False


def _build(templates: Mapping[str, Any], words: Mapping[str, Any]) -> Lexicon:
    unit_class = {unit: name for name, units in reversed(words["units"].items()) for unit in units}
    automaton = ahocorasick.Automaton()
    known: dict[str, Entry] = {}
    again: dict[str, list[Entry]] = {}  # words with more than one meaning
    faults: list[str] = []
    used: set[str | None] = set()
    named = (entry for name, one in templates.items() for entry in _template_entries(name, one, unit_class))
    for entry in chain(named, _language(words)):
        first = known.setdefault(entry.word, entry)
        if first is not entry:
            again.setdefault(entry.word, [first]).append(entry)
        used.add(entry.bare)
        used.update(entry.units.values())
    for word, entry in known.items():
        if word in again:
            faults += _collisions(word, again[word])
        automaton.add_word(word, _merged(again[word]) if word in again else (entry,))
    automaton.make_automaton()
    pattern = re.compile("|".join(re.escape(unit) for unit in sorted(unit_class, key=len, reverse=True)))
    bare = [re.escape(unit) for unit, name in unit_class.items() if name in _BARE]
    counted = re.compile(rf"[\dkKwWmM{_NUMERALS}]\s*(?:{'|'.join(bare)})")
    shown = {
        name: Template(name, one["title"], one["intent"], one.get("readback", ""), tuple(one.get("examples", ())))
        for name, one in templates.items()
    }
    return Lexicon(automaton, shown, frozenset(key for key in used if key), unit_class, pattern, counted, tuple(faults))


def _merged(found: list[Entry]) -> tuple[Entry, ...]:
    """Join the entries of one word that stand in the same contexts: 受淹 3间 and 受淹 20亩 are one label."""
    out: dict[tuple[str, frozenset[str]], Entry] = {}
    counted = any(entry.kind in ("label", "return") for entry in found)
    for entry in found:
        if counted and entry.kind == "ignore":
            continue  # what one report leaves aside another may count
        first = out.get((entry.kind, entry.contexts))
        if first is not None:
            units = {**entry.units, **first.units}
            entry = first._replace(units=units, bare=first.bare or entry.bare)
        out[(entry.kind, entry.contexts)] = entry
    return tuple(out.values())


def _collisions(word: str, found: list[Entry]) -> list[str]:
    labels = [entry for entry in found if entry.kind in ("label", "return")]
    out = []
    ignoring = {entry.template for entry in found if entry.kind == "ignore"}
    out += [f"“{word}”在 {one.template} 里要记数,又被列在 ignore 里" for one in labels if one.template in ignoring]
    for at, one in enumerate(labels):
        for other in labels[at + 1 :]:
            clash = [unit for unit in one.units if other.units.get(unit, one.units[unit]) != one.units[unit]]
            bare = one.bare and other.bare and one.bare != other.bare
            if one.contexts == other.contexts and (clash or bare):
                out.append(f"“{word}”在 {one.template} 和 {other.template} 里意思不同:{one.name} / {other.name}")
    return out


_active: list[Lexicon] = []


def build(extra: Mapping[str, Any] | None = None) -> Lexicon:
    """Return a lexicon of the package's templates and of *extra* ones (name → parsed YAML; the same name replaces)."""
    return _build({**_folder("templates"), **(extra or {})}, _folder("words"))


def lexicon() -> Lexicon:
    """Return the lexicon in force: the package's own templates, built once, until `activate` puts in another."""
    if not _active:
        _active.append(build())
    return _active[-1]


def activate(book: Lexicon) -> None:
    """Put *book* in force for every reading from now on."""
    _active[:] = [book]


@cache
def goods_words() -> frozenset[str]:
    """Return the nouns of goods of words/goods.yaml."""
    return frozenset(word for words in _folder("words")["goods"].values() for word in _words(words))


@cache
def goods_automaton() -> Any:
    """Return an automaton over the nouns of goods; a hit carries the length of its word."""
    automaton = ahocorasick.Automaton()
    for word in goods_words():
        automaton.add_word(word, len(word))
    automaton.make_automaton()
    return automaton


@cache
def place_names() -> frozenset[str]:
    """Return the provinces, cities and countries of words/places.yaml, 武汉 and 湖北 among them."""
    return frozenset([*_words(_folder("words")["places"]["named"]), "武汉", "武汉市", "湖北", "湖北省"])


@cache
def word_lists(name: str) -> Mapping[str, Any]:
    """Return the lists of words/*name*.yaml as written."""
    lists: Mapping[str, Any] = _folder("words")[name]
    return lists


def is_label(word: str) -> bool:
    """Return whether *word* as a whole names a figure: 排查户数, 返乡, 武汉, 户."""
    automaton = lexicon().automaton
    return word in automaton and any(one.kind in ("label", "return", "place") for one in automaton.get(word))


@cache
def template(name: str) -> Mapping[str, Any]:
    """Return templates/*name*.yaml as written."""
    written: Mapping[str, Any] = _folder("templates")[name]
    return written
