#!/usr/bin/env bash
# Make the virtual environment: make_venv.sh PYTHON FOLDER
set -euo pipefail
python=$1 venv=$2
[ -n "$python" ] || { echo "Python 3.11 or newer is needed and was not found on the PATH." >&2; exit 1; }
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
  { echo "Python 3.11 or newer is needed; $python is $("$python" --version 2>&1)." >&2; exit 1; }
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
