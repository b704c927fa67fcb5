"""How the server introduces itself to tools that count browsers."""

import ipaddress

from backstage_py import __version__
from backstage_py.analytics import RecordedEvent
from backstage_py.analytics_modules._visitors import visitor_digest

USER_AGENT = f"Mozilla/5.0 (X11; Linux x86_64) backstage_py/{__version__}"
"""Begins like that of a browser: tools drop user agents of mere libraries as robots."""
_DOCUMENTATION = ipaddress.IPv6Network("2001:db8::/32")
"""Addresses that nobody has (RFC 3849)."""


def address_of_visitor(event: RecordedEvent) -> str:
    """The address of a session, for tools that tell visitors apart by their addresses."""
    host = int.from_bytes(visitor_digest(event)[:12])
    return str(_DOCUMENTATION[host])
