"""The regulation as data, and its digest.

The digest is kept with each process: it says under which definition the process began, and a
check finds processes whose definition has since been changed in place, which must not happen.
Titles are left out, because a better word is not another regulation.

INVARIANT: `describe` never changes for a flow that is published. A new form of description
is a new `SCHEME`.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

SCHEME = "veche-flow/1"


def describe(flow_class: Any) -> dict[str, Any]:
    """Return nodes, the acts they wait for, and the ways between them."""
    nodes = sorted(flow_class.instance.nodes(), key=lambda node: node.name)
    return {
        "scheme": SCHEME,
        "flow": f"{flow_class.__module__}.{flow_class.__name__}",
        "cancelled_by": sorted(flow_class.cancelled_by),
        "nodes": [
            {
                "name": node.name,
                "kind": type(node).__name__,
                "acts": sorted(getattr(node, "acts", ())),
                "hears": sorted(getattr(node, "hears", ())),
                "role": getattr(node, "role", None) or "",
                # The order of a gateway's ways is its meaning, so it is kept.
                "next": [[edge.edge_class, edge.dst.name] for edge in ways_from(node)],
            }
            for node in nodes
        ],
    }


def ways_from(node: Any) -> list[Any]:
    """Return the edges that leave a node, in their order."""
    return list(node._outgoing())  # noqa: SLF001 -- the only place where viewflow says it


def digest(flow_class: Any) -> str:
    """Return the SHA-256 of the description."""
    text = json.dumps(
        describe(flow_class), ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )
    return hashlib.sha256(text.encode()).hexdigest()
