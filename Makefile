# Two commands do everything on a fresh machine: `make run` and `make test`.
.PHONY: setup test lint

setup:
	@scripts/setup

# Formatting, lints, what each function links, then every test.
test: setup
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --quiet -- -D warnings
	scripts/check-links
	cargo test --workspace
