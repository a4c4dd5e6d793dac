"""Rules of customers and relations (reference, sections 5.1, 5.2, 18)."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Literal

from wecom_sim.clock import midnight
from wecom_sim.company import App
from wecom_sim.directory.state import Directory
from wecom_sim.errors import ActionError, WireError
from wecom_sim.kernel import Kernel
from wecom_sim.store import Table
from wecom_sim.tags.state import Tags

RelationStatus = Literal["friend", "half", "requested", "customer_deleted", "staff_deleted", "both_deleted"]


@dataclass(slots=True)
class Customer:
    """A WeChat user (`wm…`). `mobile` is the phone's own number: the wire never shows it."""

    external_userid: str
    name: str
    gender: int = 0
    unionid: str = ""
    mobile: str = ""
    type: int = 1
    avatar: str = ""
    corp_name: str = ""
    city: str = ""
    created_at: float = 0.0
    mass_received: list[float] = field(default_factory=list)


@dataclass(slots=True)
class Relation:
    """Member x customer. Deletion is one-sided: each side has its own time (0 = not deleted). `not_interested_at`: the
    customer tapped 不感兴趣 about this member; the wire does not show it."""

    userid: str
    external_userid: str
    createtime: int
    add_way: int = 1
    oper_userid: str = ""
    state: str = ""
    remark: str = ""
    description: str = ""
    remark_corp_name: str = ""
    remark_mobiles: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    personal_tags: list[str] = field(default_factory=list)
    half: bool = False
    requested: bool = False
    customer_deleted_at: float = 0.0
    staff_deleted_at: float = 0.0
    last_chat_at: float = 0.0
    config_id: str = ""
    not_interested_at: float = 0.0

    @property
    def key(self) -> str:
        return relation_key(self.userid, self.external_userid)

    @property
    def status(self) -> RelationStatus:
        if self.customer_deleted_at and self.staff_deleted_at:
            return "both_deleted"
        if self.staff_deleted_at:
            return "staff_deleted"
        if self.customer_deleted_at:
            return "customer_deleted"
        if self.requested:
            return "requested"
        return "half" if self.half else "friend"

    @property
    def on_api(self) -> bool:
        """The API shows it: the member holds the customer, whatever the customer did (XE 84061)."""
        return not (self.staff_deleted_at or self.half or self.requested)


def _below(held: Collection[Relation], limit: int) -> bool:
    """Whether fewer than `limit` of these are held by their member. Counts only where there might be too many."""
    return len(held) < limit or sum(1 for one in held if not (one.staff_deleted_at or one.requested)) < limit


def relation_key(userid: str, external_userid: str) -> str:
    return f"{userid}|{external_userid}"


