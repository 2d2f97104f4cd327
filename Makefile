# Needs Python 3.11 or newer and make, and nothing else: each target sets up what it needs in .venv (again only when it changed).
#
#   make run      the gateway: read all batteries in range (two simulated ones when there is no Bluetooth adapter)
#   make test     the unit tests                      make check   all that CI checks, also on the real Bluetooth stack
#   make bench    speed, side by side                 make docs    the documentation, in build/site
#   make format   format the code                     make generate   the generated pages of the documentation
#   make lock     lock the newest compatible dependencies again (UPGRADE=1: take newer ones)

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
CODE := $(wildcard src tests scripts benchmarks examples packaging)
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate \
	--custom-compile-command "make lock" $(if $(UPGRADE),--upgrade) pyproject.toml

.DEFAULT_GOAL := help
.PHONY: help run test check format-check lint types contracts docs bench format generate generated lock clean
.NOTPARALLEL:
# Some machines switch Python's cache off: compiling all tests anew each time takes as long as running them.
unexport PYTHONDONTWRITEBYTECODE

help:
	@sed -n 's/^# \{0,1\}//p' Makefile | head -n 7

run: $(VENV)/.runtime
	@$(BIN)/bmsreader run

test: $(VENV)/.dev
	$(BIN)/pytest -m "not bluez and not slow" -n auto --maxprocesses 4 --dist worksteal

# The tests come last, so that their summary closes the output.
check: format-check lint types contracts generated docs
	$(BIN)/pytest --hypothesis-profile=ci

format-check: $(VENV)/.dev
	$(BIN)/ruff format --check $(CODE)

lint: $(VENV)/.dev
	$(BIN)/ruff check $(CODE)

types: $(VENV)/.dev
	$(BIN)/mypy $(CODE)

contracts: $(VENV)/.dev
	$(BIN)/lint-imports --no-logo

generated: $(VENV)/.dev
	$(if $(wildcard scripts/generate_docs.py),$(BIN)/python scripts/generate_docs.py --check)

generate: $(VENV)/.dev
	$(BIN)/python scripts/generate_docs.py

docs: $(VENV)/.dev
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet
	$(BIN)/python scripts/check_site.py build/site

format: $(VENV)/.dev
	$(BIN)/ruff format $(CODE)
	$(BIN)/ruff check --fix $(CODE)

bench: $(VENV)-bench/.bench
	$(VENV)-bench/bin/python -m benchmarks

lock: $(VENV)/.dev
	$(LOCK) --group build --output-file requirements/runtime.txt
	$(LOCK) --constraint requirements/runtime.txt --group build --extra dev --output-file requirements/dev.txt
	$(LOCK) --constraint requirements/dev.txt --group build --extra simulator --extra bench --output-file requirements/bench.txt

clean:
	rm -rf $(VENV) $(VENV)-bench build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache

$(VENV)/.runtime: requirements/runtime.txt pyproject.toml scripts/venv
	@sh scripts/venv $(VENV) requirements/runtime.txt "$(PYTHON)"
	@touch $@

$(VENV)/.dev: requirements/dev.txt pyproject.toml scripts/venv
	@sh scripts/venv $(VENV) requirements/dev.txt "$(PYTHON)"
	@touch $@ $(VENV)/.runtime

# The reader that we measure ours against needs Python 3.12; without one, the other measurements still run.
$(VENV)-bench/.bench: requirements/bench.txt pyproject.toml scripts/venv
	@sh scripts/venv $(VENV)-bench requirements/bench.txt python3.14 python3.13 python3.12 "$(PYTHON)"
	@touch $@
