# One word per wish. Every target does its own set-up; only Python 3.11+ and make are needed.
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SECONDS := 600
STEPS := 20000

RUNS := 1000
READY := $(VENV)/.ready
QUIETLY := --quiet --disable-pip-version-check
# Nothing is installed whose octets are not those that were pinned (docs/adr/0036-bounds-and-pins.md).
INSTALL := $(BIN)/python -m pip install $(QUIETLY) --require-hashes
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate \
	--custom-compile-command 'make lock' $(UPGRADE)
PURE_ROOMS := core.rules core.address gateway.quote notifier.scheduling notifier.rendering \
	$(addprefix notifier.channels.email.,compose correspondence dkim folding headers trace wrapping)
PURE_TESTS := tests/core/rules tests/core/test_address.py tests/gateway/quote tests/notifier/scheduling tests/notifier/rendering \
	tests/notifier/channels/email/test_[cdfht]*.py

.PHONY: help setup demo test coverage check lint types walls audit fmt serve bench attack peers fuzz decisions zones lock docs clean pictures judges crash

help:  ## show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*##/\t/' | expand -t 12

setup: $(READY)  ## make the environment (.venv) with everything the other words need

$(READY): pyproject.toml constraints/pip.txt constraints/dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Rejoinder needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Try: make PYTHON=python3.12 " )'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Setting up $(VENV) (a minute the first time) ..."
	@$(INSTALL) -r constraints/pip.txt
	@$(INSTALL) -r constraints/dev.txt
	@$(BIN)/python -m pip install $(QUIETLY) --no-index --no-deps --no-build-isolation -e .
	@touch $@

demo: $(READY)  ## a missed message goes out as a mail and the reply comes back, in one minute
	@$(BIN)/rejoinder demo

test: $(READY)  ## run every test, on SQLite and PostgreSQL
	@$(BIN)/python -m pytest -n logical --dist worksteal

check: lint types walls audit test  ## what CI runs: style, types, import walls, advisories, tests

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

audit: $(READY)  ## ask whether anything is known against the releases that are pinned
	@$(BIN)/python .ci/audit.py

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

crash: $(READY)  ## kill the notifier at each point of the way out, RUNS times in all (1000)
	@$(BIN)/python -m tests.faults.crash_runs --runs $(RUNS)

peers: $(READY)  ## replies and digests through real Postfix, Exim and HAProxy (root, Debian)
	@$(BIN)/python tests/peers/run.py

decisions: $(READY)  ## who gets which mail, played against an oracle on both databases (STEPS=20000)
	@$(BIN)/python tests/decision/run.py $(STEPS)

zones: $(READY)  ## quiet hours in every time zone for three years, against a walk along its clock
	@$(BIN)/python tests/decision/zones.py

judges: $(READY)  ## what SpamAssassin, rspamd, OpenDKIM and Perl say of our mails (root, Debian)
	@$(BIN)/python tests/peers/judges.py

pictures: $(READY)  ## look at mails in Chromium: contrast, width, dark; and keep their pictures
	@$(BIN)/python tests/browser/run.py

fuzz: $(READY)  ## look for mails that hurt their reader (SECONDS=600)
	@$(INSTALL) -r constraints/fuzz.txt
	@rm -rf .fuzz/findings
	@$(BIN)/python tests/fuzz/run.py -max_total_time=$(SECONDS)
	@test -z "$$(ls .fuzz/findings)"

lock: $(READY)  ## pin releases with their hashes (UPGRADE=--upgrade, or UPGRADE="--upgrade-package NAME")
	@$(INSTALL) -r constraints/lock.txt
	@$(LOCK) pyproject.toml --extra dev --group build -o constraints/dev.txt
	@for group in fuzz lock pip; do $(LOCK) --group pyproject.toml:$$group -o constraints/$$group.txt || exit 1; done

docs: $(READY)  ## write the generated pages anew
	@$(BIN)/python docs/generate.py

clean:  ## remove the environment
	rm -rf $(VENV)
