"""What people bought, as a feed of lines that a shop system could have sent."""

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Literal

from wecom_sim.contacts.state import Contacts
from wecom_sim.kernel import Kernel
from wecom_sim.population.catalogue import Product, products
from wecom_sim.population.chance import uniforms
from wecom_sim.population.parameters import Parameters
from wecom_sim.population.persons import Person
from wecom_sim.store import Log

Buyer = Literal["external_userid", "mobile", "unionid"]


@dataclass
class OrderLine:
    code: str
    quantity: int


@dataclass
class Order:
    """`effect`: the number of the effect that made it, -1 for a message's general effect, 0 for none. The feed does not
    show it."""

    at: float
    external_userid: str
    lines: list[OrderLine]
    effect: int = 0


class Orders:
    def __init__(self, kernel: Kernel, contacts: Contacts) -> None:
        self._kernel = kernel
        self._contacts = contacts
        self.log: Log[Order] = Log(kernel.store, "population_order", Order)
        self.goods: list[Product] = []

    def place(self, parameters: Parameters, person: Person, effect: int) -> Order:
        draws = uniforms(parameters.seed, "order", len(self.log), person.external_userid)
        lines = [OrderLine(_choose(self.goods, person, parameters, draws[0]).code, 1 + int(draws[1] < 0.1))]
        if draws[2] < parameters.second_item:
            second = _choose(self.goods, person, parameters, draws[3]).code
            if second != lines[0].code:
                lines.append(OrderLine(second, 1))
        order = Order(self._kernel.clock.now(), person.external_userid, lines, effect)
        self.log.append(order)
        self._kernel.ledger.write("order_placed", "", person.external_userid, number=order_number(len(self.log)))
        return order

    def use(self, parameters: Parameters) -> None:
        self.goods = products(parameters.seed)

    def feed(self, since: int, limit: int, buyer: Buyer) -> list[dict[str, Any]]:
        """Orders with a `seq` above `since`, oldest first."""
        by_code = {one.code: one for one in self.goods}
        rows = self.log.rows[since : since + limit]
        return [self._line(since + n, order, by_code, buyer) for n, order in enumerate(rows, 1)]

    def _line(self, seq: int, order: Order, goods: dict[str, Product], buyer: Buyer) -> dict[str, Any]:
        customer = self._contacts.customer(order.external_userid)
        values = {"external_userid": customer.external_userid, "mobile": customer.mobile, "unionid": customer.unionid}
        kind = buyer if values[buyer] else "mobile" if customer.mobile else "external_userid"
        return {
            "seq": seq,
            "number": order_number(seq),
            "placed_at": datetime.fromtimestamp(order.at, UTC).isoformat(timespec="seconds"),
            "buyer": {"kind": kind, "value": values[kind]},
            "lines": [
                {
                    "code": line.code,
                    "description": goods[line.code].name,
                    "quantity": line.quantity,
                    "unit_price": str(Decimal(goods[line.code].price) / 100),
                }
                for line in order.lines
            ],
        }


def order_number(seq: int) -> str:
    return f"S{seq:08d}"


def _choose(goods: list[Product], person: Person, parameters: Parameters, u: float) -> Product:
    """One product: those of the favourite kind weigh `taste_strength`, the others 1."""
    liked = [one for one in goods if one.kind == person.favourite]
    others = [one for one in goods if one.kind != person.favourite]
    weight = parameters.taste_strength * len(liked)
    at = u * (weight + len(others))
    if at < weight:
        return liked[int(at / parameters.taste_strength)]
    return others[min(int(at - weight), len(others) - 1)]
