"""Acts of members on messages of an app: answering cards, opening the app, writing to it (reference, 15.6)."""

from typing import Any

from wecom_sim.app_messages.cards import answer_keys, menu_keys, questions
from wecom_sim.app_messages.state import AppMessage, AppMessages
from wecom_sim.directory.state import Directory
from wecom_sim.errors import ActionError
from wecom_sim.kernel import Kernel

Selection = dict[str, list[str]]


class Answering:
    def __init__(self, kernel: Kernel, directory: Directory, messages: AppMessages) -> None:
        self._kernel = kernel
        self._directory = directory
        self._messages = messages

    def _message(self, userid: str, msgid: str) -> AppMessage:
        self._directory.member(userid)
        row = self._messages.rows.get(msgid)
        if row is None or userid not in row.userids:
            raise ActionError("no_such_message", f"{userid} has no message {msgid}.", 404)
        if row.recalled_at:
            raise ActionError("message_recalled", "The app has recalled this message.")
        return row

    def answer(self, userid: str, msgid: str, key: str, selected: Selection) -> dict[str, Any]:
        """Press a button of a card, or submit what was chosen: the app hears of it."""
        row = self._message(userid, msgid)
        if row.msgtype == "interactive_taskcard":
            return self._press_taskcard(row, userid, key)
        if row.msgtype != "template_card":
            raise ActionError("no_card", "This message has nothing to press.", 422)
        card = row.body_for(userid)
        if key in menu_keys(card):
            return self._raise("template_card_menu_event", row, card, userid, key, {})
        if userid in row.closed:
            raise ActionError("card_closed", f"The card says: {row.closed[userid]}.")
        if key not in answer_keys(card):
            raise ActionError("no_such_key", f"The card has no button {key}.", 422)
        if userid in row.answers and card["card_type"] != "button_interaction":
            raise ActionError("card_answered", "The member has submitted this card before.")
        _check(questions(card), selected)
        row.answers[userid] = key
        self._messages.rows.touch(row.msgid)
        return self._raise("template_card_event", row, card, userid, key, selected)

    def _press_taskcard(self, row: AppMessage, userid: str, key: str) -> dict[str, Any]:
        if userid in row.closed:
            raise ActionError("card_closed", f"The card says: {row.closed[userid]}.")
        if key not in [one["key"] for one in row.body["btn"]]:
            raise ActionError("no_such_key", f"The card has no button {key}.", 422)
        row.answers[userid] = key
        self._messages.rows.touch(row.msgid)
        self._kernel.ledger.write("app_card_answered", userid, msgid=row.msgid, key=key)
        self._kernel.callbacks.raise_event(
            "taskcard_click", FromUserName=userid, EventKey=key, TaskId=row.task_id, AgentID=row.agentid
        )
        return {"event": "taskcard_click"}

    def _raise(
        self, event: str, row: AppMessage, card: dict[str, Any], userid: str, key: str, selected: Selection
    ) -> dict[str, Any]:
        code = self._messages.new_code(row)
        self._kernel.ledger.write("app_card_answered", userid, msgid=row.msgid, key=key, selected=selected)
        # SK: the official sample spells it OpitonIds; a setting makes the simulator do so too.
        many, one = (
            ("OpitonIds", "OpitonId") if self._kernel.settings.card_event_misspelt else ("OptionIds", "OptionId")
        )
        items = [{"QuestionKey": name, many: {one: ids}} for name, ids in selected.items()]
        self._kernel.callbacks.raise_event(
            event, FromUserName=userid, EventKey=key, TaskId=row.task_id, CardType=card["card_type"],
            ResponseCode=code, AgentID=row.agentid, SelectedItems={"SelectedItem": items} if items else None,
        )  # fmt: skip
        return {"event": event, "response_code": code}

    def enter(self, userid: str, agentid: int) -> None:
        """The member opens the app in the client."""
        self._directory.member(userid)
        self._kernel.callbacks.raise_event("enter_agent", FromUserName=userid, AgentID=agentid)

    def write(self, userid: str, agentid: int, text: str) -> str:
        """The member writes to the app; answers the MsgId."""
        self._directory.member(userid)
        msgid = int.from_bytes(self._kernel.ids.digest("app_inbound")[:7], "big")
        self._kernel.ledger.write("app_message_received", userid, agentid=agentid, text=text)
        self._kernel.callbacks.raise_event(
            "", MsgType="text", FromUserName=userid, Content=text, MsgId=msgid, AgentID=agentid
        )
        return str(msgid)


def _check(asked: dict[str, tuple[list[str], bool]], selected: Selection) -> None:
    for name, ids in selected.items():
        if name not in asked:
            raise ActionError("no_such_question", f"The card asks no question {name}.", 422)
        options, several = asked[name]
        if not ids or set(ids) - set(options) or (len(ids) > 1 and not several):
            raise ActionError("bad_choice", f"{', '.join(ids) or 'nothing'} can't be chosen for {name}.", 422)
