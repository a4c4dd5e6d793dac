"""Makes a company, its staff and its customers. The same wish and seed give the same population, id for id."""

import gc
import math
import random
from bisect import bisect
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import TypeVar

from wecom_sim.company import new_company
from wecom_sim.contacts.state import Customer, Relation
from wecom_sim.directory.state import Department, Staff
from wecom_sim.seeding import names
from wecom_sim.seeding.groups import make_groups
from wecom_sim.simulator import Simulator
from wecom_sim.tags.state import Tag

T = TypeVar("T")
YEAR = 365 * 86400
# Running sums of weights, made once: `random.choices` would add them up again for every customer.
SOURCE_NAMES = tuple(names.SOURCES)
SOURCE_SUMS = tuple(accumulate(names.SOURCE_WEIGHTS))
MEMBER_NAMES = names.TAG_GROUPS["会员"]
MEMBER_SUMS = tuple(accumulate(names.MEMBER_WEIGHTS))
INTEREST_SUMS = tuple(accumulate((35, 35, 20, 10)))
GENDER_SUMS = tuple(accumulate((64, 36)))
MANY = 100_000  # customers from which on the population is kept out of garbage collections
FILLED = 0.6  # of a member's room, where the demo brand gets more stores than its three


@dataclass
class StoreWish:
    name: str
    city: str
    staff: list[str] = field(default_factory=list)


@dataclass
class SeedWish:
    """What to make. `friends_per_customer`: number of members -> weight. Empty `stores` = the demo brand's three,
    and so many more of five members that everybody's customers fit into `customers_per_staff`."""

    name: str = "半山集"
    corpid: str = ""
    secret: str = ""
    token: str = ""
    aes_key: str = ""
    stores: list[StoreWish] = field(default_factory=list)
    staff_per_store: int = 4
    customers: int = 20_000
    seed: int = 1
    friends_per_customer: dict[int, float] = field(default_factory=lambda: {1: 0.82, 2: 0.18})
    deleted_share: float = 0.04
    mobile_share: float = 0.30
    unionid_share: float = 0.45
    groups_per_store: int = 0


