#!/bin/sh
# Runs its arguments with a Python that is new enough, or says which package is missing.
# Python scripts can't do this: an old Python fails on their syntax, and there may be none at all.
set -u
is_new_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

for candidate in "${LIMPET_PYTHON:-}" python3 python3.13 python3.12 python3.11 python3.14; do
    if [ -n "$candidate" ] && is_new_enough "$candidate"; then
        exec "$candidate" "$@"
    fi
done

run_as_root=""
if [ "$(id -u)" -ne 0 ]; then
    run_as_root="sudo -n"
fi
if [ -z "${LIMPET_NO_SYSTEM_PACKAGES:-}" ] && command -v apt-get >/dev/null 2>&1 &&
    $run_as_root true >/dev/null 2>&1; then
    for package in python3 python3.11; do
        echo "installing the system package $package ..." >&2
        $run_as_root env DEBIAN_FRONTEND=noninteractive sh -c \
            "apt-get update -qq && apt-get install -y -qq --no-install-recommends $package $package-venv" >&2
        if is_new_enough "$package"; then
            exec "$package" "$@"
        fi
    done
fi

cat >&2 <<'TEXT'
Limpet needs Python 3.11 or newer, and there is none here. Install it:
  Debian 12, Ubuntu 24.04    apt-get install python3 python3-venv
  Ubuntu 22.04               apt-get install python3.11 python3.11-venv
  Fedora                     dnf install python3.12
  macOS                      brew install python@3.12
A Python elsewhere is named by LIMPET_PYTHON=/path/to/python3.
TEXT
exit 3
