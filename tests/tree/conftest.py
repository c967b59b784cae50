"""A small county of the tests' own, and the two sample counties."""

import json
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from tree_samples import LEVELS, SMALL, sample_tree

from handlers.domain.county import County, usual_roles
from handlers.domain.hierarchy import Tree


@pytest.fixture(scope="session")
def small() -> Tree:
    """Two towns that both have a 旗山."""
    return Tree(SMALL, LEVELS)


@pytest.fixture(scope="session")
def county() -> County:
    """The rules of the small county; its people are invented."""
    return County("示例县", "35", "", LEVELS, roles=MappingProxyType(usual_roles(LEVELS)), sample=True)


@pytest.fixture(scope="session")
def irregular() -> Mapping[str, list[dict[str, Any]]]:
    """The records of the irregular cases, by case."""
    lines = (Path(__file__).parent / "irregular.jsonl").read_text("utf-8").splitlines()
    return {case["case"]: case["records"] for case in map(json.loads, lines)}


@pytest.fixture(scope="session")
def town() -> tuple[County, Tree]:
    """The small sample town."""
    return sample_tree("data/town.yaml")


@pytest.fixture(scope="session")
def yongtai() -> tuple[County, Tree]:
    """The whole sample county."""
    return sample_tree("hierarchy.yaml")
