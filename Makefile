# make run    install once into .venv and open the program on a sample cell (without a display: classify it, write out/)
# make test   the same environment, every check
# make setup  the part they share; does nothing while pyproject.toml is unchanged
# make golden draws the golden pictures of the tests anew; look at them before they are kept
# make lint | types | imports | unit   the checks one by one;  make format  mends what ruff can mend
# make package   dist/karyogui, a folder that runs without Python;  make clean

SHELL := /bin/sh
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed

# More threads than this make small networks slower, and a shared machine unhappy.
export OMP_NUM_THREADS ?= 2
export PIP_DISABLE_PIP_VERSION_CHECK ?= 1

.PHONY: help
help:
	@sed -n 's/^# \(make .*\)/\1/p' Makefile

.PHONY: setup
setup: $(INSTALLED)
	@$(BIN)/python packaging/check_system.py || true

$(BIN)/python:
	@found=; for python in $(PYTHON) python3.12 python3.13 python3.11 python3.14 python3 python; do \
		if command -v $$python >/dev/null 2>&1 \
		&& $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then found=$$python; break; fi; \
	done; \
	if [ -z "$$found" ]; then echo "Python 3.11 or newer is needed and none was found; name one with make PYTHON=/path/to/python." >&2; exit 1; fi; \
	if ! $$found -c 'import ensurepip, venv' 2>/dev/null; then \
		echo "$$found has no venv module; on Debian or Ubuntu: apt-get install $$(basename $$found)-venv" >&2; exit 1; fi; \
	echo "creating $(VENV) with $$($$found --version)"; \
	$$found -m venv $(VENV)

# torch and torchvision must come from one build, so one call of pip resolves everything.
$(INSTALLED): pyproject.toml | $(BIN)/python
	@echo "installing into $(VENV) (once; torch makes it several minutes)"
	@$(BIN)/python -m pip install -qq --editable '.[dev]'
	@touch $@

.PHONY: run
run: $(INSTALLED)
	@$(BIN)/python packaging/run_sample.py

.PHONY: test lint types imports unit
test: lint types imports unit
	@echo "all checks passed"

lint: $(INSTALLED)
	@echo "== lint: ruff check, ruff format"
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: $(INSTALLED)
	@echo "== types: mypy --strict"
	@$(BIN)/mypy

imports: $(INSTALLED)
	@echo "== imports: who may import whom"
	@$(BIN)/lint-imports

unit: $(INSTALLED)
	@echo "== unit: pytest"
	@$(BIN)/python packaging/check_system.py --platform offscreen
	@$(BIN)/python -m pytest

.PHONY: golden
golden: $(INSTALLED)
	@$(BIN)/python -m pytest -q --renew-golden tests/karyogui/export/test_sheet_golden.py
	@git diff --stat -- '*golden*' || true

.PHONY: format
format: $(INSTALLED)
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

# One folder with both programs for machines without Python; then a look whether it works.
.PHONY: package
package: $(INSTALLED)
	@$(BIN)/python -m pip install -qq --editable '.[package]'
	@$(BIN)/python -m PyInstaller --noconfirm --log-level WARN packaging/karyogui.spec
	@$(BIN)/python packaging/smoke_test.py dist/karyogui

.PHONY: clean
clean:
	rm -rf build dist out .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
