#!/bin/sh
# Feeds random input to the engine, one target after the other; stops at the first input that
# breaks a promise, and names the file that holds it. MINUTES says how long each target runs,
# TARGETS which of them.
set -eu
ROOT=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
. "$ROOT/scripts/env.sh"
MINUTES=${MINUTES:-1}
TARGETS=${TARGETS:-front_matter markdown config template}

if ! command -v cargo-fuzz >/dev/null 2>&1; then
    say "Installing cargo-fuzz, for this checkout only"
    cargo install cargo-fuzz --quiet --locked --version 0.13.2 --root "$TOOLS" ||
        stop "cargo-fuzz could not be installed. Check the network, and run this again."
fi

# The instruments of the compiler are unstable options; this lets the stable one have them too.
RUSTC_BOOTSTRAP=1
CARGO_TARGET_DIR="$TARGET/fuzz"
# One thread, so that an input finds the same each time.
RAYON_NUM_THREADS=1
export RUSTC_BOOTSTRAP CARGO_TARGET_DIR RAYON_NUM_THREADS
cd "$ROOT/src-tauri/engine/fuzz"
for target in $TARGETS; do
    say "Fuzzing $target for $MINUTES min"
    mkdir -p "corpus/$target"
    cargo fuzz run --fuzz-dir . --sanitizer none "$target" "corpus/$target" "seeds/$target" -- \
        -max_total_time=$((MINUTES * 60)) -dict="words/$target.dict" -timeout=20 -rss_limit_mb=2048 \
        -print_final_stats=1 ||
        stop "$target breaks on the input named above. To see it again: RUSTC_BOOTSTRAP=1 cargo fuzz run --sanitizer none $target FILE, in src-tauri/engine."
done
say "Nothing was found"
