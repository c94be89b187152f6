# Everything a person or a machine types here. The work is in setup/, in Python.
.DEFAULT_GOAL := help
PYTHON := sh setup/python.sh

.PHONY: run test plugin gates check bench bench-completion bench-tasks bench-desktop pictures stubs translations pins clean help

run: ## set up, then open the window (no screen: chat in the terminal, or a demonstration)
	@exec $(PYTHON) -m setup.run_product

test: ## set up, then run every test, Python's and Kotlin's
	@exec $(PYTHON) -m setup.run_development setup.run_tests $(PYTEST_ARGUMENTS)

plugin: ## build the JetBrains plugin's modules with Maven
	@exec $(PYTHON) -m setup.run_development --without-model setup.build_plugin

gates: ## every check that is no test: format, lint, types, imports, stubs, protos
	@exec $(PYTHON) -m setup.run_development --without-model setup.gates

check: gates test ## what to run before a push: the gates, then the tests

bench: ## measure and print the table of docs/performance.md
	@exec $(PYTHON) -m setup.run_development tests.bench.engine $(BENCH_ARGUMENTS)

bench-completion: ## measure completion against llama-server: the table of docs/completion.md
	@exec $(PYTHON) -m setup.run_development tests.bench.completion $(BENCH_ARGUMENTS)

bench-desktop: ## measure the window: the table of docs/desktop.md
	@exec $(PYTHON) -m setup.run_development tests.bench.desktop $(BENCH_ARGUMENTS)

pictures: ## draw each view to a PNG file in build/pictures, with real answers
	@exec $(PYTHON) -m setup.run_development tests.bench.desktop.pictures $(PICTURE_ARGUMENTS)

bench-tasks: ## measure the code tasks with a model: BENCH_ARGUMENTS="actions --model FILE", test-writing, …
	@exec $(PYTHON) -m setup.run_development tests.bench.tasks $(BENCH_ARGUMENTS)

stubs: ## generate rpc/stubs from protos
	@exec $(PYTHON) -m setup.run_development --without-model setup.stubs

translations: ## collect the window's texts and compile their translations
	@exec $(PYTHON) -m setup.run_development --without-model setup.translations

pins: ## write constraints.txt anew, with the newest versions allowed
	@exec $(PYTHON) -m setup.pins

clean: ## remove the environment and every cache of this checkout (models and wheels stay)
	rm -rf .venv build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' Makefile
