#!/usr/bin/env bash
# Run a command with this checkout's Node and pnpm on the PATH.
root=$(cd "$(dirname "$0")/.." && pwd)
export PATH=$root/.tools/pnpm/node_modules/.bin:$root/.tools/node-bin:$PATH
exec "$@"
