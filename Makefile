# make demo   builds the fictional demo county, scores one home, and opens the app
# make test   every check: lint, types, import direction, tests, browser tests
# Both set up everything on a machine that has only Python 3.11+ and make.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin

.PHONY: demo test check docs words mutants screenshots clean

demo: $(VENV)/.installed
	$(BIN)/recovery-reach demo

test: check
	$(BIN)/pytest --numprocesses=auto --dist=loadfile

check: $(VENV)/.installed-test chromium
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/codespell

docs: $(VENV)/.installed-test
	RECOVERY_REACH_WRITE_DOCS=1 $(BIN)/pytest -q tests/test_architecture_document.py

# Seeded faults: an hour on two cores with nothing else to do.
mutants: $(VENV)/.installed-test
	$(BIN)/pip install --quiet --disable-pip-version-check --editable ".[mutants]"
	$(BIN)/python -m benchmarks.mutants --write

# The words of the screens: lists them in messages.pot and merges what is new into each translation.
words: $(VENV)/.installed
	$(BIN)/python -m screens.shared.catalogs

screenshots: $(VENV)/.installed-test chromium
	RECOVERY_REACH_SCREENSHOTS=docs/screens $(BIN)/pytest tests/browser

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: pyproject.toml | $(BIN)/python
	$(BIN)/pip install --quiet --disable-pip-version-check --editable .
	touch $@

$(VENV)/.installed-test: pyproject.toml | $(BIN)/python
	$(BIN)/pip install --quiet --disable-pip-version-check --editable ".[test]"
	touch $@

# The browser tests drive Debian's Chromium; where apt can't bring it, they fail and say so.
.PHONY: chromium
chromium:
	@command -v chromium >/dev/null || (command -v apt-get >/dev/null && \
		SUDO=$$([ "$$(id -u)" = 0 ] || echo sudo) && \
		$$SUDO apt-get update -qq && $$SUDO apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core >/dev/null) || \
		echo "Chromium is not installed; the browser tests need it (Debian: apt-get install chromium)."

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
