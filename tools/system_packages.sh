#!/bin/sh
# Install Debian packages that the tests look through: a browser for the pages, GDAL's programs
# as the second reader of our exports. Where that is not possible the tests that need them are
# skipped and say so.
set -eu
missing=""
for package in "$@"; do
    dpkg -s "$package" >/dev/null 2>&1 || missing="$missing $package"
done
[ -z "$missing" ] && exit 0
if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
    echo "Installing$missing …"
    apt-get update -qq
    # shellcheck disable=SC2086
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
else
    echo "Not installed:$missing (needs apt-get and root); tests that use them will be skipped." >&2
fi
