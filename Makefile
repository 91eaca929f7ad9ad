# One word per wish. Every target does its own set-up; only Python 3.11+ and make are needed.
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SECONDS := 600
READY := $(VENV)/.ready
PURE_ROOMS := core.rules core.address gateway.quote notifier.scheduling notifier.rendering \
	$(addprefix notifier.channels.email.,compose correspondence dkim folding headers trace wrapping)
PURE_TESTS := tests/core/rules tests/core/test_address.py tests/gateway/quote tests/notifier/scheduling tests/notifier/rendering \
	tests/notifier/channels/email/test_[cdfht]*.py

.PHONY: help setup demo test coverage check lint types walls fmt serve bench attack peers fuzz docs clean

help:  ## show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*##/\t/' | expand -t 12

setup: $(READY)  ## make the environment (.venv) with everything the other words need

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Rejoinder needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Try: make PYTHON=python3.12 " )'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Setting up $(VENV) (a minute the first time) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]' -c constraints.txt
	@touch $@

demo: $(READY)  ## a missed message goes out as a mail and the reply comes back, in one minute
	@$(BIN)/rejoinder demo

test: $(READY)  ## run every test, on SQLite and PostgreSQL
	@$(BIN)/python -m pytest -n logical --dist worksteal

check: lint types walls test  ## what CI runs: style, types, import walls, tests

coverage: $(READY)  ## how much of the pure rooms their own tests reach
	@$(BIN)/python -m pytest -q $(PURE_TESTS) $(PURE_ROOMS:%=--cov=%) --cov-branch \
		--cov-report=term-missing:skip-covered --cov-fail-under=93

lint: $(READY)
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/codespell

types: $(READY)
	@$(BIN)/mypy

walls: $(READY)
	@$(BIN)/lint-imports

fmt: $(READY)  ## format and mend what can be mended by itself
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

serve: $(READY)  ## run Rejoinder with ./rejoinder.toml
	@$(BIN)/rejoinder serve

bench: $(READY)  ## measure how fast and how right we are, beside anchors and peers
	@$(BIN)/python bench/all.py
	@$(BIN)/python bench/reply.py

attack: $(READY)  ## attack a gateway on loopback, forge senders, guess addresses (root for DNS)
	@$(BIN)/python bench/attack.py
	@$(BIN)/python bench/abuse.py

peers: $(READY)  ## replies and digests through real Postfix, Exim and HAProxy (root, Debian)
	@$(BIN)/python tests/peers/run.py

fuzz: $(READY)  ## look for mails that hurt their reader (SECONDS=600)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[fuzz]' -c constraints.txt
	@rm -rf .fuzz/findings
	@$(BIN)/python tests/fuzz/run.py -max_total_time=$(SECONDS)
	@test -z "$$(ls .fuzz/findings)"

docs: $(READY)  ## write the generated pages anew
	@$(BIN)/python docs/generate.py

clean:  ## remove the environment
	rm -rf $(VENV)
