# Each target is a thin call of `survey`, which does the same on Windows without make.
# The environment is .venv: any target makes it when it is missing; after that nothing needs a network.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/$(if $(filter Windows_NT,$(OS)),Scripts,bin)
READY := $(VENV)/.ready
SURVEY := $(BIN)/survey
FORM ?=
TESTS ?= tests

.DEFAULT_GOAL := help
.PHONY: help setup forms analyze lab test check fix bench peers lock

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(READY) ## make the environment in .venv (every other target does so by itself)

forms: $(READY) ## write the questionnaires' forms into outputs/forms/ (FORM=name for one)
	@$(SURVEY) export $(FORM)

analyze: $(READY) ## forms, cleaning, notebooks, report: whatever is out of date
	@$(SURVEY) analyze

lab: $(READY) ## open the notebooks in JupyterLab
	@$(BIN)/jupyter lab --notebook-dir=notebooks

test: $(READY) ## run the tests (TESTS=tests/cleaning for some of them, SLOW=1 for the long ones too)
	@$(BIN)/python -m pytest $(TESTS) -q -n auto --dist loadfile $(if $(SLOW),-m "slow or not slow")

check: $(READY) ## format, lint, types and questionnaires; edits nothing
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy --no-error-summary
	@$(SURVEY) check

fix: $(READY) ## format the code and mend what ruff can mend
	@$(BIN)/ruff check --fix --quiet .
	@$(BIN)/ruff format --quiet .

bench: $(READY) ## measure the bars as ratios (SMALL=1 for a short run)
	@$(BIN)/python -m tests.bench $(if $(SMALL),--small)

peers: $(READY) ## install what `make bench` compares with (needs the package index)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r peers.lock

lock: $(READY) ## resolve the dependencies again (needs the package index)
	@$(BIN)/python -m pip install --quiet uv
	@$(BIN)/python -m uv pip compile pyproject.toml --extra build --extra lab --extra cluster --extra test --universal \
		--python-version 3.11 --generate-hashes --no-header --no-annotate --quiet --output-file requirements.lock
	@$(BIN)/python -m uv pip compile pyproject.toml --extra bench --universal --constraints requirements.lock \
		--python-version 3.11 --generate-hashes --no-header --no-annotate --quiet --output-file peers.lock

$(READY): requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed; found $$($(PYTHON) --version). Name another one: make PYTHON=python3.12"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || \
		{ rm -rf $(VENV); echo "This Python cannot make an environment. On Debian and Ubuntu: apt install python3-venv"; exit 1; }
	@echo "Setting up $(VENV) (once; needs the package index) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(READY)
