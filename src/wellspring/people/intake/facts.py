"""What WeCom shows of one pair of customer and member, and what became of it here."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from wellspring.people.announcements import FriendAdded, announce_added
from wellspring.platform.runtime import Platform
from wellspring.wecom import facade as wecom

KIND_OF_TYPE = {1: "wechat", 2: "wecom"}


@dataclass(slots=True)
class Fact:
    """One pair as WeCom showed it; at least as new as `read_at`. Being shown means: the member holds the customer."""

    userid: str
    contact: wecom.ExternalContact
    follow: wecom.FollowInfo
    read_at: datetime
    external_userid: str = field(init=False)
    added_at: datetime = field(init=False)

    def __post_init__(self) -> None:
        self.external_userid = self.contact.external_userid
        self.added_at = datetime.fromtimestamp(self.follow.createtime, UTC)


@dataclass(slots=True)
class Taken:
    """A fact as it stands here now. `new`: the relationship wasn't known. `new_life`: the friendship began with
    this fact. `confirmed`: a half friendship became a full one."""

    fact: Fact
    relationship_id: int
    customer_id: int
    staff_id: int
    new: bool
    new_life: bool
    confirmed: bool = False
    remark_before: str | None = None
    tags_put: int = 0
    tags_taken: int = 0


def clean(text: str) -> str:
    """PostgreSQL's text can't hold NUL."""
    return text.replace("\x00", "")


def of_detail(detail: wecom.CustomerDetail | None, read_at: datetime) -> list[Fact]:
    if detail is None:
        return []
    return [Fact(follow.userid, detail.external_contact, follow, read_at) for follow in detail.follow_user]


def of_items(items: list[wecom.CustomerItem]) -> list[Fact]:
    """The last of each pair."""
    facts = {
        (item.userid, item.external_contact.external_userid): Fact(
            item.userid, item.external_contact, item.follow_info, item.read_at
        )
        for item in items
    }
    return list(facts.values())


def announce(session: Session, platform: Platform, taken: Taken, welcome_code: str | None) -> None:
    """Tell who wants to know that this friendship is there."""
    follow = taken.fact.follow
    announce_added(
        session,
        platform,
        FriendAdded(
            taken.relationship_id,
            taken.customer_id,
            taken.staff_id,
            taken.fact.external_userid,
            taken.fact.userid,
            follow.state,
            welcome_code,
            half=False,
            at=taken.fact.added_at,
            first=taken.new_life,
        ),
    )
