#!/bin/sh
# Runs every test: the interface's, the crates', whole sites, hosts, and the real window.
set -eu
ROOT=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
. "$ROOT/scripts/env.sh"
cd "$ROOT"
FEATURES=galley-desktop/custom-protocol

say "The interface: types, lint, tests"
(cd ui && npm run --silent check && npm run --silent build && npm test --silent)

say "Building"
# Binaries and tests in one go: asked for apart, their features differ and much is built twice.
cargo build --workspace --bins --tests --features "$FEATURES"
GALLEY_DESKTOP="$TARGET/debug/galley-desktop"
GALLEY="$TARGET/debug/galley"
export GALLEY_DESKTOP GALLEY

say "The crates, whole sites, hosts, and the real window"
if cargo nextest --version >/dev/null 2>&1; then
    cargo nextest run --workspace --features "$FEATURES"
else
    cargo test --workspace --bins --lib --tests --features "$FEATURES" -- --test-threads=2
fi
say "All tests passed. Pictures of the window are in target/screens"
