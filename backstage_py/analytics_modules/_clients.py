"""How the server introduces itself to tools that count browsers."""

import ipaddress

from backstage_py import __version__
from backstage_py.analytics import RecordedEvent
from backstage_py.analytics_modules._visitors import visitor_digest

USER_AGENT = f"Mozilla/5.0 (X11; Linux x86_64) backstage_py/{__version__}"
"""Starts like a browser's: tools treat a bare library name as a robot and drop the event."""
_DOCUMENTATION = ipaddress.IPv6Network("2001:db8::/32")
"""Addresses reserved for documentation, which nobody has (RFC 3849)."""


def address_of_visitor(event: RecordedEvent) -> str:
    """An address derived from the session, for tools that tell visitors apart by address."""
    host = int.from_bytes(visitor_digest(event)[:12])
    return str(_DOCUMENTATION[host])
