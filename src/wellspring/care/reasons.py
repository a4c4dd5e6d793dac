"""Every reason why a touch did not happen: one catalogue for all channels. Codes are stable, texts are not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from wellspring.platform.errors import Language

Stage = Literal["withheld", "refused"]


@dataclass(frozen=True)
class Reason:
    """`stage`: withheld (we decided not to send) or refused (we tried; it did not arrive)."""

    code: str
    stage: Stage
    zh: str
    en: str

    def text(self, language: Language) -> str:
        return self.zh if language == "zh" else self.en


NOT_A_FRIEND = "NOT_A_FRIEND"
SAME_PERSON = "SAME_PERSON"
CONTROL_GROUP = "CONTROL_GROUP"
NO_ACTIVE_STAFF = "NO_ACTIVE_STAFF"
UNSENDABLE = "UNSENDABLE"
TASK_REFUSED = "TASK_REFUSED"
TASK_CANCELLED = "TASK_CANCELLED"
NOT_SENT_BY_STAFF = "NOT_SENT_BY_STAFF"
REFUSED_NOT_FRIEND = "REFUSED_NOT_FRIEND"
REFUSED_PLATFORM_QUOTA = "REFUSED_PLATFORM_QUOTA"

REASONS: tuple[Reason, ...] = (
    Reason(NOT_A_FRIEND, "withheld", "已经不是好友", "No longer a friend"),
    Reason(SAME_PERSON, "withheld", "和另一位是同一个人", "The same person as another one"),
    Reason(CONTROL_GROUP, "withheld", "对照组，用来比效果", "Control group, to compare with"),
    Reason("CAP_MARKETING", "withheld", "营销次数到上限", "Marketing cap reached"),
    Reason("CAP_SERVICE", "withheld", "服务次数到上限", "Service cap reached"),
    Reason("CAP_TRANSACTIONAL", "withheld", "交易通知次数到上限", "Transactional cap reached"),
    Reason(NO_ACTIVE_STAFF, "withheld", "没有在职的同事可以发", "No active staff member to send it"),
    Reason(UNSENDABLE, "refused", "企业微信说发不到", "WeCom says it can't be sent"),
    Reason(TASK_REFUSED, "refused", "企业微信没有接受这次群发", "WeCom did not accept the broadcast"),
    Reason(TASK_CANCELLED, "refused", "同事确认前已取消", "Cancelled before the staff member confirmed"),
    Reason(NOT_SENT_BY_STAFF, "refused", "同事确认后没有发给这位客户", "Confirmed, but not sent to this customer"),
    Reason(REFUSED_NOT_FRIEND, "refused", "发送时已不是好友", "Not a friend any more when it was sent"),
    Reason(REFUSED_PLATFORM_QUOTA, "refused", "企业微信接收次数用完", "WeCom's receiving quota used up"),
)
"""In the order in which a decision goes through them; each person counts under the first that applies."""

BY_CODE = {reason.code: reason for reason in REASONS}


def reason_text(code: str, language: Language) -> str:
    """The sentence of a code; the code itself where the catalogue does not know it."""
    reason = BY_CODE.get(code)
    return reason.text(language) if reason else code
