"""Acts of customers and servicers in customer service (reference, section 12, events inside msg_list)."""

from typing import Any

from wecom_sim.contacts.state import Contacts
from wecom_sim.errors import ActionError
from wecom_sim.kernel import Kernel
from wecom_sim.kf.state import KfAccount, KfAccounts
from wecom_sim.kf.talk import CUSTOMER, ENDED, MEMBER, QUEUE, SERVICER, KfSession, KfTalk

TAKEN, TRANSFERRED, FINISHED, REOPENED = 1, 2, 3, 4  # change_type of session_status_change


class Serving:
    def __init__(self, kernel: Kernel, contacts: Contacts, accounts: KfAccounts, talk: KfTalk) -> None:
        self._kernel = kernel
        self._contacts = contacts
        self._accounts = accounts
        self._talk = talk

    def _session(self, open_kfid: str, external_userid: str) -> KfSession:
        self._accounts.for_act(open_kfid)
        self._contacts.customer(external_userid)
        return self._talk.session(open_kfid, external_userid)

    # -- the customer ------------------------------------------------------------------------------------------------
    def enter(self, open_kfid: str, external_userid: str, token: str, scene_param: str) -> str:
        """The customer opens the chat. Answers the welcome_code: none within 48 h of a greeting or a line of theirs."""
        row, now = self._session(open_kfid, external_userid), self._kernel.clock.now()
        link = self._accounts.links.get(token)
        row.scene, row.scene_param, row.entered_at = link.scene if link else "", scene_param, now
        quiet = now - max(row.greeted_at, row.last_customer_at) > self._kernel.settings.kf_session_seconds
        code = self._talk.new_code("welcome", row) if quiet else ""
        self._talk.touch(row)
        self._talk.put_event(
            open_kfid, "enter_session", external_userid=external_userid, scene=row.scene, scene_param=scene_param,
            welcome_code=code,
        )  # fmt: skip
        return code

    def say(self, open_kfid: str, external_userid: str, part: dict[str, Any]) -> str:
        """The customer writes: text or any other part as sync_msg shows it. Answers the msgid."""
        row = self._session(open_kfid, external_userid)
        kind = part.get("msgtype")
        if not isinstance(kind, str) or not part.get(kind):
            raise ActionError("empty_message", "There is nothing to send.", 422)
        self._talk.enquire(row)
        self._kernel.ledger.write("kf_received", "", external_userid, open_kfid=open_kfid, part=part)
        return self._talk.put(open_kfid, {"external_userid": external_userid, "origin": CUSTOMER, **part})

    def recall(self, open_kfid: str, external_userid: str, msgid: str) -> None:
        row = self._session(open_kfid, external_userid)
        items = self._talk.items(open_kfid, external_userid)
        item = next((one for one in items if one["msgid"] == msgid and one["origin"] in (CUSTOMER, SERVICER)), None)
        if item is None:
            raise ActionError("no_such_message", f"There is no message {msgid} to recall.", 404)
        name = "user_recall_msg" if item["origin"] == CUSTOMER else "servicer_recall_msg"
        self._talk.put_event(
            row.open_kfid, name, external_userid=external_userid, recall_msgid=msgid,
            servicer_userid=item.get("servicer_userid", ""),
        )  # fmt: skip

    def refuse(self, open_kfid: str, external_userid: str, refuses: bool) -> None:
        """The customer takes no (or again takes) messages of the account."""
        row = self._session(open_kfid, external_userid)
        row.refuses = refuses
        self._talk.touch(row)

    # -- the servicer ------------------------------------------------------------------------------------------------
    def _servicer(self, account: KfAccount, userid: str) -> None:
        if userid not in self._accounts.servicers(account):
            raise ActionError("no_servicer", f"{userid} serves no customers of this account.", 422)

    def take(self, open_kfid: str, external_userid: str, userid: str) -> KfSession:
        """Take a waiting customer, a colleague's (a transfer), or open an ended session again."""
        row = self._session(open_kfid, external_userid)
        self._servicer(self._accounts.for_act(open_kfid), userid)
        old = row.servicer
        if row.state == QUEUE:
            change = TAKEN
        elif row.state == MEMBER and old != userid:
            change = TRANSFERRED
        elif row.state == ENDED and row.last_customer_at:
            change = REOPENED
        else:
            raise ActionError("nothing_to_take", "This customer does not wait for a member.")
        row.state, row.servicer = MEMBER, userid
        self._talk.touch(row)
        self._talk.status_changed(row, change, old=old, new=userid)
        return row

    def answer(self, open_kfid: str, external_userid: str, userid: str, text: str) -> str:
        row = self._session(open_kfid, external_userid)
        if row.state != MEMBER or row.servicer != userid:
            raise ActionError("not_serving", f"{userid} does not serve this customer now.")
        self._kernel.ledger.write("kf_answered", userid, external_userid, open_kfid=open_kfid, text=text)
        part = {"msgtype": "text", "text": {"content": text}}
        item = {"external_userid": external_userid, "origin": SERVICER, "servicer_userid": userid, **part}
        return self._talk.put(open_kfid, item)

    def finish(self, open_kfid: str, external_userid: str, userid: str) -> KfSession:
        row = self._session(open_kfid, external_userid)
        if row.state != MEMBER or row.servicer != userid:
            raise ActionError("not_serving", f"{userid} does not serve this customer now.")
        row.state, row.servicer = ENDED, ""
        self._talk.touch(row)
        self._talk.status_changed(row, FINISHED, old=userid)
        return row

    def set_receiving(self, open_kfid: str, userid: str, receiving: bool, stop_type: int) -> KfAccount:
        """The servicer starts or stops to receive; stop_type 0 stopped, 1 suspended."""
        account = self._accounts.for_act(open_kfid)
        self._servicer(account, userid)
        if receiving:
            account.stopped.pop(userid, None)
        else:
            account.stopped[userid] = stop_type
        self._accounts.rows.touch(open_kfid)
        more = {} if receiving else {"stop_type": stop_type}
        self._talk.put_event(
            open_kfid, "servicer_status_change", servicer_userid=userid, status=1 if receiving else 2, **more
        )
        return account

    def set_reject(self, open_kfid: str, external_userid: str, userid: str, on: bool) -> None:
        """The servicer turns away (or lets in again) what the customer writes."""
        self._session(open_kfid, external_userid)
        self._servicer(self._accounts.for_act(open_kfid), userid)
        self._talk.put_event(
            open_kfid, "reject_customer_msg_switch_change", servicer_userid=userid, external_userid=external_userid,
            reject_switch=1 if on else 0,
        )  # fmt: skip
