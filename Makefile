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

# Figures of docs/BENCHMARKS.md.
bench: setup
	cargo build --release --workspace --bins
	bench/functions/run.py
	bench/ingest/run.py
