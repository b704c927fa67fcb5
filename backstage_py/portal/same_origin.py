"""Lets a built portal be served under any name, port and protocol.

Reflex writes the backend's address into the build. A portal is served by its own backend, so the
page's own origin is the address: a proxy with TLS on any port needs nothing else, and one build
serves every host. `REFLEX_API_URL` still names another backend.
"""

import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from reflex_base.config import get_config
from reflex_base.plugins.base import Plugin

_LOCAL = frozenset({"localhost", "0.0.0.0", "::"})  # ruff: ignore[hardcoded-bind-all-interfaces]
_ENVIRONMENT = "**/assets/reflex-env-*.js"
_STATE = "**/assets/*.js"
_DROPPED_PORT = re.compile(r"(\w+)\.port=(?:``|\"\"|'')(?=\)+,\1\})")
"""`getBackendURL` of Reflex's `state.js`: under HTTPS it takes port 443 for granted."""


class SameOriginPlugin(Plugin):
    """Makes the built pages use the origin that served them as their backend."""

    def post_build(self, *, static_dir: Path, **_context: Any) -> None:
        """Change the addresses in the build.

        Raises:
            RuntimeError: If this release of Reflex builds something unexpected.
        """
        address = urlsplit(get_config().api_url)
        if address.hostname not in _LOCAL:
            return
        (environment,) = _one_of(static_dir, _ENVIRONMENT, f"`http://{address.netloc}")
        text = environment.read_text(encoding="utf-8")
        text = text.replace(f"`http://{address.netloc}", "`${location.origin}")
        text = text.replace(f"`ws://{address.netloc}", "`${location.origin.replace(/^http/,'ws')}")
        environment.write_text(text, encoding="utf-8")
        (state,) = _one_of(static_dir, _STATE, "isBackendDisabled=")
        code, count = _DROPPED_PORT.subn(r"\1.port=location.port", state.read_text("utf-8"))
        if count != 1:
            raise RuntimeError(f"{state}: expected one dropped port, found {count}")
        state.write_text(code, encoding="utf-8")


def _one_of(folder: Path, pattern: str, sign: str) -> list[Path]:
    found = [file for file in folder.glob(pattern) if sign in file.read_text(encoding="utf-8")]
    if len(found) != 1:
        raise RuntimeError(f"{folder}: expected one {pattern} with {sign!r}, found {len(found)}")
    return found
