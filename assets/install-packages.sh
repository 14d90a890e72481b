#!/bin/sh
# Installs the Debian packages that hearth needs and this machine lacks.
#
#   install-packages.sh         what the program is built from
#   install-packages.sh test    and what its tests need
#   install-packages.sh aarch64 and what building for aarch64 on another machine needs
#
# Says which packages are missing before it installs them, as root or with sudo. Does nothing, and
# needs no rights, when all are there.
set -eu

build="
    g++ cmake ninja-build pkg-config
    libfmt-dev libexpected-dev
    libpcre2-dev libutf8proc-dev
    libreadline-dev libncurses-dev libmd4c-dev libcli11-dev libtomlplusplus-dev
    nlohmann-json3-dev libsqlite3-dev libzstd-dev liburing-dev
    libxxhash-dev libgtest-dev
    scdoc dpkg-dev"
test="
    python3 python3-jinja2 libvterm-dev
    clang libclang-rt-dev"

aarch64="
    g++-aarch64-linux-gnu qemu-user-static
    libfmt-dev:arm64 libpcre2-dev:arm64 libutf8proc-dev:arm64
    libreadline-dev:arm64 libncurses-dev:arm64 libmd4c-dev:arm64
    libsqlite3-dev:arm64 libzstd-dev:arm64 liburing-dev:arm64
    libxxhash-dev:arm64 libgtest-dev:arm64 libvterm-dev:arm64"

wanted=$build
case "${1:-}" in
    test) wanted="$build $test" ;;
    aarch64) wanted="$build $test $aarch64" ;;
esac

fail() {
    echo "hearth: $*" >&2
    exit 3
}

command -v dpkg-query >/dev/null ||
    fail "not a Debian system: install what these Debian packages hold, then run cmake:" $wanted

missing=
for package in $wanted; do
    status=$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null || true)
    case "$status" in
        installed*) ;;  # once for each architecture that has it
        *) missing="$missing $package" ;;
    esac
done
[ -n "$missing" ] || exit 0

as_root=
if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null ||
        fail "Debian packages are missing, and there is no sudo (run as root: apt-get install$missing)"
    as_root=sudo
fi
echo "Installing these Debian packages (a minute or two):$missing"

apt() {
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -o Dpkg::Use-Pty=0 "$@"
}
log=$(mktemp)
trap 'rm -f "$log"' EXIT
case "$missing" in
    *:arm64*) $as_root dpkg --add-architecture arm64 ;;
esac
if ! { apt update && apt install -y --no-install-recommends $missing; } >"$log" 2>&1; then
    tail -n 5 "$log" >&2
    fail "apt-get could not install$missing (see the lines above; is the network there?)"
fi
