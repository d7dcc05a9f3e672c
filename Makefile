# Two commands do everything on a fresh machine: `make run` and `make test`.
.PHONY: setup libraries emulators infrastructure identity compiled run test live bench

# All that cargo cannot bring: what programs are linked with, and what tests start.
setup: libraries emulators

libraries:
	@scripts/setup

emulators:
	@scripts/emulators

# A demo organization with real bills, its costs in the terminal, then the server until Ctrl-C.
run: libraries
	@cargo run --quiet --package local --bin convergence -- demo

# Formatting, lints, what each function links, infrastructure, then every test. The emulators are fetched while cargo compiles.
test: libraries
	cargo fmt --all --check
	@$(MAKE) --no-print-directory -j4 emulators infrastructure identity compiled
	scripts/check-links
	cargo test --workspace
	@if [ -e .cache/emulators/firestore/ready ]; then TEST_STORE=firestore cargo test --workspace -- $(FLOWS); \
	else echo 'SKIPPED: flows over Firestore'; fi
	@scripts/emulators

# What stands on the store, over Firestore's emulator too.
FLOWS = auth:: claims:: fences:: gcp:: integrations:: ledger:: onboard:: pipelines::

infrastructure:
	@scripts/check-infra

# People and organizations in Postgres, and the local identity server.
identity:
	@scripts/check-identity

# The command alone too: it is built without Google's clients, as `make run` does.
compiled:
	cargo clippy --workspace --all-targets --quiet -- -D warnings
	cargo clippy --package local --quiet -- -D warnings
	cargo test --workspace --no-run

# The suites of every backend against a real project of Google Cloud, one for tests: make live PROJECT=my-test-project
live: libraries
	@scripts/live "$(PROJECT)" $(LOCATION)

# Figures of docs/BENCHMARKS.md. The functions are built without the command: beside it they would get its databases.
bench: libraries
	cargo build --release $(foreach it,bootstrap costs integrations onboard run-pipeline scheduler,--package $(it))
	bench/functions/run.py
	cargo build --release --package convergence --example pricing
	bench/pricing/run.py
	cargo build --release --package local
	bench/ingest/run.py
