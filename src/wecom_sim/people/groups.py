"""What people do in customer groups, each act with its effect and its event (reference, sections 7 and 15.2)."""

from dataclasses import dataclass, replace

from wecom_sim.contacts.state import Contacts
from wecom_sim.content import Content
from wecom_sim.directory.state import LEFT, Directory, Staff
from wecom_sim.errors import ActionError
from wecom_sim.groups.join_ways import JoinWay, JoinWays
from wecom_sim.groups.lines import GroupLines
from wecom_sim.groups.state import (
    BY_LINK,
    BY_QR,
    EXTERNAL,
    INVITED,
    STAFF,
    GroupChat,
    GroupMember,
    Groups,
    Scene,
)  # fmt: skip
from wecom_sim.groups.templates import GroupTemplates
from wecom_sim.kernel import Kernel

QUIT, REMOVED = 0, 1  # QuitScene (15.2)


@dataclass
class Joined:
    """`created`: all groups of the way were full, this one was made for the customer."""

    chat_id: str
    external_userid: str
    already: bool = False
    created: bool = False


class GroupPeople:
    def __init__(
        self, kernel: Kernel, directory: Directory, contacts: Contacts, groups: Groups, join_ways: JoinWays,
        templates: GroupTemplates, lines: GroupLines,
    ) -> None:  # fmt: skip
        self._kernel = kernel
        self._directory = directory
        self._contacts = contacts
        self._groups = groups
        self._join_ways = join_ways
        self._templates = templates
        self._lines = lines
        directory.on_resign.append(self._resigned)

    # -- making and joining ------------------------------------------------------------------------------------------
    def create(self, userid: str, name: str, external_userids: list[str], userids: list[str]) -> GroupChat:
        """A member makes a group of friends and colleagues. Without 客户联系 it would be no customer group."""
        owner = self._directory.member(userid)
        if not owner.follow_enabled:
            raise ActionError("no_customer_contact", f"{userid} has no 客户联系: the group would be no customer group.")
        members = self._invited(owner.userid, external_userids, userids)
        if 1 + len(members) > self._kernel.settings.group_size_max:
            raise ActionError("group_full", "That is more people than a group takes.")
        chat = self._groups.create(owner, name, members)
        self._created(chat)
        return chat

    def _created(self, chat: GroupChat) -> None:
        self._kernel.ledger.write(
            "group_created", chat.owner, chat_id=chat.chat_id, name=chat.name, members=len(chat.members),
            config_id=chat.config_id,
        )  # fmt: skip
        self._groups.event(chat, "create")

    def _invited(self, invitor: str, external_userids: list[str], userids: list[str]) -> list[GroupMember]:
        now = self._kernel.clock.stamp()
        for external_userid in external_userids:
            self._contacts.customer(external_userid)
            relation = self._contacts.relation(invitor, external_userid)
            if relation is None or relation.status != "friend":
                raise ActionError("not_friends", f"{invitor} and {external_userid} are not friends.")
        for userid in userids:
            self._directory.member(userid)
        return [
            *(GroupMember(one, STAFF, now, INVITED, invitor) for one in dict.fromkeys(userids) if one != invitor),
            *(GroupMember(one, EXTERNAL, now, INVITED, invitor) for one in dict.fromkeys(external_userids)),
        ]

    def invite(self, chat_id: str, invitor: str, external_userids: list[str], userids: list[str]) -> GroupChat:
        """A member of the group invites friends or colleagues. Those who are in it already are passed over."""
        chat = self._in_group(chat_id, invitor)
        self._directory.member(invitor)
        members = [one for one in self._invited(invitor, external_userids, userids) if chat.member(one.id) is None]
        if len(chat.members) + len(members) > self._kernel.settings.group_size_max:
            raise ActionError("group_full", "The group takes no more people.")
        if members:
            self._join(chat, members, INVITED)
        return chat

    def join_by_link(self, chat_id: str, invitor: str, external_userid: str) -> Joined:
        """A customer opens an invitation link that somebody in the group shared."""
        chat = self._in_group(chat_id, invitor)
        self._contacts.customer(external_userid)
        if chat.member(external_userid) is not None:
            return Joined(chat_id, external_userid, True)
        if len(chat.members) >= self._kernel.settings.group_scan_max:
            raise ActionError("group_full", "A group this large can be joined by invitation only.")
        now = self._kernel.clock.stamp()
        known = self._directory.staff.get(invitor) is not None
        member = GroupMember(external_userid, EXTERNAL, now, BY_LINK, invitor if known else "")
        self._join(chat, [member], BY_LINK)
        return Joined(chat_id, external_userid)

    def join_by_way(self, config_id: str, external_userid: str) -> Joined:
        """A customer scans a join way: the first group with room, else a new one where the way allows it."""
        way = self._join_ways.way(config_id)
        self._contacts.customer(external_userid)
        for chat in self._join_ways.live_chats(way):
            if chat.member(external_userid) is not None:
                return Joined(chat.chat_id, external_userid, True)
        open_chat = self._join_ways.open_chat(way)
        chat = open_chat or self._next_room(way)
        member = GroupMember(external_userid, EXTERNAL, self._kernel.clock.stamp(), BY_QR, state=way.state)
        self._join(chat, [member], BY_QR)
        self._join_ways.count_join(way, chat)
        return Joined(chat.chat_id, external_userid, created=open_chat is None)

    def _next_room(self, way: JoinWay) -> GroupChat:
        """The owner of the newest group of the way who still is in service owns the new one (inferred)."""
        if not way.auto_create_room:
            raise ActionError("group_full", "All groups behind this code are full.")
        for chat in reversed(self._join_ways.live_chats(way)):
            owner = self._directory.staff.get(chat.owner)
            if owner is not None and owner.in_service:
                name = self._join_ways.next_room_name(way, chat.name)
                made = self._groups.create(owner, name, [], config_id=way.config_id)
                made.welcome_template = chat.welcome_template
                self._join_ways.room_made(way, made)
                self._created(made)
                return made
        raise ActionError("nobody_available", "No owner behind this code can make another group.")

    def _join(self, chat: GroupChat, members: list[GroupMember], scene: Scene) -> None:
        before = chat.version
        self._groups.join(chat, members)
        ids = [one.id for one in members]
        for one in members:
            self._kernel.ledger.write(
                "group_joined", one.id if one.type == STAFF else one.invitor, one.id if one.type == EXTERNAL else "",
                chat_id=chat.chat_id, scene=scene, state=one.state,
            )  # fmt: skip
        self._groups.members_event(chat, "add_member", ids, before, JoinScene=self._groups.event_scene(scene))
        self._welcome(chat, [one.id for one in members if one.type == EXTERNAL])

    def _welcome(self, chat: GroupChat, external_userids: list[str]) -> None:
        """The welcome that the owner chose among the templates greets each batch of new customers once."""
        template = self._templates.rows.get(chat.welcome_template)
        if template is None or not external_userids:
            return
        content = template.content_for([self._contacts.customer(one).name for one in external_userids])
        self._lines.say(chat.chat_id, chat.owner, content, "welcome")
        for external_userid in external_userids:
            self._kernel.ledger.write(
                "group_welcome_delivered", chat.owner, external_userid, chat_id=chat.chat_id,
                template_id=template.template_id, digest=content.digest(), text=content.text,
            )  # fmt: skip

    # -- leaving -----------------------------------------------------------------------------------------------------
    def quit(self, chat_id: str, member_id: str) -> GroupChat:
        """Somebody leaves on their own. The owner has to hand the group on first."""
        chat = self._in_group(chat_id, member_id)
        if chat.owner == member_id:
            raise ActionError("owner_stays", "The owner must hand the group on, or dismiss it.")
        self._leave(chat, [member_id], QUIT)
        return chat

    def remove(self, chat_id: str, actor: str, member_ids: list[str]) -> GroupChat:
        """Owner or admin removes people."""
        chat = self._managed(chat_id, actor)
        for member_id in member_ids:
            if chat.member(member_id) is None or member_id == chat.owner:
                raise ActionError("not_in_group", f"{member_id} can't be removed from the group.", 404)
        self._leave(chat, list(dict.fromkeys(member_ids)), REMOVED)
        return chat

    def _leave(self, chat: GroupChat, member_ids: list[str], scene: int) -> None:
        before = chat.version
        external = {one.id for one in chat.members if one.type == EXTERNAL}
        self._groups.leave(chat, member_ids)
        for one in member_ids:
            self._kernel.ledger.write(
                "group_left", "" if one in external else one, one if one in external else "", chat_id=chat.chat_id,
                scene=scene,
            )  # fmt: skip
        self._groups.members_event(chat, "del_member", member_ids, before, QuitScene=scene)

    def _resigned(self, member: Staff) -> None:
        """Who leaves the company leaves its groups; those they own wait for a new owner with them in it (inferred)."""
        for chat in self._groups.of_member(member.userid):
            if chat.owner != member.userid:
                self._leave(chat, [member.userid], QUIT)

    # -- managing ----------------------------------------------------------------------------------------------------
    def change_owner(self, chat_id: str, actor: str, new_owner: str) -> GroupChat:
        """The owner hands the group to another member of it."""
        chat = self._in_group(chat_id, new_owner)
        member = self._directory.member(new_owner)
        if chat.owner != actor:
            raise ActionError("not_owner", f"{actor} does not own the group.")
        if not member.follow_enabled:
            raise ActionError("no_customer_contact", f"{new_owner} has no 客户联系.")
        self._groups.set_owner(chat, new_owner)
        self._kernel.ledger.write("group_owner_changed", new_owner, chat_id=chat_id, old=actor, by="owner")
        self._groups.event(chat, "update", UpdateDetail="change_owner")
        return chat

    def change(self, chat_id: str, actor: str, name: str | None, notice: str | None) -> GroupChat:
        chat = self._managed(chat_id, actor)
        for detail, value in (("name", name), ("notice", notice)):
            if value is None:
                continue
            self._groups.before_change(chat)
            setattr(chat, detail, value)
            self._kernel.ledger.write("group_changed", actor, chat_id=chat_id, **{detail: value})
            self._groups.event(chat, "update", UpdateDetail=f"change_{detail}")
        self._groups.rows.touch(chat_id)
        return chat

    def set_admins(self, chat_id: str, actor: str, userids: list[str]) -> GroupChat:
        """No event is known for this."""
        chat = self._managed(chat_id, actor)
        for userid in userids:
            member = chat.member(userid)
            if member is None or member.type != STAFF or userid == chat.owner:
                raise ActionError("not_in_group", f"{userid} can't be an admin of the group.", 404)
        self._groups.before_change(chat)
        chat.admins = list(dict.fromkeys(userids))
        self._groups.rows.touch(chat_id)
        return chat

    def nickname(self, chat_id: str, member_id: str, nickname: str) -> GroupChat:
        """Somebody sets their name in the group. No event is known for this."""
        chat = self._in_group(chat_id, member_id)
        self._groups.before_change(chat)
        chat.members = [replace(one, group_nickname=nickname) if one.id == member_id else one for one in chat.members]
        self._groups.rows.touch(chat_id)
        return chat

    def set_welcome(self, chat_id: str, actor: str, template_id: str) -> GroupChat:
        """The owner chooses one of the company's welcome templates; empty takes it away."""
        chat = self._managed(chat_id, actor)
        if template_id and template_id not in self._templates.rows:
            raise ActionError("no_such_template", f"There is no template {template_id}.", 404)
        chat.welcome_template = template_id
        self._groups.rows.touch(chat_id)
        return chat

    def dismiss(self, chat_id: str, actor: str) -> GroupChat:
        chat = self._groups.chat(chat_id)
        if chat.owner != actor:
            raise ActionError("not_owner", f"{actor} does not own the group.")
        chat.dismissed_at = self._kernel.clock.now()
        self._groups.rows.touch(chat_id)
        self._groups.history.dismissed(chat_id)
        self._kernel.ledger.write("group_dismissed", actor, chat_id=chat_id)
        self._groups.event(chat, "dismiss")
        return chat

    def say(self, chat_id: str, member_id: str, text: str) -> None:
        if not text.strip():
            raise ActionError("empty_text", "There is nothing to send.", 422)
        self.send(chat_id, member_id, Content(text, []))

    def send(self, chat_id: str, member_id: str, content: Content) -> None:
        """Somebody sends a text or one attachment."""
        chat = self._in_group(chat_id, member_id)
        self._lines.say(chat_id, member_id, content)
        kind = "text" if content.text else content.attachments[0]["msgtype"]
        text = content.text or str(content.attachments[0][kind].get("title", ""))
        more = {} if kind == "text" else {"msgtype": kind}
        external = chat.member(member_id)
        customer = member_id if external is not None and external.type == EXTERNAL else ""
        self._kernel.ledger.write(
            "group_chat", "" if customer else member_id, customer, chat_id=chat_id, text=text, **more
        )

    # -- shared ------------------------------------------------------------------------------------------------------
    def _in_group(self, chat_id: str, member_id: str) -> GroupChat:
        chat = self._groups.chat(chat_id)
        member = self._directory.staff.get(member_id)
        if chat.member(member_id) is None or (member is not None and member.status == LEFT):
            raise ActionError("not_in_group", f"{member_id} is not in the group.", 404)
        return chat

    def _managed(self, chat_id: str, actor: str) -> GroupChat:
        chat = self._in_group(chat_id, actor)
        if actor != chat.owner and actor not in chat.admins:
            raise ActionError("not_admin", f"{actor} neither owns nor administers the group.")
        return chat
