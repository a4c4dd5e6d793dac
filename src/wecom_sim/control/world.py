"""Control: reset, seed, company, callback, clock, settings."""

import time
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any, Literal

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from wecom_sim.callbacks.sender import verify_url
from wecom_sim.clock import Clock, iso
from wecom_sim.company import ALL_RIGHTS, App
from wecom_sim.control.deps import Sim
from wecom_sim.errors import ActionError
from wecom_sim.seeding.population import SeedWish, StoreWish, seed
from wecom_sim.settings import Settings
from wecom_sim.simulator import Simulator

router = APIRouter(tags=["world"])


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ResetIn(Strict):
    seed: int = 1


class BrandIn(Strict):
    name: str = Field("半山集", min_length=1, max_length=64)
    corpid: str = ""
    secret: str = ""
    token: str = Field("", pattern=r"^[A-Za-z0-9]{0,32}$")
    aes_key: str = Field("", pattern=r"^([A-Za-z0-9]{43})?$")


class StoreIn(Strict):
    name: str = Field(min_length=1, max_length=64)
    city: str = ""
    staff: list[str] = Field([])


class SeedIn(Strict):
    """An empty body gives the demo brand: 3 stores, 12 members with 客户联系, 20,000 customers."""

    brand: BrandIn = BrandIn()
    stores: list[StoreIn] = Field([])
    staff_per_store: int = Field(4, ge=1, le=500)
    customers: int = Field(20_000, ge=0, le=1_000_000)
    seed: int = 1
    friends_per_customer: dict[int, float] = Field({1: 0.82, 2: 0.18})
    deleted_share: float = Field(0.04, ge=0, le=1)
    mobile_share: float = Field(0.30, ge=0, le=1)
    unionid_share: float = Field(0.45, ge=0, le=1)
    groups_per_store: int = Field(0, ge=0, le=20)


def summary(sim: Simulator) -> dict[str, Any]:
    relations = sim.contacts.relations
    statuses: dict[str, int] = {}
    for relation in relations:
        statuses[relation.status] = statuses.get(relation.status, 0) + 1
    return {
        "company": sim.kernel.company.name,
        "corpid": sim.kernel.company.corpid,
        "departments": len(sim.directory.departments),
        "staff": len(sim.directory.staff),
        "customers": len(sim.contacts.customers),
        "relations": len(relations),
        "relations_by_status": statuses,
        "tags": sum(1 for tag in sim.tags.tags if not tag.deleted),
        "contact_ways": len(sim.ways.rows),
        "groups": len(sim.groups.live()),
        "join_ways": len(sim.join_ways.rows),
        "mass_messages": len(sim.messages.rows),
        "ledger": len(sim.kernel.ledger),
        "callbacks_pending": sim.kernel.callbacks.pending(),
        "clock": clock_out(sim.kernel.clock),
    }


@router.post("/reset")
async def reset(sim: Sim, wish: ResetIn | None = None) -> dict[str, Any]:
    """Back to an empty company. Callback URL, clock, settings, faults and ledger are gone too."""
    sim.reset((wish or ResetIn()).seed)
    return summary(sim)


@router.post("/seed")
async def seed_population(sim: Sim, wish: SeedIn | None = None) -> dict[str, Any]:
    """Start anew with a population made from the seed; callback URL, clock and settings stay."""
    wish = wish or SeedIn()
    if not wish.friends_per_customer or any(
        count < 1 or weight < 0 for count, weight in wish.friends_per_customer.items()
    ):
        raise ActionError("bad_distribution", "friends_per_customer maps a number from 1 to a weight.", 422)
    started = time.perf_counter()
    sim.begin_anew(wish.seed)
    given = wish.model_dump(exclude={"brand", "stores"})
    stores = [StoreWish(store.name, store.city, store.staff) for store in wish.stores]
    seed(sim, SeedWish(**wish.brand.model_dump(), stores=stores, **given))
    return {
        **summary(sim),
        "seconds": round(time.perf_counter() - started, 3),
        "departments_list": [asdict(department) for department in sim.directory.departments],
        "staff_list": [
            {"userid": one.userid, "name": one.name, "departments": one.departments} for one in sim.directory.staff
        ],
        "tag_ids": {f"{sim.tags.groups.rows[tag.group_id].name}/{tag.name}": tag.id for tag in sim.tags.tags},
    }


@router.get("/state")
async def state(sim: Sim) -> dict[str, Any]:
    """How much there is of everything."""
    return summary(sim)


# -- company -----------------------------------------------------------------------------------------------------------
class AppIn(Strict):
    """Another self-built app; a visible range of department ids (1 = everybody)."""

    name: str
    departments: list[int] = Field([1])
    rights: list[str] = Field(ALL_RIGHTS, description="of directory, contact, kf, archive")
    kind: Literal["app", "contact_secret"] = "app"
    miniprogram_appid: str = ""
    kf_accounts: list[str] | None = None


@router.get("/company")
async def company(sim: Sim) -> dict[str, Any]:
    """Credentials of the first app, and of all apps under `apps`."""
    kept = sim.kernel.company
    return {
        "corpid": kept.corpid,
        "name": kept.name,
        "secret": kept.apps[0].secret,
        "agentid": kept.agentid,
        "token": kept.token,
        "aes_key": kept.aes_key,
        "callback_url": kept.callback_url,
        "apps": [asdict(app) for app in kept.apps],
    }


