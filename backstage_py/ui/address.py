"""Changes the query of a page's address without a navigation.

Pages with filters in their address do this, as Backstage's pages do: "back" leads to the previous
page, not to the previous filter.
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
        path: The page's path, from `self.router.url.path` or its route ref.
        query: The query without its question mark; empty for none.
    """
    place = get_config().prepend_frontend_path(path).rstrip("/")
    search = f"?{query}" if query else ""
    return rx.call_script(_REPLACE.format(path=json.dumps(place), query=json.dumps(search)))
