"""Takes callbacks in: checked, opened, stored once, and their jobs deferred, all before they are answered."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal
from xml.etree.ElementTree import Element

import orjson
from defusedxml import DefusedXmlException
from defusedxml import ElementTree as SafeXml
from sqlalchemy import text
from sqlalchemy.orm import Session

from wellspring.platform.runtime import Platform
from wellspring.wecom.company import callback_cipher
from wellspring.wecom.crypto import CallbackCipher, CallbackRefused
from wellspring.wecom.errors import NotConnected
from wellspring.wecom.inbox.registry import Fields

HANDLE_JOB = "wecom.inbox.handle"
WELCOME_JOB = "wecom.inbox.welcome"
EVENTS_PER_JOB = 50
MAX_BODY = 64 * 1024
RE_READ = ("edit_external_contact", "update", "update_user", "update_party")
"""Changes whose handler re-reads the object: two within one second look the same."""

SAME_SECOND = timedelta(seconds=3)
"""A second change of the same second is covered by what was read this long after it: one second, and two for clocks
that differ."""

DIGITS = re.compile("[0-9]{1,11}")
MAX_DEPTH = 12
ENVELOPE = ("ToUserName", "AgentID")
Outcome = Literal["stored", "duplicate"]


@dataclass(frozen=True)
class Proof:
    """What stands in the callback's query."""

    signature: str
    timestamp: str
    nonce: str


def answer_verification(session: Session, platform: Platform, proof: Proof, echostr: str, *, wire_now: datetime) -> str:
    """The plaintext WeCom wants back when the URL is saved; raises CallbackRefused."""
    return _check(known_cipher(session, platform), proof, echostr, wire_now).decrypt(echostr)


@dataclass(frozen=True)
class Delivery:
    """A callback that was found genuine."""

    key: str
    event: str
    change_type: str
    fields: Fields
    raw: str

    @property
    def is_urgent(self) -> bool:
        """A welcome can be sent for twenty seconds only."""
        return bool(self.fields.get("WelcomeCode"))


def known_cipher(session: Session, platform: Platform) -> tuple[int, CallbackCipher]:
    """Tolerance in seconds and cipher of the connected company; raises CallbackRefused(not_connected)."""
    try:
        known = callback_cipher(session, platform)
    except NotConnected as error:
        raise CallbackRefused("not_connected", str(error)) from None
    if known is None:
        raise CallbackRefused("not_connected", "no company is connected")
    return known


def open_delivery(known: tuple[int, CallbackCipher], proof: Proof, body: bytes, *, wire_now: datetime) -> Delivery:
    """Verify and decrypt. Raises CallbackRefused.

    `wire_now`: the machine's own time, which the delivery's timestamp is compared with; the platform's clock may
    travel, the wire does not.
    """
    encrypted = _parse(body).findtext("Encrypt") or ""
    if not encrypted:
        raise CallbackRefused("malformed", "the body has no Encrypt")
    message = _check(known, proof, encrypted, wire_now).decrypt(encrypted)
    if "\x00" in message:
        raise CallbackRefused("malformed", "the message has a NUL")
    fields = _fields(_parse(message.encode()))
    is_event = fields.get("MsgType", "event") == "event"
    event = fields.get("Event", "") if is_event else "message"
    if not event:
        raise CallbackRefused("malformed", "the message names no event")
    change_type = fields.get("ChangeType", "") if is_event else fields.get("MsgType", "")
    kept = {name: value for name, value in fields.items() if name not in ENVELOPE}
    return Delivery(dedupe_key(fields), event, change_type, kept, message)


def _check(known: tuple[int, CallbackCipher], proof: Proof, encrypted: str, wire_now: datetime) -> CallbackCipher:
    tolerance, cipher = known
    cipher.verify(proof.signature, proof.timestamp, proof.nonce, encrypted)
    if not DIGITS.fullmatch(proof.timestamp):
        raise CallbackRefused("malformed", "the timestamp is not a number")
    off = abs(wire_now.timestamp() - int(proof.timestamp))
    if off > tolerance:
        raise CallbackRefused("stale", f"the timestamp is {off:.0f} s from now")
    return cipher


