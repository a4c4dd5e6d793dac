"""What a page beside a chat sends in the member's name: `sendChatMessage` (reference, 4.4)."""

from typing import Any

from wecom_sim.chats import Chats
from wecom_sim.contacts.state import Contacts
from wecom_sim.content import Content
from wecom_sim.directory.state import Directory
from wecom_sim.errors import ActionError
from wecom_sim.media.state import MediaStore
from wecom_sim.people.groups import GroupPeople

Body = dict[str, Any]
MEDIA = ("image", "video", "file")


class Sending:
    def __init__(
        self, directory: Directory, contacts: Contacts, chats: Chats, media: MediaStore, groups: GroupPeople
    ) -> None:
        self._directory = directory
        self._contacts = contacts
        self._chats = chats
        self._media = media
        self._groups = groups

    def to_customer(self, userid: str, external_userid: str, msgtype: str, body: Body) -> Body:
        """Answers the part as it stands in the chat. Raises ActionError, and WireError 40007 for a wrong mediaid."""
        self._directory.member(userid)
        relation = self._contacts.relation(userid, external_userid)
        if relation is None or relation.status not in ("friend", "half"):
            raise ActionError("not_friends", "The two are not friends: the message was refused by the other side.")
        part = self._part(msgtype, body)
        self._chats.send(relation, "staff", part)
        return part

    def to_group(self, userid: str, chat_id: str, msgtype: str, body: Body) -> Body:
        """The same in a customer group that the member is in."""
        self._directory.member(userid)
        part = self._part(msgtype, body)
        content = Content(part["text"]["content"], []) if msgtype == "text" else Content("", [part])
        self._groups.send(chat_id, userid, content)
        return part

    def _part(self, msgtype: str, body: Body) -> Body:
        """The JS-SDK names fields otherwise than the wire: mediaid, and news{link, title, desc, imgUrl}."""
        if msgtype == "text":
            return {"msgtype": "text", "text": {"content": _words(body, "content", 4000)}}
        if msgtype in MEDIA:
            media_id = _words(body, "mediaid", 200)
            self._media.usable(media_id, msgtype)
            return {"msgtype": msgtype, msgtype: {"media_id": media_id}}
        if msgtype == "news":
            link = {"title": _words(body, "title", 200), "desc": _words(body, "desc", 1000, needed=False)}
            link |= {"url": _url(body, "link"), "picurl": _url(body, "imgUrl", needed=False)}
            return {"msgtype": "link", "link": link}
        if msgtype == "miniprogram":
            program = {name: _words(body, name, 500) for name in ("appid", "title", "page")}
            return {
                "msgtype": "miniprogram",
                "miniprogram": {**program, "picurl": _url(body, "imgUrl", needed=False)},
            }
        raise ActionError("bad_msgtype", f"{msgtype or 'nothing'} can't be sent from a page.", 422)


def _words(body: Body, name: str, most: int, needed: bool = True) -> str:
    value = body.get(name, "")
    if not isinstance(value, str) or len(value) > most or (needed and not value.strip()):
        raise ActionError("bad_field", f"{name} is missing or wrong.", 422)
    return value


def _url(body: Body, name: str, needed: bool = True) -> str:
    value = _words(body, name, 2048, needed)
    if value and not value.startswith(("http://", "https://")):
        raise ActionError("bad_field", f"{name} must begin with http:// or https://.", 422)
    return value
