"""What each of WeCom's error codes asks of the caller, and a stable word for it.

Meanings: the error table of the WeCom server API, as the project's API reference condenses it. The words are ours; they
are stored, shown and tested, so they don't change.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum


class Action(StrEnum):
    """What the caller has to do."""

    RENEW = "renew_token"
    LATER = "retry_later"
    SLOW = "slow_down"
    GIVE_UP = "give_up"
    MISTAKE = "our_mistake"


RENEW = {40014: "token_invalid", 42001: "token_expired"}

LATER = {
    -1: "busy",
    6000: "data_conflict",
    41063: "message_being_dispatched",
    41078: "too_many_running_moments",
    41079: "moment_being_dispatched",
    41096: "welcome_being_sent_by_another_app",
    90507: "group_transfer_running",
}

SLOW: dict[int, float] = {45009: 60.0, 45033: 1.0}
"""Seconds to wait: minute buckets block for 60 s; concurrency is over as soon as others are done."""

GIVE_UP = {
    40001: "wrong_secret",
    40003: "no_such_user",
    40007: "media_gone",
    40013: "wrong_corp_id",
    40029: "code_invalid",
    40031: "no_such_user",
    40050: "no_such_group",
    40068: "no_such_tag",
    40071: "tag_name_exists",
    40091: "wrong_secret",
    40096: "not_a_customer",
    40097: "user_has_not_left",
    40098: "not_real_name",
    40099: "takeover_user_is_full",
    40100: "already_in_transfer",
    40126: "too_many_tags",
    40128: "transferred_too_often",
    40129: "already_in_transfer",
    40130: "takeover_is_handover",
    40131: "not_a_follower",
    40143: "user_banned",
    40201: "content_refused",
    40204: "content_refused",
    40205: "user_must_sign_in",
    41041: "too_many_members",
    41044: "no_such_contact_way",
    41045: "too_many_contact_ways",
    41047: "no_such_message",
    41048: "nobody_to_send_to",
    41050: "welcome_code_expired",
    41051: "chat_already_started",
    41053: "archive_not_agreed",
    41054: "user_not_activated",
    41055: "too_many_group_welcomes",
    41057: "no_developer_account",
    41058: "not_the_creator",
    41060: "no_such_moment",
    41061: "moment_not_by_this_user",
    41062: "moment_not_published_by_user",
    41069: "too_many_rules",
    41071: "rule_deleted",
    41074: "product_deleted",
    41077: "name_exists",
    41093: "already_cancelled",
    41094: "too_many_reminders",
    41095: "too_many_acquisition_links",
    42003: "code_expired",
    42022: "code_used",
    42052: "recall_window_over",
    43009: "company_not_verified",
    43012: "callback_url_needed",
    46004: "no_such_user",
    48002: "no_right",
    48004: "no_right",
    48005: "api_retired",
    48006: "no_right",
    48007: "kf_account_not_granted",
    50001: "redirect_domain_not_trusted",
    50002: "user_out_of_scope",
    50003: "app_disabled",
    60003: "no_such_department",
    60011: "no_right_on_member",
    60020: "ip_not_trusted",
    60021: "user_out_of_scope",
    60102: "user_exists",
    60104: "mobile_exists",
    60111: "user_left",
    60123: "no_such_department",
    60136: "not_a_customer",
    60140: "card_answered_or_expired",
    610001: "too_many_permanent_codes",
    610003: "not_a_customer",
    610004: "no_such_unionid",
    610014: "no_such_unionid",
    610015: "developer_account_not_verified",
    610016: "company_not_verified",
    610017: "other_subject",
    610018: "openid_does_not_fit",
    701008: "no_licence",
    80001: "domain_not_trusted",
    81013: "all_receivers_invalid",
    84014: "ticket_expired",
    84015: "ticket_invalid",
    84061: "not_a_friend",
    84074: "no_right",
    84083: "no_right",
    84084: "not_a_friend",
    86001: "no_such_group",
    86003: "no_such_group",
    86101: "owner_only",
    86216: "no_such_user",
    90205: "mini_program_not_linked",
    90500: "owner_has_not_left",
    90501: "not_a_customer_group",
    90502: "owner_has_left",
    90503: "group_needs_confirmation",
    90504: "owner_unchanged",
    90508: "group_transfer_done",
    90509: "not_a_customer_group",
    90510: "company_inactive",
    90511: "no_such_group",
    95001: "kf_five_messages_used",
    95002: "kf_48_hours_over",
    95003: "kf_customers_used_up",
    95004: "no_such_kf_account",
    95005: "too_many_kf_accounts",
    95011: "kf_other_mode",
    95012: "kf_other_mode",
    95013: "kf_session_ended",
    95014: "not_a_kf_servicer",
    95015: "upgrade_service_set_in_admin",
    95016: "kf_state_move_refused",
    95017: "kf_switch_off",
    95018: "kf_state_refuses_sending",
    95019: "kf_servicer_stopped",
    95023: "kf_given_to_developer",
    95026: "kf_accounts_blocked",
    95027: "too_many_kf_accounts",
    95031: "kf_no_enquiry",
    95032: "kf_history_right_gone",
    301002: "app_does_not_fit",
    301021: "no_such_user",
    301042: "ip_not_trusted",
    301048: "archive_file_gone",
    301052: "archive_expired",
    301053: "archive_off",
    301059: "not_an_internal_group",
    301061: "no_such_user",
}

_MISTAKES = (
    (40004, 40006, "media"),
    (40008, 40008, "message_type"),
    (40009, 40011, "media"),
    (40032, 40035, "parameter"),
    (40037, 40037, "template_id"),
    (40039, 40039, "url"),
    (40056, 40063, "parameter"),
    (40066, 40066, "department_list"),
    (40072, 40072, "tag_name"),
    (40093, 40093, "jsapi_signature"),
    (40094, 40094, "url"),
    (40206, 40206, "body_too_large"),
    (41001, 41011, "missing_parameter"),
    (41035, 41043, "contact_way_parameter"),
    (41046, 41046, "missing_msgid"),
    (41049, 41049, "missing_welcome_code"),
    (41052, 41052, "send_time"),
    (41056, 41056, "external_userid_type"),
    (41059, 41059, "missing_moment_id"),
    (41064, 41067, "attachment"),
    (41068, 41092, "parameter"),
    (42014, 42051, "template_card"),
    (44001, 44004, "empty_content"),
    (45001, 45032, "content_too_large"),
    (50100, 50100, "cursor"),
    (610002, 610002, "scene"),
    (81012, 81012, "no_receiver"),
    (81017, 81017, "owner_filter_needed"),
    (82001, 82003, "receiver_list"),
    (86224, 86224, "group_parameter"),
    (90200, 90208, "mini_program_notice"),
    (91040, 91040, "ticket_type"),
    (95000, 95032, "kf_parameter"),
    (301023, 301023, "list_size"),
    (301058, 301060, "list_size"),
)
"""First code, last code, what is wrong with the request; codes named above don't count."""


def meaning(errcode: int) -> tuple[Action, str] | None:
    """What to do and the stable word; None for a code that the reference doesn't know."""
    if errcode in RENEW:
        return Action.RENEW, RENEW[errcode]
    if errcode in LATER:
        return Action.LATER, LATER[errcode]
    if errcode in SLOW:
        return Action.SLOW, "too_many_calls"
    if errcode in GIVE_UP:
        return Action.GIVE_UP, GIVE_UP[errcode]
    for first, last, word in _MISTAKES:
        if first <= errcode <= last:
            return Action.MISTAKE, f"bad_{word}"
    return None


def known_reasons() -> Iterator[str]:
    """Every word a GiveUp may carry."""
    yield from sorted(set(GIVE_UP.values()))