@router.post("/apps")
async def add_app(sim: Sim, wish: AppIn) -> dict[str, Any]:
    """Another self-built app, with its own secret."""
    kept = sim.kernel.company
    for department_id in wish.departments:
        if sim.directory.department(department_id) is None:
            raise ActionError("no_department", f"There is no department {department_id}.", 404)
    agentid = max(app.agentid for app in kept.apps) + 1
    rights = [right for right in ALL_RIGHTS if right in wish.rights]
    app = App(
        agentid, wish.name, sim.kernel.ids.text("secret", "", 42), wish.departments, rights, kind=wish.kind,
        miniprogram_appid=wish.miniprogram_appid, kf_accounts=wish.kf_accounts,
    )  # fmt: skip
    kept.apps.append(app)
    return asdict(app)


class DomainsIn(Strict):
    """Hosts, with a port where there is one. `agentid` 0 = the first app."""

    domains: list[str]
    agentid: int = 0


@router.post("/trusted-domains")
async def trusted_domains(sim: Sim, wish: DomainsIn) -> dict[str, Any]:
    """Where OAuth may go back to and JS-SDK pages may live; an empty list trusts every domain."""
    app = sim.kernel.company.app_by_agentid(wish.agentid or sim.kernel.company.agentid)
    if app is None:
        raise ActionError("no_such_app", f"There is no app {wish.agentid}.", 404)
    app.trusted_domains = wish.domains
    return asdict(app)


@router.post("/tokens/revoke")
async def revoke(sim: Sim) -> dict[str, int]:
    """Every live token answers 40014 from now on."""
    return {"revoked": sim.auth.revoke_all()}


class CallbackIn(Strict):
    url: str
    token: str | None = Field(None, pattern=r"^[A-Za-z0-9]{1,32}$")
    aes_key: str | None = Field(None, pattern=r"^[A-Za-z0-9]{43}$")


@router.post("/callback")
async def set_callback(sim: Sim, wish: CallbackIn) -> dict[str, Any]:
    """Verify the URL as the platform does, then use it. An empty url switches callbacks off."""
    kept = sim.kernel.company
    token, aes_key = wish.token or kept.token, wish.aes_key or kept.aes_key
    if wish.url:
        if not wish.url.startswith(("http://", "https://")):
            raise ActionError("bad_url", "The callback URL must begin with http:// or https://.", 422)
        await verify_url(wish.url, token, aes_key, kept.corpid, sim.kernel.settings.callback_timeout_seconds)
    kept.callback_url, kept.token, kept.aes_key = wish.url, token, aes_key
    return await company(sim)


# -- clock -------------------------------------------------------------------------------------------------------------
class ClockIn(Strict):
    """Any of the four; applied in this order: now, advance_seconds, speed, frozen."""

    now: float | datetime | None = None
    advance_seconds: float | None = None
    speed: float | None = Field(None, gt=0, le=1_000_000)
    frozen: bool | None = None


def clock_out(clock: Clock) -> dict[str, Any]:
    now = clock.now()
    return {"now": now, "iso": iso(now), "frozen": clock.state.frozen, "speed": clock.state.speed}


@router.get("/clock")
async def read_clock(sim: Sim) -> dict[str, Any]:
    """The simulated time."""
    return clock_out(sim.kernel.clock)


@router.post("/clock")
async def set_clock(sim: Sim, wish: ClockIn) -> dict[str, Any]:
    """Freeze, set, advance or speed the clock up; what falls due on the way happens at its moment."""
    clock = sim.kernel.clock
    if wish.now is not None:
        clock.set(wish.now.timestamp() if isinstance(wish.now, datetime) else wish.now)
    if wish.advance_seconds is not None:
        clock.advance(wish.advance_seconds)
    if wish.speed is not None:
        clock.set_speed(wish.speed)
    if wish.frozen is not None:
        clock.freeze(wish.frozen)
    return clock_out(clock)


# -- settings ----------------------------------------------------------------------------------------------------------
@router.get("/settings")
async def read_settings(sim: Sim) -> dict[str, Any]:
    """Every limit and switch; `settings.py` names the source of each."""
    return asdict(sim.kernel.settings)


@router.post("/settings")
async def write_settings(sim: Sim, changes: dict[str, Any]) -> dict[str, Any]:
    """Change some limits; names as GET shows them."""
    settings = sim.kernel.settings
    unknown = set(changes) - {one.name for one in fields(Settings)}
    if unknown:
        raise ActionError("no_such_setting", f"There is no setting {', '.join(sorted(unknown))}.", 422)
    try:
        checked = TypeAdapter(Settings).validate_python({**asdict(settings), **changes})
    except ValidationError as error:
        raise ActionError("bad_setting", str(error), 422) from error
    trusted = sim.auth.trusted_ips()
    for name in changes:
        setattr(settings, name, getattr(checked, name))
    if "trusted_ips" in changes:
        sim.auth.trusted_ips_saved(trusted)
    sim.auth.frequency.forget()
    return asdict(settings)
