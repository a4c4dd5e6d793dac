"""The table of wire paths: what is simulated and what is refused, from the code itself."""

import wecom_sim.app  # noqa: F401  (fills ENDPOINTS)
from wecom_sim.wire import ENDPOINTS

# Known paths that answer 48002 "the simulator has no …", by section of the reference.
REFUSED: dict[str, str] = {
    "/cgi-bin/kf/knowledge/*": "12 customer service: knowledge base [SK]",
}


def table() -> str:
    """Markdown: method, path, done / shape only / refused, section and evidence of the reference."""
    lines = ["| method | path | here | section of the reference |", "|---|---|---|---|"]
    # By path: the order in which modules are imported must not show.
    for path, endpoint in sorted(ENDPOINTS.items()):
        here = "shape only" if endpoint.shape_only else "done"
        lines.append(f"| {endpoint.method} | `{path}` | {here} | {endpoint.source} |")
    for path, section in REFUSED.items():
        lines.append(f"| any | `{path}` | refused (48002) | {section} |")
    return "\n".join(lines)
