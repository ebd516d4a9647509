# The daily commands. `make` alone lists them.

UV := 0.13.8
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
PY := .venv/bin/python
JOBS ?= auto
MESSAGES := $(patsubst %.po,%.mo,$(wildcard locale/*/LC_MESSAGES/*.po))
# The type checker reads the settings, and they want values.
SAMPLE := SECRET_KEY=only-for-the-type-checker-0123456789 ALLOWED_HOSTS=localhost AFORI_DATA_KEYS=none \
	AFORI_BASE_URL=http://localhost DATABASE_URL=postgres://none REDIS_URL=redis://none
VENDORED := @digdir/designsystemet@1.15.0 @digdir/designsystemet-css@1.22.0 htmx.org@2.0.11 lucide-static@1.62.0 \
	@fontsource-variable/familjen-grotesk@5.3.0 @fontsource-variable/source-sans-3@5.3.0 @svg-maps/sweden@1.0.1
TEMPLATES = $$(git ls-files --cached --others --exclude-standard 'templates/*.html')

export UV_LINK_MODE ?= copy
export UV_PYTHON_DOWNLOADS := never
export PYTHONDONTWRITEBYTECODE
unexport VIRTUAL_ENV UV_PROJECT_ENVIRONMENT PYTHONPATH PYTHONHOME

.PHONY: help env demo demo-reset test check format messages vendor bench
.DELETE_ON_ERROR:

help: ## List the commands
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | \
		while IFS='|' read -r name text; do printf '%-20s %s\n' "$$name" "$$text"; done

demo: env ## Run everything on this machine, with fictitious people (PORT=8123 to choose the port)
	@exec $(PY) -m afori.demo run $(if $(PORT),--port "$(PORT)")

demo-reset: env ## Forget what was done in the demo
	@$(PY) -m afori.demo reset

test: env ## Run all tests (ARGS="tests/networks -x" to choose)
	@exec $(PY) -m pytest -n $(JOBS) --dist loadfile $(ARGS)

check: env ## Check format, lint, types, templates, migrations and settings
	@$(PY) -m ruff format --check --quiet --output-format concise .
	@$(PY) -m ruff check --quiet .
	@.venv/bin/djade --check --target-version 5.2 $(TEMPLATES)
	@env $(SAMPLE) $(PY) -m mypy
	@$(PY) -m pytest -n 0 --quiet tests/test_project.py tests/test_translations.py
	@echo "All checks passed."

format: env ## Format code and templates
	@$(PY) -m ruff check --fix --quiet . || true
	@$(PY) -m ruff format --quiet .
	@.venv/bin/djade --target-version 5.2 $(TEMPLATES) || true

messages: env ## Collect the texts to translate (needs GNU gettext)
	@$(PY) -m django makemessages --all --add-location=file --no-obsolete --no-wrap \
		--ignore=.venv --ignore=.demo --ignore=static --ignore=staticfiles --ignore=tests

bench: env ## Measure speed, against bare views on the same machine
	@AFORI_LOG_LEVEL=ERROR $(PY) -m pytest -p no:xdist -q -s tests/bench/bench_*.py

vendor: ## Refresh static/vendor from the npm registry, versions as above (needs npm)
	@command -v npm >/dev/null || { echo "make vendor needs npm."; exit 1; }
	@set -e; vendor="$(CURDIR)/static/vendor"; work=$$(mktemp -d); trap 'rm -rf "$$work"' EXIT; cd "$$work"; \
	npm install --silent --no-save --ignore-scripts --prefix . $(VENDORED); \
	fonts=node_modules/@fontsource-variable; ds=node_modules/@digdir/designsystemet-css; \
	cp $$ds/dist/src/index.css "$$vendor/designsystemet/designsystemet.css"; \
	cp $$ds/LICENSE "$$vendor/designsystemet/LICENSE"; \
	cp "$$vendor/designsystemet/designsystemet.config.json" .; \
	npx designsystemet tokens create --clean >/dev/null; \
	npx designsystemet tokens build --clean >/dev/null; \
	cp design-tokens-build/afori.css "$$vendor/designsystemet/theme.css"; \
	cp node_modules/htmx.org/dist/htmx.min.js node_modules/htmx.org/LICENSE "$$vendor/htmx/"; \
	for icon in "$$vendor"/lucide/*.svg; do cp "node_modules/lucide-static/icons/$${icon##*/}" "$$icon"; done; \
	cp node_modules/lucide-static/LICENSE "$$vendor/lucide/"; \
	cp node_modules/@svg-maps/sweden/sweden.svg "$$vendor/svg-maps-sweden/"; \
	cp node_modules/@svg-maps/sweden/LICENSE.md "$$vendor/svg-maps-sweden/LICENSE"; \
	for font in "$$vendor"/fonts/*.woff2; do cp $$fonts/*/files/"$${font##*/}" "$$font"; done; \
	for name in source-sans-3 familjen-grotesk; do cp $$fonts/$$name/LICENSE "$$vendor/fonts/LICENSE-$$name"; done
	@git --no-pager diff --stat -- static/vendor

env: .venv/.complete $(MESSAGES) ## Prepare .venv from the lock file and compile the translations
	@:

# An environment that was moved or copied here belongs to another folder and is made anew.
ifneq ($(wildcard .venv/.complete),)
ifneq ($(shell cat .venv/.complete),$(CURDIR))
.PHONY: .venv/.complete
endif
endif

.venv/.complete: pyproject.toml uv.lock
	@[ -n "$(PYTHON)" ] || { echo "Afori needs Python 3.11 or later; none was found (PYTHON=/path/to/python names one)."; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Afori needs Python 3.11 or later; $(PYTHON) is older or missing."; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "Python's venv module is missing (Debian, Ubuntu: apt install python3-venv)."; exit 1; }
	@echo "Preparing the Python environment ..."
	@if [ ! -e $@ ] || [ "$$(cat $@)" = "$(CURDIR)" ]; then clear=; else clear=--clear; fi; \
	if $(PY) -m pip --version >/dev/null 2>&1 && [ -z "$$clear" ]; then :; else $(PYTHON) -m venv --clear .venv; fi
	@$(PY) -m pip install --quiet --disable-pip-version-check uv==$(UV) 2>&1 | { grep -v '^WARNING' || true; }
	@if [ -n "$${PIP_CERT:-}" ]; then export SSL_CERT_FILE="$${SSL_CERT_FILE:-$$PIP_CERT}"; fi; \
	index="$${PIP_INDEX_URL:-$$($(PY) -m pip config get global.index-url 2>/dev/null || true)}"; \
	if [ -z "$$index" ]; then $(PY) -m uv sync --frozen --all-extras --quiet; \
	else $(PY) -m uv export --frozen --all-extras --no-emit-project --quiet -o .venv/locked.txt >/dev/null && \
		$(PY) -m uv pip sync --quiet --require-hashes --default-index "$$index" .venv/locked.txt; fi
	@printf '%s\n' "$(CURDIR)" > $@

%.mo: %.po .venv/.complete
	@$(PY) -m babel.messages.frontend --quiet compile --use-fuzzy --input-file $< --output-file $@