class Seeder:
    def __init__(self, sim: Simulator, wish: SeedWish) -> None:
        self.sim = sim
        self.wish = wish
        self.rand = random.Random(wish.seed)  # noqa: S311
        self.teams: list[list[Staff]] = []
        self.tags: dict[str, dict[str, Tag]] = {}
        self.interests: list[str] = []

    def run(self) -> None:
        kernel = self.sim.kernel
        wish = self.wish
        callback_url = kernel.company.callback_url
        company = new_company(kernel.ids, wish.name, wish.corpid, wish.secret, wish.token, wish.aes_key)
        company.callback_url = callback_url
        kernel.use_company(company)
        self._organisation()
        self._tags()
        self._customers()
        make_groups(self.sim, self.teams, wish.groups_per_store, wish.seed)

    # -- organisation ------------------------------------------------------------------------------------------------
    def _organisation(self) -> None:
        directory = self.sim.directory
        directory.departments.put("1", Department(1, self.wish.name, 0, 100_000_000))
        head_office = directory.add_department("总部运营", 1, quietly=True)
        stores = self.wish.stores or self._demo_stores()
        regions: dict[str, int] = {}
        for store in stores:
            region = names.REGION_OF_CITY.get(store.city, "其他")
            if region not in regions:
                regions[region] = directory.add_department(region, 1, quietly=True).id
            department = directory.add_department(store.name, regions[region], quietly=True)
            people = store.staff or [self._full_name()[0] for _ in range(self.wish.staff_per_store)]
            self.teams.append(
                [self._member(name, department.id, "店长" if not n else "导购") for n, name in enumerate(people)]
            )
        self._member("总部运营", head_office.id, "运营", follow_enabled=False)

    def _demo_stores(self) -> list[StoreWish]:
        stores = [StoreWish(name, city, list(staff)) for name, city, staff in names.DEMO_STORES]
        weights = self.wish.friends_per_customer
        friends = self.wish.customers * sum(n * weight for n, weight in weights.items()) / sum(weights.values())
        # Customers choose a store evenly, so it is the smallest team that has to have room.
        smallest = min(len(store.staff) for store in stores)
        wanted = math.ceil(friends / (FILLED * self.sim.kernel.settings.customers_per_staff * smallest))
        for number in range(len(stores) + 1, wanted + 1):
            city = names.CITIES[number % len(names.CITIES)]
            stores.append(StoreWish(f"{city}{number}号店", city, [self._full_name()[0] for _ in range(5)]))
        return stores

    def _member(self, name: str, department: int, position: str, follow_enabled: bool = True) -> Staff:
        number = len(self.sim.directory.staff) + 1
        member = Staff(
            userid=f"staff{number:03d}",
            name=name,
            departments=[department],
            position=position,
            mobile=self._mobile(),
            gender=self.rand.choice((1, 2)),
            email=f"staff{number:03d}@example.com",
            is_leader=position == "店长",
            follow_enabled=follow_enabled,
        )
        return self.sim.directory.add_member(member, quietly=True)

    def _tags(self) -> None:
        for group, tags in names.TAG_GROUPS.items():
            _, made = self.sim.tags.add("", group, 0, [(tag, 0) for tag in tags], 0)
            self.tags[group] = {tag.name: tag for tag in made}
        self.interests = [tag.id for tag in self.tags["兴趣"].values()]

    def _drawn(self, options: Sequence[T], sums: Sequence[float]) -> T:
        """One of the options; `sums` are the running sums of their weights."""
        return options[bisect(sums, self.rand.random() * sums[-1], 0, len(sums) - 1)]

    # -- customers ---------------------------------------------------------------------------------------------------
    def _full_name(self) -> tuple[str, int]:
        gender = self._drawn((2, 1), GENDER_SUMS)
        given = names.GIVEN_FEMALE if gender == 2 else names.GIVEN_MALE
        return self.rand.choice(names.SURNAMES) + "".join(
            self.rand.choices(given, k=self.rand.choice((1, 2, 2)))
        ), gender

    def _mobile(self) -> str:
        return f"1{self.rand.choice('35789')}{self.rand.randrange(10**9):09d}"

    def _nickname(self, name: str) -> str:
        roll = self.rand.random()
        if roll < 0.35:
            return name
        if roll < 0.8:
            return self.rand.choice(names.NICK_HEADS) + self.rand.choice(names.NICK_TAILS)
        return (
            self.rand.choice(("", "小", "阿")) + name[-1] + self.rand.choice(("", "同学", "妈妈" if roll > 0.9 else ""))
        )

    def _customers(self) -> None:
        rand, ids, now = self.rand, self.sim.kernel.ids, self.sim.kernel.clock.stamp()
        counts, weights = zip(*sorted(self.wish.friends_per_customer.items()), strict=True)
        sums = tuple(accumulate(weights))
        for _ in range(self.wish.customers):
            name, gender = self._full_name()
            customer = Customer(
                external_userid=ids.external_userid(),
                name=self._nickname(name),
                gender=gender if rand.random() < 0.86 else 0,
                unionid=ids.text("unionid", "o", 28) if rand.random() < self.wish.unionid_share else "",
                mobile=self._mobile(),
                city=rand.choice(names.CITIES),
                created_at=float(now),
            )
            self.sim.contacts.add_customer(customer)
            source = self._drawn(SOURCE_NAMES, SOURCE_SUMS)
            for member in self._members(self._drawn(counts, sums)):
                self._befriend(customer, name, member, source, now)

    def _members(self, count: int) -> list[Staff]:
        """Members of one store, now and then one of another."""
        team = self.rand.choice(self.teams)
        chosen = {one.userid: one for one in self.rand.sample(team, min(count, len(team)))}
        if count > 1 and self.rand.random() < 0.15:
            other = self.rand.choice(self.rand.choice(self.teams))
            chosen.popitem()
            chosen[other.userid] = other
        return list(chosen.values())

    def _befriend(self, customer: Customer, name: str, member: Staff, source: str, now: int) -> None:
        rand = self.rand
        add_way, state = names.SOURCES[source]
        added = now - int(YEAR * rand.random() ** 1.3) - 60
        relation = Relation(
            userid=member.userid,
            external_userid=customer.external_userid,
            createtime=added,
            add_way=add_way,
            oper_userid=customer.external_userid,
            state=state,
            tags=self._chosen_tags(source),
            last_chat_at=added + rand.random() * (now - added) if rand.random() < 0.7 else 0.0,
        )
        if rand.random() < 0.42:
            relation.remark = name + rand.choice(("", "-" + source, "-老客"))
        if rand.random() < 0.12:
            relation.description = rand.choice(("喜欢雪松味", "常买礼盒", "住得近，周末来", "对香精过敏"))
        if rand.random() < self.wish.mobile_share:
            relation.remark_mobiles = [customer.mobile]
        if rand.random() < self.wish.deleted_share:
            relation.customer_deleted_at = added + rand.random() * (now - added)
        self.sim.contacts.put_relation(relation)

    def _chosen_tags(self, source: str) -> list[str]:
        rand = self.rand
        chosen = []
        if rand.random() < 0.8:
            chosen.append(self.tags["来源"][source].id)
        wanted = self._drawn((0, 1, 2, 3), INTEREST_SUMS)
        chosen += rand.sample(self.interests, wanted)
        if rand.random() < 0.72:
            level = self._drawn(MEMBER_NAMES, MEMBER_SUMS)
            chosen.append(self.tags["会员"][level].id)
        return chosen


def seed(sim: Simulator, wish: SeedWish) -> None:
    """Fill an empty simulator. Raises nothing but what a wrong wish deserves (checked by the control API)."""
    # Nothing made here is garbage: looking for it would take a third of the time, now and at every later collection.
    was_on = gc.isenabled()
    gc.disable()
    try:
        Seeder(sim, wish).run()
    finally:
        if was_on:
            gc.enable()
    if wish.customers >= MANY:
        gc.freeze()
