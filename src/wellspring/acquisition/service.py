"""Live codes: make, change, retry, archive, restore. One function per verb."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from sqlalchemy import ColumnElement, delete, func, or_, select
from sqlalchemy.orm import Session

from wellspring.acquisition.channels import usable_channel
from wellspring.acquisition.contact_ways import plan_contact_way, staff_ids_of, way_of
from wellspring.acquisition.errors import (
    LiveCodeChanged,
    LiveCodeNotFound,
    MediaUnknown,
    NothingToRetry,
    StaffCannotReceive,
    StaffUnknown,
    StoreOutOfScope,
    TagUnknown,
    placeholder_unknown,
)
from wellspring.acquisition.models import LiveCode, LiveCodeStaff
from wellspring.acquisition.rules import (
    LINK_DESC_BYTES,
    LINK_TITLE_BYTES,
    REMARK_PLACEHOLDERS,
    URL_BYTES,
    WELCOME_BYTES,
    WELCOME_PLACEHOLDERS,
    new_state,
    unknown_placeholders,
)
from wellspring.acquisition.schemas import LinkAttachment, LiveCodeBody, LiveCodeChange, Welcome
from wellspring.people import facade as people
from wellspring.platform import audit
from wellspring.platform.auth import Actor, Scope
from wellspring.platform.errors import Invalid, NotFound
from wellspring.platform.runtime import Platform
from wellspring.wecom import facade as wecom


def codes_in_scope(scope: Scope) -> ColumnElement[bool] | None:
    """Condition on LiveCode; None: all. A store or region sees the codes of its stores, a member of staff the codes
    they receive behind; codes of headquarters (no store) belong to scope `all`."""
    if scope.kind == "all":
        return None
    if scope.kind == "own":
        mine = select(LiveCodeStaff.live_code_id).where(LiveCodeStaff.staff_id == (scope.staff_id or 0))
        return LiveCode.id.in_(mine)
    stores = people.store_ids_in_scope(scope)
    return LiveCode.store_id.in_(stores) if stores is not None else None


def get_live_code(session: Session, scope: Scope, live_code_id: int, *, lock: bool = False) -> LiveCode:
    """Raises LiveCodeNotFound also for a code outside the scope."""
    query = select(LiveCode).where(LiveCode.id == live_code_id)
    condition = codes_in_scope(scope)
    if condition is not None:
        query = query.where(condition)
    code = session.scalar(query.with_for_update() if lock else query)
    if code is None:
        raise LiveCodeNotFound()
    return code


def create_live_code(session: Session, platform: Platform, actor: Actor, body: LiveCodeBody) -> LiveCode:
    """Make a code and plan its contact way; its QR is there when WeCom has answered.

    Raises StaffUnknown, StaffCannotReceive, StoreOutOfScope, ChannelNotFound, ChannelArchived, TagUnknown,
    MediaUnknown, Invalid with the field named.
    """
    _check(session, actor.scope, body)
    code = LiveCode(
        name=body.name,
        channel_id=body.channel_id,
        store_id=body.store_id,
        state=new_state(secrets.SystemRandom()),
        skip_verify=body.skip_verify,
        remark_template=body.remark_template.strip(),
        tag_ids=body.tag_ids,
        welcome=body.welcome.model_dump(),
        poster=body.poster.model_dump(),
        version=1,
        way_version=1,
        status="pending",
        way_under_way=False,
    )
    session.add(code)
    session.flush()
    _set_staff(session, code, body.staff_ids)
    plan_contact_way(session, platform, code)
    _audit(session, platform, actor, "create", code, staff_ids=body.staff_ids)
    return code


def change_live_code(
    session: Session, platform: Platform, actor: Actor, live_code_id: int, body: LiveCodeChange
) -> LiveCode:
    """Change everything but the QR. The contact way is updated only when what WeCom shows of it changed.

    Raises LiveCodeChanged when `body.version` is not the latest, and what `create_live_code` raises.
    """
    code = get_live_code(session, actor.scope, live_code_id, lock=True)
    if body.version != code.version:
        raise LiveCodeChanged()
    before_ids = staff_ids_of(session, code.id)
    _check(session, actor.scope, body, known_staff=before_ids, known_channel=code.channel_id, known_store=code.store_id)
    before_way = way_of(session, code)
    code.name, code.channel_id, code.store_id = body.name, body.channel_id, body.store_id
    code.skip_verify, code.remark_template = body.skip_verify, body.remark_template.strip()
    code.tag_ids, code.welcome, code.poster = body.tag_ids, body.welcome.model_dump(), body.poster.model_dump()
    if body.staff_ids != before_ids:
        _set_staff(session, code, body.staff_ids)
    code.version += 1
    session.flush()
    if way_of(session, code) != before_way:
        code.way_version = code.version
        plan_contact_way(session, platform, code)
    _audit(session, platform, actor, "change", code, staff_ids_before=before_ids, staff_ids=body.staff_ids)
    return code


def retry_live_code(session: Session, platform: Platform, actor: Actor, live_code_id: int) -> LiveCode:
    """Ask WeCom again after a refusal. Raises NothingToRetry."""
    code = get_live_code(session, actor.scope, live_code_id, lock=True)
    if code.error is None or code.way_under_way:
        raise NothingToRetry()
    code.version += 1
    code.way_version = code.version
    plan_contact_way(session, platform, code)
    _audit(session, platform, actor, "retry", code)
    return code


def archive_live_code(session: Session, platform: Platform, actor: Actor, live_code_id: int) -> LiveCode:
    """Take a code out of the lists. Its contact way stays at WeCom, because a deleted one can't be made again: what
    was printed goes on working, and whoever scans it is greeted and counted as before."""
    code = get_live_code(session, actor.scope, live_code_id, lock=True)
    if code.archived_at is None:
        code.archived_at = platform.clock.now()
        _audit(session, platform, actor, "archive", code)
    return code


def restore_live_code(session: Session, platform: Platform, actor: Actor, live_code_id: int) -> LiveCode:
    """Undo the archiving. Raises ChannelArchived when its channel is gone meanwhile."""
    code = get_live_code(session, actor.scope, live_code_id, lock=True)
    if code.archived_at is not None:
        usable_channel(session, code.channel_id)
        code.archived_at = None
        _audit(session, platform, actor, "restore", code)
    return code


def _audit(session: Session, platform: Platform, actor: Actor, verb: str, code: LiveCode, **detail: object) -> None:
    audit.record(
        session, actor=actor, at=platform.clock.now(), action=f"acquisition.live_code.{verb}",
        object_type="live_code", object_id=code.id, name=code.name, version=code.version, **detail,
    )  # fmt: skip


def _set_staff(session: Session, code: LiveCode, staff_ids: Sequence[int]) -> None:
    session.execute(delete(LiveCodeStaff).where(LiveCodeStaff.live_code_id == code.id))
    session.add_all(
        LiveCodeStaff(live_code_id=code.id, staff_id=ident, position=position)
        for position, ident in enumerate(staff_ids)
    )
    session.flush()


def _check(
    session: Session,
    scope: Scope,
    body: LiveCodeBody,
    *,
    known_staff: Sequence[int] = (),
    known_channel: int | None = None,
    known_store: int | None = None,
) -> None:
    """What a code already had may stay, even when it is out of reach now; what is new must be right."""
    if body.channel_id != known_channel:
        usable_channel(session, body.channel_id)
    _check_store(session, scope, body.store_id, known_store)
    _check_staff(session, scope, body, known_staff)
    _check_tags(session, body.tag_ids)
    if wrong := unknown_placeholders(body.remark_template, REMARK_PLACEHOLDERS):
        raise placeholder_unknown("remark_template", wrong, REMARK_PLACEHOLDERS)
    _check_welcome(session, body.welcome)


def _check_store(session: Session, scope: Scope, store_id: int | None, known: int | None) -> None:
    mine = people.store_ids_in_scope(scope)
    if store_id is None:
        if mine is not None:
            raise StoreOutOfScope()
        return
    if store_id == known and mine is None:
        return
    allowed = {store.id for store in people.stores(session)}
    if mine is not None:
        allowed &= set(session.scalars(mine))
    if store_id not in allowed:
        raise StoreOutOfScope()


def _check_staff(session: Session, scope: Scope, body: LiveCodeBody, known: Sequence[int]) -> None:
    if len(set(body.staff_ids)) != len(body.staff_ids):
        raise Invalid(field="staff_ids", zh="有同事选了两次。", en="A colleague is there twice.")
    found = people.staff(session, body.staff_ids)
    reach = people.staff_in_scope(scope)
    new = [ident for ident in body.staff_ids if ident not in known]
    mine = set(found) if reach is None else set(session.scalars(reach.where(people.StaffMember.id.in_(new))))
    if unknown := [ident for ident in new if ident not in found or ident not in mine]:
        raise StaffUnknown(count=len(unknown))
    unable = [found[ident].name for ident in body.staff_ids if not able(found[ident])]
    if unable:
        raise StaffCannotReceive(names="、".join(unable[:5]))


def able(member: people.StaffInfo) -> bool:
    """May stand behind a contact way (WeCom: activated and with the customer-contact right, else 41054)."""
    return member.status == "active" and member.may_contact


def _check_tags(session: Session, tag_ids: Sequence[int]) -> None:
    live = select(func.count()).where(
        people.Tag.id.in_(tag_ids), people.Tag.deleted_at.is_(None), people.Tag.wecom_id.is_not(None)
    )
    unknown = len(set(tag_ids)) - (session.scalar(live) or 0)
    if unknown:
        raise TagUnknown(count=unknown)


def _check_welcome(session: Session, welcome: Welcome) -> None:
    if wrong := unknown_placeholders(welcome.text, WELCOME_PLACEHOLDERS):
        raise placeholder_unknown("welcome.text", wrong, WELCOME_PLACEHOLDERS)
    _at_most("welcome.text", welcome.text, WELCOME_BYTES)
    for index, attachment in enumerate(welcome.attachments):
        at = f"welcome.attachments.{index}"
        if isinstance(attachment, LinkAttachment):
            _check_link(at, attachment)
            continue
        try:
            wecom.media(session, attachment.media_file_id)
        except NotFound:
            raise MediaUnknown(index=index) from None


def _check_link(at: str, link: LinkAttachment) -> None:
    if not link.title.strip():
        raise Invalid(field=f"{at}.title", zh="链接要有标题。", en="A link needs a title.")
    _at_most(f"{at}.title", link.title, LINK_TITLE_BYTES)
    _at_most(f"{at}.desc", link.desc, LINK_DESC_BYTES)
    for name, url, needed in (("url", link.url, True), ("pic_url", link.pic_url, False)):
        if (needed or url) and not url.startswith(("https://", "http://")):
            raise Invalid(
                field=f"{at}.{name}",
                zh="请填完整的网址，以 https:// 开头。",
                en="A whole address is needed, beginning with https://.",
            )
        _at_most(f"{at}.{name}", url, URL_BYTES)


def _at_most(field: str, text: str, limit: int) -> None:
    size = len(text.encode())
    if size > limit:
        raise Invalid(
            field=field,
            zh=f"太长了：{size} 字节，最多 {limit} 字节（一个汉字 3 字节）。",
            en=f"Too long: {size} bytes, at most {limit} (a Chinese character takes 3).",
        )


def search_condition(q: str) -> ColumnElement[bool]:
    """Name of the code, of its channel aside, or of a colleague behind it."""
    members = (
        select(LiveCodeStaff.live_code_id)
        .join(people.StaffMember, people.StaffMember.id == LiveCodeStaff.staff_id)
        .where(people.StaffMember.name.icontains(q, autoescape=True))
    )
    stores = select(people.Department.id).where(people.Department.name.icontains(q, autoescape=True))
    return or_(LiveCode.name.icontains(q, autoescape=True), LiveCode.id.in_(members), LiveCode.store_id.in_(stores))
