#!/bin/sh
# Installs the Debian packages the project needs and that are missing; says so when
# there is nothing to do. Needs root or sudo only when something is missing.
set -eu

packages="gcc g++ make pkg-config libsqlite3-dev libxml2-dev libcairo2-dev libhpdf-dev libcmocka-dev
libsimdjson-dev libidn2-dev libharfbuzz-dev libfreetype-dev libpsl-dev libunistring-dev zlib1g-dev liblzma-dev libzstd-dev libisal-dev libssl-dev
fonts-lato fonts-morisawa-bizud-gothic fonts-jetbrains-mono poppler-utils qpdf jq cmark-gfm python3 tzdata"

# Intel's library is for its own kind of processor only; without it records are hashed one by one.
[ "$(dpkg --print-architecture)" != amd64 ] || packages="$packages libipsec-mb-dev"

missing=
for package in $packages; do
	state=$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null || true)
	[ "$state" = installed ] || missing="$missing $package"
done
if [ -z "$missing" ]; then
	echo "deps: all packages are there"
	exit 0
fi
as_root=
if [ "$(id -u)" -ne 0 ]; then
	command -v sudo >/dev/null || { echo "deps: run as root or install sudo; missing:$missing" >&2; exit 1; }
	as_root=sudo
fi
echo "deps: installing$missing"
$as_root apt-get update -qq
# shellcheck disable=SC2086  # a list of words on purpose
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
