"""Codes that a customer's phone can scan: what a text or a picture of one leads to, and the list of them."""

import io
from typing import Any
from urllib.parse import parse_qs, urlsplit

from PIL import Image, UnidentifiedImageError

from wecom_sim.errors import ActionError
from wecom_sim.phone.views import code_row
from wecom_sim.simulator import Simulator

try:
    import zxingcpp as reader
except ImportError:  # optional: browsers with a BarcodeDetector need no help
    reader = None  # type: ignore[assignment]

PICTURE_BYTES = 10_000_000
PIXELS = 40_000_000
SHOWN = 100


def known(sim: Simulator, ident: str) -> bool:
    return ident in sim.ways.rows or ident in sim.join_ways.rows or ident in sim.kf_accounts.links


def row(sim: Simulator, ident: str) -> dict[str, Any]:
    """A contact way, a join way, or a link of customer service. Raises ActionError."""
    if not known(sim, ident):
        raise ActionError("no_such_code", f"There is no live code {ident}.", 404)
    link = sim.kf_accounts.links.get(ident)
    if link is None:
        found = code_row(sim, ident)
        return {**found, "kind": "join" if found["group"] else "way", "path": f"/phone/scan/{ident}"}
    account = sim.kf_accounts.for_act(link.open_kfid)
    return {
        "config_id": ident,
        "kind": "kf",
        "path": f"/phone/scan/{ident}",
        "group": False,
        "remark": account.name,
        "state": link.scene,
        "skip_verify": True,
        "members": [],
        "open_kfid": account.open_kfid,
        "brand": sim.kernel.company.name,
        "now": sim.kernel.clock.now(),
    }


def rows(sim: Simulator) -> list[dict[str, Any]]:
    """Live codes, the newest first; then those of groups, of customer service, and acquisition links."""
    service = [
        token
        for token, link in sim.kf_accounts.links.rows.items()
        if not sim.kf_accounts.rows.rows[link.open_kfid].deleted
    ]
    idents = [*reversed(list(sim.ways.rows.rows)), *reversed(list(sim.join_ways.rows.rows)), *reversed(service)]
    links = [
        {"config_id": one.link_id, "kind": "link", "path": f"/ca/{one.token}", "remark": one.name, "members": [],
         "state": "", "group": False, "skip_verify": one.skip_verify}
        for one in sim.acquisition.links if not (one.deleted or one.unavailable)
    ]  # fmt: skip
    return [*(row(sim, ident) for ident in idents[:SHOWN]), *links[:SHOWN]]


def resolve(sim: Simulator, text: str) -> str:
    """Where a scanned or pasted text leads on this simulator. Raises ActionError for anything else."""
    parts = urlsplit(text.strip())
    last = parts.path.rstrip("/").rpartition("/")[2]
    last = last.removesuffix(".png")
    if known(sim, last):
        return f"/phone/scan/{last}"
    if parts.path.startswith("/ca/") and any(one.token == last for one in sim.acquisition.links):
        channel = parse_qs(parts.query).get("customer_channel", [""])[0]
        return f"/ca/{last}" + (f"?customer_channel={channel}" if channel.isalnum() else "")
    raise ActionError("no_such_code", "There is no live code in this link.", 404)


def decode(body: bytes) -> str:
    """The text in a picture of a QR code. Raises ActionError: no_decoder, no_picture, no_code_found."""
    if reader is None:
        raise ActionError("no_decoder", "This installation can't read pictures of codes; paste the link instead.", 501)
    if len(body) > PICTURE_BYTES:
        raise ActionError("no_picture", "The picture is too large.", 413)
    try:
        with Image.open(io.BytesIO(body)) as image:
            if image.width * image.height > PIXELS:
                raise ActionError("no_picture", "The picture is too large.", 413)
            found = reader.read_barcodes(image.convert("L"))
    except (UnidentifiedImageError, OSError, ValueError) as error:
        raise ActionError("no_picture", "This is no picture that can be read.", 422) from error
    if not found:
        raise ActionError("no_code_found", "There is no QR code in this picture.", 422)
    return str(found[0].text)
