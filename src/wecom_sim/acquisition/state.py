"""Rules of acquisition links (reference, 5.5)."""

from dataclasses import dataclass, field
from typing import Literal

from wecom_sim.acquisition.quota import EVENT, Quota
from wecom_sim.company import App
from wecom_sim.contacts.state import Contacts, Relation
from wecom_sim.directory.state import Directory, Staff
from wecom_sim.errors import ActionError, WireError
from wecom_sim.kernel import Kernel
from wecom_sim.store import Table

NO_MESSAGE: Literal[0] = 0
MESSAGE: Literal[1] = 1


@dataclass
class Link:
    """`owner` is the agentid of the app that made it. `clicked` and `won`: day -> external_userids."""

    link_id: str
    token: str
    name: str
    create_time: int
    owner: int
    users: list[str]
    departments: list[int]
    skip_verify: bool = True
    mark_source: bool = True
    priority_type: int = 0
    priority_users: list[str] = field(default_factory=list)
    adds: dict[str, int] = field(default_factory=dict)
    clicked: dict[str, list[str]] = field(default_factory=dict)
    won: dict[str, list[str]] = field(default_factory=dict)
    unavailable: bool = False
    deleted: bool = False


@dataclass
class LinkCustomer:
    """A customer whom a link brought to a member. `pending`: the member has not accepted yet."""

    link_id: str
    external_userid: str
    userid: str
    state: str
    is_new: bool
    pending: bool = False
    chat_status: Literal[0, 1, 2] = 0
    messages: int = 0


@dataclass
class ChatKey:
    key: str
    customer: str
    issued_at: float
    messages: int


