# make demo: sets everything up and answers questions in the browser.   make test: sets up and passes all tests.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
# uv is several times faster than pip; it is used when it is there, and told where pip looks for wheels on disk.
UV := $(shell command -v uv 2>/dev/null)
FIND_LINKS := $(shell $(PYTHON) -m pip config get global.find-links 2>/dev/null || $(PYTHON) -m pip config get :env:.find-links 2>/dev/null)
PORT ?= 8000

ifeq ($(UV),)
  INSTALL = $(BIN)/python -m pip install --quiet --disable-pip-version-check
else
  INSTALL = $(if $(FIND_LINKS),UV_FIND_LINKS=$(FIND_LINKS)) uv pip install --quiet --python $(BIN)/python
endif

.PHONY: demo test lint bench clean

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.core: $(BIN)/python pyproject.toml
	$(INSTALL) -e .
	touch $@

# One resolve for everything: torch installed by itself beforehand, or after, would drag in its CUDA build.
$(VENV)/.all: $(BIN)/python pyproject.toml
	$(INSTALL) -e '.[all]'
	touch $@ $(VENV)/.core

demo: $(VENV)/.core
	$(BIN)/madoguchi demo --port $(PORT)

test: $(VENV)/.all
	$(BIN)/python -m pytest -q

lint: $(VENV)/.all
	$(BIN)/ruff check .
	$(BIN)/mypy

bench: $(VENV)/.all
	$(BIN)/python -m eval.bench.messages

clean:
	rm -rf var build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache
