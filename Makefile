# Two commands are all a newcomer needs: `make chat` and `make test`. Both set everything up.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
LOCKED := .ci/locked
# Only what is locked, and only files with the hashes that stand there.
INSTALL := $(BIN)/python -m pip install --disable-pip-version-check --quiet --no-deps --no-build-isolation --require-hashes

.PHONY: chat test suite check prove setup lock audit format clean

chat: $(READY)                ## open the terminal chat over real feeds
	@$(BIN)/tidings chat

test: $(READY)                ## the whole suite: style, types, architecture, tests; side by side, since types alone take one core two minutes the first time
	+@$(MAKE) --no-print-directory --jobs=2 check suite

suite: $(READY)               ## the tests alone: three processes for two cores, a thread of arithmetic each; bytecode is kept for the hundreds that they start
	PYTHONDONTWRITEBYTECODE= OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder -m "not slow and not gpu"

check: $(READY)               ## style, types and the dependency law
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

prove: $(READY)               ## the long proofs, by name: hundreds of kills, thousands of hostile feeds
	$(BIN)/python -m pytest -m slow

setup: $(READY)               ## the environment only

lock: $(READY)                ## .ci/locked anew, after a change of pyproject.toml; UPGRADE=--upgrade takes the newest of all
	$(BIN)/python .ci/lock.py $(UPGRADE)

audit: $(READY)               ## known vulnerabilities of what is locked, where the service that knows them can be asked
	$(BIN)/python .ci/audit.py

format: $(READY)
	$(BIN)/ruff check --fix --exit-zero .
	$(BIN)/ruff format .

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache

$(READY): pyproject.toml $(wildcard $(LOCKED)/*.txt)
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Tidings needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Try: make PYTHON=python3.12 chat")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing Tidings into $(VENV): about 2.9 GB, a few minutes the first time ..."
	@$(INSTALL) -r $(LOCKED)/build.txt
	@echo "  1 of 3: PyTorch ..."
	@$(INSTALL) -r $(LOCKED)/torch-cpu.txt 2>$(VENV)/without-cuda.log || $(INSTALL) -r $(LOCKED)/torch.txt
	@echo "  2 of 3: some 200 other packages ..."
	@$(INSTALL) -r $(LOCKED)/program.txt -r $(LOCKED)/dev.txt
	@echo "  3 of 3: Tidings itself ..."
	@$(BIN)/python -m pip install --disable-pip-version-check --quiet --no-deps --no-build-isolation --editable .
	@touch $@
