# The commands of Galley. Each installs what is missing first, and is quick the second time.
#   make run            builds Galley and opens it on the guide; SITE=folder opens that folder
#   make test           runs every test, in the real window too
#   make bench          measures, prints a table, writes target/bench/report.json
#   make bench-window   measures the real window while it is typed into, writes target/bench/window.json
#   make cuts           cuts the line to an SSH server, a bucket and Netlify at CUTS=200 places of a publish
#   make torture        kills a writing session RUNS=1000 times and looks for every word; SEED=n repeats
#   make compare-zola SITE=folder   builds a Zola site with Zola and with Galley, prints what differs
#   make fuzz           feeds random input to the engine, MINUTES=1 for each of its targets
#   make package        builds a Debian package
#   make check          formatting and lints
SHELL := /bin/sh
ROOT := $(CURDIR)
ENV := ROOT="$(ROOT)" && . scripts/env.sh
SITE ?=
MINUTES ?= 1
RUNS ?= 1000
CUTS ?= 200
SEED ?=

.PHONY: run test bench bench-window cuts torture compare-zola fuzz package check setup release

run: release
	@scripts/run.sh "$(SITE)"

test:
	@scripts/setup.sh test
	@scripts/test.sh

bench: setup
	@$(ENV) && cargo run --quiet --release -p galley-tests --bin bench

bench-window:
	@scripts/setup.sh test
	@$(ENV) && cd ui && npm run --silent build
	@$(ENV) && cargo build --quiet --release -p galley-desktop --features custom-protocol --config profile.release.lto=false
	@$(ENV) && GALLEY_DESKTOP="$$TARGET/release/galley-desktop" cargo test --quiet -p galley-tests --bench in-window

cuts:
	@scripts/setup.sh test
	@$(ENV) && GALLEY_CUTS="$(CUTS)" cargo test --quiet -p galley-publish --test hosts -- --nocapture cut_anywhere a_bucket_is_a_host

torture: setup
	@$(ENV) && cargo build --quiet -p galley-tests --bin torture
	@$(ENV) && "$$TARGET/debug/torture" --runs "$(RUNS)" $(if $(SEED),--seed "$(SEED)")

compare-zola: setup
	@$(ENV) && [ -d "$(SITE)" ] || stop "name the folder of a Zola site: make compare-zola SITE=folder"
	@$(ENV) && command -v zola >/dev/null || stop "there is no zola on the PATH: install Zola 0.23, then run this again."
	@$(ENV) && cargo build --quiet -p galley-cli -p galley-tests --bins
	@$(ENV) && "$$TARGET/debug/compare-zola" "$(SITE)"

fuzz: setup
	@MINUTES="$(MINUTES)" scripts/fuzz.sh

package: setup
	@$(ENV) && cargo build --release -p galley-cli
	@$(ENV) && npx --yes @tauri-apps/cli@2.12.5 build --bundles deb
	@$(ENV) && say "The package is in $$TARGET/release/bundle/deb"

check: setup
	@$(ENV) && cargo fmt --all --check
	@$(ENV) && cd ui && npm run --silent build && npm run --silent check
	@$(ENV) && cargo clippy --workspace --all-targets --features galley-desktop/custom-protocol -- -D warnings
	@$(ENV) && say "Formatting and lints are clean"

setup:
	@scripts/setup.sh run

release: setup
	@$(ENV) && cd ui && npm run --silent build
	@$(ENV) && cargo build --release -p galley-desktop -p galley-cli --features galley-desktop/custom-protocol
