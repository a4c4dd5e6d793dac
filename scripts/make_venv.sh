#!/usr/bin/env bash
# Make the virtual environment: make_venv.sh PYTHON FOLDER
set -euo pipefail
wanted=$1 venv=$2
new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }
python=
for candidate in ${wanted:-python3 python python3.13 python3.12 python3.11 python3.14}; do
  if new_enough "$candidate"; then python=$candidate; break; fi
done
[ -n "$python" ] || { echo "Python 3.11 or newer is needed and was not found on the PATH." >&2; exit 1; }
[ -x "$venv/bin/python" ] && "$venv/bin/python" -m pip --version >/dev/null 2>&1 && exit 0
"$python" -m venv "$venv" 2>/dev/null && exit 0
# Debian's python3 comes without ensurepip: then virtualenv or the system's pip makes the environment.
rm -rf "$venv"
if "$python" -m virtualenv --version >/dev/null 2>&1; then exec "$python" -m virtualenv --quiet "$venv"; fi
if "$python" -m pip --version >/dev/null 2>&1; then
  "$python" -m venv --without-pip "$venv"
  exec "$python" -m pip --python "$venv/bin/python" install --quiet pip
fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  apt-get update -qq && apt-get install -y -qq --no-install-recommends python3-venv >/dev/null
  exec "$python" -m venv "$venv"
fi
echo "This Python can't make virtual environments: install its venv module (Debian: python3-venv)." >&2
exit 1
