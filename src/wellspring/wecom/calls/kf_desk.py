"""Customer service (微信客服): who the customers are, offering them a member or a group, and daily figures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import Field

from wellspring.wecom.calls.base import (
    Call,
    Caller,
    Effect,
    Reply,
    Wire,
    at_most_days,
    count_between,
    required,
    without_none,
)

CUSTOMERS = 100
TO_MEMBER, TO_GROUP = 1, 2


class KfEntry(Wire):
    """How the customer came in last."""

    scene: str = ""
    scene_param: str = ""
    wechat_channels: dict[str, Any] | None = None


class KfCustomer(Wire):
    external_userid: str
    nickname: str = ""
    avatar: str = ""
    gender: int = 0
    unionid: str = ""
    enter_session_context: KfEntry | None = None


class KfCustomers(Reply):
    """`invalid_external_userid`: who did not come to an account in the last 48 h."""

    customer_list: list[KfCustomer] = Field(default_factory=list)
    invalid_external_userid: list[str] = Field(default_factory=list)


class MemberRange(Wire):
    userid_list: list[str] = Field(default_factory=list)
    department_id_list: list[int] = Field(default_factory=list)


class GroupRange(Wire):
    chat_id_list: list[str] = Field(default_factory=list)


class UpgradeConfig(Reply):
    member_range: MemberRange = MemberRange()
    groupchat_range: GroupRange = GroupRange()


class KfFigures(Wire):
    """Figures that don't apply are None: percentages on days without, sums over the account for one servicer."""

    session_cnt: int = 0
    customer_cnt: int = 0
    customer_msg_cnt: int = 0
    upgrade_service_customer_cnt: int | None = None
    ai_session_reply_cnt: int | None = None
    ai_transfer_rate: float | None = None
    ai_knowledge_hit_rate: float | None = None
    msg_rejected_customer_cnt: int | None = None


class KfDay(Wire):
    """`stat_time`: midnight in Shanghai, seconds."""

    stat_time: int
    statistic: KfFigures = KfFigures()


class KfStatistic(Reply):
    statistic_list: list[KfDay] = Field(default_factory=list)


class Qualification(Reply):
    """`wechat_channels_binding`: the company's channels account is bound."""

    wechat_channels_binding: bool = False


CUSTOMER = Call("POST", "kf/customer/batchget", KfCustomers)
UPGRADE_CONFIG = Call("GET", "kf/customer/get_upgrade_service_config", UpgradeConfig)
UPGRADE = Call("POST", "kf/customer/upgrade_service", Reply, Effect.REPEATABLE)
CANCEL_UPGRADE = Call("POST", "kf/customer/cancel_upgrade_service", Reply, Effect.REPEATABLE)
BY_COMPANY = Call("POST", "kf/get_corp_statistic", KfStatistic)
BY_SERVICER = Call("POST", "kf/get_servicer_statistic", KfStatistic)
QUALIFICATION = Call("GET", "kf/get_corp_qualification", Qualification)


class KfDesk:
    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def get(self, external_userids: Sequence[str], *, with_entry: bool = False) -> KfCustomers:
        """`with_entry`: how each came in."""
        count_between("external_userid_list", external_userids, 1, CUSTOMERS)
        body = {"external_userid_list": list(external_userids), "need_enter_session_context": int(with_entry)}
        return self._caller.call(CUSTOMER, body=body)

    def upgrade_config(self) -> UpgradeConfig:
        """Whom and what may be offered."""
        return self._caller.call(UPGRADE_CONFIG)

    def offer_member(self, open_kfid: str, external_userid: str, userid: str, *, wording: str | None = None) -> None:
        """Propose this member as a friend. Raises GiveUp(upgrade_service_set_in_admin) when the console decides."""
        required("member.userid", userid)
        self._offer(open_kfid, external_userid, TO_MEMBER, member=without_none(userid=userid, wording=wording))

    def offer_group(self, open_kfid: str, external_userid: str, chat_id: str, *, wording: str | None = None) -> None:
        """Propose a customer group."""
        required("groupchat.chat_id", chat_id)
        self._offer(open_kfid, external_userid, TO_GROUP, groupchat=without_none(chat_id=chat_id, wording=wording))

    def cancel_offer(self, open_kfid: str, external_userid: str) -> None:
        required("open_kfid", open_kfid)
        required("external_userid", external_userid)
        self._caller.call(CANCEL_UPGRADE, body={"open_kfid": open_kfid, "external_userid": external_userid})

    def company_statistic(self, *, start_time: int, end_time: int, open_kfid: str | None = None) -> list[KfDay]:
        """Of one account or all; whole days, at most 30 of the last 180, from yesterday back."""
        at_most_days("end_time", start_time, end_time)
        body = without_none(open_kfid=open_kfid, start_time=start_time, end_time=end_time)
        return self._caller.call(BY_COMPANY, body=body).statistic_list

    def servicer_statistic(
        self, *, start_time: int, end_time: int, servicer_userid: str | None = None, open_kfid: str | None = None
    ) -> list[KfDay]:
        """The same of one servicer or all."""
        at_most_days("end_time", start_time, end_time)
        body = without_none(
            open_kfid=open_kfid, servicer_userid=servicer_userid, start_time=start_time, end_time=end_time
        )
        return self._caller.call(BY_SERVICER, body=body).statistic_list

    def qualification(self) -> Qualification:
        return self._caller.call(QUALIFICATION)

    def _offer(self, open_kfid: str, external_userid: str, type: int, **what: Any) -> None:
        required("open_kfid", open_kfid)
        required("external_userid", external_userid)
        body = {"open_kfid": open_kfid, "external_userid": external_userid, "type": type, **what}
        self._caller.call(UPGRADE, body=body)
