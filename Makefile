# make demo: sets everything up and answers questions in the browser.   make test: sets up and passes all tests.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
# uv is several times faster than pip; it is used when it is there, and told where pip looks for wheels on disk.
UV := $(shell command -v uv 2>/dev/null)
FIND_LINKS := $(shell $(PYTHON) -m pip config get global.find-links 2>/dev/null || $(PYTHON) -m pip config get :env:.find-links 2>/dev/null)
PORT ?= 8000
# Two processes, whole files at a time: half the time on two cores.  PYTEST= runs all in one.
PYTEST ?= -n 2 --dist loadfile

ifeq ($(UV),)
  INSTALL = $(BIN)/python -m pip install --quiet --disable-pip-version-check
else
  INSTALL = $(if $(FIND_LINKS),UV_FIND_LINKS=$(FIND_LINKS)) uv pip install --quiet --python $(BIN)/python
endif

.PHONY: demo line-demo test lint bench clean rasa rasa-model

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.core: $(BIN)/python pyproject.toml
	$(INSTALL) -e .
	touch $@

# The demo hears and speaks: 450 MB and a few seconds more than the core. SPEECH= leaves that out.
SPEECH ?= voice
$(VENV)/.demo-$(SPEECH): $(BIN)/python pyproject.toml
	$(INSTALL) -e '.$(if $(SPEECH),[$(SPEECH)])'
	touch $@ $(VENV)/.core

# One resolve for everything: torch installed by itself beforehand, or after, would drag in its CUDA build.
$(VENV)/.all: $(BIN)/python pyproject.toml
	$(INSTALL) -e '.[all]'
	touch $@ $(VENV)/.core

demo: $(VENV)/.demo-$(SPEECH)
	$(BIN)/madoguchi demo --port $(PORT)

# A conversation over LINE with a stand-in for the platform; TALK=--talk to go on by keyboard.
line-demo: $(VENV)/.demo-$(SPEECH)
	$(BIN)/python -m connectors.sandbox.line_demo $(TALK)

# Rasa in its own environment under var/rasa: builds it (2.5 GB), exports, trains, starts. rasa-model: all but the start.
rasa: $(VENV)/.core
	$(if $(FIND_LINKS),UV_FIND_LINKS=$(FIND_LINKS)) deploy/rasa/rasa.sh start

rasa-model: $(VENV)/.core
	$(if $(FIND_LINKS),UV_FIND_LINKS=$(FIND_LINKS)) deploy/rasa/rasa.sh model

test: $(VENV)/.all
	$(BIN)/python -m pytest -q $(PYTEST)

lint: $(VENV)/.all
	$(BIN)/ruff check .
	$(BIN)/mypy

bench: $(VENV)/.all
	$(BIN)/python -m eval.bench.messages

clean:
	rm -rf var build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache
