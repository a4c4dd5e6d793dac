"""`make bench`: every figure, one program after the other, each in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).parent


def main() -> int:
    print(f"Machine: {os.cpu_count()} cores.")
    (FOLDER / "out").mkdir(exist_ok=True)
    failed = 0
    for program in sorted(FOLDER.glob("[a-z]*.py")):
        print(f"\n== {program.stem}", flush=True)
        failed |= subprocess.run([sys.executable, str(program)], check=False).returncode
    return failed


if __name__ == "__main__":
    sys.exit(main())
