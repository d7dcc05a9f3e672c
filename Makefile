# Two commands do everything on a fresh machine: `make run` and `make test`.
.PHONY: setup run test bench

setup:
	@scripts/setup

# A demo organization with real bills, its costs in the terminal, then the server until Ctrl-C.
run: setup
	@cargo run --quiet --package local --bin convergence -- demo

# Formatting, lints, what each function links, then every test.
test: setup
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --quiet -- -D warnings
	scripts/check-links
	cargo test --workspace

# Figures of docs/BENCHMARKS.md. The functions are built without the command: beside it they would get its databases.
bench: setup
	cargo build --release $(foreach it,bootstrap costs integrations onboard run-pipeline scheduler,--package $(it))
	bench/functions/run.py
	cargo build --release --package local
	bench/ingest/run.py
