"""Refusals of people."""

from __future__ import annotations

from wellspring.platform.errors import Conflict, Refusal


class MergeRefused(Conflict):
    """`why` is one of the codes below; each has its own class so that codes stay stable."""

    code = "merge_refused"
    zh = "这两位客户不能合并。"
    en = "These two customers can't be merged."


class SamePerson(MergeRefused):
    code = "merge_same_person"
    zh = "这两位客户已经是同一个人。"
    en = "These two already are one person."


class MergeUndone(Conflict):
    code = "merge_already_undone"
    zh = "这次合并已经撤销过了。"
    en = "This merge has been undone already."


class StoreCodeTaken(Conflict):
    code = "store_code_taken"
    zh = "门店编码「{value}」已被「{store}」使用。"
    en = "The store code “{value}” is used by “{store}”."


class NotAFriend(Conflict):
    code = "not_a_friend"
    zh = "这段好友关系已经结束，企业微信不允许再修改。"
    en = "This relationship has ended; WeCom allows no change to it any more."


class NotRefreshed(Refusal):
    """`reason`: a stable word."""

    code = "customer_not_refreshed"
    status = 502
    zh = "没能从企业微信读到这位客户（{reason}），现有资料没有改动。"
    en = "This customer could not be read at WeCom ({reason}); nothing was changed."
