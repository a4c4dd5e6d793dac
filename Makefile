# Wellspring. Each target does its own set-up; nothing but Python 3.11+ and make has to be there.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help demo story soak test check bench bench-wecom bench-insight dev setup setup-dev console console-check browser lock clean

# Which Python makes the environment; empty: the first on the PATH that is new enough.
PYTHON ?=
VENV := .venv
BIN := $(VENV)/bin
STAMPS := $(VENV)/stamps
export PATH := $(CURDIR)/$(BIN):$(PATH)
CONSOLE_SOURCES := $(shell find console/src console/public console/index.html console/*.ts console/package.json console/pnpm-lock.yaml -type f 2>/dev/null)

help: ## What can be made
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/:[^#]*##/  -/'

demo: setup console ## The whole product on a simulated brand, on http://127.0.0.1:8000
	@wellspring demo

story: setup ## The loop without a screen; ends non-zero at the first thing that does not hold
	@wellspring story $(if $(ORDERS),--orders "$(ORDERS)")

soak: setup-dev ## A long day of kills, lost callbacks and failing calls, held against the simulator; SEED=n, MORE="--speed 0.2"
	@python tests/trouble/soak.py --seed $(or $(SEED),1) $(MORE)

test: setup-dev console browser ## Every test
	@python -m pytest $(ARGS)

check: setup-dev $(STAMPS)/console-deps ## Lint, format, types, import order, migration drift; console lint and types
	@ruff check .
	@ruff format --check .
	@mypy
	@lint-imports
	@python scripts/check_migrations.py
	@python scripts/check_openapi.py
	@cd console && ../scripts/node.sh pnpm lint && ../scripts/node.sh pnpm typecheck

bench: setup-dev ## Figures, written to bench/out
	@python -m bench

bench-wecom: setup-dev ## The connector's figures: intake, welcome, sync, replay
	@python -m bench.wecom

bench-insight: setup-dev ## The insight engine's figures over N members (N=1000000)
	@python -m bench.insight $(or $(N),1000000)

dev: setup-dev $(STAMPS)/console-deps ## API with workers on :8000, console with hot reload on :5173
	@scripts/dev.sh

setup: $(STAMPS)/runtime
setup-dev: $(STAMPS)/dev
console: $(STAMPS)/console ## Build the console
browser: $(STAMPS)/browser ## Chromium and a CJK font for browser tests, where the system lets us

$(STAMPS)/venv:
	@scripts/make_venv.sh "$(PYTHON)" "$(VENV)"
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/runtime: requirements.lock pyproject.toml | $(STAMPS)/venv
	@echo "Installing Python packages (once, about a minute) ..."
	@$(BIN)/python -m pip install --quiet --require-hashes --requirement requirements.lock
	@$(BIN)/python scripts/link_package.py
	@touch $@

$(STAMPS)/dev: requirements-dev.lock $(STAMPS)/runtime
	@echo "Installing development packages ..."
	@$(BIN)/python -m pip install --quiet --require-hashes --requirement requirements-dev.lock
	@touch $@

$(STAMPS)/node: requirements-node.lock | $(STAMPS)/venv
	@scripts/ensure_node.sh
	@touch $@

$(STAMPS)/console-deps: console/package.json console/pnpm-lock.yaml $(STAMPS)/node
	@echo "Installing console packages ..."
	@cd console && ../scripts/node.sh pnpm install --frozen-lockfile --silent
	@touch $@

$(STAMPS)/console: $(CONSOLE_SOURCES) $(STAMPS)/console-deps
	@echo "Building the console ..."
	@cd console && ../scripts/node.sh pnpm --silent build
	@touch $@

$(STAMPS)/browser: | $(STAMPS)/venv
	@scripts/ensure_browser.sh
	@touch $@

lock: ## Write the lock files anew
	@scripts/lock.sh

clean: ## Remove what was installed and built here
	rm -rf $(VENV) .tools console/node_modules console/dist
