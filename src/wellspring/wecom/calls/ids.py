"""Other ids of the same thing: WeChat's unionid and openid, a provider's ids, ids before a migration."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import AliasChoices, Field

from wellspring.wecom.calls.base import Call, Caller, Reply, Wire, count_between, one_of, required, without_none

BATCH = 100
ITEMS = 1000
COMPANY, PROVIDER = 0, 1


class ExternalUserId(Reply):
    external_userid: str


class OpenId(Reply):
    openid: str


class Resolved(Reply):
    """`external_userid` of a customer, or a `pending_id` of somebody who is none yet."""

    external_userid: str = ""
    pending_id: str = ""


class PendingId(Wire):
    external_userid: str
    pending_id: str


class PendingIds(Reply):
    result: list[PendingId] = Field(default_factory=list)


class CompanyExternalUserId(Wire):
    corpid: str
    external_userid: str


class CompanyExternalUserIds(Reply):
    external_userid_info: list[CompanyExternalUserId] = Field(default_factory=list)


class NewExternalUserId(Wire):
    external_userid: str
    new_external_userid: str = ""


class NewExternalUserIds(Reply):
    items: list[NewExternalUserId] = Field(default_factory=list)


class NewId(Wire):
    """Before and after the migration, whatever the kind of id is called."""

    old: str = Field(validation_alias=AliasChoices("external_tagid", "open_kfid", "chat_id"))
    new: str = Field(default="", validation_alias=AliasChoices("open_external_tagid", "new_open_kfid", "new_chat_id"))


class NewIds(Reply):
    items: list[NewId] = Field(default_factory=list)
    invalid: list[str] = Field(
        default_factory=list,
        validation_alias=AliasChoices("invalid_external_tagid_list", "invalid_open_kfid_list", "invalid_chat_id_list"),
    )


BY_UNIONID = Call("POST", "externalcontact/unionid_to_external_userid", ExternalUserId)
RESOLVE = Call("POST", "idconvert/unionid_to_external_userid", Resolved)
PENDING = Call("POST", "idconvert/batch/external_userid_to_pending_id", PendingIds)
BY_UNIONID_3RD = Call("POST", "service/externalcontact/unionid_to_external_userid_3rd", CompanyExternalUserIds)
TO_SERVICE = Call("POST", "externalcontact/to_service_external_userid", ExternalUserId)
TO_OPENID = Call("POST", "externalcontact/convert_to_openid", OpenId)
NEW_EXTERNAL = Call("POST", "externalcontact/get_new_external_userid", NewExternalUserIds)
NEW_EXTERNAL_IN_GROUP = Call("POST", "externalcontact/groupchat/get_new_external_userid", NewExternalUserIds)
TAG_IDS = Call("POST", "idconvert/external_tagid", NewIds)
KF_IDS = Call("POST", "idconvert/open_kfid", NewIds)
CHAT_IDS = Call("POST", "idconvert/chatid", NewIds)


class Ids:
    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def external_userid_of(self, unionid: str) -> str:
        """Of a customer already added. Raises GiveUp(no_such_unionid | not_a_friend)."""
        required("unionid", unionid)
        return self._caller.call(BY_UNIONID, body={"unionid": unionid}).external_userid

    def resolve(self, *, unionid: str, openid: str, subject_type: int = COMPANY) -> Resolved:
        """Of anybody who signed in to a WeChat account of the company (`subject_type` 0) or of the provider (1); a
        pending_id is matched when the person is added later. Raises GiveUp(openid_does_not_fit)."""
        required("unionid", unionid)
        required("openid", openid)
        one_of("subject_type", subject_type, (COMPANY, PROVIDER))
        return self._caller.call(RESOLVE, body={"unionid": unionid, "openid": openid, "subject_type": subject_type})

    def pending_ids(self, external_userids: Sequence[str], *, chat_id: str | None = None) -> list[PendingId]:
        """Of up to 100; the unknown are left out. `chat_id`: they are met in this group."""
        count_between("external_userid", external_userids, 1, BATCH)
        body = without_none(external_userid=list(external_userids), chat_id=chat_id)
        return self._caller.call(PENDING, body=body).result

    def in_companies(self, *, unionid: str, openid: str, corpid: str | None = None) -> list[CompanyExternalUserId]:
        """A provider's call: the same person in every company that authorized it, or in one."""
        required("unionid", unionid)
        required("openid", openid)
        body = without_none(unionid=unionid, openid=openid, corpid=corpid)
        return self._caller.call(BY_UNIONID_3RD, body=body).external_userid_info

    def service_external_userid(self, external_userid: str) -> str:
        """The provider's id for the company's."""
        required("external_userid", external_userid)
        return self._caller.call(TO_SERVICE, body={"external_userid": external_userid}).external_userid

    def openid_of(self, external_userid: str) -> str:
        """For payments; of WeChat users only."""
        required("external_userid", external_userid)
        return self._caller.call(TO_OPENID, body={"external_userid": external_userid}).openid

    def new_external_userids(
        self, external_userids: Sequence[str], *, chat_id: str | None = None
    ) -> list[NewExternalUserId]:
        """Ids after WeCom's migration; with `chat_id` of people in a group."""
        count_between("external_userid_list", external_userids, 1, ITEMS)
        body = without_none(external_userid_list=list(external_userids), chat_id=chat_id)
        return self._caller.call(NEW_EXTERNAL if chat_id is None else NEW_EXTERNAL_IN_GROUP, body=body).items

    def new_tag_ids(self, tag_ids: Sequence[str]) -> NewIds:
        return self._new(TAG_IDS, "external_tagid_list", tag_ids)

    def new_open_kfids(self, open_kfids: Sequence[str]) -> NewIds:
        return self._new(KF_IDS, "open_kfid_list", open_kfids)

    def new_chat_ids(self, chat_ids: Sequence[str]) -> NewIds:
        return self._new(CHAT_IDS, "chat_id_list", chat_ids)

    def _new(self, call: Call[NewIds], field: str, ids: Sequence[str]) -> NewIds:
        count_between(field, ids, 1, ITEMS)
        return self._caller.call(call, body={field: list(ids)})
