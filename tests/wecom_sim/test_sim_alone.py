"""The simulator without the product: what its own package asks for."""

import ast
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import wecom_sim

HOME = Path(wecom_sim.__file__).parent
# What is imported under another name than it is installed by; starlette comes with fastapi.
NAMES = {"PIL": "pillow", "zxingcpp": "zxing-cpp", "starlette": "fastapi"}
# Needed without being imported: fastapi reads uploads with it.
SILENT = {"python-multipart"}


def _imported() -> set[str]:
    found: set[str] = set()
    for path in HOME.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {one.name.split(".")[0] for one in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                found.add((node.module or "").split(".")[0])
    return found - set(sys.stdlib_module_names) - {"wecom_sim"}


def test_its_package_asks_for_what_it_imports_and_nothing_else() -> None:
    project = tomllib.loads((HOME / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = [*project["dependencies"], *project["optional-dependencies"]["scan"]]
    names = {re.split(r"[\[>=<]", one)[0] for one in asked}
    assert names - SILENT == {NAMES.get(one, one) for one in _imported()}
    assert project["version"] == wecom_sim.__version__


def test_the_readme_s_test_passes_where_there_is_nothing_else(tmp_path: Path) -> None:
    fences = re.findall(r"```python\n# (\S+)\n(.*?)```", (HOME / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    assert [name for name, _ in fences] == ["conftest.py", "test_scan.py"]
    for name, body in fences:
        (tmp_path / name).write_text(body, encoding="utf-8")
    env = {**os.environ, "PYTHONPATH": str(HOME.parent), "NO_PROXY": "127.0.0.1"}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path)]
    ran = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, timeout=120, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
