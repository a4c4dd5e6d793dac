"""Every event that WeCom sends (section 15 of the API reference) is taken, with all its fields, and is one of its own."""

from __future__ import annotations

from fastapi.testclient import TestClient
from sqlalchemy import select
from wecom_helpers import Caller

from wellspring.platform.runtime import Platform
from wellspring.wecom.inbox import handling
from wellspring.wecom.inbox.registry import handlers_of
from wellspring.wecom.models import WecomInbox

PAIR = {"UserID": "staff001", "ExternalUserID": "wm1"}
EVENTS: dict[str, dict[str, dict[str, str]]] = {
    "change_external_contact": {
        "add_external_contact": PAIR | {"State": "s", "WelcomeCode": "CODE"},
        "edit_external_contact": PAIR,
        "add_half_external_contact": PAIR | {"WelcomeCode": "CODE2"},
        "del_external_contact": PAIR | {"Source": "DELETE_BY_TRANSFER"},
        "del_follow_user": PAIR,
        "transfer_fail": PAIR | {"FailReason": "customer_refused"},
        "msg_audit_approved": PAIR | {"WelcomeCode": "CODE3"},
    },
    "change_external_chat": {
        "create": {"ChatId": "wr1"},
        "update": {"ChatId": "wr1", "UpdateDetail": "add_member", "JoinScene": "0", "MemChangeCnt": "1"},
        "dismiss": {"ChatId": "wr1"},
    },
    "change_external_tag": {
        "create": {"Id": "et1", "TagType": "tag"},
        "update": {"Id": "et1", "TagType": "tag"},
        "delete": {"Id": "et2", "TagType": "tag_group"},
        "shuffle": {"Id": "et2"},
    },
    "customer_acquisition": {
        "balance_low": {},
        "balance_exhausted": {},
        "balance_increased": {},
        "quota_expire_soon": {"ExpireTime": "1772683200", "ExpireQuotaNum": "3"},
        "link_unavailable": {"LinkId": "cal1"},
        "delete_link": {"LinkId": "cal1"},
        "open_profile": {"LinkId": "cal1", "State": "s"},
        "friend_request": {"LinkId": "cal1", "State": "s"},
        "customer_start_chat": PAIR,
        "message_from_customer": PAIR | {"LinkId": "cal1", "ChatSeq": "2", "ChatKey": "KEY"},
    },
    "change_contact": {
        "create_user": {"UserID": "staff009", "Name": "新人", "Department": "1,2"},
        "update_user": {"UserID": "staff009", "NewUserID": "staff010"},
        "delete_user": {"UserID": "staff010"},
        "create_party": {"Id": "9", "Name": "新店", "ParentId": "1"},
        "update_party": {"Id": "9", "Name": "新店二"},
        "delete_party": {"Id": "9"},
        "update_tag": {"TagId": "1", "AddUserItems": "staff001"},
    },
    **{
        name: {"": fields}
        for name, fields in {
            "subscribe": {},
            "unsubscribe": {},
            "enter_agent": {"EventKey": ""},
            "click": {"EventKey": "menu1"},
            "view": {"EventKey": "https://example.com"},
            "template_card_event": {"EventKey": "k", "TaskId": "t", "CardType": "c", "ResponseCode": "r"},
            "template_card_menu_event": {"EventKey": "k", "TaskId": "t", "CardType": "c", "ResponseCode": "r"},
            "taskcard_click": {"EventKey": "k", "TaskId": "t"},
            "batch_job_result": {"BatchJob": "j"},
            "kf_msg_or_event": {"Token": "T", "OpenKfId": "wk1"},
            "msgaudit_notify": {},
            "upload_media_job_finish": {"JobId": "J"},
        }.items()
    },
}
MESSAGE = {"MsgType": "text", "MsgId": "4561255354251345929", "Content": "你好", "CreateTime": "1772683200"}


def test_every_event_is_taken_whole_and_is_one_of_its_own(address: TestClient, platform: Platform) -> None:
    sent = [
        {"CreateTime": "1772683200", "MsgType": "event", "Event": name}
        | ({"ChangeType": change} if change else {})
        | more
        for name, changes in EVENTS.items()
        for change, more in changes.items()
    ]
    for fields in [*sent, MESSAGE]:
        query, body = Caller().delivery(fields)
        assert address.post("/callback/wecom", params=query, content=body).status_code == 200, fields
    with platform.database.unit_of_work() as session:
        rows = session.scalars(select(WecomInbox).order_by(WecomInbox.id)).all()
        kept = [{name: value for name, value in row.fields.items() if name != "FromUserName"} for row in rows]
        known = [row.id for row in rows if handlers_of(row.event, row.change_type)]
        without = [row.id for row in rows if row.id not in known]
    assert kept == [*sent, MESSAGE]
    assert len(known) == 7 + 3 + 4 + 1 + 6, "customers, groups, tags, acquisition, directory"
    handling.handle_many(platform, without)
    with platform.database.unit_of_work() as session:
        ends = {
            (row.status, row.error) for row in session.scalars(select(WecomInbox).where(WecomInbox.id.in_(without)))
        }
    assert ends == {("ignored", "no_handler")}, "kept for whoever comes to handle them, and listed"
