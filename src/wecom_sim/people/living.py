"""What the people of the population do when its moment has come: each act like one that the control API asks for."""

import logging
from collections.abc import Callable
from typing import Any

import orjson

from wecom_sim.contacts.state import Contacts, Relation
from wecom_sim.errors import ActionError
from wecom_sim.groups.join_ways import JoinWays
from wecom_sim.groups.state import Groups
from wecom_sim.kernel import Kernel
from wecom_sim.people.actions import NewCustomer, People
from wecom_sim.people.groups import GroupPeople
from wecom_sim.people.showing import Showing
from wecom_sim.population.chance import uniform, uniforms
from wecom_sim.population.rows import Patience
from wecom_sim.population.state import ACT, Population
from wecom_sim.seeding import names
from wecom_sim.ways.state import Ways

QUESTIONS = ("在吗？", "这款还有货吗？", "今天门店营业吗？", "会员价怎么算？", "可以寄到外地吗？", "最近有新品吗？")
ANSWERS = ("好的，谢谢", "收到", "挺喜欢的", "周末去看看", "多少钱？", "有别的颜色吗？")
OPENABLE = ("mass", "group", "moment")


class Living:
    def __init__(
        self, kernel: Kernel, contacts: Contacts, ways: Ways, groups: Groups, join_ways: JoinWays, people: People,
        group_people: GroupPeople, showing: Showing, population: Population,
    ) -> None:  # fmt: skip
        self._kernel = kernel
        self._contacts = contacts
        self._ways = ways
        self._groups = groups
        self._join_ways = join_ways
        self._people = people
        self._group_people = group_people
        self._showing = showing
        self._population = population
        self._verbs: dict[str, Callable[..., None]] = {
            "buy": self._buy,
            "chat": self._chat,
            "join": self._join,
            "quit": self._quit,
            "forward": self._forward,
            "delete": self._delete,
            "open": self._open,
        }
        kernel.due.on(ACT, self._due)

    def _due(self, key: str) -> None:
        number, verb, who, *more = orjson.loads(key)
        if not self._population.row.running:
            return
        try:
            self._verbs[verb](number, who, *more)
        except ActionError as refusal:
            # The world may have changed since the act was planned: then it does not happen.
            logging.getLogger(__name__).debug("%s of %s did not happen: %s", verb, who, refusal.message)

    def _draws(self, number: int, who: str) -> tuple[float, ...]:
        return uniforms(self._population.row.parameters.seed, "act", number, who)

    def _friends(self, who: str) -> list[Relation]:
        return [one for one in self._contacts.of_customer.get(who, []) if one.status == "friend"]

    # -- of their own accord ---------------------------------------------------------------------------------------------
    def _buy(self, number: int, who: str, effect: int = 0) -> None:
        population = self._population
        parameters = population.row.parameters
        if not effect and not self._friends(who) and self._draws(number, who)[0] >= parameters.stranger_factor:
            return
        population.orders.place(parameters, population.persons.get(who), effect)

    def _chat(self, number: int, who: str) -> None:
        friends = self._friends(who)
        if friends:
            chosen = max(friends, key=lambda one: (one.last_chat_at, one.createtime))
            text = _one_of(QUESTIONS, self._draws(number, who)[0])
            self._people.chat(chosen.userid, who, "customer", text)

    def _join(self, number: int, who: str) -> None:
        codes = list(self._join_ways.rows.rows)
        if codes:
            self._group_people.join_by_way(_one_of(codes, self._draws(number, who)[0]), who)

    def _quit(self, number: int, who: str) -> None:
        groups = self._groups.of_member(who)
        if groups:
            self._group_people.quit(_one_of(groups, self._draws(number, who)[0]).chat_id, who)

    def _delete(self, number: int, who: str) -> None:
        """Who disturbed last goes; without any disturbance, one of the members."""
        friends = self._friends(who)
        if not friends:
            return
        kept = self._population.patience.get(who)
        last = [one for one in friends if kept is not None and one.userid == kept.userid]
        chosen = last[0] if last and self._population.strain(who) else _one_of(friends, self._draws(number, who)[0])
        self._people.customer_delete(chosen.userid, who)

    def _forward(self, number: int, who: str, userid: str = "") -> None:
        """A friend gets the code by which they came, or another one of the same member, and scans it."""
        draws = self._draws(number, who)
        for relation in self._friends(who):
            if userid and relation.userid != userid:
                continue
            code = self._code_of(relation)
            if code:
                person = NewCustomer(_name(draws), city=_one_of(names.CITIES, draws[3]), mobile=_mobile(draws[4]))
                friend = self._people.become(person)
                self._kernel.ledger.write("forwarded", relation.userid, who, to=friend.external_userid, config_id=code)
                self._people.scan(code, friend.external_userid)
                return

    def _code_of(self, relation: Relation) -> str:
        if relation.config_id in self._ways.rows:
            return relation.config_id
        return next((one.config_id for one in self._ways.rows if relation.userid in one.user), "")

    # -- having been reached ---------------------------------------------------------------------------------------------
    def _open(
        self, number: int, who: str, channel: str, userid: str, ref: str, place: str, links: list[str],
        codes: list[str], kinds: list[str],
    ) -> None:  # fmt: skip
        parameters = self._population.row.parameters
        person = self._population.persons.get(who)
        about: dict[str, Any] = {"channel": channel, "msgid": ref}
        self._kernel.ledger.write("opened", userid, who, **about)
        click, answer, join, forward, bored, *_ = uniforms(parameters.seed, "opened", number, who)
        taste = parameters.click_taste if person.favourite in kinds else 1.0
        if links and click < parameters.click * taste:
            link = _one_of(links, uniform(parameters.seed, "link", number, who))
            self._kernel.ledger.write("clicked", userid, who, url=link, **about)
        if channel in OPENABLE and bored < parameters.not_interested * min(1.0, self._population.strain(who)):
            self._not_interested(userid, who, about)
        code = next((one for one in codes if one in self._join_ways.rows), "")
        if code and join < parameters.join:
            self._group_people.join_by_way(code, who)
        if forward < parameters.forward:
            self._forward(number, who, userid)
        if answer < parameters.answer[channel]:  # type: ignore[index]
            self._answer(number, who, channel, userid, place)

    def _answer(self, number: int, who: str, channel: str, userid: str, place: str) -> None:
        text = _one_of(ANSWERS, self._draws(number, who)[5])
        if channel == "moment":
            self._showing.react("like", place, userid, who, "")
        elif channel == "group":
            self._group_people.say(place, who, text)
        else:
            self._people.chat(userid, who, "customer", text)

    def _not_interested(self, userid: str, who: str, about: dict[str, Any]) -> None:
        table = self._population.patience
        kept = table.get(who) or Patience(who)
        if not kept.not_interested_at:
            kept.not_interested_at = self._kernel.clock.now()
            table.put(who, kept)
            self._kernel.ledger.write("not_interested", userid, who, **about)


def _one_of(options: Any, u: float) -> Any:
    return options[int(u * len(options))]


def _name(draws: tuple[float, ...]) -> str:
    if draws[0] < 0.5:
        return str(_one_of(names.NICK_HEADS, draws[1]) + _one_of(names.NICK_TAILS, draws[2]))
    return str(_one_of(names.SURNAMES, draws[1]) + _one_of(names.GIVEN_FEMALE + names.GIVEN_MALE, draws[2]))


def _mobile(u: float) -> str:
    return f"13{int(u * 10**9):09d}"
