"""JSON of customers and relations for control and phone."""

from dataclasses import asdict
from typing import Any

from wecom_sim.contacts.state import Customer, Relation
from wecom_sim.simulator import Simulator


def relation_out(sim: Simulator, relation: Relation) -> dict[str, Any]:
    out = asdict(relation)
    out["status"] = relation.status
    out["tags"] = sim.contacts.live_tags(relation)
    member = sim.directory.staff.get(relation.userid)
    out["staff_name"] = member.name if member else relation.userid
    return out


def customer_row(customer: Customer) -> dict[str, Any]:
    return {
        "external_userid": customer.external_userid,
        "name": customer.name,
        "gender": customer.gender,
        "unionid": customer.unionid,
        "mobile": customer.mobile,
        "city": customer.city,
    }


def find_customers(sim: Simulator, query: str, limit: int, offset: int = 0) -> list[Customer]:
    """Customers whose name, id, mobile or remark contains `query`."""
    wanted = query.strip().lower()
    found: list[Customer] = []
    skipped = 0
    for customer in sim.contacts.customers:
        if wanted and not _fits(sim, customer, wanted):
            continue
        if skipped < offset:
            skipped += 1
            continue
        found.append(customer)
        if len(found) >= limit:
            break
    return found


def _fits(sim: Simulator, customer: Customer, wanted: str) -> bool:
    if wanted in customer.name.lower() or wanted in customer.external_userid.lower() or wanted in customer.mobile:
        return True
    return any(wanted in one.remark.lower() for one in sim.contacts.of_customer.get(customer.external_userid, []))
