"""What an open platform knows of itself: both stores, workers, WeCom, what is stuck. Reads only.

Times are the database server's, on purpose: what is stuck is stuck in real time, also where the brand's clock travels.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.orm import Session

from wellspring.app.doctor.findings import Finding, looked_at, ok, warning, wrong
from wellspring.platform.paths import migrations_folder
from wellspring.platform.runtime import Platform, alembic_config
from wellspring.platform.warehouse.endpoints import LIMIT_SECONDS
from wellspring.platform.warehouse.loader import staleness

POSTGRES_MIN = 15
STUCK = "5 minutes"


def examine_platform(platform: Platform, *, running: bool) -> list[Finding]:
    """`running`: workers should be at work; else their silence is natural."""
    findings = looked_at("PostgreSQL", _postgres, platform)
    findings += looked_at("Warehouse", _warehouse, platform)
    if any(finding.level == "wrong" for finding in findings):
        return findings
    with platform.database.unit_of_work() as session:
        if session.scalar(text("select to_regclass('wecom_company')")) is None:
            return [*findings, ok("Schema", "Nothing is laid out yet; the first start does it.")]
        for name, check in CHECKS:
            findings += looked_at(name, check, session, platform, running)
    return findings


def _postgres(platform: Platform) -> Iterator[Finding]:
    with platform.database.engine.connect() as connection:
        version = str(connection.scalar(text("show server_version")))
        current = MigrationContext.configure(connection).get_current_revision()
    if int(version.split(".")[0]) < POSTGRES_MIN:
        yield wrong("PostgreSQL", f"{version} is too old: Wellspring needs {POSTGRES_MIN} or newer.")
        return
    yield ok("PostgreSQL", version)
    script = ScriptDirectory.from_config(alembic_config(platform.database.url))
    known, head = {revision.revision for revision in script.walk_revisions()}, script.get_current_head()
    if current is not None and current not in known:
        yield wrong("Schema", f"The database is of a newer Wellspring (revision {current}): update Wellspring.")
    elif current != head:
        yield warning("Schema", f"Revision {current or 'none'}, this version brings {head}: restart to bring it up.")
    else:
        yield ok("Schema", f"revision {current}")


def _warehouse(platform: Platform) -> Iterator[Finding]:
    yield ok(
        "Warehouse",
        f"{'chDB' if platform.warehouse.embedded else 'ClickHouse'} {platform.warehouse.scalar('select version()')}",
    )
    if not platform.warehouse.scalar("exists table schema_migrations"):
        return
    done = {str(row["name"]) for row in platform.warehouse.query("select distinct name from schema_migrations")}
    ours = {file.stem for file in (migrations_folder() / "warehouse").glob("*.sql")}
    if newer := done - ours:
        yield wrong("Warehouse", f"It is of a newer Wellspring ({', '.join(sorted(newer))}): update Wellspring.")
    elif missing := ours - done:
        yield warning("Warehouse", f"{', '.join(sorted(missing))} not applied yet: restart to bring it up.")


def _staleness(session: Session, platform: Platform, running: bool) -> Iterator[Finding]:
    behind = staleness(session).behind
    if behind is None:
        yield ok("Figures", "Nothing has been loaded into the warehouse yet.")
    elif running and behind > timedelta(seconds=LIMIT_SECONDS):
        yield wrong(
            "Figures",
            f"{_span(behind)} behind: sends wait for fresh figures. Look for warehouse_load errors in the log, then restart.",
        )
    else:
        yield ok("Figures", f"{_span(behind)} behind" + ("" if running else ", which is natural while nothing runs"))


def _workers(session: Session, platform: Platform, running: bool) -> Iterator[Finding]:
    alive = session.scalar(
        text("select count(*) from procrastinate_workers where last_heartbeat > now() - interval '1 minute'")
    )
    if alive:
        yield ok("Workers", f"{alive} alive")
    elif running:
        yield wrong("Workers", "None gives a sign of life: restart `wellspring up`, or start `wellspring worker`.")
    else:
        yield ok("Workers", "None, because Wellspring is not running.")


def _jobs(session: Session, platform: Platform, running: bool) -> Iterator[Finding]:
    failed = session.execute(
        text("select task_name, count(*) from procrastinate_jobs where status = 'failed' group by 1 order by 2 desc")
    ).all()
    if failed:
        named = ", ".join(f"{count} {name}" for name, count in failed[:3])
        yield warning("Jobs", f"Gave up after all their tries: {named}. The log says why (job_failed).")
    late = session.scalar(
        text(
            "select count(*) from procrastinate_jobs where status = 'todo'"  # noqa: S608 - a constant of ours
            f" and (scheduled_at is null or scheduled_at < now() - interval '{STUCK}') and id <= coalesce("
            " (select max(job_id) from procrastinate_events where type = 'deferred'"
            f" and at < now() - interval '{STUCK}'), 0)"
        )
    )
    if late and running:
        yield warning(
            "Jobs", f"{late} have waited for more than {STUCK}: raise WELLSPRING_WORKER_CONCURRENCY or add workers."
        )
    if not failed and not (late and running):
        yield ok("Jobs", "none failed, none late")


def _accounts(session: Session, platform: Platform, running: bool) -> Iterator[Finding]:
    admins = session.scalar(text("select count(*) from user_account where role = 'admin' and disabled_at is null"))
    if admins:
        yield ok("Accounts", f"{admins} active administrator{'' if admins == 1 else 's'}")
    else:
        yield wrong("Accounts", "There is no administrator: run `wellspring init`.")


def _wecom(session: Session, platform: Platform, running: bool) -> Iterator[Finding]:
    row = session.execute(
        text(
            "select corp_id, base_url, last_error, last_test, last_full_sync_at from wecom_company"
            " where app_secret_sealed <> ''"
        )
    ).one_or_none()
    if row is None:
        yield warning("WeCom", "No company is connected: enter it in the console under Settings, WeCom.")
        return
    refused = {check["name"]: check["reason"] for check in row.last_test.get("checks", ()) if not check["works"]}
    if row.last_error:
        yield wrong(
            "WeCom", f"The last call was refused ({row.last_error[:160]}): check the secret and the trusted IPs."
        )
    elif "token" in refused:
        yield wrong(
            "WeCom", f"The last try at {row.base_url} failed ({refused['token']}): try again under Settings, WeCom."
        )
    elif refused:
        yield warning("WeCom", f"These rights did not work when tried: {', '.join(refused)}. See Settings, WeCom.")
    else:
        yield ok("WeCom", f"{row.corp_id} at {row.base_url}")
    if row.last_full_sync_at is None:
        yield warning("WeCom sync", "Staff and customers were never read: start a sync under Settings, WeCom.")
    yield from _callbacks(session, platform, str(row.base_url))


def _callbacks(session: Session, platform: Platform, base_url: str) -> Iterator[Finding]:
    address = f"{platform.settings.base_url}/callback/wecom"
    seen: datetime | None = session.scalar(text("select max(received_at) from wecom_inbox"))
    if platform.settings.public_url is None and "qyapi.weixin.qq.com" in base_url:
        yield wrong(
            "Callbacks", f"WeCom can't reach {address}: set WELLSPRING_PUBLIC_URL to this server's public address."
        )
    elif seen is None:
        yield warning("Callbacks", f"None has arrived yet: enter {address} at WeCom as the address for events.")
    else:
        yield ok("Callbacks", f"the last arrived {_span(max(platform.clock.now() - seen, timedelta()))} ago")


def _inbox(session: Session, platform: Platform, running: bool) -> Iterator[Finding]:
    failed = session.scalar(text("select count(*) from wecom_inbox where status = 'failed'"))
    if failed:
        yield warning("Inbox", f"{failed} events could not be handled: see Settings, WeCom, inbox, and try them again.")
    else:
        yield ok("Inbox", "no event failed")


def _outbox(session: Session, platform: Platform, running: bool) -> Iterator[Finding]:
    counts: dict[str, int] = {
        str(status): int(count)
        for status, count in session.execute(
            text(
                "select status, count(*) from wecom_outbox where status in ('sending', 'unknown')"  # noqa: S608
                f" and sending_at < now() - interval '{STUCK}' or status = 'planned' and due_at < now()"
                f" - interval '{STUCK}' group by 1"
            )
        )
    }
    if unknown := counts.get("unknown", 0):
        yield warning(
            "Outbox", f"Of {unknown} calls nobody knows whether they took effect: decide under Settings, WeCom, outbox."
        )
    waiting = counts.get("planned", 0) + counts.get("sending", 0)
    if waiting and running:
        yield warning("Outbox", f"{waiting} calls to WeCom wait for more than {STUCK}: is WeCom reachable from here?")
    if not unknown and not (waiting and running):
        yield ok("Outbox", "nothing is stuck")


CHECKS: tuple[tuple[str, Any], ...] = (
    ("Figures", _staleness),
    ("Workers", _workers),
    ("Jobs", _jobs),
    ("Accounts", _accounts),
    ("WeCom", _wecom),
    ("Inbox", _inbox),
    ("Outbox", _outbox),
)


def _span(length: timedelta) -> str:
    seconds = int(length.total_seconds())
    for size, name in ((86400, "days"), (3600, "hours"), (60, "minutes")):
        if seconds >= 2 * size:
            return f"{seconds // size} {name}"
    return f"{seconds} seconds"
