"""The address of a page that shows what its query says.

A page whose filters are in its address changes it without a navigation, as Backstage's pages do:
a step back leads to the page before, not to the filter before.
"""

import json

import reflex as rx
from reflex.event import EventSpec
from reflex_base.config import get_config

_REPLACE = (
    "location.pathname.replace(/\\/+$/, '') === {path}"
    " && history.replaceState(history.state, '', location.pathname + {query})"
)


def replace_address(path: str, query: str = "") -> EventSpec:
    """Replace the query of the address, if the page is still open when the answer arrives.

    Args:
        path: Where the page is, as `self.router.url.path` or its route ref gives it.
        query: What follows the question mark; empty for none.
    """
    place = get_config().prepend_frontend_path(path).rstrip("/")
    search = f"?{query}" if query else ""
    return rx.call_script(_REPLACE.format(path=json.dumps(place), query=json.dumps(search)))
