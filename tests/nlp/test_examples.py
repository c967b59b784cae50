"""The examples in the docstrings of the reading room run and say what they say."""

import doctest
import importlib
import pkgutil

import pytest

import nlp


@pytest.mark.long
def test_every_example_runs() -> None:
    modules = [importlib.import_module(f"nlp.{found.name}") for found in pkgutil.iter_modules(nlp.__path__)]
    results = {module.__name__: doctest.testmod(module) for module in modules}
    assert [name for name, result in results.items() if result.failed] == []
    assert sum(result.attempted for result in results.values()) > 20
