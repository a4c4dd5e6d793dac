"""Every call is described once, reachable from the client, documented, and known to the simulator by the same method."""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
import sys
from collections import Counter
from pathlib import Path
from types import ModuleType

import pytest

import wecom_sim.app  # noqa: F401  (fills ENDPOINTS)
from wecom_sim.wire import ENDPOINTS
from wellspring.wecom import calls
from wellspring.wecom.calls.base import Call, Effect

SCRIPT = Path(__file__).parents[2] / "scripts" / "wecom_call_table.py"
BY_THE_TOKENS = {"gettoken"}  # made by tokens.py, without an access token
NOT_SIMULATED = {
    f"kf/knowledge/{verb}_{noun}" for verb in ("add", "del", "mod", "list") for noun in ("group", "intent")
}


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("wecom_call_table", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # its dataclass looks itself up there
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def described(script: ModuleType) -> list[Call]:  # type: ignore[type-arg]
    """Every call of every module."""
    found = []
    for part in pkgutil.iter_modules(calls.__path__):
        module = importlib.import_module(f"{calls.__name__}.{part.name}")
        found += [value for value in vars(module).values() if isinstance(value, Call)]
        for name in ("CUSTOMER", "MOMENT"):
            if part.name == "strategies":
                found += vars(getattr(module, name)).values()
    return found


def test_the_table_is_true(script: ModuleType) -> None:
    page = script.PAGE.read_text()
    assert page == script.page_with_table(page), "run python scripts/wecom_call_table.py"


def test_each_path_is_described_once_and_reachable(script: ModuleType, described: list[Call]) -> None:  # type: ignore[type-arg]
    counts = Counter(call.path for call in described)
    assert [path for path, count in counts.items() if count > 1] == []
    reachable = {row.call.path for row in script.rows()}
    assert {call.path for call in described} - reachable == BY_THE_TOKENS


def test_the_simulator_has_the_same_calls(described: list[Call]) -> None:  # type: ignore[type-arg]
    simulated = {path.removeprefix("/cgi-bin/"): one.method for path, one in ENDPOINTS.items()}
    ours = {call.path: call.method for call in described}
    assert simulated.keys() - ours.keys() == set(), "the simulator has calls that the client lacks"
    assert ours.keys() - simulated.keys() == NOT_SIMULATED
    assert {path for path in simulated if simulated[path] != ours[path]} == set()


def test_what_only_reads_says_so(described: list[Call]) -> None:  # type: ignore[type-arg]
    """A GET changes nothing, except that it uses a sign-in code up."""
    for call in described:
        if call.method == "GET" and call.effect is not Effect.READ:
            assert call.path in ("auth/getuserinfo", "user/getuserinfo")
