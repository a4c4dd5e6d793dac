"""Takes a callback in: checked, opened, stored once, and its job deferred, all before it is answered."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, cast
from xml.etree.ElementTree import Element

import orjson
from defusedxml import DefusedXmlException
from defusedxml import ElementTree as SafeXml
from sqlalchemy import Table, func, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from wellspring.platform.runtime import Platform
from wellspring.wecom.company import callback_cipher
from wellspring.wecom.crypto import CallbackCipher, CallbackRefused
from wellspring.wecom.errors import NotConnected
from wellspring.wecom.inbox.registry import Fields
from wellspring.wecom.models import WecomInbox

HANDLE_JOB = "wecom.inbox.handle"
MAX_BODY = 64 * 1024
RE_READ = ("edit_external_contact", "update", "update_user", "update_party")
"""Changes whose handler re-reads the object: two within one second look the same, so a repeat is handled again."""

ENVELOPE = ("ToUserName", "AgentID")
INBOX = cast(Table, WecomInbox.__table__)


@dataclass(frozen=True)
class Proof:
    """What stands in the callback's query."""

    signature: str
    timestamp: str
    nonce: str


def answer_verification(session: Session, platform: Platform, proof: Proof, echostr: str, *, wire_now: datetime) -> str:
    """The plaintext WeCom wants back when the URL is saved; raises CallbackRefused."""
    cipher = _check(session, platform, proof, echostr, wire_now)
    return cipher.decrypt(echostr)


def take_in(
    session: Session, platform: Platform, proof: Proof, body: bytes, *, wire_now: datetime
) -> Literal["stored", "duplicate"]:
    """Store one delivery. Raises CallbackRefused, and then nothing was stored.

    `wire_now`: the machine's own time, which the delivery's timestamp is compared with; the platform's clock may
    travel, the wire does not.
    """
    encrypted = _parse(body).findtext("Encrypt") or ""
    if not encrypted:
        raise CallbackRefused("malformed", "the body has no Encrypt")
    message = _check(session, platform, proof, encrypted, wire_now).decrypt(encrypted)
    fields = _fields(_parse(message.encode()))
    return _store(session, platform, fields, message)


def _check(session: Session, platform: Platform, proof: Proof, encrypted: str, wire_now: datetime) -> CallbackCipher:
    try:
        known = callback_cipher(session, platform)
    except NotConnected as error:
        raise CallbackRefused("not_connected", str(error)) from None
    if known is None:
        raise CallbackRefused("not_connected", "no company is connected")
    tolerance, cipher = known
    cipher.verify(proof.signature, proof.timestamp, proof.nonce, encrypted)
    if not proof.timestamp.isdigit() or len(proof.timestamp) > 12:
        raise CallbackRefused("malformed", "the timestamp is not a number")
    off = abs(wire_now.timestamp() - int(proof.timestamp))
    if off > tolerance:
        raise CallbackRefused("stale", f"the timestamp is {off:.0f} s from now")
    return cipher


def _parse(data: bytes) -> Element:
    try:
        root: Element = SafeXml.fromstring(data, forbid_dtd=True)
    except (SafeXml.ParseError, DefusedXmlException, ValueError):
        raise CallbackRefused("malformed", "the body is not XML") from None
    return root


def _fields(root: Element) -> Fields:
    fields: Fields = {}
    for child in root:
        fields[child.tag] = orjson.dumps(_nested(child)).decode() if len(child) else (child.text or "").strip()
    return fields


def _nested(element: Element) -> object:
    """Children by name; a name that comes several times is a list."""
    if not len(element):
        return (element.text or "").strip()
    found: dict[str, object] = {}
    for child in element:
        value = _nested(child)
        if child.tag not in found:
            found[child.tag] = value
            continue
        earlier = found[child.tag]
        found[child.tag] = [*earlier, value] if isinstance(earlier, list) else [earlier, value]
    return found


def dedupe_key(fields: Fields) -> str:
    """Equal for a repeated delivery only. MsgId where there is one; for events all fields, because FromUserName and
    CreateTime alone would take two customers of the same second for one."""
    if fields.get("MsgId"):
        return f"msg:{fields['MsgId']}"
    return "event:" + hashlib.sha256(orjson.dumps(sorted(fields.items()))).hexdigest()


def _store(session: Session, platform: Platform, fields: Fields, message: str) -> Literal["stored", "duplicate"]:
    now = platform.clock.now()
    is_event = fields.get("MsgType", "event") == "event"
    event = fields.get("Event", "") if is_event else "message"
    change_type = fields.get("ChangeType", "") if is_event else fields.get("MsgType", "")
    if not event:
        raise CallbackRefused("malformed", "the message names no event")
    created = fields.get("CreateTime", "")
    key = dedupe_key(fields)
    inbox_id: int | None = session.scalar(
        insert(INBOX)
        .values(
            dedupe_key=key,
            event=event,
            change_type=change_type,
            fields={name: value for name, value in fields.items() if name not in ENVELOPE},
            raw=message,
            sent_at=datetime.fromtimestamp(int(created), UTC) if created.isdigit() and len(created) < 12 else now,
            received_at=now,
        )
        .on_conflict_do_nothing(index_elements=["dedupe_key"])
        .returning(INBOX.c.id)
    )
    outcome: Literal["stored", "duplicate"] = "stored"
    if inbox_id is None:
        outcome = "duplicate"
        inbox_id = _open_again(session, key) if change_type in RE_READ else None
    if inbox_id is not None:
        platform.jobs.defer(session, HANDLE_JOB, inbox_id=inbox_id)
    return outcome


def _open_again(session: Session, key: str) -> int | None:
    reopened: int | None = session.scalar(
        update(WecomInbox)
        .where(WecomInbox.dedupe_key == key, WecomInbox.status == "done")
        .values(status="pending", due_at=func.now())
        .returning(WecomInbox.id)
    )
    return reopened
