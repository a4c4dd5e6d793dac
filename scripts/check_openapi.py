"""Fails when console/openapi.json is not what the API serves."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from wellspring.app.openapi import openapi_document

FILE = Path(__file__).resolve().parents[1] / "console" / "openapi.json"


def main() -> int:
    if json.loads(FILE.read_text(encoding="utf-8")) == openapi_document():
        print("console/openapi.json is up to date.")
        return 0
    print("console/openapi.json is out of date: run `wellspring openapi console/openapi.json` and `pnpm gen:api`.")
    return 1


if __name__ == "__main__":
    sys.exit(main())
