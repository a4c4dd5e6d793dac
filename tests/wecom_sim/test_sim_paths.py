"""Every path that the project's WeCom API reference names is simulated, or refused by name."""

from wecom_sim.paths import REFUSED
from wecom_sim.wire import ENDPOINTS

# By section of the reference; after the colon what follows /cgi-bin/ and the prefix.
REFERENCE = """
1 : gettoken getcallbackip get_api_domain_ip
4.1 : department/list department/simplelist department/get user/simplelist user/list user/get user/list_id user/getuserid
 user/get_userid_by_email user/convert_to_openid user/convert_to_userid user/get_active_stat
4.2 : auth/getuserinfo auth/getuserdetail user/getuserinfo
4.4 : get_jsapi_ticket ticket/get
5.1 externalcontact/: get_follow_user_list list get batch/get_by_user contact_list remark
5.3 externalcontact/: unionid_to_external_userid to_service_external_userid convert_to_openid opengid_to_chatid
 get_new_external_userid groupchat/get_new_external_userid
5.3 : idconvert/unionid_to_external_userid idconvert/batch/external_userid_to_pending_id idconvert/external_tagid
 idconvert/open_kfid idconvert/chatid service/externalcontact/unionid_to_external_userid_3rd
5.4 externalcontact/: add_contact_way get_contact_way list_contact_way update_contact_way del_contact_way close_temp_chat
5.5 externalcontact/customer_acquisition: /list_link /get /create_link /update_link /delete_link /customer _quota
 /statistic /get_chat_info
5.6 externalcontact/: send_welcome_msg
6 externalcontact/: get_corp_tag_list add_corp_tag edit_corp_tag del_corp_tag mark_tag get_strategy_tag_list
 add_strategy_tag edit_strategy_tag del_strategy_tag
6 externalcontact/customer_strategy/: list get get_range create edit del
6 externalcontact/moment_strategy/: list get get_range create edit del
7 externalcontact/groupchat/: list get statistic statistic_group_by_day add_join_way get_join_way update_join_way
 del_join_way onjob_transfer transfer
7.4 externalcontact/group_welcome_template/: add edit get del
8 externalcontact/: transfer_customer transfer_result get_unassigned_list resigned/transfer_customer
 resigned/transfer_result
9 externalcontact/: add_msg_template remind_groupmsg_send cancel_groupmsg_send get_groupmsg_list_v2 get_groupmsg_task
 get_groupmsg_send_result
10 externalcontact/: add_moment_task get_moment_task_result cancel_moment_task get_moment_list get_moment_task
 get_moment_customer_list get_moment_send_result get_moment_comments
11 externalcontact/: get_user_behavior_data add_product_album get_product_album get_product_album_list
 update_product_album delete_product_album add_intercept_rule get_intercept_rule_list get_intercept_rule
 update_intercept_rule del_intercept_rule
11 media/: upload uploadimg upload_attachment get upload_by_url
12 kf/: account/add account/update account/del account/list add_contact_way servicer/add servicer/del servicer/list
 service_state/get service_state/trans sync_msg send_msg send_msg_on_event customer/batchget
 customer/get_upgrade_service_config customer/upgrade_service customer/cancel_upgrade_service get_corp_statistic
 get_servicer_statistic get_corp_qualification knowledge/*
13 message/: send recall update_template_card update_taskcard get_statistics
14 msgaudit/: get_permit_user_list check_single_agree check_room_agree groupchat/get get_robot_info
"""


def _paths() -> set[str]:
    found: set[str] = set()
    for line in REFERENCE.replace("\n ", " ").strip().splitlines():
        head, _, names = line.partition(":")
        prefix = head.partition(" ")[2]
        found |= {f"/cgi-bin/{prefix.strip()}{name}" for name in names.split()}
    return found


def test_every_path_of_the_reference_is_known() -> None:
    assert len(_paths()) == 155
    assert _paths() - set(ENDPOINTS) - set(REFUSED) == set()


def test_every_simulated_path_names_its_evidence() -> None:
    """A section of the reference, and a tag of its table of sources in brackets."""
    tags = ("D ", "PQ", "SK", "GW", "XE", "SI", "WJ", "CODE", "COMM", "MEM")
    for path, endpoint in ENDPOINTS.items():
        section, _, evidence = endpoint.source.partition("[")
        assert section.split(" ")[0].replace(".", "").isdigit(), path
        assert any(evidence.startswith(tag) for tag in tags), path
