# make demo   the shipped example on simulated sample prices, offline after installing
# make test   the test suite with coverage        make lint        style, types, layers
# make test-slow   tests marked slow              make clean       remove .venv and caches
# make gallery   make reports/sample again: the committed report of the demo
# make bench   times, memory and peers side by side: writes docs/benchmarks.md, 20 minutes
# make docs   the documentation as pages: site/index.html
# make canary   ask Yahoo once whether it still answers as we read it; needs a network
# make audit   known weaknesses of the installed packages (pip-audit); needs a network
# make calibrate   write docs/calibration.md again: size and power of every test, hours

VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= $(shell for name in python3.14 python3.13 python3.12 python3.11 python3; do \
	$$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& { echo $$name; break; }; done)
INPUTS := setup.cfg pyproject.toml
INSTALLING := Installing into .venv: about 1.2 GB; the first time this takes one to four minutes.

.DEFAULT_GOAL := help
.PHONY: help demo gallery test test-slow lint docs bench canary audit calibrate clean

help:
	@sed -n '1,/^$$/s/^# //p' Makefile

demo: $(VENV)/.installed
	@$(BIN)/aftershock demo

test: $(VENV)/.installed-test
	$(BIN)/python -m pytest -m "not slow" -n 2 --dist worksteal --cov --cov-report=term

# pytest answers 5 when no test carries the mark: that is no failure here.
test-slow: $(VENV)/.installed-test
	$(BIN)/python -m pytest -m slow -n 2 --dist worksteal || [ $$? -eq 5 ]

lint: $(VENV)/.installed-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/bandit -q -c pyproject.toml -r aftershock strategies

# Live, so never part of the tests: a vendor's bad day must not turn a commit red.
canary: $(VENV)/.installed
	$(BIN)/python bench/canary.py

# Not in CI either: a new advisory must not turn an old commit red. pip-audit has an
# environment of its own, which is thrown away.
audit: $(VENV)/.installed
	@work=$$(mktemp -d) && trap 'rm -rf "$$work"' EXIT && \
	$(BIN)/python -m venv "$$work" && \
	"$$work"/bin/python -m pip install --quiet --disable-pip-version-check pip-audit && \
	"$$work"/bin/pip-audit --path \
	"$$($(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')"

GALLERY := reports/sample
SHOWN := card what_happened how_unusual
gallery: $(VENV)/.installed
	@work=$$(mktemp -d) && trap 'rm -rf "$$work"' EXIT && \
	$(BIN)/aftershock demo --out "$$work" && rm -rf $(GALLERY) && mkdir -p $(GALLERY) && \
	cp "$$work"/demo-*/run.json "$$work"/demo-*/report.pdf $(GALLERY) && \
	for name in $(SHOWN); do cp "$$work"/demo-*/figures/$$name.png $(GALLERY); done

docs: $(VENV)/.installed-docs
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet
	@echo 'Written: site/index.html; with its search: python3 -m http.server -d site'

# Broken off, it goes on where it was; bench/.venvs holds the peers.
bench: $(VENV)/.installed-bench
	$(BIN)/python bench/every.py

calibrate: $(VENV)/.installed-test
	OMP_NUM_THREADS=1 $(BIN)/aftershock calibrate --reference docs/calibration.md --jobs 2

clean:
	rm -rf $(VENV) build dist site *.egg-info .coverage* .*_cache

# Both stamps are newer than setup.cfg, or the environment is brought up to date.
$(VENV)/.installed: $(INPUTS) | $(BIN)/python
	@echo '$(INSTALLING)'
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	@echo 'Installed.'
	@touch $@

$(VENV)/.installed-test: $(INPUTS) | $(BIN)/python
	@echo '$(INSTALLING)'
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[test]'
	@echo 'Installed.'
	@touch $(VENV)/.installed $@

$(VENV)/.installed-docs: $(INPUTS) | $(BIN)/python
	@echo '$(INSTALLING)'
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[docs]'
	@echo 'Installed.'
	@touch $(VENV)/.installed $@

$(VENV)/.installed-bench: $(INPUTS) | $(BIN)/python
	@echo '$(INSTALLING)'
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[bench]'
	@echo 'Installed.'
	@touch $(VENV)/.installed $@

# Only where there is no environment yet: looking for Python costs a second.
$(BIN)/python:
	@[ -n "$(PYTHON)" ] || { echo "Python 3.11 or newer is needed, and none was found."; \
	echo "Install one, or name it: make PYTHON=/path/to/python3.12 demo"; exit 1; } >&2
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	echo "Python 3.11 or newer is needed; $(PYTHON) is not."; exit 1; } >&2
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
	echo "$(PYTHON) lacks the module venv. On Debian and Ubuntu: apt install python3-venv"; \
	exit 1; } >&2
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo \
	"The module venv of $(PYTHON) does not work. On Debian and Ubuntu: apt install python3-venv" >&2; \
	exit 1; }
