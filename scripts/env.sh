# Where the tools of this project are found. Sourced by the Makefile and the scripts.
TOOLS="$ROOT/target/tools"
for folder in "$HOME/.cargo/bin" "$TOOLS/bin"; do
    case ":$PATH:" in
        *":$folder:"*) ;;
        *) PATH="$folder:$PATH" ;;
    esac
done
export PATH
TARGET="${CARGO_TARGET_DIR:-$ROOT/target}"

say() { printf '\033[1m==>\033[0m %s\n' "$*"; }
stop() { printf 'galley: %s\n' "$*" >&2; exit 2; }
# at_least HAVE WANT: whether version HAVE is WANT or newer.
at_least() { [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]; }
