# Sett. `make run` starts everything from a fresh checkout, `make test` tests everything; README.md has the rest.
HOST ?= 127.0.0.1
PORT ?= 8000
export PATH := $(CURDIR)/.venv/bin:$(CURDIR)/node_modules/.bin:$(PATH)

# The first Python on this machine that is new enough, or the one that PYTHON names.
FOUND := $(shell for python in $(or $(PYTHON),python3 python3.14 python3.13 python3.12 python3.11); do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
NO_PYTHON = Sett trenger Python 3.11 eller nyere, og fant ingen. Si hvor den er med PYTHON=...
SETUP = test -n "$(FOUND)" || { echo "$(NO_PYTHON)" >&2; exit 1; }; "$(FOUND)" .ci/setup.py

.PHONY: run setup tables test check bench faults audit sbom screenshots wheel lock

run:
	@$(SETUP) run && exec fieldapp run --demo --join-group --host "$(HOST)" --port "$(PORT)"

setup:
	@$(SETUP) run

# What is made from the rows of the entry types and from the catalogues.
tables:
	@$(SETUP) test
	@python -m sync.fields > sync/vectors/bodies.json && python -m fieldapp.texts.phone_tables

test:
	@$(SETUP) test
	@python .ci/tests.py

check:
	@$(SETUP) test
	@ruff format --check --quiet . || { echo "Kjør: ruff format" >&2; exit 1; }
	@ruff check --quiet .
	@mypy
	@lint-imports --no-logo
	@biome format --reporter=summary >/dev/null 2>&1 || { echo "Kjør: node_modules/.bin/biome format --write" >&2; exit 1; }
	@biome lint --error-on-warnings --reporter=summary
	@tsc -p . && tsc -p .ci/tsconfig.strict.json

# One JSON object per line on stdout; everything else goes to stderr.
bench:
	@$(SETUP) test
	@for benchmark in $(sort $(wildcard bench/[a-z]*.py)); do python "$$benchmark" || exit 1; done

# The fault and property tests again with the long counts, and routes and journeys on both engines.
faults:
	@$(SETUP) test
	@python -m pytest tests/faults tests/services tests/demo tests/queries tests/routes tests/journeys --long -o faulthandler_timeout=0

# Our own code, and what is known of every package that runs; needs the net.
audit:
	@$(SETUP) audit
	@bandit --quiet --configfile pyproject.toml --recursive fieldapp sync
	@pip-audit --strict --require-hashes --disable-pip --requirement requirements.txt
	@npm audit --omit=dev

# What Sett is made of, as CycloneDX, into build/sbom/.
sbom:
	@$(SETUP) audit
	@mkdir -p build/sbom
	@cyclonedx-py requirements --pyproject pyproject.toml --output-reproducible requirements.txt > build/sbom/server.cdx.json
	@npm sbom --package-lock-only --omit=dev --sbom-format=cyclonedx > build/sbom/phone.cdx.json

# Every page, light and dark, from a demo of its own, into docs/screenshots/.
screenshots:
	@$(SETUP) test
	@python -m docs.screenshots

# Sett as one file, the phone's files inside, into dist/: what it is installed on needs no Node.
wheel:
	@$(SETUP) run
	@rm -rf build/lib build/bdist.*
	@python -m pip --disable-pip-version-check wheel --quiet --no-deps --no-build-isolation --wheel-dir dist .
	@ls dist/fieldapp-*.whl

# Resolve pyproject.toml and package.json anew.
lock:
	@$(SETUP) lock
