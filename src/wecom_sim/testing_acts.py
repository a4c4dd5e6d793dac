"""What `testing.Control` has beyond customers, contact ways and mass messages: one method per act, by area."""

import json
from typing import Any

import httpx

SECONDS = 600  # a seeding of a million customers, or a year of a population, is one call


class ControlError(AssertionError):
    """The control API refused; `code` is its stable code."""

    def __init__(self, status: int, code: str, message: str) -> None:
        self.status = status
        self.code = code
        super().__init__(f"HTTP {status} {code}: {message}")


class Client:
    """Speaks the control API."""

    def __init__(self, base_url: str) -> None:
        self.http = httpx.Client(base_url=base_url, trust_env=False, timeout=SECONDS)

    def close(self) -> None:
        self.http.close()

    def get(self, path: str, **params: Any) -> Any:
        return self._decoded(self.http.get(f"/control/{path}", params=params))

    def post(self, path: str, body: Any = None) -> Any:
        return self._decoded(self.http.post(f"/control/{path}", json={} if body is None else body))

    @staticmethod
    def _decoded(answer: httpx.Response) -> Any:
        if answer.is_success:
            return answer.json()
        try:
            error = answer.json()["error"]
            raise ControlError(answer.status_code, error["code"], error["message"])
        except (ValueError, KeyError):
            raise ControlError(answer.status_code, "invalid", answer.text[:500]) from None


