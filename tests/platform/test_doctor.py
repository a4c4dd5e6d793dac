"""`wellspring doctor`: what it finds from outside and inside, and who may ask."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable, Iterable
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

from wellspring.app.api import create_app
from wellspring.app.doctor.diagnosis import diagnose
from wellspring.app.doctor.endpoints import PROOF_HEADER, proof
from wellspring.app.doctor.findings import Finding, looked_at, report, verdict
from wellspring.app.doctor.inside import examine_platform
from wellspring.app.doctor.machine import examine_machine, folder_holder
from wellspring.platform.data_folder import FORMAT, DataFolder
from wellspring.platform.runtime import Platform
from wellspring.platform.settings import Settings


def levels(findings: Iterable[Finding]) -> dict[str, str]:
    return {finding.name: finding.level for finding in findings}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def settings(folder: Path, **more: object) -> Settings:
    return Settings(data=folder, port=free_port()).model_copy(update=more)


def test_a_folder_that_was_never_started_is_nothing_wrong(tmp_path: Path) -> None:
    findings = diagnose(settings(tmp_path / "new"))
    assert "PostgreSQL" in levels(findings)
    assert all(finding.level == "ok" for finding in findings if finding.name not in ("Console", "Chinese font", "Disk"))
    assert not (tmp_path / "new").exists(), "a look makes nothing"


def test_a_newer_folder_a_held_folder_and_a_taken_port_are_named(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "data").ensure()
    asked = settings(folder.path)
    assert folder_holder(asked) == "nobody"
    folder.lock()
    try:
        assert folder_holder(asked) == "another process"
        assert levels(diagnose(asked))["Running process"] == "wrong"
    finally:
        folder.unlock()
    (folder.path / "FORMAT").write_text(f"{FORMAT + 1}\n")
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = settings(folder.path, port=other.getsockname()[1])
        found = levels(examine_machine(taken))
    assert (found["Data folder"], found["Port"]) == ("wrong", "wrong")


def test_a_readable_key_and_a_lost_key_are_told(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "data").ensure()
    key = folder.path / "secret.key"
    key.chmod(0o644)
    assert levels(examine_machine(settings(folder.path)))["Secret key"] == "warning"
    key.unlink()
    folder.postgres.mkdir()
    (folder.postgres / "PG_VERSION").write_text("18\n")
    assert levels(examine_machine(settings(folder.path)))["Secret key"] == "wrong"


def test_an_empty_deployment_that_should_run_lacks_workers_and_an_administrator(platform: Platform) -> None:
    found = levels(examine_platform(platform, running=True))
    assert (found["Workers"], found["Accounts"], found["WeCom"]) == ("wrong", "wrong", "warning")
    assert (found["PostgreSQL"], found["Schema"], found["Warehouse"]) == ("ok", "ok", "ok")
    assert levels(examine_platform(platform, running=False))["Workers"] == "ok"


def test_what_is_stuck_or_stale_is_told(platform: Platform, load_warehouse: Callable[[], int]) -> None:
    load_warehouse()
    with platform.database.unit_of_work() as session:
        for statement in (
            "update warehouse_watermark set as_of = now() - interval '2 hours'",
            "insert into wecom_company (id, corp_id, base_url, app_secret_sealed, callback_token_sealed,"
            " callback_aes_key_sealed, last_error) values (1, 'ww1', 'https://qyapi.weixin.qq.com', 'sealed', '', '', '40001')",
            "insert into wecom_inbox (dedupe_key, event, fields, raw, sent_at, received_at, status)"
            " values ('k', 'e', '{}', '', now(), now(), 'failed')",
            "insert into wecom_outbox (kind, idempotency_key, payload, status, created_at, sending_at)"
            " values ('welcome', 'k', '{}', 'unknown', now(), now() - interval '1 hour')",
            "insert into procrastinate_jobs (queue_name, task_name, status) values ('default', 'people.x', 'failed')",
        ):
            session.execute(text(statement))
    findings = {finding.name: finding for finding in examine_platform(platform, running=True)}
    assert findings["Figures"].level == "wrong"
    assert findings["WeCom"].level == "wrong"
    assert "40001" in findings["WeCom"].text
    assert findings["Callbacks"].level == "wrong"
    assert "WELLSPRING_PUBLIC_URL" in findings["Callbacks"].text
    assert [findings[name].level for name in ("Inbox", "Outbox", "Jobs")] == ["warning"] * 3


@pytest.mark.parametrize(("broken", "level"), [("token", "wrong"), ("tags", "warning"), (None, "ok")])
def test_a_try_that_failed_is_not_called_a_connection(platform: Platform, broken: str | None, level: str) -> None:
    checks = [
        {"name": name, "works": name != broken, "count": None, "reason": "unreachable" if name == broken else ""}
        for name in ("token", "tags")
    ]
    with platform.database.unit_of_work() as session:
        session.execute(
            text(
                "insert into wecom_company (id, corp_id, base_url, app_secret_sealed, callback_token_sealed,"
                " callback_aes_key_sealed, last_test, last_test_at)"
                " values (1, 'ww1', 'http://127.0.0.1:1', 'sealed', '', '', cast(:test as jsonb), now())"
            ),
            {"test": json.dumps({"checks": checks})},
        )
    found = next(finding for finding in examine_platform(platform, running=True) if finding.name == "WeCom")
    assert found.level == level
    assert broken is None or "unreachable" in found.text or broken in found.text


def test_only_who_has_the_data_folders_key_is_answered(platform: Platform) -> None:
    client = TestClient(create_app(platform), raise_server_exceptions=False)
    now = int(time.time())

    def status(shown: str | None) -> int:
        return client.get("/doctor", headers={} if shown is None else {PROOF_HEADER: shown}).status_code

    assert status(None) == status(f"{now}.{'0' * 64}") == status("x.y") == status("9" * 500) == 401
    assert status(proof(platform.secrets, now - int(timedelta(minutes=5).total_seconds()))) == 401
    answer = client.get("/doctor", headers={PROOF_HEADER: proof(platform.secrets, now)})
    assert answer.status_code == 200
    assert {"name", "level", "text"} == set(answer.json()[0])


def test_a_check_that_breaks_is_a_finding_and_wrong_ends_with_one(capsys: pytest.CaptureFixture[str]) -> None:
    def breaks() -> Iterable[Finding]:
        raise OSError("no such disk\nwith a second line")

    findings = [Finding("Python", "ok", "3.11"), *looked_at("Disk", breaks), Finding("WeCom", "warning", "not yet")]
    text_of = report(findings)
    assert [line.split()[0] for line in text_of.splitlines()[:3]] == ["ok", "warning", "wrong"]
    assert "second line" not in text_of
    assert (verdict(findings), verdict(findings[:1])) == (1, 0)
