"""Make the checkout importable in its virtual environment, with its commands; needs no network.

`pip install --editable` would fetch a build backend outside the locked, hashed set.
"""

from __future__ import annotations

import sys
import sysconfig
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def main() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    Path(sysconfig.get_path("purelib"), "wellspring.pth").write_text(f"{ROOT / 'src'}\n")
    for command, target in project["scripts"].items():
        module, function = target.split(":")
        script = Path(sysconfig.get_path("scripts"), command)
        script.write_text(f"#!{sys.executable}\nimport sys\nfrom {module} import {function}\nsys.exit({function}())\n")
        script.chmod(0o755)


if __name__ == "__main__":
    main()
