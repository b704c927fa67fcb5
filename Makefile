# Everything one does with the project; `make` alone lists it.

PORT ?= 3000
TEST_PROCESSES ?= 2
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin

# bun comes with the virtual environment, and Reflex looks for it on the path.
export PATH := $(abspath $(BIN)):$(PATH)
export REFLEX_TELEMETRY_ENABLED := false

.DEFAULT_GOAL := help
.PHONY: help run dev check test coverage test-postgresql cluster bench drift wheel-test readme-paths compat docs pictures

help:  ## list the commands
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 18

run: $(VENV)/.run  ## build the portal and serve it on http://localhost:3000 (PORT changes it)
	python -m backstage_py build
	python -m backstage_py serve --port $(PORT)

dev: $(VENV)/.run  ## serve with hot reload on http://localhost:3000
	reflex run --frontend-port $(PORT)

check: $(VENV)/.dev  ## lint, format, types and the rules of the architecture
	ruff check .
	ruff format --check .
	pyright
	lint-imports

test: $(VENV)/.dev  ## the whole test suite, the browser's included
	@tests/install-chromium
	pytest --numprocesses $(TEST_PROCESSES)

coverage: $(VENV)/.dev  ## the unit tests, and the share of lines that they reach
	pytest --numprocesses $(TEST_PROCESSES) --cov --cov-report term:skip-covered tests/unit

test-postgresql: $(VENV)/.dev  ## what depends on the store, on PostgreSQL
	pytest tests/faults/test_cluster.py tests/unit/insights/test_nodes.py tests/unit/analytics/store \
		tests/unit/analytics/retention tests/unit/analytics/consent tests/unit/analytics/inventory

cluster: $(VENV)/.dev  ## three nodes on PostgreSQL that die in turn, for ten minutes
	CLUSTER_SECONDS=600 pytest tests/faults/test_cluster.py -s

bench: $(VENV)/.dev  ## benchmarks, a JSON line for each figure
	@python -m benchmarks

drift: $(VENV)/.dev  ## compare our events and settings with Backstage's newest packages
	python -m tests.conformance.drift

wheel-test: $(VENV)/.run  ## install the wheel into an empty environment and try it there
	@tests/packaging/wheel-test

readme-paths: $(VENV)/.dev  ## follow the README in empty environments, word for word
	@tests/install-chromium
	pytest tests/packaging/readme_paths.py

compat: $(VENV)/.run  ## try the wheel on the oldest and the newest supported Reflex
	@tests/packaging/compat

docs: $(VENV)/.run  ## build the documentation as a site in site/
	$(PYTHON) -m venv $(VENV)/docs
	$(VENV)/docs/bin/python -m pip install --quiet --disable-pip-version-check -r requirements-docs.txt
	NO_MKDOCS_2_WARNING=1 $(VENV)/docs/bin/mkdocs build --strict --site-dir site

pictures: $(VENV)/.dev  ## retake the pictures of the README, in light and dark
	@tests/install-chromium
	python -m tests.pictures

$(VENV)/.run: requirements.txt
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 is needed; name it: make PYTHON=/path/to/python3.11"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/.dev: $(VENV)/.run requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@
