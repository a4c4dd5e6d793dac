"""From rows to what the API shows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from wellspring.acquisition import reading
from wellspring.acquisition.channels import paths_of
from wellspring.acquisition.contact_ways import staff_ids_of
from wellspring.acquisition.models import Channel, LiveCode
from wellspring.acquisition.rules import remark_of
from wellspring.acquisition.schemas import (
    CodeFigures,
    LiveCodeRow,
    LiveCodeTotals,
    LiveCodeView,
    Named,
    Origins,
    OriginView,
    Poster,
    Shown,
    StaffView,
    Welcome,
    WelcomeFigures,
)
from wellspring.acquisition.service import able
from wellspring.people import facade as people
from wellspring.platform import company_settings
from wellspring.platform.auth import Scope

EXAMPLE_NAME = "小满"


def figures(found: reading.Figures, cost_per_add_fen: int | None) -> CodeFigures:
    return CodeFigures(
        today=found.today,
        last_30_days=found.last_30_days,
        total=found.total,
        kept_30=found.kept_30.share,
        kept_30_of=found.kept_30.adds,
        cost_per_add_fen=cost_per_add_fen,
    )


def totals(found: reading.Figures) -> LiveCodeTotals:
    return LiveCodeTotals(
        today=found.today,
        last_30_days=found.last_30_days,
        kept_30=found.kept_30.share,
        kept_30_of=found.kept_30.adds,
    )


def shown_status(code: LiveCode) -> Shown:
    return "archived" if code.archived_at is not None else code.status  # type: ignore[return-value]


def waiting(code: LiveCode) -> bool:
    return code.synced_version < code.way_version


def rows(session: Session, scope: Scope, found: Sequence[reading.CodeRow]) -> list[LiveCodeRow]:
    channel_ids = {row.code.channel_id for row in found}
    paths = paths_of(session, channel_ids)
    stores = {store.id: store.name for store in people.stores(session)}
    costs = reading.cost_per_add(session, scope, channel_ids)
    return [
        LiveCodeRow(
            id=row.code.id,
            name=row.code.name,
            channel=Named(id=row.code.channel_id, name=paths[row.code.channel_id].rsplit(" / ", 1)[-1]),
            channel_path=paths[row.code.channel_id],
            store=_store(stores, row.code.store_id),
            staff_count=len(row.staff),
            staff_names=[member.name for member in row.staff],
            staff_unable=sum(not able(member) for member in row.staff),
            status=shown_status(row.code),
            error=row.code.error,
            waiting=waiting(row.code),
            created_at=row.code.created_at,
            figures=figures(row.figures, costs.get(row.code.channel_id)),
        )
        for row in found
    ]


def _store(names: dict[int, str], store_id: int | None) -> Named | None:
    return Named(id=store_id, name=names.get(store_id, f"#{store_id}")) if store_id is not None else None


def live_code(session: Session, scope: Scope, code: LiveCode, *, now: datetime) -> LiveCodeView:
    channel = session.get_one(Channel, code.channel_id)
    ids = staff_ids_of(session, code.id)
    members = people.staff(session, ids)
    tags = people.tag_names(session, code.tag_ids)
    welcomes = reading.welcomes_of(session, code.id, now)
    example = remark_of(
        code.remark_template,
        name=EXAMPLE_NAME,
        channel=channel.name,
        code=code.name,
        at=now,
        zone=company_settings.read(session).zone,
    )
    return LiveCodeView(
        id=code.id,
        name=code.name,
        channel=Named(id=channel.id, name=channel.name),
        channel_path=paths_of(session, [channel.id])[channel.id],
        store=_store({store.id: store.name for store in people.stores(session)}, code.store_id),
        staff=[
            StaffView(
                id=ident, name=members[ident].name, store_name=members[ident].store_name, able=able(members[ident])
            )
            for ident in ids
            if ident in members
        ],
        skip_verify=code.skip_verify,
        remark_template=code.remark_template,
        remark_example=example,
        tags=[Named(id=ident, name=tags[ident]) for ident in code.tag_ids if ident in tags],
        welcome=Welcome.model_validate(code.welcome),
        poster=Poster.model_validate(code.poster),
        status=code.status,
        error=code.error,
        waiting=waiting(code),
        archived_at=code.archived_at,
        version=code.version,
        state=code.state,
        has_qr=bool(code.config_id and code.qr_url),
        created_at=code.created_at,
        figures=figures(
            reading.figures_of(session, code.id, now),
            reading.cost_per_add(session, scope, [channel.id]).get(channel.id),
        ),
        welcomes=WelcomeFigures(
            sent=welcomes.sent,
            failed=welcomes.failed,
            median_seconds=welcomes.median_seconds,
            reasons=welcomes.reasons,
        ),
    )


def origins(session: Session, found: Sequence[reading.Origin]) -> Origins:
    paths = paths_of(session, {origin.add.channel_id for origin in found})
    names = people.staff_names(session, {origin.staff_id for origin in found})
    return Origins(
        items=[
            OriginView(
                live_code=Named(id=origin.add.live_code_id, name=origin.code_name),
                channel=Named(id=origin.add.channel_id, name=origin.channel_name),
                channel_path=paths[origin.add.channel_id],
                staff=Named(id=origin.staff_id, name=names[origin.staff_id]) if origin.staff_id in names else None,
                at=origin.add.at,
                still_friends=origin.still_friends,
            )
            for origin in found
        ]
    )
