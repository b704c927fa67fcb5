"""A tool's own tag: the part of a backend that runs in the browser."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

_UNSAFE = re.compile(r"[\s;,'\"]")
"""Characters that no host contains, and those that would end a source."""


@dataclass(frozen=True, slots=True)
class BrowserTag:
    """A JavaScript module that hands events to a tool's own script.

    The module exports `start(settings)`, which returns (a promise of)
    `{capture(event), identify(userId)?}`. The settings are public: they become part of the compiled
    app.

    Args:
        module: The JavaScript file.
        settings: The settings passed to `start`.
        hosts: Where the tool's script is loaded from and sends to, as sources of a
            Content-Security-Policy, in addition to the addresses in the settings.
    """

    module: Path
    settings: Mapping[str, Any]
    hosts: Sequence[str] = ()

    def list_sources(self) -> list[str]:
        """List the sources that a page's Content-Security-Policy has to allow for it."""
        texts = [value for value in self.settings.values() if isinstance(value, str)]
        parts = [urlsplit(text) for text in texts if text.startswith(("http://", "https://"))]
        own = [f"{one.scheme}://{one.netloc}" for one in parts if not _UNSAFE.search(one.netloc)]
        return list(dict.fromkeys([*self.hosts, *own]))
