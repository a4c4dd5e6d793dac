#!/usr/bin/env bash
# API with workers on :8000, console with hot reload on :5173; Ctrl-C stops both.
set -euo pipefail
cd "$(dirname "$0")/.."
trap 'kill $(jobs -p) 2>/dev/null || true; wait' EXIT INT TERM
wellspring up &
(cd console && ../scripts/node.sh pnpm dev) &
wait -n
