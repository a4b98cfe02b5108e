# make demo   builds the fictional demo county, scores one home, and opens the app
# make test   every check: lint, types, import direction, tests, browser tests
# Both set up everything on a machine that has only Python 3.11+ and make.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin

SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
PIP := $(BIN)/pip --disable-pip-version-check --quiet
# pip works for minutes without a word where it is quiet, and says too much where it isn't.
INSTALL_LOCKED := $(BIN)/pip --disable-pip-version-check install --progress-bar off --require-hashes --requirement
TELL := { grep --line-buffered --only-matching --extended-regexp "^(Collecting [^ ]+|Installing collected packages)" || true; }
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	--no-emit-index-url --no-emit-find-links --group build pyproject.toml
# One more than there are cores: a browser test waits for its page half of the time.
WORKERS ?= $(shell echo $$(($$(getconf _NPROCESSORS_ONLN) + 1)))

.PHONY: demo test check compiled collected docs site words mutants fuzz drills screenshots lock latest clean

demo: $(VENV)/.installed
	@echo "Step 3 of 3: a county to try it on"
	$(BIN)/recovery-reach demo

# Each worker, server and command of the tests begins sooner with what Python has kept of the files that it reads.
test collected: export PYTHONDONTWRITEBYTECODE =
test: $(VENV)/.installed-test
	$(MAKE) --jobs=2 check compiled collected
	$(BIN)/pytest --numprocesses=$(WORKERS) --dist=worksteal

# Loops that no run has compiled yet, which each worker of the tests would compile for itself.
compiled: $(VENV)/.installed-test
	$(BIN)/python -m tests.compiled

# The files of the tests, which each worker would prepare for itself.
collected: $(VENV)/.installed-test
	$(BIN)/pytest --collect-only --quiet --quiet | { grep --invert-match --extended-regexp '^tests/.*\.py: [0-9]+$$' || true; }

check: $(VENV)/.installed-test chromium
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/codespell

docs: $(VENV)/.installed-test
	RECOVERY_REACH_WRITE_DOCS=1 $(BIN)/pytest -q tests/test_architecture_document.py tests/test_licenses_document.py \
		tests/test_reference_documents.py tests/geo/test_tables.py tests/people/test_kinds.py

# docs/ as pages for a browser: open site/index.html, or let any web server hand out the folder.
site: $(VENV)/.installed-test
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict

# Seeded faults: an hour on two cores with nothing else to do.
mutants: $(VENV)/.installed-test
	$(PIP) install --editable ".[mutants]"
	$(BIN)/python -m benchmarks.mutants --write

# Each parser on what a fuzzer finds by the lines that it reaches, ten minutes each: `make fuzz FUZZ_SECONDS=60` for less.
FUZZ_SECONDS := 600
fuzz: $(VENV)/.installed-test
	$(PIP) install --editable ".[fuzz]"
	$(BIN)/python -m benchmarks.fuzz --seconds $(FUZZ_SECONDS)

# What is killed, damaged, cut short, or attacked on purpose: ten minutes (docs/trust.md).
drills: $(VENV)/.installed-test
	$(BIN)/python -m benchmarks.drills

# The words of the screens: lists them in messages.pot and merges what is new into each translation.
words: $(VENV)/.installed
	$(BIN)/python -m screens.shared.catalogs

screenshots: $(VENV)/.installed-test chromium
	RECOVERY_REACH_SCREENSHOTS=docs/screens $(BIN)/pytest tests/browser

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

# What is installed is what was tested: the versions of the lock, each file held against its digest.
$(VENV)/.installed: pyproject.toml requirements.lock | $(BIN)/python
	@echo "Step 1 of 3: the libraries of requirements.lock (a minute or two; 1.3 GB on the disk)"
	@$(INSTALL_LOCKED) requirements.lock | $(TELL)
	@echo "Step 2 of 3: Recovery Reach itself"
	$(PIP) install --no-deps --no-build-isolation --editable .
	touch $@

$(VENV)/.installed-test: pyproject.toml requirements-test.lock | $(BIN)/python
	@echo "The libraries of requirements-test.lock (some minutes; 1.8 GB on the disk)"
	@$(INSTALL_LOCKED) requirements-test.lock | $(TELL)
	$(PIP) install --no-deps --no-build-isolation --editable .
	touch $@

# Newer versions within the bounds of pyproject.toml; `make latest` tells first whether they work.
lock: $(BIN)/python
	$(PIP) install "uv>=0.9"
	$(COMPILE) --upgrade --output-file requirements.lock
	$(COMPILE) --upgrade --extra test --output-file requirements-test.lock

# The browser tests drive Debian's Chromium; where apt can't bring it, they fail and say so.
.PHONY: chromium
chromium:
	@command -v chromium >/dev/null || (command -v apt-get >/dev/null && \
		SUDO=$$([ "$$(id -u)" = 0 ] || echo sudo) && \
		$$SUDO apt-get update -qq && $$SUDO apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core >/dev/null) || \
		echo "Chromium is not installed; the browser tests need it (Debian: apt-get install chromium)."

# The whole suite against the newest of everything, bounds or not, and what differs from the lock.
LATEST := .venv-latest/bin
latest: chromium
	rm -rf .venv-latest
	$(PYTHON) -m venv .venv-latest
	$(LATEST)/pip --disable-pip-version-check --quiet install --editable ".[test]"
	-$(LATEST)/pip --disable-pip-version-check --quiet install --upgrade \
		$$(sed -n 's/^    "\([A-Za-z0-9-]*\)>=[0-9.]*,<.*/\1/p' pyproject.toml)
	@$(LATEST)/pip list --format=freeze --exclude-editable | tr 'A-Z_' 'a-z-' | sort > .venv-latest/versions
	@sed -n 's/^\([a-z0-9.-]*==[^ ]*\).*/\1/p' requirements-test.lock | sort -u | comm -13 - .venv-latest/versions
	$(LATEST)/pytest --numprocesses=auto --dist=loadfile

clean:
	rm -rf $(VENV) .venv-latest site .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
