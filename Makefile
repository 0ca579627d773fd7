# Every target sets up what it needs first: `make run` in a fresh clone is enough.

BIN := .venv/bin
# The first Python on this machine that is new enough; `make PYTHON=…` names another.
PYTHON ?= $(firstword $(foreach name,python3 python3.13 python3.12 python3.11,\
	$(shell $(name) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $(name))))

# Small graphs are slower on two BLAS threads than on one, and the tests fill the cores already.
export OPENBLAS_NUM_THREADS ?= 1
export OMP_NUM_THREADS ?= 1

.DEFAULT_GOAL := help
.PHONY: help setup run tour test bench check format docs

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST)

setup: ## make .venv and install everything into it (the other targets do this themselves)
	@python='$(PYTHON)'; if [ -z "$$python" ]; then \
	  echo 'GradViz needs Python 3.11 or newer; on Debian or Ubuntu: sudo apt-get install -y python3' >&2; exit 2; \
	fi; "$$python" scripts/setup.py

run: setup ## open the app on the bowl; with no display, draw its pictures instead
	@if [ "$$(uname)" = Linux ] && [ -z "$$DISPLAY$$WAYLAND_DISPLAY" ]; then \
	  echo 'There is no display here (neither DISPLAY nor WAYLAND_DISPLAY is set), so no window can open.'; \
	  echo 'Drawing pictures of the three workspaces into build/tour instead.'; \
	  $(BIN)/gradviz tour -o build/tour; \
	else \
	  $(BIN)/gradviz samples/bowl.gradviz; \
	fi

tour: setup ## draw pictures of the three workspaces into build/tour
	$(BIN)/gradviz tour -o build/tour

test: setup ## run the tests; `make test ARGS=…` passes arguments to pytest
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest -n 2 $(ARGS)

bench: setup ## measure speed, beside peers where they are installed
	@missed=; for script in tests/benchmarks/bench_*.py; do \
	  echo; echo "== $$script"; \
	  QT_QPA_PLATFORM=offscreen $(BIN)/python $$script || missed="$$missed $$script"; \
	done; \
	if [ -n "$$missed" ]; then echo; echo "failed, or missed their goals:$$missed" >&2; exit 1; fi

check: setup ## lint, format, types, import directions, budgets
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pyright
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -q tests/test_architecture.py

docs: setup ## write the reference of operations, docs/operations.md, anew
	$(BIN)/python scripts/make_reference.py

format: setup ## mend what ruff can mend
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
