"""Whether a request is that of the developer on their own machine.

It takes all of these: `reflex run` in development mode (a server that was started in any other
way is taken for production), an app that is set up for this machine, a sender on this machine, and
no sign of a proxy in between. A proxy hides where a request comes from, and some hide themselves.
"""

from collections.abc import Mapping
from ipaddress import ip_address
from urllib.parse import urlsplit

from reflex_base.config import get_config
from reflex_base.constants import Env
from reflex_base.environment import environment

_PROXY_HEADERS = ("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-real-ip")


def is_local_developer(headers: Mapping[str, str], peer: str | None) -> bool:
    """Whether everything about the request, and about the app, is of this machine."""
    named = {name.lower(): value for name, value in headers.items()}
    origin = named.get("origin", "")
    return (
        is_developed_here()
        and _is_loopback(peer or "")
        and not any(named.get(name) for name in _PROXY_HEADERS)
        and _is_loopback(_host_of(f"//{named.get('host', '')}"))
        and (not origin or _is_loopback(_host_of(origin)))
    )


def is_developed_here() -> bool:
    """Whether this is `reflex run` in development mode, of an app that is not served elsewhere."""
    mode, config = environment.REFLEX_ENV_MODE, get_config()
    addresses = filter(None, (config.api_url, config.deploy_url))
    return (
        mode.is_set()
        and mode.get() is Env.DEV
        and all(_is_loopback(_host_of(address)) for address in addresses)
    )


def _host_of(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


def _is_loopback(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