def _parse(data: bytes) -> Element:
    try:
        root: Element = SafeXml.fromstring(data, forbid_dtd=True)
    except (SafeXml.ParseError, DefusedXmlException, ValueError, LookupError):  # LookupError: of an unknown encoding
        raise CallbackRefused("malformed", "the body is not XML") from None
    return root


def _fields(root: Element) -> Fields:
    fields: Fields = {}
    for child in root:
        fields[child.tag] = orjson.dumps(_nested(child)).decode() if len(child) else (child.text or "").strip()
    return fields


def _nested(element: Element, depth: int = 0) -> object:
    """Children by name; a name that comes several times is a list."""
    if depth > MAX_DEPTH:
        raise CallbackRefused("malformed", "the message is nested too deeply")
    if not len(element):
        return (element.text or "").strip()
    found: dict[str, object] = {}
    for child in element:
        value = _nested(child, depth + 1)
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


_INSERT = text(
    """
    insert into wecom_inbox (dedupe_key, event, change_type, fields, raw, sent_at, received_at)
    select f.key, f.event, f.change_type, f.fields, f.raw, f.sent_at, :now
    from jsonb_to_recordset(cast(:rows as jsonb))
         as f (key text, event text, change_type text, fields jsonb, raw text, sent_at timestamptz)
    order by f.key
    on conflict (dedupe_key) do nothing
    returning id, dedupe_key
    """
)
_OPEN_AGAIN = text(
    """
    update wecom_inbox i set repeats = i.repeats + 1, status = 'pending', due_at = now()
    where i.id in (
      select id from wecom_inbox where dedupe_key = any(:keys)
        and (status = 'pending' or status = 'done' and read_at < sent_at + :same_second)
      order by dedupe_key for update)
    returning i.id
    """
)


def store(session: Session, platform: Platform, deliveries: list[Delivery]) -> list[Outcome]:
    """Store deliveries and defer their jobs; one outcome each, in order.

    A repeated delivery is a duplicate. If it may stand for a second change in the same second, which only a later
    reading of the object shows, it opens the row again.
    """
    now = platform.clock.now()
    first = {delivery.key: delivery for delivery in reversed(deliveries)}
    as_json = orjson.dumps(
        [
            {
                "key": row.key,
                "event": row.event,
                "change_type": row.change_type,
                "fields": row.fields,
                "raw": row.raw,
                "sent_at": _sent_at(row.fields, now),
            }
            for row in first.values()
        ]
    )
    found = session.execute(_INSERT, {"rows": as_json.decode(), "now": now})
    ids = {key: inbox_id for inbox_id, key in found}
    outcomes: list[Outcome] = []
    repeated = set()
    fresh = set(ids)
    for delivery in deliveries:
        outcomes.append("stored" if delivery.key in fresh else "duplicate")
        if delivery.key in fresh:
            fresh.discard(delivery.key)
        elif delivery.change_type in RE_READ:
            repeated.add(delivery.key)
    again = []
    if repeated:
        again = list(session.scalars(_OPEN_AGAIN, {"keys": sorted(repeated), "same_second": SAME_SECOND}))
    urgent = [inbox_id for key, inbox_id in ids.items() if first[key].is_urgent]
    ordinary = sorted({*ids.values(), *again} - set(urgent))
    platform.jobs.defer_many(session, WELCOME_JOB, [{"inbox_ids": [inbox_id]} for inbox_id in sorted(urgent)])
    platform.jobs.defer_many(session, HANDLE_JOB, [{"inbox_ids": list(part)} for part in batched(ordinary)])
    return outcomes


def batched(ids: list[int]) -> list[list[int]]:
    """In parts of one job each."""
    return [ids[start : start + EVENTS_PER_JOB] for start in range(0, len(ids), EVENTS_PER_JOB)]


def _sent_at(fields: Fields, now: datetime) -> datetime:
    created = fields.get("CreateTime", "")
    return datetime.fromtimestamp(int(created), UTC) if DIGITS.fullmatch(created) else now
