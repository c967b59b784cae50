"""The county's own report templates (docs/reports.md): files that `templates:` of `hierarchy.yaml` names, put in force
all together or not at all."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from bot import nodes_csv
from handlers.domain.daily_layout import SECTIONS, Row, Template
from handlers.domain.errors import BadSetting
from handlers.domain.metric import Metric
from nlp.lexicon import adopt

OURS = "daily_report"  # what every county reads, whether it says so or not
_LAST = "七"  # a figure that names no section of the daily report stands in its last one, so that none is lost
_LIMIT = 64 * 1024


def read(settings: Path, named: Sequence[str]) -> Mapping[str, str]:
    """Return the text of every template file named, by its name; BadSetting names every fault of the list."""
    faults: list[str] = []
    found: dict[str, str] = {}
    for name in named:
        if name == OURS:
            continue
        if not name.endswith(".yaml"):
            faults.append(f"templates 里的“{name}”不认识:写 {OURS},或自己的报表文件名,如 防火.yaml")
            continue
        try:
            found[name] = _text(nodes_csv.beside(settings, name))
        except BadSetting as error:
            faults.append(str(error).replace("include", "templates"))
    if faults:
        raise BadSetting("\n".join(faults))
    return MappingProxyType(found)


def put_in_force(texts: Mapping[str, str]) -> None:
    """Have the reader read the templates as well, for the rest of this process; BadSetting with every fault, and then
    nothing has changed."""
    faults = adopt(texts) if texts else []
    if faults:
        raise BadSetting("\n".join(f"模板:{fault}" for fault in faults))


def printed(texts: Mapping[str, str], definition: str) -> Template:
    """Return what the daily report prints beside the usual: the figures the templates define, each in its section.

    A figure is written `key: [label, unit]`, or `[label, unit, section]` with the section's number (一 … 七).
    """
    own: dict[str, Metric] = {}
    rows: list[Row] = []
    for name, text in texts.items():
        for key, said in _metrics(name, text).items():
            label, unit, section = (*map(str, said), "", "", "")[:3]
            if section and section not in SECTIONS:
                raise BadSetting(f"{name} 的 {key}:日报没有“{section}”这一部分,可写 {'、'.join(SECTIONS)}")
            if key not in own:
                own[key] = Metric(key, label, unit)
                rows.append(Row(section or _LAST, key))
    return Template(definition, MappingProxyType(own), tuple(rows))


def _metrics(name: str, text: str) -> Mapping[str, Sequence[Any]]:
    try:
        stated = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise BadSetting(f"{name} 不是合法的 YAML") from error
    metrics = (stated.get("metrics") or {}) if isinstance(stated, dict) else {}
    sound = isinstance(metrics, dict) and all(isinstance(said, list) and said for said in metrics.values())
    if not sound:
        raise BadSetting(f"{name} 的 metrics 应写成 名字: [中文, 单位]")
    return {str(key): said for key, said in metrics.items()}


def _text(path: Path) -> str:
    raw = path.read_bytes()
    if len(raw) > _LIMIT:
        raise BadSetting(f"{path.name} 太大")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadSetting(f"{path.name} 不是 UTF-8 编码") from error
