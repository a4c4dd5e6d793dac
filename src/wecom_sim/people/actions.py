"""Acts of customers and members, each with its effect and its event (reference, sections 15.1 and 18)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from wecom_sim.chats import ChatLine, Chats
from wecom_sim.contacts.state import Contacts, Customer, Relation, relation_key
from wecom_sim.directory.state import Directory, Staff
from wecom_sim.errors import ActionError
from wecom_sim.kernel import Kernel
from wecom_sim.messages.state import Messages
from wecom_sim.tags.state import Tags
from wecom_sim.ways.state import ContactWay, Ways
from wecom_sim.welcome.state import Welcome

EVENT = "change_external_contact"


@dataclass
class NewCustomer:
    """A person who is not yet known to the company. gender: 0 unknown, 1 male, 2 female."""

    name: str
    gender: int = 0
    unionid: str = ""
    mobile: str = ""
    city: str = ""


@dataclass
class ScanResult:
    external_userid: str
    userid: str
    status: str
    already: bool
    welcome_code: str = ""


class People:
    def __init__(
        self, kernel: Kernel, directory: Directory, contacts: Contacts, tags: Tags, ways: Ways, chats: Chats,
        welcome: Welcome, messages: Messages,
    ) -> None:  # fmt: skip
        self._kernel = kernel
        self._directory = directory
        self._contacts = contacts
        self._tags = tags
        self._ways = ways
        self._chats = chats
        self._welcome = welcome
        self._messages = messages
        # Told of every friend made, half-added ones too; not of mere requests.
        self.on_friend: list[Callable[[Relation], None]] = []
        # Asked before a code is scanned (refuses by raising ActionError), and told of what came of it.
        self.may_scan: list[Callable[[ContactWay, Customer], None]] = []
        self.on_scan: list[Callable[[ContactWay, Relation], None]] = []

    # -- the customer ------------------------------------------------------------------------------------------------
    def become(self, person: NewCustomer) -> Customer:
        customer = Customer(
            self._kernel.ids.external_userid(), person.name, person.gender, person.unionid, person.mobile,
            city=person.city, created_at=self._kernel.clock.now(),
        )  # fmt: skip
        return self._contacts.add_customer(customer)

    def scan(self, config_id: str, external_userid: str) -> ScanResult:
        """Scan a contact way's code: the friend is made, or waits for the member; events go out."""
        way = self._ways.rows.get(config_id)
        if way is None:
            raise ActionError("no_such_code", f"There is no live code {config_id}.", 404)
        customer = self._contacts.customer(external_userid)
        for ask in self.may_scan:
            ask(way, customer)
        member = self._ways.pick(way, external_userid)
        known = self._contacts.relation(member.userid, external_userid)
        if known is not None and known.status in ("friend", "half", "requested"):
            return ScanResult(external_userid, member.userid, known.status, True)
        relation = self._relate(way, member, customer, known)
        self._ways.count_add(way, member.userid)
        for hear in self.on_scan:
            hear(way, relation)
        code = self.announce(relation, member, customer)
        return ScanResult(external_userid, member.userid, relation.status, False, code)

    def _relate(self, way: ContactWay, member: Staff, customer: Customer, known: Relation | None) -> Relation:
        relation = Relation(
            userid=member.userid,
            external_userid=customer.external_userid,
            createtime=self._kernel.clock.stamp(),
            add_way=1,
            oper_userid=customer.external_userid,
            state=way.state,
            half=way.skip_verify and not member.confirmed,
            requested=not way.skip_verify,
            config_id=way.config_id,
        )
        return self.renew(relation, known)

    def renew(self, relation: Relation, known: Relation | None) -> Relation:
        """Keep a new relation. A member who never let go still has remark and tags of before, and needs not accept."""
        if known is not None and not known.staff_deleted_at:
            for name in ("remark", "description", "remark_corp_name", "remark_mobiles", "tags", "personal_tags"):
                setattr(relation, name, getattr(known, name))
            relation.requested = relation.half = False
        return self._contacts.put_relation(relation)

    def announce(self, relation: Relation, member: Staff, customer: Customer) -> str:
        """Note in the chat, ledger entry, event. Answers the welcome code that went out, if any."""
        ids = (relation.userid, relation.external_userid)
        if relation.requested:
            self._kernel.ledger.write("friend_requested", *ids, state=relation.state)
            self._chats.note(relation, "requested")
            return ""
        kind = "friend_half_added" if relation.half else "friend_added"
        change = "add_half_external_contact" if relation.half else "add_external_contact"
        self._kernel.ledger.write(
            kind, *ids, state=relation.state, add_way=relation.add_way, config_id=relation.config_id
        )
        self._chats.note(relation, "added")
        code = "" if member.admin_welcome or customer.type == 2 else self._welcome.issue(relation, relation.half)
        if member.admin_welcome:
            self._chats.say_welcome(relation, member.admin_welcome)
        self._event(change, relation, State=relation.state, WelcomeCode=code)
        for hear in self.on_friend:
            hear(relation)
        return code

    def customer_delete(self, userid: str, external_userid: str) -> Relation:
        """The customer deletes the member. The API goes on showing the customer."""
        relation = self._related(userid, external_userid)
        if relation.customer_deleted_at:
            raise ActionError("already_deleted", "The customer had deleted this member before.")
        relation.customer_deleted_at = self._kernel.clock.now()
        self._contacts.touch(relation)
        self._kernel.ledger.write("customer_deleted", userid, external_userid, state=relation.state)
        self._event("del_follow_user", relation)
        return relation

    def not_interested(self, userid: str, external_userid: str) -> Relation:
        """The customer taps 不感兴趣: nobody is told, and mass messages still arrive; only the ledger knows."""
        relation = self._related(userid, external_userid)
        if relation.not_interested_at:
            raise ActionError("said_before", "The customer has said so before.")
        relation.not_interested_at = self._kernel.clock.now()
        self._contacts.touch(relation)
        self._kernel.ledger.write("not_interested", userid, external_userid, state=relation.state)
        return relation

    # -- the member --------------------------------------------------------------------------------------------------
    def staff_delete(self, userid: str, external_userid: str) -> Relation:
        """The member deletes the customer. The API answers 84061 from now on."""
        relation = self._related(userid, external_userid)
        if relation.staff_deleted_at:
            raise ActionError("already_deleted", "The member had deleted this customer before.")
        relation.staff_deleted_at = self._kernel.clock.now()
        relation.tags = []
        self._contacts.touch(relation)
        self._kernel.ledger.write("staff_deleted", userid, external_userid, state=relation.state)
        self._event("del_external_contact", relation)
        return relation

    def staff_accept(self, userid: str, external_userid: str) -> str:
        """The member accepts a request or confirms a half-added customer. Answers the welcome code sent, if any."""
        relation = self._related(userid, external_userid)
        if not (relation.half or relation.requested):
            raise ActionError("nothing_to_accept", "There is nothing to accept.")
        was_half = relation.half
        relation.half = relation.requested = False
        member, customer = self._directory.member(userid), self._contacts.customer(external_userid)
        if not was_half:
            relation.createtime = self._kernel.clock.stamp()
            self._contacts.touch(relation)
            return self.announce(relation, member, customer)
        self._contacts.touch(relation)
        self._kernel.ledger.write("friend_accepted", userid, external_userid, state=relation.state)
        self._chats.note(relation, "accepted")
        # D 92277: no second code when the half-added one was used, or once they talk.
        silent = member.admin_welcome or self._welcome.half_code_used(relation) or self._chats.talked_since(relation, 0)
        code = "" if silent else self._welcome.issue(relation)
        self._event("add_external_contact", relation, State=relation.state, WelcomeCode=code)
        return code

    def staff_edit(
        self, userid: str, external_userid: str, remark: str | None, description: str | None,
        remark_mobiles: list[str] | None, add_tag: list[str], remove_tag: list[str],
    ) -> Relation:  # fmt: skip
        """The member edits the customer's card in the client. An edit of mobiles alone raises no event (D 92277)."""
        relation = self._related(userid, external_userid)
        for tag_id in [*add_tag, *remove_tag]:
            if self._tags.live(tag_id) is None:
                raise ActionError("no_such_tag", f"There is no tag {tag_id}.", 404)
        if remark is not None:
            relation.remark = remark
        if description is not None:
            relation.description = description
        if remark_mobiles is not None:
            relation.remark_mobiles = remark_mobiles
        self._contacts.set_tags(relation, add_tag, remove_tag)
        if remark is not None or description is not None or add_tag or remove_tag:
            self._event("edit_external_contact", relation, State=relation.state)
        return relation

    def chat(self, userid: str, external_userid: str, side: Literal["staff", "customer"], text: str) -> ChatLine:
        """One side writes. Between people who are no longer friends nothing arrives."""
        relation = self._related(userid, external_userid)
        if not text.strip():
            raise ActionError("empty_text", "There is nothing to send.", 422)
        if relation.status not in ("friend", "half"):
            raise ActionError("not_friends", "The two are not friends: the message was refused by the other side.")
        return self._chats.say(relation, side, text)

    def confirm(self, userid: str, msgid: str, only: list[str] | None) -> list[str]:
        """The member confirms one mass message, or every one that waits (msgid "all"). Answers the msgids."""
        self._directory.member(userid)
        if msgid != "all":
            self._messages.confirm(userid, msgid, only)
            return [msgid]
        waiting = [
            message.msgid
            for message, task in reversed(self._messages.tasks_of_staff(userid))
            if not task.status and not message.cancelled_at
        ]
        for one in waiting:
            self._messages.confirm(userid, one)
        return waiting

    # -- shared ------------------------------------------------------------------------------------------------------
    def _related(self, userid: str, external_userid: str) -> Relation:
        relation = self._contacts.relations.get(relation_key(userid, external_userid))
        if relation is None:
            raise ActionError("no_relation", f"{userid} and {external_userid} never were friends.", 404)
        return relation

    def _event(self, change: str, relation: Relation, **more: str) -> None:
        self._kernel.callbacks.raise_event(
            EVENT, ChangeType=change, UserID=relation.userid, ExternalUserID=relation.external_userid, **more
        )