class Contacts:
    def __init__(self, kernel: Kernel, directory: Directory, tags: Tags) -> None:
        self._kernel = kernel
        self._directory = directory
        self._tags = tags
        self.customers: Table[Customer] = Table(kernel.store, "customer", Customer)
        self.relations: Table[Relation] = Table(kernel.store, "relation", Relation)
        # Both only ever grow, in the order of first adding: positions in them are stable cursors.
        self.of_staff: dict[str, list[Relation]] = defaultdict(list)
        self.of_customer: dict[str, list[Relation]] = defaultdict(list)
        for relation in self.relations:
            self._index(relation)

    def _index(self, relation: Relation) -> None:
        self.of_staff[relation.userid].append(relation)
        self.of_customer[relation.external_userid].append(relation)

    # -- reading -----------------------------------------------------------------------------------------------------
    def relation(self, userid: str, external_userid: str) -> Relation | None:
        return self.relations.get(relation_key(userid, external_userid))

    def customer(self, external_userid: str) -> Customer:
        """A customer for a person's act; raises ActionError when there is none."""
        customer = self.customers.get(external_userid)
        if customer is None:
            raise ActionError("no_such_customer", f"There is no customer {external_userid}.", 404)
        return customer

    def shown_to(self, app: App, external_userid: str) -> list[Relation]:
        """The relations of a customer that the app sees. Raises 40096, 84061."""
        if not external_userid:
            raise WireError(41035)
        if external_userid not in self.customers:
            raise WireError(40096)
        visible = self._directory.visible_userids(app)
        shown = [one for one in self.of_customer[external_userid] if one.on_api and one.userid in visible]
        if not shown:
            raise WireError(84061)
        return shown

    def relation_for(self, app: App, userid: str, external_userid: str) -> Relation:
        """The relation that a call wants to change. Raises 41009, 41035, 40096, 60111, 60011, 84061."""
        self._directory.member_for(app, userid)
        if not external_userid:
            raise WireError(41035)
        if external_userid not in self.customers:
            raise WireError(40096)
        relation = self.relation(userid, external_userid)
        if relation is None or not relation.on_api:
            raise WireError(84061)
        return relation

    def live_tags(self, relation: Relation) -> list[str]:
        return [tag_id for tag_id in relation.tags if self._tags.live(tag_id) is not None]

    def has_room(self, userid: str) -> bool:
        """Whether a member may get another customer: the caps of customers per member and per company (section 16)."""
        settings = self._kernel.settings
        most = settings.relations_per_corp
        return _below(self.of_staff[userid], settings.customers_per_staff) and (
            not most or _below(self.relations, most)
        )

    def may_add(self, userid: str) -> bool:
        """Whether a member may make another friend now: has room, and is below the day's cap where there is one."""
        most = self._kernel.settings.adds_per_staff_day
        today = midnight(self._kernel.clock.now())
        return self.has_room(userid) and (
            not most or sum(1 for one in self.of_staff[userid] if one.createtime >= today) < most
        )

    # -- changing ----------------------------------------------------------------------------------------------------
    def add_customer(self, customer: Customer) -> Customer:
        return self.customers.put(customer.external_userid, customer)

    def put_relation(self, relation: Relation) -> Relation:
        """A new relation, or the renewal of one that was deleted: it keeps its place in the lists."""
        known = self.relations.get(relation.key)
        if known is None:
            self._index(relation)
            return self.relations.put(relation.key, relation)
        for name in relation.__dataclass_fields__:
            setattr(known, name, getattr(relation, name))
        self.relations.touch(known.key)
        return known

    def touch(self, relation: Relation) -> None:
        self.relations.touch(relation.key)

    def mark(self, relation: Relation, add: list[str], remove: list[str]) -> None:
        """Mark and unmark corp tags by API. Raises 40063, 40068."""
        if not add and not remove:
            raise WireError(40063, "add_tag and remove_tag are both empty")
        for tag_id in [*add, *remove]:
            if self._tags.live(tag_id) is None:
                raise WireError(40068, tag_id)
        self.set_tags(relation, add, remove)
        self._kernel.ledger.write("tags_marked", relation.userid, relation.external_userid, added=add, removed=remove)

    def set_tags(self, relation: Relation, add: list[str], remove: list[str]) -> None:
        kept = [tag_id for tag_id in relation.tags if tag_id not in remove]
        relation.tags = kept + [tag_id for tag_id in dict.fromkeys(add) if tag_id not in kept]
        self.touch(relation)

    def write_remark(self, relation: Relation, changes: dict[str, str | list[str]]) -> None:
        """`changes` holds the fields of a remark call that were given. Raises 40058, 40063."""
        settings = self._kernel.settings
        if not changes:
            raise WireError(40063, "nothing to write")
        limits = {"remark": settings.remark_chars, "description": settings.description_chars,
                  "remark_corp_name": settings.remark_chars}  # fmt: skip
        for name, value in changes.items():
            if isinstance(value, str) and len(value) > limits[name]:
                raise WireError(40058, f"{name} is longer than {limits[name]}")
        mobiles = changes.get("remark_mobiles")
        if isinstance(mobiles, list):
            changes = {**changes, "remark_mobiles": [mobile for mobile in mobiles if mobile]}
        for name, value in changes.items():
            setattr(relation, name, value)
        self.touch(relation)
        self._kernel.ledger.write("remark_written", relation.userid, relation.external_userid, **changes)