class Acquisition:
    def __init__(self, kernel: Kernel, directory: Directory, contacts: Contacts) -> None:
        self._kernel = kernel
        self._directory = directory
        self._contacts = contacts
        self.quota = Quota(kernel)
        self.links: Table[Link] = Table(kernel.store, "acquisition_link", Link)
        self.customers: Table[LinkCustomer] = Table(kernel.store, "acquisition_customer", LinkCustomer)
        self.chat_keys: Table[ChatKey] = Table(kernel.store, "acquisition_chat_key", ChatKey)

    # -- by API ------------------------------------------------------------------------------------------------------
    def check(self, link: Link, app: App) -> None:
        """Raises 40063, 40058, 60111, 60011, 60003, 41054."""
        settings = self._kernel.settings
        if not link.name:
            raise WireError(40063, "missing link_name")
        if len(link.name) > settings.acquisition_name_chars:
            raise WireError(40058, "link_name is too long")
        if not link.users and not link.departments:
            raise WireError(40063, "missing range")
        for userid in link.users:
            self._directory.member_for(app, userid)
        for department_id in link.departments:
            self._directory.department_for(app, department_id)
        members = self.members(link)
        if len(members) > settings.acquisition_members_max:
            raise WireError(40058, "too many people in range")
        if not members or any(not one.follow_enabled for one in members if one.userid in link.users):
            raise WireError(41054)
        if link.priority_type not in (0, 1, 2):
            raise WireError(40058, "priority_type")
        if link.priority_type == 2 and not link.priority_users:
            raise WireError(40063, "missing priority_userid_list")

    def create(self, link: Link, app: App) -> Link:
        """Raises 41095 and what `check` does."""
        most = self._kernel.settings.acquisition_links_max
        if most and sum(1 for one in self.links if not one.deleted) >= most:
            raise WireError(41095)
        self.check(link, app)
        link.link_id = self._kernel.ids.text("acquisition_link", "ca", 32)
        link.token = "caw" + self._kernel.ids.hex("acquisition_token", 15)
        return self.links.put(link.link_id, link)

    def by_id(self, app: App, link_id: str) -> Link:
        """A link of this app. Raises 40058."""
        link = self.links.get(link_id)
        if link is None or link.deleted or link.owner != app.agentid:
            raise WireError(40058, "link_id")
        return link

    def delete(self, link: Link) -> None:
        """CODE: the event delete_link comes whether the API or the console deletes."""
        link.deleted = True
        self.links.touch(link.link_id)
        self._event("delete_link", LinkId=link.link_id)

    def members(self, link: Link) -> list[Staff]:
        named = [self._directory.staff.rows[one] for one in link.users if one in self._directory.staff]
        found = {one.userid: one for one in [*named, *self._directory.expand(link.departments)]}
        return [one for one in found.values() if one.in_service and (one.follow_enabled or one.userid in link.users)]

    def brought_by(self, link: Link) -> list[LinkCustomer]:
        return [one for one in self.customers if one.link_id == link.link_id and not one.pending]

    def chat_info(self, key: str) -> tuple[LinkCustomer, int]:
        """The customer of a ChatKey and how many messages there were. Raises 40058 after 30 min."""
        row = self.chat_keys.get(key)
        now = self._kernel.clock.now()
        if row is None or now - row.issued_at > self._kernel.settings.acquisition_chat_key_seconds:
            raise WireError(40058, "chat_key")
        return self.customers.rows[row.customer], row.messages

    # -- what people do ------------------------------------------------------------------------------------------------
    def by_token(self, token: str) -> Link:
        """A link that customers can open: by link_id, or by what stands after /ca/ in its address."""
        for link in self.links:
            if token in (link.link_id, link.token) and not link.deleted and not link.unavailable:
                return link
        raise ActionError("no_such_link", "This link leads nowhere (any more).", 404)

    def pick(self, link: Link, external_userid: str) -> Staff:
        """Who gets the customer: a friend where the link prefers one, else the least loaded member of its range."""
        if link.priority_type:
            for relation in self._contacts.of_customer.get(external_userid, []):
                preferred = link.priority_type == 1 or relation.userid in link.priority_users
                member = self._directory.staff.get(relation.userid)
                if preferred and relation.status in ("friend", "half") and member is not None and member.in_service:
                    return member
        free = [one for one in self.members(link) if one.follow_enabled and self._contacts.may_add(one.userid)]
        known = [one for one in free if (held := self._contacts.relation(one.userid, external_userid)) and held.on_api]
        if known:
            return known[0]
        if not free:
            raise ActionError("nobody_available", "No member behind this link can take another customer.")
        return min(free, key=lambda one: link.adds.get(one.userid, 0))

    def count_click(self, link: Link, external_userid: str, state: str) -> None:
        days = link.clicked.setdefault(self._kernel.clock.today(), [])
        if external_userid not in days:
            days.append(external_userid)
        self.links.touch(link.link_id)
        if self._kernel.settings.acquisition_open_profile_event:
            self._event("open_profile", LinkId=link.link_id, State=state)

    def bring(self, link: Link, relation: Relation) -> None:
        """A relation that a link began. It uses quota up once the friend is made, if it is the company's first."""
        others = self._contacts.of_customer.get(relation.external_userid, [])
        is_new = not any(one.on_api for one in others if one.userid != relation.userid)
        row = LinkCustomer(
            link.link_id, relation.external_userid, relation.userid, relation.state, is_new, pending=True
        )
        self.customers.put(relation.key, row)
        link.adds[relation.userid] = link.adds.get(relation.userid, 0) + 1
        self.links.touch(link.link_id)
        if relation.requested and relation.state:
            self._event("friend_request", LinkId=link.link_id, State=relation.state)

    def friend_made(self, relation: Relation) -> None:
        row = self.customers.get(relation.key)
        if row is None or not row.pending:
            return
        row.pending = False
        self.customers.touch(relation.key)
        if row.is_new:
            link = self.links.rows[row.link_id]
            link.won.setdefault(self._kernel.clock.today(), []).append(row.external_userid)
            self.links.touch(link.link_id)
            if self.quota.balance():
                self.quota.use_one()

    def said(self, relation: Relation, side: str) -> None:
        """The customer writes: the first line starts the chat, later ones carry a ChatKey."""
        row = self.customers.get(relation.key)
        if row is None or row.pending or side != "customer":
            return
        row.messages += 1
        settings = self._kernel.settings
        ids = {"UserID": row.userid, "ExternalUserID": row.external_userid}
        if row.chat_status == NO_MESSAGE:
            row.chat_status = MESSAGE
            more = {"LinkId": row.link_id, "State": row.state}
            self._event("customer_start_chat", **ids, **(more if settings.acquisition_start_chat_link else {}))
        else:
            key = self._kernel.ids.text("chat_key", "", 43)
            now = self._kernel.clock.now()
            self.chat_keys.put(key, ChatKey(key, relation.key, now, row.messages))
            self._event("message_from_customer", **ids, LinkId=row.link_id, ChatSeq=row.messages, ChatKey=key)
        self.customers.touch(relation.key)

    def make_unavailable(self, link_id: str) -> Link:
        link = self.by_token(link_id)
        link.unavailable = True
        self.links.touch(link.link_id)
        self._event("link_unavailable", LinkId=link.link_id)
        return link

    def _event(self, change: str, **fields: int | str) -> None:
        self._kernel.callbacks.raise_event(EVENT, ChangeType=change, **fields)
