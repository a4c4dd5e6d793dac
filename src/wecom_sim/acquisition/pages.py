"""What a browser shows of an acquisition link: who opens it, and that the member was added. Plain links, no script."""

from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response

from wecom_sim.control.deps import Sim
from wecom_sim.control.views import find_customers
from wecom_sim.errors import ActionError
from wecom_sim.oauth.pages import page, query_of, refusal, words
from wecom_sim.people.actions import NewCustomer

router = APIRouter(include_in_schema=False)
SHOWN = 12


@router.get("/ca/{token}")
async def open_link(sim: Sim, request: Request, token: str) -> Response:
    query = query_of(request)
    chosen = query.pop("as", "")
    try:
        link = sim.acquisition.by_token(token)
        if not chosen:
            people: list[dict[str, Any]] = [
                {"userid": one.external_userid, "name": one.name, "store": one.city, "position": ""}
                for one in find_customers(sim, "", SHOWN)
            ]
            people.insert(0, {"userid": "new", "name": words(query)["new"], "store": "", "position": ""})
            rows = [{**one, "href": "?" + urlencode({**query, "as": one["userid"]})} for one in people]
            return page(query, step="who", people=rows, company=sim.kernel.company)
        if chosen == "new":
            chosen = sim.people.become(NewCustomer("新客户")).external_userid
        made = sim.acquiring.add(link.token, chosen, query.get("customer_channel", ""))
    except ActionError as error:
        return refusal(query, error.code, error.message, error.status)
    member = sim.directory.staff.rows[made.userid]
    return page(query, step="added", member=member.name, customer=made.external_userid)
