# make run, make test, make lint, make bench: each sets up what it needs first, and only once.
PYTHON ?= python3
VENV ?= .venv
PY := $(VENV)/bin/python
HOST ?= 127.0.0.1
PORT ?= 8000
JOBS ?= auto
# make run DEMO=0: an installation of one's own, empty.
DEMO ?= 1
export HOST PORT

.PHONY: run test test-sqlite test-postgresql lint bench soak assets browser clean explore

run: $(VENV)/run.stamp assets
	CONTEST_DEMO=$(DEMO) $(PY) -m flask --app wsgi up $(if $(filter 1,$(DEMO)),--demo)

test: $(VENV)/dev.stamp assets browser test-sqlite test-postgresql

test-sqlite: $(VENV)/dev.stamp assets
	$(PY) -m pytest -n $(JOBS) -rs tests

# The same tests on the other database; rules, documents and stories do not depend on it.
test-postgresql: $(VENV)/dev.stamp assets
	$(PY) -m pytest -n $(JOBS) -rs --database=postgresql -m "not story" \
	  --ignore=tests/rules --ignore=tests/documents --ignore=tests/web/test_gallery.py --ignore=tests/js --ignore=tests/stories tests

# Examples never tried before, many more of them.
explore: $(VENV)/dev.stamp
	EXPLORE=1 $(PY) -m pytest -n $(JOBS) tests/rules

lint: $(VENV)/dev.stamp
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy

bench: $(VENV)/dev.stamp assets
	$(PY) -m tests.bench.run

# Thirty tablets on bad lines for two minutes, on both databases. Not part of the tests: chance decides what it meets.
SOAK_SECONDS ?= 120
soak: $(VENV)/dev.stamp assets
	SOAK_SECONDS=$(SOAK_SECONDS) $(PY) -m pytest -n 0 -s tests/tablets/test_soak.py
	SOAK_SECONDS=$(SOAK_SECONDS) $(PY) -m pytest -n 0 -s --database=postgresql tests/tablets/test_soak.py

assets: $(VENV)/run.stamp
	@$(PY) -m contest.assets

# Stories need a Chromium. Root on Debian gets it from the system, others from Playwright; without one
# the stories are skipped, loudly, and CI fails.
browser: $(VENV)/dev.stamp
	@$(PY) -m tests.browser || \
	  { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && apt-get update -qq && apt-get install -y -qq chromium >/dev/null; } || \
	  $(PY) -m playwright install chromium || \
	  echo "No Chromium found or installable: the browser stories will be SKIPPED."

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed, this is %d.%d" % sys.version_info[:2] if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)

$(VENV)/run.stamp: requirements.txt | $(VENV)/bin/python
	$(PY) -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/dev.stamp: requirements-dev.txt $(VENV)/run.stamp | $(VENV)/bin/python
	$(PY) -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

clean:
	rm -rf $(VENV) node_modules contest/static/vendor
