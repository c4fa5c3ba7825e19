#!/bin/sh
# Opens the window that was built: on the guide, or on the folder given. Without a display it is
# opened on a virtual one, and what it shows is left in target/galley.png.
set -eu
ROOT=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
. "$ROOT/scripts/env.sh"

if [ -n "${1:-}" ]; then
    site=$(CDPATH='' cd -- "$1" 2>/dev/null && pwd) || stop "cannot open \`$1\`: there is no such folder."
else
    site=--guide
fi

if [ -n "${DISPLAY:-}" ] || [ -n "${WAYLAND_DISPLAY:-}" ]; then
    say "Opening Galley"
    exec "$TARGET/release/galley-desktop" "$site"
fi

picture="$ROOT/target/galley.png"
say "There is no display: opening Galley on a virtual one (Xvfb) to take its picture"
mkdir -p "$ROOT/target"
node "$ROOT/scripts/picture.mjs" "$TARGET/release/galley-desktop" "$site" "$picture"
say "Galley opened and showed its page. The picture is in target/galley.png"
