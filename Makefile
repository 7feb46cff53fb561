# `make demo` and `make test` do all their own set-up in .venv; nothing else is needed but
# Python 3.11, pip and make. `make help` lists the rest.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
# uv installs; it must use the interpreter that is here and fetch no other.
UV := UV_PYTHON_DOWNLOADS=never $(BIN)/uv pip
DEMO ?= demo-output
.DEFAULT_GOAL := help

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

.venv/tools.stamp: requirements/tools.txt
	@$(PYTHON) -c 'import sys; sys.exit("Fieldproof needs Python 3.11 or newer; set PYTHON=…" if sys.version_info < (3, 11) else 0)'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/tools.txt
	@touch $@

.venv/run.stamp: .venv/tools.stamp requirements/run.txt pyproject.toml
	@echo "Installing Fieldproof into .venv …"
	@$(UV) install --quiet --python $(BIN)/python --require-hashes -r requirements/run.txt
	@$(UV) install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .
	@touch $@

.venv/test.stamp: .venv/run.stamp requirements/test.txt tools/system_packages.sh
	@echo "Installing what the tests need …"
	@$(UV) install --quiet --python $(BIN)/python --require-hashes -r requirements/test.txt
	@sh tools/system_packages.sh chromium gdal-bin poppler-utils
	@touch $@

demo: .venv/run.stamp ## audit a simulated district, show the public figures; says where to look
	@$(BIN)/fieldproof demo --output $(DEMO)

check: .venv/test.stamp ## style, types, layers
	$(BIN)/ruff check src tests benchmarks tools
	$(BIN)/mypy
	$(BIN)/lint-imports

test: check ## all checks and all tests
	$(BIN)/pytest

validate: .venv/test.stamp ## the statistical tests in full size (minutes to hours)
	$(BIN)/pytest -m slow -s

bench: .venv/test.stamp ## the performance figures in full size
	FIELDPROOF_BENCH_FULL=1 $(BIN)/pytest benchmarks --benchmark-enable -s

lock: .venv/tools.stamp ## pin the versions again, with hashes
	$(UV) compile --quiet --universal --generate-hashes --python-version 3.11 --no-header --no-annotate requirements/tools.in -o requirements/tools.txt
	$(UV) compile --quiet --universal --generate-hashes --python-version 3.11 --no-header --no-annotate pyproject.toml -o requirements/run.txt
	$(UV) compile --quiet --universal --generate-hashes --python-version 3.11 --no-header --no-annotate pyproject.toml --group test -c requirements/run.txt -o requirements/test.txt

clean: ## remove what was built
	rm -rf .venv $(DEMO) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

.PHONY: help demo check test validate bench lock clean