class Acts(Client):
    # -- signing in --------------------------------------------------------------------------------------------------
    def authorize(self, redirect_uri: str, userid: str = "", **wish: Any) -> Any:
        """Somebody opens the OAuth link and agrees: `location` and `code`."""
        return self.post("authorize", {"redirect_uri": redirect_uri, "userid": userid, **wish})

    def sign_in(self, key: str, userid: str) -> Any:
        """A member scans the QR code of the waiting page `key`."""
        return self.post("sign-in", {"key": key, "userid": userid})

    def js_config(self, **wish: Any) -> Any:
        return self.post("js-config", wish)

    def trusted_domains(self, *domains: str, agentid: int = 0) -> Any:
        return self.post("trusted-domains", {"domains": domains, "agentid": agentid})

    # -- app messages ------------------------------------------------------------------------------------------------
    def inbox(self, userid: str) -> Any:
        """What a member got from apps, the newest first."""
        return self.get(f"inbox/{userid}")

    def card_answer(self, userid: str, msgid: str, key: str, selected: dict[str, list[str]] | None = None) -> Any:
        return self.post("card-answer", {"userid": userid, "msgid": msgid, "key": key, "selected": selected or {}})

    def sidebar(self, url: str, agentid: int = 0) -> Any:
        """The page that an app shows beside chats; empty = none."""
        return self.post("sidebar", {"url": url, "agentid": agentid})

    def app_visit(self, userid: str, text: str = "", agentid: int = 0) -> Any:
        """A member opens the app, or writes to it."""
        return self.post("app-visit", {"userid": userid, "text": text, "agentid": agentid})

    # -- customer groups ---------------------------------------------------------------------------------------------
    def group_create(
        self, userid: str, name: str = "群聊", external_userids: list[str] | None = None, **more: Any
    ) -> Any:
        """A member makes a group of friends (and `userids`, colleagues)."""
        return self.post("groups", {"userid": userid, "name": name, "external_userids": external_userids or [], **more})

    def groups(self) -> Any:
        return self.get("groups")

    def group(self, chat_id: str) -> Any:
        """The group as it is now, with what was said in it."""
        return self.get(f"groups/{chat_id}")

    def group_join(self, code: str, external_userid: str = "", customer: dict[str, Any] | None = None) -> Any:
        """A customer scans a join way: `code` is a config_id or any link that holds it."""
        wish = {"qr": code, "external_userid": external_userid} | ({"customer": customer} if customer else {})
        return self.post("group-join", wish)

    def group_invite(self, chat_id: str, userid: str, *external_userids: str, userids: list[str] | None = None) -> Any:
        wish = {"chat_id": chat_id, "userid": userid, "external_userids": external_userids, "userids": userids or []}
        return self.post("group-invite", wish)

    def group_link(self, chat_id: str, inviter: str, external_userid: str = "") -> Any:
        """A customer opens an invitation link that `inviter` shared."""
        return self.post("group-link", {"chat_id": chat_id, "inviter": inviter, "external_userid": external_userid})

    def group_quit(self, chat_id: str, member: str) -> Any:
        return self.post("group-quit", {"chat_id": chat_id, "member": member})

    def group_remove(self, chat_id: str, userid: str, *members: str) -> Any:
        return self.post("group-remove", {"chat_id": chat_id, "userid": userid, "members": members})

    def group_change(self, chat_id: str, userid: str, **changes: Any) -> Any:
        """name, notice, admins, welcome_template, owner."""
        return self.post("group-change", {"chat_id": chat_id, "userid": userid, **changes})

    def group_nickname(self, chat_id: str, member: str, nickname: str) -> Any:
        return self.post("group-nickname", {"chat_id": chat_id, "member": member, "nickname": nickname})

    def group_dismiss(self, chat_id: str, userid: str) -> Any:
        return self.post("group-dismiss", {"chat_id": chat_id, "userid": userid})

    def group_chat(self, chat_id: str, member: str, text: str) -> Any:
        return self.post("group-chat", {"chat_id": chat_id, "member": member, "text": text})

    # -- inheritance -------------------------------------------------------------------------------------------------
    def transfers(self) -> Any:
        return self.get("transfers")

    def transfer_refuse(self, external_userid: str, handover_userid: str = "") -> Any:
        """The customer declines the new member within the 24 h."""
        wish = {"external_userid": external_userid, "handover_userid": handover_userid}
        return self.post("transfer-refuse", wish)

    # -- moments -----------------------------------------------------------------------------------------------------
    def moments(self) -> Any:
        return self.get("moments")

    def moments_of(self, userid: str) -> Any:
        """What a member has to publish or has published."""
        return self.get(f"moments/of-staff/{userid}")

    def moments_seen_by(self, external_userid: str) -> Any:
        return self.get(f"moments/seen-by/{external_userid}")

    def moment_confirm(self, userid: str, moment_id: str = "all") -> Any:
        return self.post("moment-confirm", {"userid": userid, "moment_id": moment_id})

    def moment_publish(self, userid: str, text: str = "", **wish: Any) -> Any:
        """A member publishes a moment of their own."""
        return self.post("moment-publish", {"userid": userid, "text": text, **wish})

    def moment_delete(self, userid: str, moment_id: str) -> Any:
        return self.post("moment-delete", {"userid": userid, "moment_id": moment_id})

    def moment_like(self, moment_id: str, userid: str, who: str) -> Any:
        """`who` (a customer, or the member) likes what `userid` published."""
        return self.post("moment-react", {"kind": "like", "moment_id": moment_id, "userid": userid, "who": who})

    def moment_comment(self, moment_id: str, userid: str, who: str, text: str) -> Any:
        wish = {"kind": "comment", "moment_id": moment_id, "userid": userid, "who": who, "text": text}
        return self.post("moment-react", wish)

    # -- acquisition links -------------------------------------------------------------------------------------------
    def acquire(self, link: str, external_userid: str = "", **wish: Any) -> Any:
        """A customer (a new one without `external_userid`) adds the member behind a link; add=False only looks."""
        return self.post("acquire", {"link": link, "external_userid": external_userid, **wish})

    def acquisition_quota(self, amount: int, days: float = 365) -> Any:
        """An admin buys quota."""
        return self.post("acquisition-quota", {"amount": amount, "days": days})

    def link_unavailable(self, link_id: str) -> Any:
        return self.post("link-unavailable", {"link_id": link_id})

    def link_delete(self, link_id: str) -> Any:
        """An admin deletes a link in the console."""
        return self.post("link-delete", {"link_id": link_id})

    # -- customer service --------------------------------------------------------------------------------------------
    def kf(self, open_kfid: str, external_userid: str) -> Any:
        """The session and the conversation."""
        return self.get(f"kf/{open_kfid}/{external_userid}")

    def kf_enter(self, external_userid: str, url: str = "", open_kfid: str = "") -> Any:
        return self.post("kf-enter", {"external_userid": external_userid, "url": url, "open_kfid": open_kfid})

    def kf_say(self, open_kfid: str, external_userid: str, text: str = "", **more: Any) -> Any:
        """The customer writes; with `userid` the servicer does."""
        return self.post("kf-say", {"open_kfid": open_kfid, "external_userid": external_userid, "text": text, **more})

    def kf_recall(self, open_kfid: str, external_userid: str, msgid: str) -> Any:
        return self.post("kf-recall", {"open_kfid": open_kfid, "external_userid": external_userid, "msgid": msgid})

    def kf_refuse(self, open_kfid: str, external_userid: str, refuses: bool = True) -> Any:
        wish = {"open_kfid": open_kfid, "external_userid": external_userid, "refuses": refuses}
        return self.post("kf-refuse", wish)

    def kf_serve(self, open_kfid: str, external_userid: str, userid: str, action: str = "take") -> Any:
        """take, end, reject or accept."""
        wish = {"open_kfid": open_kfid, "external_userid": external_userid, "userid": userid, "action": action}
        return self.post("kf-serve", wish)

    def kf_receiving(self, open_kfid: str, userid: str, receiving: bool, stop_type: int = 0) -> Any:
        wish = {"open_kfid": open_kfid, "userid": userid, "receiving": receiving, "stop_type": stop_type}
        return self.post("kf-receiving", wish)

    # -- session archive ---------------------------------------------------------------------------------------------
    def archive_permit(self, **editions: int) -> Any:
        """Whose chats are archived: userid=edition."""
        return self.post("archive-permit", {"editions": editions})

    def archive_consent(self, userid: str, external_userid: str, status: str = "Agree") -> Any:
        wish = {"userid": userid, "external_userid": external_userid, "status": status}
        return self.post("archive-consent", wish)

    # -- population --------------------------------------------------------------------------------------------------
    def population(self, running: bool | None = None, **parameters: Any) -> Any:
        """Read, start or stop the population that lives by itself, and change its parameters."""
        if running is None and not parameters:
            return self.get("population")
        return self.post("population", {"running": running, "parameters": parameters})

    def effect(self, match: str, extra_purchase_probability: float, days: float) -> Any:
        """Who is reached by what matches (msgid, moment_id, state, anything in the content) buys more."""
        wish = {"match": match, "extra_purchase_probability": extra_purchase_probability, "days": days}
        return self.post("population/effects", wish)

    def effects(self) -> Any:
        """Every effect with the truth about it."""
        return self.get("population/effects")

    def treated(self, number: int) -> list[dict[str, Any]]:
        """Everybody whom an effect reached; all pages."""
        found: list[dict[str, Any]] = []
        after: int | None = 0
        while after is not None:
            page = self.get(f"population/effects/{number}", after=after)
            found += page["people"]
            after = page["next"]
        return found

    def person(self, external_userid: str) -> Any:
        """Hidden traits and present patience."""
        return self.get(f"population/people/{external_userid}")

    def products(self) -> Any:
        return self.get("products")

    def orders(self, since: int = 0, limit: int = 10_000, buyer: str = "external_userid") -> list[dict[str, Any]]:
        """Orders with a `seq` above `since`, oldest first."""
        answer = self.http.get("/control/orders", params={"since": since, "limit": limit, "buyer": buyer})
        if not answer.is_success:
            self._decoded(answer)
        return [json.loads(line) for line in answer.text.splitlines()]

    # -- snapshots ---------------------------------------------------------------------------------------------------
    def snapshot(self, name: str) -> Any:
        """Keep the whole state under a name."""
        return self.post("snapshot", {"name": name})

    def snapshots(self) -> Any:
        return self.get("snapshots")

    def restore(self, name: str) -> Any:
        """Back to a kept state: clock, ids, faults and all."""
        return self.post("restore", {"name": name})
