"""Limits and switches of the simulated platform.

Every figure names its source (the tags of the WeCom API reference: D nnnnn = official page, PQ, SK, XE, GW = copies of
official pages, MEM = widely known but unconfirmed). All of them can be read and changed through `/control/settings`.
"""

from dataclasses import dataclass, field
from typing import Literal

MassCap = Literal["month", "week7", "day1", "month4", "off"]


@dataclass
class Settings:
    # -- token and envelope ------------------------------------------------------------------------------------------
    token_seconds: int = 7200  # SK: expires_in of gettoken
    debug_calls_per_minute: int = 5  # XE 45009: &debug=1
    wrong_secrets_per_hour: int = 2000  # XE 45009, COMM 2021-08: then the IP is banned for an hour
    trusted_ips: list[str] = field(default_factory=list)  # XE 60020; empty = every caller is trusted
    trusted_ip_seconds: float = 60.0  # XE 60020: a changed list counts about a minute after it was saved
    # -- frequency, D 90454 of 2023/08/28; 0 switches a bucket off -----------------------------------------------------
    calls_per_minute_corp: int = 10_000
    calls_per_hour_corp: int = 150_000
    calls_per_minute_ip: int = 20_000
    calls_per_hour_ip: int = 600_000
    calls_at_once: int = 0  # XE 45033: a cap per corp and path exists, no figure is published
    block_minute_seconds: int = 60
    block_hour_seconds: int = 3600
    uploadimg_per_day: int = 1000
    uploadimg_per_month: int = 3000
    # -- directory ---------------------------------------------------------------------------------------------------
    hide_private_user_fields: bool = True  # MEM: apps created after 2022-06-20
    list_id_needs_directory_right: bool = False  # MEM: list_id is for the directory-sync secret only
    list_id_max: int = 10_000  # SK
    wrong_mobiles_share: float = 0.2  # XE 45009: getuserid, of the company's members a day, then a day's block
    active_stat_days: int = 30  # MEM: how far back get_active_stat goes
    # -- customers ---------------------------------------------------------------------------------------------------
    follow_users_per_page: int = 500  # PQ: get pages follow users above 500
    batch_userids_max: int = 100  # SK, GW
    batch_limit_max: int = 100  # SK, GW
    batch_limit_default: int = 50  # MEM
    customers_per_staff: int = 20_000  # BLOG: 5,000 at first, 20,000 after expansion
    relations_per_corp: int = 0  # BLOG: 50,000 at first, then steps without a published ceiling; 0 = none
    adds_per_staff_day: int = 0  # a cap exists (risk control), no official figure; 0 = none
    remark_chars: int = 20  # PQ
    description_chars: int = 150  # PQ
    # -- contact ways ------------------------------------------------------------------------------------------------
    contact_ways_max: int = 500_000  # PQ, D 96311
    contact_way_members_max: int = 100  # XE 41041
    contact_way_remark_chars: int = 30  # PQ
    contact_way_state_chars: int = 30  # PQ
    contact_way_list_max: int = 1000  # PQ
    contact_way_list_default: int = 100  # PQ
    contact_way_list_days: int = 90  # PQ
    # -- welcome -----------------------------------------------------------------------------------------------------
    welcome_seconds: float = 20.0  # PQ 92137, D 92599
    welcome_delivery_ms: int = 0  # how long a welcome is "being sent": others get 41096 meanwhile (D 92599)
    text_bytes_max: int = 4000  # PQ: welcome and mass message text
    attachments_max: int = 9  # PQ
    # -- tags --------------------------------------------------------------------------------------------------------
    corp_tags_max: int = 3000  # PQ, XE 40126
    tag_name_chars: int = 30  # PQ
    tag_owner_only: bool = True  # PQ: an app edits and deletes only the tags that it created
    # -- mass messages -----------------------------------------------------------------------------------------------
    mass_customers_max: int = 10_000  # PQ, D 92135
    mass_tags_per_group_max: int = 100  # D 92135
    mass_cap: MassCap = "month"  # D 92135 of 2025/11; week7 and day1 are the admin's switches, month4 is the older text
    mass_early_seconds: float = 0.0  # XE 41063: results asked too soon; no figure published
    mass_reminders_max: int = 3  # WJ, GW: per message in 24 h
    mass_list_days_max: int = 31  # PQ 93338: at most one month
    mass_list_limit_max: int = 100  # PQ 93338
    mass_list_limit_default: int = 50  # PQ 93338
    mass_page_max: int = 1000  # PQ 93338
    mass_page_default: int = 500  # PQ 93338
    # -- customer groups ---------------------------------------------------------------------------------------------
    group_size_max: int = 500  # BLOG ikscrm 3021: made by a WeCom member, with WeChat users
    group_scan_max: int = 200  # BLOG ab173 2349: above it by invitation only
    group_lag_seconds: float = 2.0  # COMM 2021-06: groupchat/get follows the event by about 2 s
    group_event_member_list: bool = True  # 92130: MemChangeList, LastMemVer, CurMemVer; older corps lack them
    group_event_link_scene: int = 0  # 15.2: JoinScene of who came by a link; the official sample shows 1
    group_list_limit_max: int = 1000  # PQ 2023/12
    group_list_people_max: int = 1000  # PQ, XE 81017: without owner_filter
    group_owners_max: int = 100  # PQ: userid_list of owner_filter
    group_statistic_max: int = 1000  # PQ 92133
    group_statistic_default: int = 500  # PQ 92133
    statistic_days_max: int = 30  # PQ 92133, GW
    statistic_back_days: int = 180  # PQ 92133, GW
    join_way_chats_max: int = 5  # XE 41091
    join_way_base_name_chars: int = 40  # PQ 92229
    group_templates_max: int = 100  # PQ 92366, GW
    group_template_bytes: int = 3000  # PQ 92366
    group_transfers_per_call: int = 100  # PQ 95703, 92127
    group_transfers_per_day: int = 300  # PQ 95703, 92127: groups of one owner
    group_inherit_seconds: float = 0.0  # not published: how long a left owner's group is "inheriting" (90507)
    group_inherit_days_max: int = 365  # PQ 92127: the owner left less than a year ago
    mass_chats_max: int = 2000  # PQ, WJ
    # -- inheritance -------------------------------------------------------------------------------------------------
    transfer_seconds: float = 86400.0  # PQ 92125, 94081: automatic after 24 h
    transfers_per_call: int = 100  # PQ 92125
    transfers_per_window: int = 2  # PQ 92125, XE 40128; groups: PQ 95703
    transfer_window_days: int = 90  # natural days; PQ 92125, XE 40128
    transfer_message_chars: int = 200  # PQ 92125
    transfer_message_default: str = "您好，您的服务已升级，后续将由我继续为您服务。"  # MEM: wording not published
    transfer_result_page: int = 1000  # PQ 94088
    unassigned_page_max: int = 1000  # PQ 92124
    unassigned_offset_max: int = 50_000  # PQ 92124: page_id x page_size, else the cursor
    # -- media -------------------------------------------------------------------------------------------------------
    media_seconds: int = 3 * 86400  # D 96484
    media_min_bytes: int = 5  # D 96484: larger than 5 B
    media_image_bytes: int = 10 * 1024 * 1024  # D 96484
    media_voice_bytes: int = 2 * 1024 * 1024  # D 96484
    media_video_bytes: int = 10 * 1024 * 1024  # D 96484
    media_file_bytes: int = 20 * 1024 * 1024  # D 96484
    uploadimg_bytes: int = 2 * 1024 * 1024  # MEM
    # -- OAuth and JS-SDK ----------------------------------------------------------------------------------------------
    oauth_code_seconds: int = 300  # XE 40029: a code lives five minutes
    user_ticket_seconds: int = 1800  # MEM: expires_in of user_ticket
    sign_in_seconds: int = 300  # not published: how long the QR code of a sign-in page can be scanned
    js_ticket_seconds: int = 7200  # SK, COMM 2020-02
    js_tickets_per_hour_corp: int = 400  # D 90454
    js_tickets_per_hour_app: int = 100  # D 90454
    # -- app messages --------------------------------------------------------------------------------------------------
    directory_accounts_max: int = 1000  # BLOG: members of a verified company; the base of the daily allowance
    app_sends_per_account: int = 200  # D 90454: person-times a day and app, times the account cap
    app_per_member_minute: int = 30  # D 90454: more are dropped silently
    app_per_member_hour: int = 1000  # D 90454
    app_users_max: int = 1000  # SK, XE 40032
    app_parties_max: int = 100  # SK, XE 82002: departments, and tags
    app_text_bytes: int = 2048  # CODE: longer text is cut
    app_markdown_bytes: int = 2048  # MEM
    app_card_title_bytes: int = 128  # SK: textcard; longer is cut [MEM]
    app_card_description_bytes: int = 512  # SK
    app_duplicate_seconds: int = 1800  # SK: duplicate_check_interval
    app_recall_seconds: int = 86400  # PQ, XE 42052
    response_code_seconds: int = 72 * 3600  # CODE; older SDKs say 24 h
    card_horizontal_max: int = 6  # MEM, and all caps of cards: rows of horizontal_content_list
    card_vertical_max: int = 4  # MEM
    card_jumps_max: int = 3  # MEM
    card_buttons_max: int = 6  # MEM
    card_selects_max: int = 3  # MEM
    card_votes_max: int = 20  # MEM: options of a checkbox
    card_choices_max: int = 10  # MEM: options of one select
    card_menu_max: int = 10  # MEM
    card_event_misspelt: bool = False  # SK: the official sample spells OpitonIds
    # -- moments -------------------------------------------------------------------------------------------------------
    moments_per_minute: int = 10  # PQ 95094: add_moment_task per corp
    moment_text_chars: int = 2000  # PQ 95094
    moment_senders_max: int = 100_000  # PQ 95094
    moment_jobs_running_max: int = 0  # XE 41078: a cap exists, no figure is published; 0 = none
    moment_job_start_seconds: float = 1.0  # not published: how long a job says "started"
    moment_job_seconds: float = 3.0  # not published: how long until it is done
    moment_job_life_seconds: int = 86400  # PQ 95094: a jobid is valid for 24 h
    moment_list_days_max: int = 30  # PQ 93333
    moment_corp_per_month: int = 4  # CODE: shown to a customer, of the company's; no official figure; 0 = no cap
    moment_staff_per_day: int = 3  # CODE: shown to a customer, of a member's own; 0 = no cap
    # -- attachments ---------------------------------------------------------------------------------------------------
    attachment_image_bytes: int = 10 * 1024 * 1024  # PQ 95094
    attachment_image_pixels: int = 1440 * 1080  # PQ 95094
    attachment_video_bytes: int = 10 * 1024 * 1024  # PQ 95094
    attachment_video_seconds: float = 30.0  # PQ 95094
    upload_by_url_bytes: int = 200 * 1024 * 1024  # GW 97078
    # -- acquisition links ---------------------------------------------------------------------------------------------
    acquisition_links_max: int = 0  # XE 41095: a cap exists, no figure is published; 0 = none
    acquisition_members_max: int = 500  # PQ: people in a link's range
    acquisition_name_chars: int = 30  # MEM
    acquisition_quota_initial: int = 1000  # what the company has bought at first; it is money, so there is no figure
    acquisition_quota_days: int = 365  # not published: how long that lasts
    acquisition_low_balance: int = 20  # D 97299: balance_low
    acquisition_chat_key_seconds: int = 1800  # D 99485: ChatKey
    acquisition_start_chat_link: bool = True  # inferred: LinkId and State in customer_start_chat
    acquisition_open_profile_event: bool = False  # D 99485: open_profile comes to some industries only
    # -- customer service (kf) -----------------------------------------------------------------------------------------
    kf_name_chars: int = 16  # SK, XE 95006
    kf_accounts_max: int = 5000  # GW; an uncertified company has 10
    kf_servicers_max: int = 2000  # GW: people per account
    kf_departments_max: int = 20  # GW
    kf_text_bytes: int = 2048  # CODE
    kf_session_seconds: int = 48 * 3600  # SI, XE 95002
    kf_messages_per_enquiry: int = 5  # XE 95001
    kf_pull_days: int = 3  # SK: sync_msg
    kf_token_seconds: int = 600  # SK: token of kf_msg_or_event
    kf_sync_without_token_per_minute: int = 60  # SK: "strict frequency", no figure is published
    kf_empty_pages: bool = False  # MEM: sync_msg may answer has_more=1 with an empty list; true = before every page
    kf_welcome_seconds: int = 20  # MEM
    kf_msg_code_seconds: int = 48 * 3600  # MEM
    kf_upgrade_set_in_admin: bool = False  # XE 95015: the upgrade service is set in the admin console
    # -- album, sensitive words, behaviour -----------------------------------------------------------------------------
    album_description_chars: int = 300  # PQ 95096
    album_price_max: int = 5_000_000  # PQ 95096: fen
    intercept_rules_max: int = 100  # PQ 95097
    intercept_name_chars: int = 20  # PQ 95097
    intercept_words_max: int = 300  # PQ 95097
    intercept_word_chars: int = 32  # PQ 95097
    intercept_range_max: int = 1000  # PQ 95097: members, and departments
    behaviour_users_max: int = 100  # PQ 92132: userids, and partyids
    # -- temporary sessions --------------------------------------------------------------------------------------------
    temporary_sessions: bool = False  # PQ: for companies of the medical industry only
    temp_way_seconds: int = 7 * 86400  # PQ: expires_in
    temp_chat_seconds: int = 86400  # PQ: chat_expires_in
    temp_seconds_max: int = 14 * 86400  # PQ
    temp_ways_per_day: int = 100_000  # PQ, D 96311
    # -- callbacks ---------------------------------------------------------------------------------------------------
    callback_timeout_seconds: float = 5.0  # section 3.5
    callback_resends: int = 3  # section 3.5
    callback_retry_gap_seconds: float = 1.0  # not published; real time
    callback_workers: int = 16  # deliveries in flight
