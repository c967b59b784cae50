# make demo · test · check · bench · reader — each sets up all it needs by itself (Debian, python3 ≥ 3.11).
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
ARGS ?=
export PYTHONDONTWRITEBYTECODE :=

.PHONY: demo test check bench reader lock clean

demo: .make/runtime
	$(BIN)/python -m demo $(ARGS)

test: .make/dev .make/system
	$(BIN)/python tests/run.py

check: .make/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -c "import sys; from nlp.lexicon import lint; faults = lint(); print('\n'.join(faults)); sys.exit(bool(faults))"
	$(BIN)/python -m bot.yaml_lint data/steps data/matters
	$(BIN)/pytest -n 2 -m "not slow and not long" tests

# make bench ARGS="reader due" runs these rows only
bench: .make/dev .make/system
	$(BIN)/python -m nlp.native
	$(BIN)/python -m bench $(ARGS)

# the reader as machine code, where there is a C compiler; it is left aside as soon as a source is changed
reader: .make/dev
	$(BIN)/python -m nlp.native

lock: .make/dev
	$(BIN)/pip install -q "uv==0.13.8"
	$(BIN)/uv pip compile -q --universal --generate-hashes --no-emit-index-url --python-version 3.11 --extra build pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile -q --universal --generate-hashes --no-emit-index-url --python-version 3.11 --extra build --extra dev pyproject.toml -o requirements-dev.lock

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "需要 Python 3.11 以上"; exit 1; }
	$(PYTHON) -m venv .venv || { [ "$$(id -u)" = 0 ] && apt-get update -qq && apt-get install -y -qq python3-venv && $(PYTHON) -m venv .venv; }

.make/runtime: .venv/bin/python requirements.lock pyproject.toml
	@mkdir -p .make
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	$(BIN)/python -m demo --prepare
	@touch $@

.make/dev: .venv/bin/python requirements-dev.lock pyproject.toml
	@mkdir -p .make
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@ .make/runtime

# PostgreSQL, Redis, Chromium and wrk for the tests and the bench: installed when root, named when not.
.make/system: tests/system.sh
	@mkdir -p .make
	bash tests/system.sh
	@touch $@

clean:
	rm -rf nlp/native/built .venv .make var out .pytest_cache .mypy_cache .ruff_cache
